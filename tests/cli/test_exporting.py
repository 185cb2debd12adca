"""``export`` and ``merge``, as they are typed."""

import csv
import io
import json
import os
import subprocess
from pathlib import Path

import pytest
from pyarrow import parquet

from tests.cli.days import TUESDAY, a_day_goes_by, begin
from tests.cli.program import Ended, Program
from tests.cli.test_terminal import terminal
from tests.scenarios.command import BIN
from tests.storage.lived import live
from world.site import Site

TABLES = ["events", "metrics", "papers", "people", "profiles", "snapshots"]
LATER = ("--now", "2026-12-01")


@pytest.fixture
def monday(program: Program, site: Site) -> Program:
    """Zoë Example has two papers, and was looked at once."""
    begin(site, program)
    return program


def jsonl(program: Program, *words: str) -> Ended:
    return program("export", "--format", "jsonl", *LATER, *words)


def test_a_folder_of_tables_for_a_spreadsheet(monday: Program) -> None:
    ended = monday("export", "monday", "--format", "csv")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == ("monday: people 1, profiles 1, papers 2, metrics 4, snapshots 1, events 1.\n")
    assert sorted(path.name for path in (monday.folder / "monday").iterdir()) == [f"{table}.csv" for table in TABLES]
    with (monday.folder / "monday" / "papers.csv").open(encoding="utf-8-sig", newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    assert sorted(titles) == ["An Older Thing", "Sheaves on a Torus"]


def test_a_folder_of_tables_for_data_frames(monday: Program) -> None:
    ended = monday("export", "monday", "--format", "parquet", "--json")
    assert ended.code == 0
    values = ended.json()
    assert values["rows"] == {"people": 1, "profiles": 1, "papers": 2, "metrics": 4, "snapshots": 1, "events": 1}
    assert (values["format"], values["out"], values["profiles"], values["since"]) == ("parquet", "monday", 1, None)
    found = parquet.read_table(monday.folder / "monday" / "metrics.parquet").to_pylist()
    assert {row["metric"]: row["value"] for row in found}["citations"] == 1204


def test_one_table_to_the_next_program(monday: Program) -> None:
    ended = monday("export", "--format", "csv", "--table", "metrics", "--person", "zoë")
    assert ended.code == 0
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert {row["person"] for row in rows} == {"Zoë Example"}
    assert {row["metric"]: row["value"] for row in rows}["citations"] == "1204"
    assert ended.err.startswith("Written: ")


def test_tables_stand_in_one_order(monday: Program) -> None:
    ended = jsonl(monday, "--table", "metrics", "--table", "people")
    assert ended.json_lines()[0]["tables"] == ["people", "metrics"]


def test_a_bibliography(monday: Program) -> None:
    ended = monday("export", "papers.bib", "--format", "bibtex")
    assert (ended.code, ended.err) == (0, "papers.bib: entries 2.\n")
    text = (monday.folder / "papers.bib").read_text("utf-8")
    assert "eprint = {2607.00002}" in text


def test_an_export_is_brought_up_to_date(monday: Program, site: Site) -> None:
    """Day after day: each delta begins with the run that the last export names."""
    first = jsonl(monday, "base.jsonl", "--json")
    assert f"--since {first.json()['run']}, then merge" in first.err
    a_day_goes_by(site)
    assert monday("run", "--now", TUESDAY).code == 0
    assert jsonl(monday, "delta.jsonl", "--since", str(first.json()["run"])).code == 0
    whole = jsonl(monday)
    assert monday("merge", "base.jsonl", "delta.jsonl").out == whole.out
    merged = monday("merge", "base.jsonl", "delta.jsonl", "--out", "base.jsonl", "--force", "--json")
    assert merged.code == 0
    assert merged.json()["rows"]["papers"] == 3
    assert (monday.folder / "base.jsonl").read_text("utf-8") == whole.out
    assert merged.json()["run"] == json.loads(whole.out.splitlines()[0])["run"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("export", 2, "choose one of csv, jsonl, parquet, bibtex"),
        ("export --format xlsx", 2, "'xlsx' is not one of"),
        ("export --format csv", 2, "csv has one file for each table: name a folder, or choose one --table"),
        ("export --format parquet", 2, "parquet is not for standard output"),
        ("export x --format csv --table pages", 2, "'pages' is not one of"),
        ("export x --format csv --since 1", 2, "a delta (--since) is written as jsonl only"),
        ("export --format jsonl --since 99", 1, "there is no run 99; the latest are "),
        ("export --format jsonl --since -1", 2, "'--since'"),
        ("export --format jsonl --json", 2, "name a file or a folder: standard output can not hold both"),
        ("export --format jsonl --person Grace", 2, "nobody is followed as “Grace”"),
        ("export --format jsonl --tag maths", 1, "nobody has the tag “maths”; there are: lab"),
        ("export base.jsonl --format jsonl", 2, "base.jsonl is there already; --force takes its place"),
        ("export nowhere/x --format bibtex", 1, "nowhere"),
        ("export x --format jsonl --database new.db", 1, "there is no database"),
        ("merge base.jsonl base.jsonl", 1, "base.jsonl: this is a whole export; there is nothing to merge"),
        ("merge base.jsonl base.jsonl --json", 2, "standard output can not hold both"),
        ("merge base.jsonl delta.jsonl --out base.jsonl", 2, "is there already"),
        ("merge base.jsonl nowhere", 2, "'nowhere' does not exist"),
        ("merge notes.txt delta.jsonl --out x", 1, "notes.txt: this is no jsonl export"),
    ],
)
def test_what_can_not_be_done_is_said(program: Program, words: str, code: int, said: str) -> None:
    live(str(program.folder / "scholarwatch.db"), days=1, profiles=1)
    program.write("notes.txt", "not an export")
    assert jsonl(program, "base.jsonl").code == 0
    assert jsonl(program, "delta.jsonl", "--since", "0").code == 0
    before = sorted(program.folder.iterdir())
    ended = program(*words.split())
    assert (ended.code, ended.out) == (code, "")
    assert said in " ".join(ended.err.split())
    assert "Traceback" not in ended.err
    assert sorted(program.folder.iterdir()) == before


def test_how_far_it_has_come_is_shown_to_who_waits(program: Program) -> None:
    live(str(program.folder / "scholarwatch.db"), days=1)
    for words, shown in ((("x.jsonl",), True), ((), False)):
        with terminal() as (person, screen):
            done = subprocess.run(
                [str(BIN / "scholarwatch"), "export", "--format", "jsonl", "--table", "people", *words],
                cwd=program.folder,
                stdout=screen if not words else subprocess.PIPE,
                stderr=screen,
                timeout=300,
            )
            assert done.returncode == 0
            assert (b"Writing profiles" in os.read(person, 1 << 16)) == shown


def test_a_reader_that_has_had_enough(monday: Program) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = subprocess.run(
            [str(BIN / "scholarwatch"), "export", "--format", "jsonl"],
            cwd=monday.folder,
            stdout=pipe,
            stderr=subprocess.PIPE,
            timeout=300,
        )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_without_pyarrow_it_says_what_to_install(monday: Program) -> None:
    blocked = "import sys; sys.modules['pyarrow'] = None; from cli.main import main; main()"
    done = subprocess.run(
        [str(BIN / "python"), "-c", blocked, "export", "x", "--format", "parquet"],
        cwd=monday.folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "pip install 'scholarwatch[parquet]'" in done.stderr
    assert not (monday.folder / "x").exists()
