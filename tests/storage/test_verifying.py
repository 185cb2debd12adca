"""What is recorded follows from the pages, however it came to be recorded; and what was touched does not."""

import tracemalloc
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, update

from storage import tables
from storage.retention import retire_pages
from storage.store import Store
from tests.flows.flips import cells, flipped
from tests.new_databases import new_sqlite
from tests.storage.builders import START
from tests.storage.past import check_daily, database_of, emptied, follow_one, insert_late, page_of
from tests.storage.test_late import OF_ONE_STORE
from tests.storage.test_rewrites import take_back
from tests.tracking.builders import DAY, NOON, reading, twenty
from tests.tracking.histories import histories, read
from tracking.check import Parsed
from tracking.decide import decide
from tracking.event import EventKind
from tracking.proof import Ground, Proof, Standing, Step
from tracking.reread import ReadAgain

#: Why not all can be compared where two versions of a parser meet.
ANOTHER = "another version of the parser had read"


def proven(store: Store) -> Proof:
    """Everything that the store can prove without a parser."""
    proof = Proof()
    proof.add(store.proving.tables())
    proof.add(store.proving.archive())
    for profile in store.proving.profiles():
        if isinstance(profile, Step):
            proof.add([profile])
            continue
        for chapter in store.proving.chapters(profile):
            proof.add(chapter.steps)
            proof.add(told.seal for told in chapter.told)
        for one in store.proving.evidence(profile):
            proof.add([one] if isinstance(one, Step) else one.steps)
    return proof


@given(data=st.data())
@OF_ONE_STORE
def test_whatever_happens_to_a_history_it_follows_from_its_pages(store: Store, data: st.DataObject) -> None:
    history = data.draw(histories(max_size=7))
    profile_id = follow_one(emptied(store))
    late = data.draw(st.lists(st.sampled_from(history), unique_by=lambda sighting: sighting[0]))
    runs = check_daily(store, [sighting for sighting in history if sighting not in late])
    for sighting in late:
        insert_late(store, profile_id, [sighting])
    if runs:
        for run in data.draw(st.sets(st.sampled_from(runs), max_size=2)):
            take_back(store, run)
    if data.draw(st.booleans()):
        again = [
            ReadAgain(profile_id=profile_id, observed_at=at, reading=one.reading, parser="scholarfeed/2")
            for at, one in history
        ]
        store.reread(again[::2], run_id=store.begin_run("replay", START), recorded_at=START)
    if data.draw(st.booleans()):
        retire_pages(database_of(store), NOON + 400 * DAY, now=NOON + 400 * DAY)
    proof = proven(store)
    assert proof.faults == []
    assert proof.counts[Ground.FACTS, Standing.HOLDS] >= store.status().snapshots


def _meets_another_parser(store: Store, *, previous_citations: int) -> Proof:
    """Two checks with an upgrade of the parser between them, which reads the first page otherwise."""
    profile_id = follow_one(store)
    shown = twenty()[:5]
    first = read(reading(shown, metrics={"citations": 1_000}), "first")
    check_daily(store, [(NOON, first)])
    (watch,) = store.due(NOON + DAY, cadence=None)
    again = reading([replace(one, score=98.1) for one in shown], metrics={"citations": previous_citations})
    now = replace(again, metrics={"citations": 1_010})
    page = page_of(read(now, "second"))
    finding = Parsed(page=page, reading=now, parser="scholarfeed/2", previous=again)
    intent = decide(watch, finding, store.known([profile_id])[profile_id], NOON + DAY)
    run_id = store.begin_run("track", NOON + DAY)
    assert store.apply([(intent, [])], run_id=run_id, recorded_at=NOON + DAY) == [True]
    return proven(store)


@pytest.mark.parametrize(
    ("previous_citations", "events", "reasons"),
    [
        (1_000, 1, {f"not comparable: {ANOTHER} the page before": 5}),
        (
            1_005,
            1,
            {
                f"not comparable: {ANOTHER} the page before": 5,
                f"only what it says of its own page: {ANOTHER} the one before": 1,
            },
        ),
        (1_010, 0, {f"not comparable: {ANOTHER} the page before": 6}),
    ],
    ids=["the same value before", "another value before", "no change at all"],
)
def test_what_was_told_at_a_change_of_the_parser(
    store: Store, previous_citations: int, events: int, reasons: dict[str, int]
) -> None:
    proof = _meets_another_parser(store, previous_citations=previous_citations)
    assert proof.faults == []
    assert len(list(store.events(kinds=[EventKind.METRIC_CHANGED]))) == events
    assert proof.reasons == {(Ground.EVENT, text): count for text, count in reasons.items()}


def test_what_its_own_page_says_is_proven_there_too(store: Store) -> None:
    _meets_another_parser(store, previous_citations=1_005)
    moved = tables.event.c.kind == EventKind.METRIC_CHANGED
    with database_of(store).writing() as connection:
        connection.execute(update(tables.event).where(moved).values(after=1_011, seal=None))
    [text] = [fault.text for fault in proven(store).faults if fault.ground is Ground.EVENT]
    assert "after: 1011 is recorded, 1010 is right" in text


def test_facts_without_any_page(store: Store) -> None:
    profile_id = follow_one(store)
    with database_of(store).writing() as connection:
        values = {"profile_id": profile_id, "name": "citations", "since": NOON, "value": 7}
        connection.execute(insert(tables.metric).values(values))
    [fault] = proven(store).faults
    assert (fault.ground, fault.place) == (Ground.FACTS, "Ada (scholarfeed/1)")
    assert fault.text == "citations from 2026-11-22T12:00:00+00:00: does not follow from the pages"


def test_a_history_of_several_chapters(store: Store) -> None:
    """More snapshots than are folded together; damage in the middle is found where it is, and nowhere else."""
    follow_one(store)
    pages = [read(reading(twenty()[:5], metrics={"citations": 1_000 + day}), f"day {day}") for day in range(45)]
    check_daily(store, [(NOON + day * DAY, page) for day, page in enumerate(pages)])
    (profile,) = store.proving.profiles()
    assert not isinstance(profile, Step)
    assert [chapter.snapshots for chapter in store.proving.chapters(profile)] == [32, 13]
    assert proven(store).faults == []
    with database_of(store).writing() as connection:
        wrong = (tables.metric.c.since == NOON + 40 * DAY) & (tables.metric.c.name == "citations")
        connection.execute(update(tables.metric).where(wrong).values(value=1_041))
    texts = {(fault.ground, fault.text) for fault in proven(store).faults}
    day_40, day_41 = (f"{NOON + day * DAY:%Y-%m-%dT%H:%M:%S}+00:00" for day in (40, 41))
    assert texts == {(Ground.FACTS, f"citations from {day_40}: 1041 is recorded, 1040 is right")}
    assert day_41 not in str(texts)


def test_memory_does_not_grow_with_the_history(tmp_path: Path) -> None:
    def peak(days: int) -> int:
        database = new_sqlite(tmp_path / f"{days}.db")
        with Store.open(str(database)) as store:
            follow_one(store)
            shown = [replace(one, abstract="On and on. " * 100) for one in twenty()]
            pages = [read(reading(shown, metrics={"citations": 1_000 + day}), f"day {day}") for day in range(days)]
            check_daily(store, [(NOON + day * DAY, page) for day, page in enumerate(pages)])
            tracemalloc.start()
            assert proven(store).counts[Ground.READING, Standing.FAILS] == 0
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    # The first proof of a process compiles its statements.
    peak(2)
    assert peak(80) < 1.25 * peak(40)


@pytest.mark.parametrize(
    ("table", "change", "what"),
    [
        ("metric", {"until": NOON}, "a value that does not end where the next begins"),
        ("listing", {"until": NOON, "last_shown": {"title": "x"}}, "a listing that overlaps the next"),
        ("checklog", {"outcome": "okay"}, "a check that ended as no check ends"),
        ("paper", {"first_shown_at": NOON + 99 * DAY}, "a paper that was shown before it was first shown"),
        ("blob", {"depth": 0}, "a difference that does not lie above what it is a difference to"),
        (
            "snapshot",
            {"confirmed_at": NOON + 9 * DAY},
            "a snapshot whose last confirmation is not the last good check before the next",
        ),
    ],
)
def test_what_can_not_be(store: Store, table: str, change: dict[str, Any], what: str) -> None:
    follow_one(store)
    pages = [read(reading(twenty()[:5], metrics={"citations": 1_000 + day}), f"day {day}") for day in range(3)]
    check_daily(store, [(NOON + day * DAY, page) for day, page in enumerate(pages)])
    assert all(step.standing is Standing.HOLDS for step in store.proving.tables())
    with database_of(store).writing() as connection:
        connection.execute(update(tables.Row.metadata.tables[table]).values(change))
    assert what in {step.text for step in store.proving.tables() if step.standing is Standing.FAILS}


def test_a_row_that_refers_to_nothing(store: Store) -> None:
    follow_one(store)
    check_daily(store, [(NOON, read(reading(twenty()[:1]), "one"))])
    [cell] = cells(database_of(store), "listing", "paper_id")
    with flipped(database_of(store), cell, Random(4)):
        faults = [step for step in store.proving.tables() if step.standing is Standing.FAILS]
    assert "a row of listing whose paper_id is that of no paper" in {fault.text for fault in faults}
