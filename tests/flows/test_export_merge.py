"""An earlier export and a delta are today's export; what does not fit is refused."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from flows.export.merge import merge
from flows.export.wanted import ExportError
from storage.store import Store
from tests.flows.eventful_life import Life, jsonl, merged
from tests.laws import tried
from tests.storage.builders import accepted, apply, day, ended, followed, paper, watch
from tests.storage.past import emptied
from tracking.check import CheckIntent, Outcome, Watch
from tracking.exported import Table

_OF_ONE_STORE = (HealthCheck.function_scoped_fixture, HealthCheck.data_too_large)
_BOTH = [paper("arxiv:0"), paper("arxiv:1")]
_PEOPLE = [followed("Ada", "1"), followed("Bo", "2"), followed("Cleo", "3")]


def _law(store: Store, folder: Path, data: st.DataObject) -> None:
    """An export is made before each of the things that happen; each of them can be brought up to date."""
    life = Life(emptied(store), data)
    bases = []
    for number in range(data.draw(st.integers(1, 7))):
        base = folder / f"{number}.jsonl"
        bases.append((base, jsonl(store, base, life.now).run))
        life.go_on()
    full, delta = folder / "full.jsonl", folder / "delta.jsonl"
    jsonl(store, full, life.now)
    for base, run in bases:
        jsonl(store, delta, life.now, since=run)
        once = merged(base, delta)
        assert once == full.read_bytes()
        base.write_bytes(once)
        assert merged(base, delta) == once


@tried(40, *_OF_ONE_STORE)
@given(data=st.data())
def test_base_and_delta_are_the_whole(
    tmp_path_factory: pytest.TempPathFactory, store: Store, data: st.DataObject
) -> None:
    _law(store, tmp_path_factory.getbasetemp(), data)


@tried(6, *_OF_ONE_STORE)
@given(data=st.data())
def test_the_same_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory, postgres_database: str, data: st.DataObject
) -> None:
    with Store.open(postgres_database) as store:
        _law(store, tmp_path_factory.getbasetemp(), data)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "scholarwatch.db")) as opened:
        yield opened


@pytest.fixture
def lived(store: Store) -> Store:
    """Three people, and a page of each on days 0 and 1."""
    store.follow(_PEOPLE, day(-1))
    for at in range(2):
        watches = [watch(store, key) for key in ("1", "2", "3")]
        intents = [accepted(of, day(at), _BOTH[: at + 1], new=[_BOTH[at]], metrics={"citations": at}) for of in watches]
        apply(store, *intents)
    return store


def _another_page(of: Watch, at: float) -> CheckIntent:
    return accepted(of, day(at), _BOTH, new=[], metrics={"citations": int(7 * at)})


@pytest.mark.parametrize(
    "table", [(one,) for one in Table] + [(Table.PAPERS, Table.EVENTS)], ids=lambda one: "+".join(one)
)
def test_chosen_tables_merge_too(lived: Store, tmp_path: Path, table: tuple[Table, ...]) -> None:
    """One page changed, one was confirmed, one could not be read; one person is called otherwise, one is new."""
    base, delta, full = (tmp_path / name for name in ("base", "delta", "full"))
    run = jsonl(lived, base, day(1), tables=table).run
    checked = ended(watch(lived), day(2), Outcome.UNCHANGED), ended(watch(lived, "2"), day(2), Outcome.BLOCKED)
    apply(lived, *checked, _another_page(watch(lived, "3"), 2))
    lived.follow([followed("Ada King", "1"), *_PEOPLE[1:], followed(None, "4")], day(2))
    jsonl(lived, delta, day(3), since=run, tables=table)
    jsonl(lived, full, day(3), tables=table)
    assert merged(base, delta) == full.read_bytes()


def test_a_delta_holds_what_changed_and_no_more(lived: Store, tmp_path: Path) -> None:
    run = jsonl(lived, tmp_path / "base", day(1)).run
    apply(lived, _another_page(watch(lived, "2"), 2))
    exported = jsonl(lived, tmp_path / "delta", day(2), since=run)
    lines = [json.loads(line) for line in (tmp_path / "delta").read_text("utf-8").splitlines()]
    assert [(line["op"], line["profile"][1], line["person"]) for line in lines if "op" in line] == [
        ("keep", "1", "Ada"),
        ("replace", "2", "Bo"),
        ("keep", "3", "Cleo"),
    ]
    assert {line["key"][1] for line in lines if line.get("table") in ("papers", "metrics", "snapshots")} == {"2"}
    assert (exported.since, exported.rows["people"], exported.rows["profiles"]) == (run, 3, 3)


def test_of_a_chosen_person_what_has_gone_to_somebody_else_goes(lived: Store, tmp_path: Path) -> None:
    base, delta, full = (tmp_path / name for name in ("base", "delta", "full"))
    lived.follow([followed("Ada", "1"), followed("Bo", "2", "3")], day(1))
    run = jsonl(lived, base, day(1), people=("Bo",)).run
    lived.follow([followed("Ada", "1", "3"), followed("Bo", "2")], day(2))
    jsonl(lived, delta, day(2), people=("Bo",), since=run)
    assert jsonl(lived, full, day(2), people=("Bo",)).profiles == 1
    assert merged(base, delta) == full.read_bytes()


def test_a_delta_that_begins_earlier_fits(lived: Store, tmp_path: Path) -> None:
    base, delta = tmp_path / "base", tmp_path / "delta"
    jsonl(lived, base, day(2))
    jsonl(lived, delta, day(2), since=0)
    assert merged(base, delta) == base.read_bytes()


def test_an_export_from_before_the_first_run_can_be_brought_up_to_date(store: Store, tmp_path: Path) -> None:
    base, delta, full = (tmp_path / name for name in ("base", "delta", "full"))
    store.follow(_PEOPLE, day(-1))
    assert jsonl(store, base, day(-1)).run == 0
    apply(store, accepted(watch(store), day(0), [paper("arxiv:0")]))
    jsonl(store, delta, day(0), since=0)
    jsonl(store, full, day(0))
    assert merged(base, delta) == full.read_bytes()


def _refused(base: Path, delta: Path) -> str:
    out = io.BytesIO()
    with pytest.raises(ExportError) as caught:
        merge(base, delta, out)
    return str(caught.value)


def test_a_delta_that_begins_too_late_is_refused(lived: Store, tmp_path: Path) -> None:
    base, delta = tmp_path / "base", tmp_path / "delta"
    jsonl(lived, base, day(1))
    for at in (2, 3):
        apply(lived, _another_page(watch(lived), at))
    jsonl(lived, delta, day(3), since=3)
    assert _refused(base, delta).endswith("ends with run 2; export --since 2 would fit")


def test_what_is_older_changes_nothing(lived: Store, tmp_path: Path) -> None:
    base, delta = tmp_path / "base", tmp_path / "delta"
    jsonl(lived, delta, day(1), since=1)
    apply(lived, ended(watch(lived), day(2), Outcome.UNCHANGED))
    jsonl(lived, base, day(2))
    assert f"it is older than {base}" in _refused(base, delta)


def test_what_is_of_another_database_is_refused(lived: Store, tmp_path: Path) -> None:
    base, delta = tmp_path / "base", tmp_path / "delta"
    jsonl(lived, base, day(2))
    with Store.open(str(tmp_path / "other.db")) as other:
        other.follow(_PEOPLE, day(-1))
        for at in (0.5, 1.5):
            apply(other, _another_page(watch(other), at))
        jsonl(other, delta, day(2), since=1)
    assert f"it is of another database than {base}" in _refused(base, delta)


def test_two_that_chose_otherwise_do_not_fit(lived: Store, tmp_path: Path) -> None:
    base, delta = tmp_path / "base", tmp_path / "delta"
    jsonl(lived, base, day(2))
    jsonl(lived, delta, day(2), since=2, tables=(Table.PAPERS,))
    assert "its tables are papers, and those of" in _refused(base, delta)


def test_which_is_which(lived: Store, tmp_path: Path) -> None:
    base, delta = tmp_path / "base", tmp_path / "delta"
    jsonl(lived, base, day(2))
    jsonl(lived, delta, day(2), since=2)
    assert "this is a delta" in _refused(delta, delta)
    assert "this is a whole export" in _refused(base, base)


def test_a_base_that_lacks_a_profile_is_refused(lived: Store, tmp_path: Path) -> None:
    base, delta = tmp_path / "base", tmp_path / "delta"
    jsonl(lived, base, day(2))
    jsonl(lived, delta, day(2), since=2)
    lines = base.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line).get("key", [])[:2] != ["scholarfeed", "2"]]
    base.write_bytes(b"".join(kept))
    assert "it lacks the profile scholarfeed/2" in _refused(base, delta)


#: A pattern of the text of a file, what stands there instead, and what is said of it.
_DAMAGES = {
    "empty": (rb"(?s).*", b"", "no jsonl export"),
    "another file": (rb"(?s).*", b'{"scholarwatch": 1}', "no jsonl export"),
    "a later format": (rb'"format": 1', b'"format": 2', "it has the format 2"),
    "no end": (rb'{"end".*\n', b"", "the end is missing"),
    "cut": (rb'(?s)"title".*', b"", "this line is damaged"),
    "another key": (rb'{"table": "metrics"', b'{"tables": "metrics"', "no line of an export"),
    "a list": (rb'{"end"', b'["end"]\n{"end"', "no line of an export"),
    "rows gone": (rb'{"table": "metrics".*\n', b"", "and says"),
}


@pytest.mark.parametrize(("pattern", "instead", "said"), _DAMAGES.values(), ids=_DAMAGES)
@pytest.mark.parametrize("which", ["base", "delta"])
def test_a_damaged_file_is_named(
    lived: Store, tmp_path: Path, pattern: bytes, instead: bytes, said: str, which: str
) -> None:
    jsonl(lived, tmp_path / "base", day(2))
    jsonl(lived, tmp_path / "delta", day(2), since=0)
    damaged = tmp_path / which
    damaged.write_bytes(re.sub(pattern, instead, damaged.read_bytes(), count=1))
    message = _refused(tmp_path / "base", tmp_path / "delta")
    assert message.startswith(str(damaged))
    assert said in message


def test_a_delta_whose_rows_are_not_there_is_refused(lived: Store, tmp_path: Path) -> None:
    base, delta = tmp_path / "base", tmp_path / "delta"
    run = jsonl(lived, base, day(2)).run
    apply(lived, ended(watch(lived), day(2), Outcome.UNCHANGED))
    jsonl(lived, delta, day(2), since=run)
    delta.write_bytes(delta.read_bytes().replace(b'"scholarfeed", "1", "2026', b'"scholarfeed", "1", "1926'))
    assert "the delta changes the row scholarfeed/1/1926-" in _refused(base, delta)
