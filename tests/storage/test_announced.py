"""Of which runs a Prefect server has to hear."""

from dataclasses import replace
from datetime import datetime

from storage.announced import Unannounced
from storage.store import Store
from tests.storage.builders import accepted, day, event, followed, paper, watch
from tests.storage.reverting import Heard
from tracking.event import Cause, EventKind


def found(
    store: Store, at: datetime, key: str, *kinds: EventKind, end: bool = True, cause: Cause = Cause.SOURCE
) -> str:
    """A run that finds events of these kinds on a profile; its id."""
    of = watch(store, key)
    identities = [paper(f"{key}-{number}-{at:%d}") for number, _ in enumerate(kinds)]
    events = tuple(
        replace(event(of, kind, at, key=each.key), cause=cause) for kind, each in zip(kinds, identities, strict=True)
    )
    run_id = store.begin_run("track", at)
    store.apply([(accepted(of, at, identities, events=events), [])], run_id=run_id, recorded_at=at)
    if end:
        store.end_run(run_id, {"state": "ok"})
    return run_id


def heard(store: Store, run_id: str, *, limit: int = 100) -> Unannounced:
    told = store.unannounced(run_id, limit=limit)
    store.mark_announced(told, day(99))
    return told


def test_a_run_tells_what_it_found_and_the_next_tells_no_more(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1", "2")], day(0))
    before = found(store, day(0), "1", EventKind.PROFILE_BASELINE)
    first = found(store, day(2), "1", EventKind.PAPER_NEW, EventKind.PAPER_LATE)
    told = heard(store, first)
    # What was found before there was a server is no news.
    assert before not in told.runs
    assert {(run, view.kind) for run, view in told.events} == {(first, kind) for kind in told.kinds}
    assert told.kinds == {EventKind.PAPER_NEW: 1, EventKind.PAPER_LATE: 1}
    second = found(store, day(3), "2", EventKind.PAPER_NEW)
    assert heard(store, second).kinds == {EventKind.PAPER_NEW: 1}


def test_what_the_first_of_all_could_not_tell_is_told_by_the_next(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1")], day(0))
    first = found(store, day(0), "1", EventKind.PROFILE_BASELINE)
    store.unannounced(first, limit=100)
    second = found(store, day(1), "1", EventKind.PAPER_NEW)
    assert heard(store, second).runs == (int(first), int(second))


def test_what_a_run_that_was_cut_off_has_found_is_told_by_the_next(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1", "2")], day(0))
    heard(store, found(store, day(0), "1", EventKind.PROFILE_BASELINE))
    ended = found(store, day(1), "1", EventKind.PAPER_NEW)
    at_work = found(store, day(1.1), "2", EventKind.PAPER_NEW, end=False)
    third = found(store, day(2), "1", EventKind.PAPER_NEW)
    assert heard(store, third).runs == (int(ended), int(third))
    fourth = found(store, day(3), "1", EventKind.PAPER_NEW)
    assert heard(store, fourth).runs == (int(at_work), int(fourth))
    long_ago = found(store, day(4), "1", EventKind.PAPER_NEW)
    assert long_ago not in map(str, heard(store, found(store, day(20), "1", EventKind.PAPER_NEW)).runs)


def test_of_too_many_the_first_looks_come_last(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1")], day(0))
    kinds = [EventKind.PROFILE_BASELINE] * 3 + [EventKind.PAPER_NEW] * 2
    told = heard(store, found(store, day(0), "1", *kinds), limit=3)
    assert [view.kind for _, view in told.events] == [EventKind.PAPER_NEW] * 2 + [EventKind.PROFILE_BASELINE]
    assert told.kinds == {EventKind.PROFILE_BASELINE: 3, EventKind.PAPER_NEW: 2}


def test_what_may_notify_nobody_and_what_does_not_count_is_not_told(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1", "2")], day(0))
    backfilled = found(store, day(0), "1", EventKind.PAPER_NEW, cause=Cause.BACKFILL)
    assert heard(store, backfilled).kinds == {}
    taken_back = found(store, day(1), "2", EventKind.PAPER_NEW)
    store.revert(taken_back, now=day(2), correct=Heard(), force=False)
    assert heard(store, taken_back).events == ()
