"""A proof holds for what was recorded, however it came about, and fails when one byte of it is another."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from flows.replay import read_again
from flows.verify import verify_all, verify_event
from storage import tables
from storage.engine import Database
from storage.errors import StoreError, UnknownEvent
from storage.store import Store
from tests.flows.flips import GROUND, Cell, cells, flipped
from tests.flows.lived import lived
from tests.flows.stored_pages import DAY, FIRST_DAY, a_day, follow, page, read
from tests.laws import tried_on_one_store
from tests.storage.copied import copy_rows
from tracking.check import Parsed
from tracking.decide import decide
from tracking.proof import FAULTS_LISTED_MAX, Ground, Standing

ON_ONE_STORE = tried_on_one_store()
#: Where a value ends is told by what comes after.
ENDS = ("until", "missed_at", "removed_at", "last_shown")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A SQLite database, see `tests.flows.lived`."""
    folder = tmp_path_factory.mktemp("lived")
    lived(str(folder / "scholarwatch.db"), folder)
    return str(folder / "scholarwatch.db")


@pytest.fixture
def store(original: str, database: str) -> Iterator[Store]:
    """What is in the original, in a database of either kind."""
    Store.open(database).close()
    copy_rows(original, database)
    with Store.open(database) as opened:
        yield opened


@pytest.fixture
def opened(store: Store, database: str) -> Iterator[Database]:  # noqa: ARG001 - it has to be there
    opened = Database.at(database)
    yield opened
    opened.engine.dispose()


def test_everything_is_proven(database: str, tmp_path: Path) -> None:
    lived(database, tmp_path)
    with Store.open(database) as store:
        proof, status = verify_all(store), store.status()
    assert proof.faults == []
    assert proof.reasons == {}
    counted = {ground: proof.counts[ground, Standing.HOLDS] for ground in Ground}
    assert counted[Ground.EVENT] == status.events
    assert counted[Ground.READING] == counted[Ground.PAGE] == counted[Ground.HEADERS] >= status.snapshots
    assert counted[Ground.MESSAGE] > 2
    assert counted[Ground.SEAL] > counted[Ground.EVENT]


def test_every_event_is_proven(store: Store) -> None:
    for event in store.events():
        view, steps = verify_event(store, event.id[:12])
        assert view == event
        assert [step for step in steps if step.standing is not Standing.HOLDS] == []
        assert {step.ground for step in steps} >= {
            Ground.EVENT, Ground.SEAL, Ground.FACTS, Ground.READING, Ground.PAGE, Ground.HEADERS,
        }  # fmt: skip


@given(data=st.data(), draw=st.randoms(use_true_random=False))
@ON_ONE_STORE
def test_one_byte_anywhere_is_noticed(store: Store, opened: Database, data: st.DataObject, draw: Random) -> None:
    table = data.draw(st.sampled_from(sorted(GROUND)))
    column = data.draw(st.sampled_from(GROUND[table]))
    there = cells(opened, table, column)
    if not there:
        reject()
    cell = data.draw(st.sampled_from(there))
    try:
        with flipped(opened, cell, draw):
            proof = verify_all(store, processes=1)
    except IntegrityError:
        reject()
    assert proof.failed, str(cell)
    assert all(fault.place and fault.text for fault in proof.faults)


@given(data=st.data(), draw=st.randoms(use_true_random=False))
@ON_ONE_STORE
def test_one_byte_that_an_event_rests_on_is_noticed(
    store: Store, opened: Database, data: st.DataObject, draw: Random
) -> None:
    event = data.draw(st.sampled_from([one.id for one in store.events()]))
    cell = data.draw(st.sampled_from(_rests_on(opened, event)))
    try:
        with flipped(opened, cell, draw):
            assert _fails(store, event), f"{event} in spite of {cell}"
    except IntegrityError:
        reject()


def _fails(store: Store, event: str) -> bool:
    try:
        _, steps = verify_event(store, event)
    except StoreError:
        return True
    return any(step.standing is Standing.FAILS for step in steps)


def _rests_on(database: Database, event_id: str) -> list[Cell]:
    """The event and what is told of it, the page that shows it with its reading, and what begins with that page."""
    event, snapshot, outbox = tables.event.c, tables.snapshot.c, tables.outbox.c
    with database.reading() as connection:
        row = connection.execute(select(tables.event).where(event.id == event_id)).one()
        shown = connection.execute(
            select(tables.snapshot)
            .where(snapshot.observed_at <= row.observed_at, snapshot.superseded_at.is_(None))
            .order_by(snapshot.observed_at.desc())
            .limit(1)
        ).one()
        told = set(connection.execute(select(outbox.id).where(outbox.event_id == event_id)).scalars())
    places: dict[str, Callable[[Cell], bool]] = {
        "event": lambda cell: cell.row["id"] == event_id and cell.column != "id",
        "outbox": lambda cell: cell.row["id"] in told and cell.column != "event_id",
        "snapshot": lambda cell: cell.row["id"] == shown.id,
        "blob": lambda cell: cell.row["id"] in (shown.page_id, shown.reading_id),
        "metric": lambda cell: (cell.row["name"], cell.row["since"]) == (row.field, row.observed_at),
        "listing": lambda cell: (cell.row["paper_id"], cell.row["since"]) == (row.paper_id, row.observed_at),
    }
    return [
        cell
        for table, is_ground in places.items()
        for column in GROUND[table]
        if column not in ENDS
        for cell in cells(database, table, column)
        if is_ground(cell)
    ]


@pytest.mark.parametrize(
    ("table", "column", "ground", "place"),
    [
        ("blob", "data", Ground.ARCHIVE, "blob "),
        ("snapshot", "headers", Ground.HEADERS, "Zoë Example (scholarfeed/1001), 2026-"),
        ("snapshot", "confirmed_at", Ground.TABLES, "snapshot "),
        ("event", "cause", Ground.SEAL, "Zoë Example (scholarfeed/1001), "),
        ("metric", "value", Ground.FACTS, "Zoë Example (scholarfeed/1001)"),
        ("alias", "text", Ground.FACTS, "Zoë Example (scholarfeed/1001)"),
        ("listing", "last_shown", Ground.FACTS, "Zoë Example (scholarfeed/1001)"),
        ("outbox", "item", Ground.MESSAGE, "Zoë Example (scholarfeed/1001), "),
    ],
)
def test_a_fault_says_where_it_is(
    store: Store, opened: Database, table: str, column: str, ground: Ground, place: str
) -> None:
    with flipped(opened, cells(opened, table, column)[0], Random(5)):
        faults = verify_all(store, processes=1).faults
    assert [fault for fault in faults if fault.ground is ground and fault.place.startswith(place)]


def test_an_event_that_follows_from_no_page(store: Store, opened: Database) -> None:
    with flipped(opened, cells(opened, "event", "id")[0], Random(5)):
        texts = [fault.text for fault in verify_all(store, processes=1).faults if fault.ground is Ground.EVENT]
    assert sorted(texts) == ["does not follow from the pages", "follows from the pages and is not recorded"]


def test_what_stands_on_damage_is_told_from_damage(store: Store, opened: Database) -> None:
    (base, *_) = cells(opened, "blob", "data")
    with flipped(opened, base, Random(5)):
        proof = verify_all(store, processes=1)
    assert [fault.place for fault in proof.faults if fault.ground is Ground.ARCHIVE] == [f"blob {base.row['id']}"]
    assert proof.reasons[Ground.ARCHIVE, "it is a difference to what is damaged"] > 1


def test_what_was_recorded_before_there_were_seals_is_said(store: Store, opened: Database) -> None:
    with opened.writing() as connection:
        for table in (tables.event, tables.snapshot, tables.outbox):
            connection.execute(update(table).values(seal=None))
    proof = verify_all(store, processes=1)
    assert not proof.failed
    assert {ground for ground, _ in proof.reasons} == {Ground.SEAL, Ground.HEADERS, Ground.MESSAGE}
    assert {text for _, text in proof.reasons} == {"recorded before there were seals"}


def test_pages_that_were_let_go_of_are_no_fault(store: Store) -> None:
    later = FIRST_DAY + 400 * DAY
    assert store.retire_pages(later, now=later, keep_told=False).pages > 2
    proof = verify_all(store, processes=1)
    assert proof.faults == []
    assert {ground for ground, _ in proof.reasons} == {Ground.PAGE, Ground.READING, Ground.ARCHIVE}


def test_pages_that_an_older_parser_had_read_are_not_read_again(database: str) -> None:
    with Store.open(database) as store:
        follow(store, "Zoë Example")
        a_day(store, FIRST_DAY, parser="scholarfeed/0")
        proof = verify_all(store, processes=1)
    [(ground, text)] = proof.reasons
    assert ground is Ground.READING
    assert text.startswith("read by scholarfeed/0, an older parser than scholarfeed/")


def test_a_parser_that_reads_otherwise_under_the_same_name_is_a_fault(database: str) -> None:
    with Store.open(database) as store:
        follow(store, "Zoë Example")
        a_day(store, FIRST_DAY, lambda reading: replace(reading, name="Someone"))
        faults = verify_all(store, processes=1).faults
    [text] = [fault.text for fault in faults if fault.ground is Ground.READING]
    assert text == "name: 'Someone' is recorded, 'Zoë Example' stands on the page"


def test_after_a_replay_everything_is_as_todays_parser_reads_it(database: str) -> None:
    """Four days as a parser read them that saw no score and one citation too few, then read again."""
    with Store.open(database) as store:
        follow(store, "Zoë Example")
        for number in range(4):
            _check(store, FIRST_DAY + number * DAY, 1204 + number // 2)
        before = verify_all(store, processes=1)
        later = FIRST_DAY + 9 * DAY
        apply = partial(store.reread, run_id=store.begin_run("replay", later), recorded_at=later)
        assert read_again(store.stored_snapshots().packed(), 0, apply=apply, processes=1).different > 0
        after = verify_all(store, processes=1)
    assert before.faults == after.faults == []
    assert before.counts[Ground.READING, Standing.HOLDS] == 0
    assert after.counts[Ground.READING, Standing.HOLDS] == 2
    assert after.counts[Ground.HEADERS, Standing.HOLDS] == 4


def _check(store: Store, now: datetime, citations: int) -> None:
    (watch,) = store.due(now, cadence=None)
    shown = page(watch.person, now.date(), citations)
    reading = read(shown, now.date())
    metrics = {**reading.metrics, "citations": citations - 1}
    misread = replace(reading, metrics=metrics, papers=tuple(replace(one, score=None) for one in reading.papers))
    known = store.known([watch.profile_id]).get(watch.profile_id)
    intent = decide(watch, Parsed(page=shown, reading=misread, parser="scholarfeed/0"), known, now)
    assert store.apply([(intent, [])], run_id=store.begin_run("track", now), recorded_at=now) == [True]


def test_nobody_knows_that_event(store: Store) -> None:
    with pytest.raises(UnknownEvent, match="no event has an id that begins with “xyz”"):
        verify_event(store, "xyz")
    with pytest.raises(UnknownEvent, match="the ids of several events begin with “”"):
        verify_event(store, "")


def test_an_empty_database_is_proven(database: str) -> None:
    with Store.open(database) as store:
        proof = verify_all(store)
    assert not proof.failed
    assert proof.counts[Ground.TABLES, Standing.HOLDS] > 10


def test_progress_comes_to_its_end(store: Store) -> None:
    told: list[tuple[int, int]] = []
    verify_all(store, progress=lambda total, done: told.append((total, done)), processes=1)
    total, done = told[-1]
    assert total == done == max(total for total, _ in told)
    assert [done for _, done in told] == sorted(done for _, done in told)


def test_faults_are_counted_and_some_are_listed(store: Store, opened: Database) -> None:
    with opened.writing() as connection:
        connection.execute(update(tables.event).values(seal=b"0" * 16))
        connection.execute(update(tables.snapshot).values(seal=b"0" * 16))
    proof = verify_all(store, processes=1)
    assert proof.failed > FAULTS_LISTED_MAX == len(proof.faults)
    assert proof.to_json()["state"] == "failed"
