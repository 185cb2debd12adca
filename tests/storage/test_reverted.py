"""What a run that was taken back leaves: the profile as it was before, and that the run was."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import tables
from storage.errors import StoreError, UnknownRun
from storage.store import Store
from tests.storage.builders import followed, watch
from tests.storage.lived import rows_of
from tests.storage.past import database_of
from tests.storage.reverting import NEW, Heard, Person, day, deliver, shows, take_back
from tests.tracking.builders import reading, twenty
from tracking.check import Failure, Outcome, Validators
from tracking.event import EventKind


@pytest.fixture
def ada(store: Store) -> Person:
    store.follow([followed("Ada", "1"), followed("Bo", "2")], day(0))
    return Person(store)


@pytest.fixture
def heard() -> Heard:
    return Heard()


# ---- the profile between two checks


def test_a_question_goes_with_the_run_that_asked(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), reading(twenty()[8:]), accept=False)
    assert watch(store).last_outcome is Outcome.QUARANTINED
    deliver(store, 1)
    assert store.accept_next("Ada") == 1
    done = take_back(store, run_id, heard)
    assert done.events == {"profile.suspect": 1}
    assert heard.kinds == [("me", "profile.suspect")]
    of = watch(store)
    assert (of.last_outcome, of.checked_at, of.accept_next) == (Outcome.OK, day(0), False)
    assert unread_pages(store) == 0


def unread_pages(store: Store) -> int:
    with database_of(store).reading() as connection:
        return len(connection.execute(select(tables.unread_page)).all())


def test_a_question_that_was_answered_is_open_again(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    ada.looks(day(1), reading(twenty()[8:]), accept=False)
    store.accept_next("Ada")
    run_id = ada.looks(day(2), reading(twenty()[8:]))
    take_back(store, run_id, heard)
    assert watch(store).last_outcome is Outcome.QUARANTINED
    assert store.accept_next("Ada") == 1


def test_the_server_is_asked_with_the_page_that_counts(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    before = watch(store)
    run_id = ada.looks(day(1), shows(NEW))
    assert watch(store).validators != before.validators
    take_back(store, run_id, heard)
    of = watch(store)
    assert isinstance(of.validators, Validators)
    assert replace(of, revision=before.revision) == before
    assert of.revision > before.revision + 1


def test_a_server_that_wants_to_be_left_alone_still_is(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.finds(day(1), Failure(outcome=Outcome.THROTTLED, detail="later", retry_after_seconds=3600))
    assert take_back(store, run_id, heard).profiles == 1
    hour = timedelta(hours=1)
    assert [of.key for of in store.due(day(1) + hour / 2, cadence=None)] == ["2"]
    assert [of.key for of in store.due(day(1) + hour, cadence=None)] == ["2", "1"]


def test_what_was_decided_before_comes_too_late(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.finds(day(1), Failure(outcome=Outcome.UNREACHABLE, detail="nobody answers"))
    intent = ada.decide(day(2), Failure(outcome=Outcome.UNREACHABLE, detail="nobody answers"))
    take_back(store, run_id, heard)
    late = store.begin_run("track", day(2))
    assert store.apply([(intent, [])], run_id=late, recorded_at=day(2)) == [False]


# ---- which runs


def test_a_dry_run_writes_nothing(store: Store, ada: Person, heard: Heard, database: str) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW, citations=120))
    deliver(store, 1)
    before = rows_of(database)
    planned = store.revert(run_id, now=day(9), correct=heard, dry_run=True)
    assert rows_of(database) == before
    assert planned.by_run is None
    done = take_back(store, run_id, heard)
    assert replace(done, by_run=None) == planned
    assert rows_of(database) != before


def test_what_stays_on_record(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW))
    done = take_back(store, run_id, heard)
    assert done.by_run is not None
    store.end_run(done.by_run, {"state": "ok"})
    newest, reverted, _ = store.runs()
    assert (newest.run_id, newest.kind, newest.state) == (done.by_run, "revert", "ok")
    assert (reverted.run_id, reverted.state, reverted.reverted_at) == (run_id, "reverted", day(9))
    known = [event.kind for event in store.events(known_at=day(8))]
    assert known == [EventKind.PROFILE_BASELINE, EventKind.PAPER_NEW]


def test_a_run_is_found_by_its_id_or_as_the_latest_that_stands(store: Store, ada: Person, heard: Heard) -> None:
    with pytest.raises(UnknownRun, match="no run that could be taken back"):
        store.find_run("latest")
    first, second = ada.looks(day(0), shows()), ada.looks(day(1), shows(NEW))
    store.begin_run("deliver", day(1))
    assert (store.find_run("latest").run_id, store.find_run(first).now) == (second, day(0))
    take_back(store, second, heard)
    assert store.find_run("latest").run_id == first
    for asked in ("0", "-1", "٣", "1e3", "9" * 40, "first", ""):
        with pytest.raises(UnknownRun, match=r"there is no run .*; the latest are 4 \(revert, .* 1 \(track,"):
            store.find_run(asked)


def test_what_cannot_be_taken_back(store: Store, ada: Person, heard: Heard) -> None:
    run_id = ada.looks(day(0), shows())
    delivery, going = store.begin_run("deliver", day(0)), store.begin_run("track", day(0))
    with pytest.raises(StoreError, match=f"run {delivery} is a run of deliver"):
        take_back(store, delivery, heard)
    with pytest.raises(StoreError, match=f"run {going} of .* has not ended: .* add --force"):
        take_back(store, going, heard)
    assert take_back(store, going, heard, force=True).profiles == 0
    by_run = take_back(store, run_id, heard).by_run
    with pytest.raises(StoreError, match=f"run {run_id} was taken back on"):
        take_back(store, run_id, heard)
    assert by_run is not None
    with pytest.raises(StoreError, match=f"run {by_run} took another run back"):
        take_back(store, by_run, heard)
