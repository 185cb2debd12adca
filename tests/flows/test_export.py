"""An export holds what the store holds, in any format; files are whole or not there."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from alerts.inert import inert
from flows.export.cells import csv_cell, json_cell
from flows.export.exporting import export
from flows.export.wanted import Exported, Format, Wanted, WrongExport
from storage.errors import StoreError
from storage.store import Store
from tests.flows.hostile_titles import TITLES, tell
from tests.storage.builders import accepted, apply, day, paper, watch
from tracking.exported import COLUMNS, Cell, ExportedRow, Form, Table

#: Enough rows for more than one group of a Parquet file.
MANY = 5_001
_FORMULA = tuple("=+-@\t\r")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "scholarwatch.db")) as opened:
        tell(opened)
        yield opened


def write(store: Store, form: Format, out: Path | None, **wanted: Any) -> Exported:
    return export(store, Wanted(format=form, out=out, **wanted), day(9), standard_output=io.BytesIO())


def rows(store: Store, table: Table) -> list[ExportedRow]:
    with store.export() as history:
        of_profiles = (row for profile in history.profiles([table]) for row in profile.rows)
        return list(history.people() if table is Table.PEOPLE else of_profiles)


# ---- csv


@pytest.mark.parametrize("table", Table)
def test_csv_reads_back_as_it_was(store: Store, tmp_path: Path, table: Table) -> None:
    written = write(store, Format.CSV, tmp_path / "out")
    with (tmp_path / "out" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *found = csv.reader(file)
    expected = rows(store, table)
    assert header == [column.name for column in COLUMNS[table]]
    assert found == [[str(csv_cell(cell)) for cell in row.cells.values()] for row in expected]
    assert (written.rows[table], written.profiles) == (len(expected), 3)


def test_no_cell_of_a_spreadsheet_is_a_formula(store: Store, tmp_path: Path) -> None:
    """Scenario 32. Numbers may be negative, and stay numbers."""
    write(store, Format.CSV, tmp_path / "out")
    cells = []
    for table in Table:
        with (tmp_path / "out" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            cells += [cell for line in csv.reader(file) for cell in line]
    assert {cell for cell in cells if cell.startswith(_FORMULA)} == {"-0.5", "-7"}
    assert """'=HYPERLINK("http://127.0.0.1/","=1+1")""" in cells
    assert "red and thgir ot tfel" in cells
    assert all(cell.isprintable() for cell in cells)


@given(st.text())
def test_text_in_a_cell_does_nothing(text: str) -> None:
    for cell in (csv_cell(text), csv_cell([text, "b"])):
        assert isinstance(cell, str)
        assert not cell.startswith((*_FORMULA, "\n", "＝", "＋", "－", "＠"))
        assert cell.isprintable()
    assert csv_cell(text) in (inert(text), f"'{inert(text)}")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-7, -7),
        (0.5, 0.5),
        (0, 0),
        (day(0), "2026-03-01T08:00:00+00:00"),
        ([], ""),
        (["Ada", "B; C"], "Ada; B, C"),
        (["=1", "=2"], "'=1; =2"),
    ],
)
def test_cells(cell: Cell, written: str | float) -> None:
    assert csv_cell(cell) == written


def test_one_table_is_one_file_or_standard_output(store: Store, tmp_path: Path) -> None:
    out = io.BytesIO()
    wanted = Wanted(format=Format.CSV, out=None, tables=(Table.METRICS,))
    export(store, wanted, day(9), standard_output=out)
    write(store, Format.CSV, tmp_path / "metrics.csv", tables=(Table.METRICS,))
    # What is piped carries no mark of its encoding.
    assert (tmp_path / "metrics.csv").read_bytes() == b"\xef\xbb\xbf" + out.getvalue()
    assert out.getvalue().startswith(b"source,profile,person,metric,since,until,value\r\n")


# ---- jsonl


def test_json_lines_are_exact_and_say_what_they_are(store: Store, tmp_path: Path) -> None:
    written = write(store, Format.JSONL, tmp_path / "out.jsonl", tags=("+c",))
    header, *lines, end = map(json.loads, (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
    assert header == {
        "scholarwatch": "export",
        "format": 1,
        "run": 1,
        "since": None,
        "first_run_at": "2026-03-01T08:00:00+00:00",
        "exported_at": "2026-03-10T08:00:00+00:00",
        "tables": ["people", "profiles", "papers", "metrics", "snapshots", "events"],
        "people": [],
        "tags": ["+c"],
    }
    assert end == {"end": True, "rows": len(lines)}
    assert {line["row"]["title"] for line in lines if line["table"] == "papers"} == set(TITLES)
    assert {line["row"]["person"] for line in lines if line["table"] != "people"} == {"=Ada"}
    assert written.to_json()["rows"] == {
        "people": 1,
        "profiles": 1,
        "papers": 14,
        "metrics": 2,
        "snapshots": 1,
        "events": 3,
    }


def test_json_lines_hold_every_row_with_its_key(store: Store, tmp_path: Path) -> None:
    write(store, Format.JSONL, tmp_path / "out.jsonl")
    text = (tmp_path / "out.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    for table in Table:
        expected = [
            {
                "table": str(table),
                "key": [json_cell(cell) for cell in row.key],
                "row": {name: json_cell(cell) for name, cell in row.cells.items()},
            }
            for row in rows(store, table)
        ]
        assert [line for line in lines if line.get("table") == table] == expected
    # To look at the file is harmless.
    assert all(line.isprintable() for line in text.splitlines())


# ---- parquet


@pytest.mark.parametrize("table", Table)
def test_parquet_reads_back_as_it_was(store: Store, tmp_path: Path, table: Table) -> None:
    write(store, Format.PARQUET, tmp_path / "out")
    found = parquet.read_table(tmp_path / "out" / f"{table}.parquet")
    expected = [dict(row.cells) for row in rows(store, table)]
    for row in expected:
        for column in COLUMNS[table]:
            if column.form is Form.VALUE and row[column.name] is not None:
                row[column.name] = json.dumps(row[column.name], ensure_ascii=False)
    assert found.to_pylist() == expected
    assert [field.metadata[b"description"].decode() for field in found.schema] == [
        column.meaning for column in COLUMNS[table]
    ]


def test_parquet_has_types_and_groups_of_rows(store: Store, tmp_path: Path) -> None:
    many = [paper(f"arxiv:{number}", authors=("A", "B"), version=2**40) for number in range(MANY)]
    apply(store, accepted(watch(store, "2"), day(2), many, new=many[14:], metrics={"citations": 2**53}))
    write(store, Format.PARQUET, tmp_path / "out")
    file = parquet.ParquetFile(tmp_path / "out" / "papers.parquet")
    assert file.num_row_groups == 2
    types = {field.name: str(field.type) for field in file.schema_arrow}
    assert types["since"] == "timestamp[us, tz=UTC]"
    assert types["authors"].startswith("list<")
    assert (types["score"], types["version"], types["has_code"]) == ("double", "int64", "bool")
    metrics = parquet.read_table(tmp_path / "out" / "metrics.parquet").to_pylist()
    assert metrics[-1]["value"] == 2**53


# ---- files


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"format": Format.CSV, "since": 1, "out": Path("x")}, "a delta"),
        ({"format": Format.BIBTEX, "tables": (Table.PAPERS,), "out": Path("x")}, "no tables to choose from"),
        ({"format": Format.PARQUET}, "parquet is not for standard output"),
        ({"format": Format.CSV}, "csv has one file for each table"),
    ],
    ids=["a delta as csv", "a table of bibtex", "parquet on a terminal", "csv on a terminal"],
)
def test_what_does_not_go_together(wanted: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongExport, match=said):
        Wanted(**({"out": None} | wanted)).check()


@pytest.mark.parametrize("form", Format)
def test_nothing_is_overwritten_unasked(store: Store, tmp_path: Path, form: Format) -> None:
    out = tmp_path / "out"
    in_folder = form in (Format.CSV, Format.PARQUET)
    there = out / f"metrics.{form}" if in_folder else out
    there.parent.mkdir(exist_ok=True)
    there.write_text("mine")
    with pytest.raises(WrongExport, match="is there already; --force takes its place"):
        write(store, form, out)
    assert there.read_text() == "mine"
    assert [path.name for path in there.parent.iterdir() if "part" in path.name] == []
    write(store, form, out, force=True)
    assert there.read_bytes() != b"mine"


@pytest.mark.parametrize("form", Format)
def test_what_could_not_be_written_leaves_nothing(store: Store, tmp_path: Path, form: Format) -> None:
    def stops(_total: int, _done: int) -> None:
        raise StoreError("the disk went away")

    before = sorted(tmp_path.iterdir())
    wanted = Wanted(format=form, out=tmp_path / "out")
    with pytest.raises(StoreError, match="went away"):
        export(store, wanted, day(9), standard_output=io.BytesIO(), progress=stops)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("form", "there", "said"),
    [(Format.CSV, "a file", "is a file; name a folder"), (Format.JSONL, "a folder", "is a folder; name a file")],
)
def test_a_folder_is_no_file(store: Store, tmp_path: Path, form: Format, there: str, said: str) -> None:
    out = tmp_path / "out"
    out.mkdir() if there == "a folder" else out.write_text("mine")
    with pytest.raises(WrongExport, match=said):
        write(store, form, out, force=True)


def test_the_mode_of_a_file_is_that_of_any_other(store: Store, tmp_path: Path) -> None:
    write(store, Format.JSONL, tmp_path / "out.jsonl")
    other = tmp_path / "other"
    other.write_text("")
    assert (tmp_path / "out.jsonl").stat().st_mode == other.stat().st_mode


@pytest.mark.parametrize("form", Format)
def test_how_far_it_has_come(store: Store, tmp_path: Path, form: Format) -> None:
    heard: list[tuple[int, int]] = []
    wanted = Wanted(format=form, out=tmp_path / "out")
    export(store, wanted, day(9), standard_output=io.BytesIO(), progress=lambda *far: heard.append(far))
    total = 6 if form is Format.BIBTEX else 3
    assert heard == [(total, done) for done in range(1, total + 1)]


@pytest.mark.parametrize("form", [Format.JSONL, Format.BIBTEX, Format.CSV])
def test_the_same_store_gives_the_same_bytes(store: Store, form: Format) -> None:
    tables = (Table.PAPERS,) if form is Format.CSV else tuple(Table)
    written = []
    for _ in range(2):
        out = io.BytesIO()
        export(store, Wanted(format=form, out=None, tables=tables), day(9), standard_output=out)
        written.append(out.getvalue())
    assert written[0] == written[1] != b""
