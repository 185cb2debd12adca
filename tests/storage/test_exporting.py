"""The rows that leave the store: what they say, whose they are, and which have changed since a run."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Executable, insert, update

from storage import tables
from storage.errors import StoreError, UnknownPerson, UnknownRun
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, event, followed, page, paper, watch
from tests.storage.past import database_of
from tests.tracking.builders import parsed
from tracking.check import Outcome
from tracking.event import EventKind
from tracking.exported import COLUMNS, ExportedProfile, Table
from tracking.late import LateSighting
from tracking.reading import ProfileReading

ENGINES, NOTES = paper("arxiv:1", abstract="Of engines.", citations=3), paper("arxiv:2", abstract="Of notes.")


@pytest.fixture
def told(store: Store) -> Store:
    """Two papers; the second leaves on day 2, is missed, is removed on day 3 and comes back on day 5."""
    store.follow([followed("Ada Lovelace", "1", tags=("maths",)), followed(None, "2")], day(-1))
    apply(store, accepted(watch(store), day(0), [ENGINES, NOTES], metrics={"citations": 7, "novelty": 0.5}))
    apply(store, ended(watch(store), day(1), Outcome.UNCHANGED))
    left = accepted(watch(store), day(2), [ENGINES], new=[], unlisted={"arxiv:2": NOTES.paper}, missed=("arxiv:2",))
    apply(store, replace(left, metrics={"citations": 9, "novelty": None}))
    gone = event(watch(store), EventKind.PAPER_REMOVED, day(3), key="arxiv:2")
    apply(store, ended(watch(store), day(3), Outcome.OK, removed=("arxiv:2",), events=(gone,)))
    apply(store, ended(watch(store), day(4), Outcome.BLOCKED, detail="a captcha"))
    apply(store, accepted(watch(store), day(5), [NOTES, ENGINES], new=[NOTES], complete=False, answer=page("5")))
    return store


def _rows(store: Store, table: Table, **chosen: Any) -> list[dict[str, Any]]:
    with store.export(**chosen) as export:
        rows = [*export.people(), *(row for profile in export.profiles(list(Table)) for row in profile.rows)]
    return [dict(row.cells) for row in rows if row.table is table]


def _some(rows: Sequence[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def test_every_row_has_the_columns_of_its_table_in_their_order(told: Store) -> None:
    for table in Table:
        rows = _rows(told, table)
        assert rows
        for row in rows:
            assert list(row) == [column.name for column in COLUMNS[table]]


def test_people_and_profiles(told: Store) -> None:
    assert _some(_rows(told, Table.PEOPLE), "name", "tags", "followed") == [
        ("Ada Lovelace", ["maths"], True),
        ("2", [], True),
    ]
    ada, other = _rows(told, Table.PROFILES)
    assert (ada["source"], ada["profile"], ada["person"], ada["url"]) == (
        "scholarfeed",
        "1",
        "Ada Lovelace",
        "https://example.org/author/1",
    )
    assert (ada["checked_at"], ada["outcome"], ada["observed_at"], ada["confirmed_at"]) == (
        day(5),
        "ok",
        day(5),
        day(5),
    )
    assert (other["person"], other["checked_at"], other["outcome"], other["observed_at"]) == ("2", None, None, None)


def test_a_paper_has_a_row_for_each_time_that_it_was_listed(told: Store) -> None:
    names = ("paper", "since", "until", "missed_at", "removed_at", "title", "abstract")
    assert _some(_rows(told, Table.PAPERS), *names) == [
        ("arxiv:1", day(0), None, None, None, "On arxiv:1", "Of engines."),
        ("arxiv:2", day(0), day(2), day(2), day(3), "On arxiv:2", None),
        ("arxiv:2", day(5), None, None, None, "On arxiv:2", "Of notes."),
    ]


def test_metrics_say_when_nothing_was_shown(told: Store) -> None:
    assert _some(_rows(told, Table.METRICS), "metric", "since", "until", "value") == [
        ("citations", day(0), day(2), 7),
        ("citations", day(2), None, 9),
        ("novelty", day(0), day(2), 0.5),
        ("novelty", day(2), None, None),
    ]


def test_snapshots_say_when_and_from_where(told: Store) -> None:
    rows = _rows(told, Table.SNAPSHOTS)
    assert _some(rows, "observed_at", "confirmed_at", "recorded_at", "complete") == [
        (day(0), day(1), day(0), True),
        (day(2), day(3), day(2), True),
        (day(5), day(5), day(5), False),
    ]
    assert _some(rows[2:], "origin", "place", "parser", "page_sha256") == [
        ("live", None, "scholarfeed/1", hashlib.sha256(b"5").hexdigest())
    ]


def test_events_that_count(told: Store) -> None:
    (row,) = _rows(told, Table.EVENTS)
    assert (row["kind"], row["paper"], row["paper_title"], row["observed_at"]) == (
        "paper.removed",
        "arxiv:2",
        "On arxiv:2",
        day(3),
    )
    _change(told, update(tables.event).values(superseded_at=day(6)))
    assert _rows(told, Table.EVENTS) == []


def test_a_page_stored_under_a_former_key_says_the_present_one(told: Store) -> None:
    _change(told, update(tables.paper).where(tables.paper.c.key == "arxiv:1").values(key="fp:older"))
    _change(told, insert(tables.former_key).values(text="arxiv:1", paper_id=1))
    assert _some(_rows(told, Table.PAPERS), "paper", "abstract")[-1] == ("fp:older", "Of engines.")


def test_a_listing_that_no_page_shows_is_an_error(told: Store) -> None:
    _change(told, update(tables.paper).where(tables.paper.c.key == "arxiv:1").values(key="fp:older"))
    with pytest.raises(StoreError, match="profile 1 lists fp:older, which is not on its last page"):
        _rows(told, Table.PAPERS)


def test_who_is_followed_no_more_is_in_it_and_says_so(told: Store) -> None:
    told.follow([followed("Mary Shaw", "2")], day(6))
    assert _some(_rows(told, Table.PEOPLE), "name", "followed") == [("Ada Lovelace", False), ("Mary Shaw", True)]
    assert _some(_rows(told, Table.PROFILES), "followed", "retired_at") == [(False, day(6)), (True, None)]
    assert len(_rows(told, Table.PAPERS)) == 3


@pytest.mark.parametrize(
    ("chosen", "profiles"),
    [
        ({}, ["1", "2"]),
        ({"people": ["ada"]}, ["1"]),
        ({"people": ["2"]}, ["2"]),
        ({"tags": ["maths"]}, ["1"]),
        ({"people": ["2"], "tags": ["maths"]}, ["1", "2"]),
    ],
    ids=["everybody", "a name", "a key", "a tag", "both"],
)
def test_whose(told: Store, chosen: dict[str, list[str]], profiles: list[str]) -> None:
    assert [row["profile"] for row in _rows(told, Table.PROFILES, **chosen)] == profiles
    assert len(_rows(told, Table.PEOPLE, **chosen)) == len(profiles)


def test_nobody_is_meant(told: Store) -> None:
    with pytest.raises(UnknownPerson), told.export(people=["Grace"]):
        pass
    with (
        pytest.raises(StoreError, match="nobody has the tag “physics”; there are: maths"),
        told.export(tags=["physics"]),
    ):
        pass
    with pytest.raises(UnknownRun, match=r"there is no run 99; the latest are 6 \(track, 2026-03-06 08:00 UTC\), 5"):
        told.export(since=99).__enter__()


def test_one_state_while_others_write(told: Store) -> None:
    with told.export() as export:
        before = list(export.profiles(list(Table)))
        apply(told, accepted(watch(told, "2"), day(7), [ENGINES]))
        assert list(export.profiles(list(Table))) == before
    assert _rows(told, Table.PROFILES)[1]["observed_at"] == day(7)


def test_many_profiles_keep_their_rows_apart(store: Store) -> None:
    """More than are read at once, each with as many events as its number."""
    keys = [str(number) for number in range(25)]
    store.follow([followed(f"Person {key}", key) for key in keys], day(0))
    watches = [watch(store, key) for key in keys]
    intents = [
        accepted(
            of,
            day(0),
            [paper(f"arxiv:{number}")],
            events=tuple(event(of, EventKind.METRIC_CHANGED, day(0), field=f"m{each}") for each in range(number)),
        )
        for number, of in enumerate(watches)
    ]
    apply(store, *intents)
    with store.export() as export:
        assert len(export) == 25
        profiles = list(export.profiles([Table.PAPERS, Table.EVENTS]))
    assert [profile.key for profile in profiles] == keys
    for number, profile in enumerate(profiles):
        (first, *rest) = profile.rows
        assert (first.table, first.cells["paper"]) == (Table.PAPERS, f"arxiv:{number}")
        assert [row.table for row in rest] == [Table.EVENTS] * number
        assert {row.cells["profile"] for row in profile.rows} == {profile.key}


# ---- since a run


def _change(store: Store, statement: Executable) -> None:
    with database_of(store).writing() as connection:
        connection.execute(statement)


def _nothing(store: Store) -> None:
    assert store


def _unchanged(store: Store) -> None:
    apply(store, ended(watch(store), day(20), Outcome.UNCHANGED))


def _failed(store: Store) -> None:
    apply(store, ended(watch(store), day(20), Outcome.BLOCKED))


def _new_page(store: Store) -> None:
    apply(store, accepted(watch(store), day(20), [ENGINES, NOTES], new=[], metrics={"citations": 8}))


def _question(store: Store) -> None:
    asked = event(watch(store), EventKind.PROFILE_SUSPECT, day(20), field="suspect")
    apply(store, ended(watch(store), day(20), Outcome.QUARANTINED, events=(asked,)))


def _superseded(store: Store) -> None:
    store.begin_run("replay", day(20))
    _change(store, update(tables.event).values(superseded_at=day(20)))


def _late_confirmation(store: Store) -> None:
    """Between two pages comes one with the bytes of the first."""
    reading = ProfileReading(source="scholarfeed", name="Ada Lovelace", metrics={"citations": 7}, complete=True)
    shown = replace(reading, papers=(ENGINES.paper, NOTES.paper))
    found = replace(parsed(shown), page=page("first"))
    late = LateSighting(observed_at=day(0.5), finding=found, origin="pages", place="a.html")
    store.insert(1, [late], run_id=store.begin_run("backfill", day(20)), recorded_at=day(20))


def _reverted(store: Store) -> None:
    def nobody(_: object) -> tuple[list[Any], list[Any]]:
        return [], []

    store.revert("2", now=day(20), correct=nobody)


def _renamed(store: Store) -> None:
    store.begin_run("backfill", day(20))
    _change(store, insert(tables.former_key).values(text="fp:1", paper_id=2))


def _followed(store: Store) -> None:
    store.follow([followed("Ada", "1"), followed("Bo", "2"), followed(None, "3")], day(20))


@pytest.fixture
def alike(store: Store) -> Store:
    """Ada and Bo have a paper in common; the last of Ada's two pages is from day 1, and was confirmed on day 2."""
    store.follow([followed("Ada", "1"), followed("Bo", "2")], day(-1))
    apply(store, accepted(watch(store), day(0), [ENGINES, NOTES], metrics={"citations": 7}, answer=page("first")))
    more = event(watch(store), EventKind.METRIC_CHANGED, day(1), field="citations", before=7, after=8)
    apply(
        store,
        accepted(watch(store), day(1), [ENGINES, NOTES], new=[], metrics={"citations": 8}, events=(more,)),
        accepted(watch(store, "2"), day(1), [NOTES]),
    )
    apply(store, ended(watch(store), day(2), Outcome.UNCHANGED), ended(watch(store, "2"), day(2), Outcome.UNCHANGED))
    return store


@pytest.mark.parametrize(
    ("happens", "whole", "confirmed"),
    [
        (_nothing, [], []),
        (_unchanged, [], ["1"]),
        (_failed, [], ["1"]),
        (_new_page, ["1"], []),
        (_question, ["1"], []),
        (_superseded, ["1"], []),
        (_late_confirmation, ["1"], []),
        (_reverted, ["1", "2"], []),
        (_renamed, ["1", "2"], []),
        (_followed, ["3"], []),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else None,
)
def test_what_has_changed(
    alike: Store, happens: Callable[[Store], None], whole: list[str], confirmed: list[str]
) -> None:
    with alike.export() as export:
        run = export.run
    happens(alike)
    profiles = _since(alike, run)
    assert [each.key for each in profiles if each.whole] == whole
    kept = {each.key: [row.table for row in each.rows] for each in profiles if not each.whole}
    for key, tables_of_it in kept.items():
        assert tables_of_it == [Table.PROFILES, *([Table.SNAPSHOTS] if key in confirmed else [])]


def _since(store: Store, run: int, **chosen: Any) -> list[ExportedProfile]:
    with store.export(since=run, **chosen) as export:
        return list(export.profiles(list(Table)))


def test_what_is_confirmed_is_the_last_page(alike: Store) -> None:
    with alike.export() as export:
        run = export.run
    _unchanged(alike)
    row = _since(alike, run)[0].rows[-1]
    assert (row.key, row.cells["confirmed_at"]) == (("scholarfeed", "1", day(1)), day(20))


def test_of_chosen_people_everything_is_in_it(alike: Store) -> None:
    assert [each.whole for each in _since(alike, 3)] == [False, False]
    assert [each.whole for each in _since(alike, 3, people=["Ada"])] == [True]


def test_before_the_first_run(store: Store) -> None:
    with store.export(since=0) as export:
        assert (export.run, export.first_run_at, len(export)) == (0, None, 0)
    store.follow([followed("Ada", "1")], day(0))
    apply(store, accepted(watch(store), day(0), [ENGINES]))
    assert [each.whole for each in _since(store, 0)] == [True]


@pytest.mark.parametrize(
    ("runs", "settled"),
    [
        ([("track", 0, True), ("deliver", 0, True)], 2),
        ([("track", 0, True), ("backfill", 1, False), ("track", 1, True)], 1),
        ([("track", 0, True), ("deliver", 1, False), ("track", 1, True)], 3),
        ([("track", 0, False), ("track", 6.9, True)], 0),
        ([("track", 0, False), ("track", 7.1, True)], 2),
    ],
    ids=["all ended", "one goes on", "a delivery goes on", "perhaps it goes on", "killed long ago"],
)
def test_a_run_that_goes_on_is_not_in_it_yet(store: Store, runs: list[tuple[str, float, bool]], settled: int) -> None:
    for kind, at, ends in runs:
        run_id = store.begin_run(kind, day(at))
        if ends:
            store.end_run(run_id, {})
    with store.export() as export:
        assert (export.run, export.first_run_at) == (settled, day(0))
