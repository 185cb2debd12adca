"""What tells whether the program is at work: runs, profiles that are not read, and what was told of both."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from storage import tables
from storage.engine import Database
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, followed, paper, verdict, watch
from tracking.cadence import Cadences, Every
from tracking.check import Outcome
from tracking.event import Event, EventKind
from tracking.note import note
from tracking.watchfulness import NEVER, Mention, RunsSoFar, Unread

DAILY = Cadences()


def run(store: Store, at: datetime, manifest: dict[str, object] | None) -> str:
    run_id = store.begin_run("track", at)
    if manifest is not None:
        store.end_run(run_id, manifest)
    return run_id


def ids(runs: RunsSoFar) -> tuple[str | None, list[str]]:
    return runs.good.run_id if runs.good else None, [view.run_id for view in runs.later]


def read(store: Store, at: datetime, key: str = "1") -> None:
    apply(store, accepted(watch(store, key), at, [paper(f"k{key}")]))


def fail(store: Store, at: datetime, outcome: Outcome = Outcome.BLOCKED, *keys: str) -> None:
    apply(store, *(ended(watch(store, key), at, outcome, detail="a captcha") for key in keys or "1"))


def unread(store: Store, at: datetime) -> dict[str, Unread]:
    return {one.profile.key: one for one in store.unread_profiles(at, DAILY)}


def tell(store: Store, at: datetime, kind: EventKind, *keys: str) -> Event:
    """Record a note of the first of these profiles that tells of them all."""
    found = unread(store, at)
    about = [found[key].profile for key in keys]
    profile = about[0] if about else store.profile_of_notes()
    assert profile is not None
    event = note(kind, "", "not at work", profile, at)
    run_id = store.begin_run("watch", at)
    told: Sequence[tuple[Event, Sequence[int]]] = [(event, [one.profile_id for one in about])]
    store.record_watch(told, [verdict(event)], run_id=run_id, recorded_at=at)
    return event


def acknowledge(database: str, event: Event, at: datetime) -> None:
    opened = Database.at(database)
    with opened.writing() as connection:
        connection.execute(insert(tables.ack).values(event_id=event.id, at=at, note=""))
    opened.engine.dispose()


# ---- runs


def test_runs_down_to_the_last_good_one(store: Store) -> None:
    assert store.runs_so_far(day(9)) == RunsSoFar()
    blind: dict[str, object] = {"state": "degraded", "outcomes": {"blocked": 1}}
    left: dict[str, object] = {"state": "skipped", "skipped": {"why": "going_on", "detail": ""}}
    run(store, day(0), blind)
    run(store, day(1), blind)
    early = store.runs_so_far(day(1))
    assert ids(early) == (None, ["2", "1"])
    assert early.since == day(0)
    good = run(store, day(2), {"state": "ok", "outcomes": {"ok": 1}})
    store.end_run(store.begin_run("deliver", day(3)), {"state": "ok"})
    failed, _, cut_off = run(store, day(4), blind), run(store, day(4.5), left), run(store, day(5), None)
    found = store.runs_so_far(day(6))
    assert ids(found) == (good, [cut_off, failed])
    assert found.since == day(2)
    # As it was at some time before, and where the clock was put back.
    assert ids(store.runs_so_far(day(1.5))) == (None, ["2", "1"])


def test_what_was_told_of_the_runs_since_the_last_good_one(store: Store, database: str) -> None:
    store.follow([followed("Ada Lovelace", "1")], day(0))
    read(store, day(0))
    assert store.mention_of(EventKind.RUN_MISSED, day(0)) == NEVER
    tell(store, day(2), EventKind.RUN_MISSED)
    second = tell(store, day(9), EventKind.RUN_MISSED)
    assert store.mention_of(EventKind.RUN_MISSED, day(0)) == Mention(day(9))
    acknowledge(database, second, day(9))
    assert store.mention_of(EventKind.RUN_MISSED, day(0)) == Mention(day(9), acknowledged=True)
    # Another silence is another matter.
    assert store.mention_of(EventKind.RUN_MISSED, day(9)) == NEVER


# ---- profiles


def test_a_profile_that_is_read_is_not_looked_at(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1", "2"), followed("Mary Shaw", "3")], day(0))
    assert unread(store, day(0)) == {}
    for key in "123":
        read(store, day(1), key)
    fail(store, day(2), Outcome.UNREACHABLE, "1", "3")
    apply(store, ended(watch(store, "1"), day(3), Outcome.UNCHANGED))
    store.follow([followed("Ada Lovelace", "1", "2")], day(4))
    assert unread(store, day(4)) == {}


def test_when_it_was_read_last_and_what_the_checks_since_came_to(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1", "2", tags=("maths",))], day(0))
    fail(store, day(0), Outcome.LOGIN)
    read(store, day(1))
    fail(store, day(2))
    apply(store, ended(watch(store), day(3), Outcome.NOT_MODIFIED))
    fail(store, day(4))
    fail(store, day(5), Outcome.COOLING_DOWN)
    fail(store, day(6))
    fail(store, day(5), Outcome.GONE, "2")
    found = unread(store, day(6))
    first, second = found["1"], found["2"]
    assert (first.good_at, first.failing_since) == (day(3), day(4))
    assert first.outcomes == {Outcome.BLOCKED: 2, Outcome.COOLING_DOWN: 1}
    assert (first.profile.outcome, first.profile.detail, first.profile.tags) == (
        Outcome.BLOCKED,
        "a captcha",
        ("maths",),
    )
    assert (second.good_at, second.failing_since, second.outcomes) == (None, day(5), {Outcome.GONE: 1})
    assert (first.mention, first.activity) == (NEVER, None)


def test_what_is_filled_in_is_no_reading_of_today(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1")], day(0))
    read(store, day(1))
    fail(store, day(2))
    backfill = store.begin_run("backfill", day(3))
    store.apply([(ended(watch(store), day(2.5), Outcome.OK), [])], run_id=backfill, recorded_at=day(3))
    fail(store, day(4))
    (found,) = unread(store, day(4)).values()
    assert (found.good_at, found.outcomes) == (day(1), {Outcome.BLOCKED: 2})


def test_a_note_about_many_is_told_of_each(store: Store, database: str) -> None:
    store.follow([followed("Ada Lovelace", "1", "2", "3")], day(0))
    for key in "123":
        read(store, day(0), key)
    fail(store, day(1), Outcome.BLOCKED, "1", "2", "3")
    event = tell(store, day(4), EventKind.PROFILE_STALE, "1", "2")
    assert [one.mention for one in unread(store, day(4)).values()] == [Mention(day(4)), Mention(day(4)), NEVER]
    tell(store, day(11), EventKind.PROFILE_STALE, "2", "3")
    acknowledge(database, event, day(12))
    assert [one.mention for one in unread(store, day(12)).values()] == [
        Mention(day(4), acknowledged=True),
        Mention(day(11), acknowledged=True),
        Mention(day(11)),
    ]
    # What was told before it was read again says nothing of what comes after.
    read(store, day(13), "1")
    fail(store, day(14), Outcome.BLOCKED, "1")
    assert unread(store, day(14))["1"].mention == NEVER
    assert [event.person for event in store.events(kinds=[EventKind.PROFILE_STALE])] == ["Ada Lovelace"] * 2


def test_how_lively_it_is_where_the_cadence_asks(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1")], day(0))
    read(store, day(0))
    fail(store, day(1))
    (found,) = store.unread_profiles(day(1), Cadences(default=Every(None)))
    assert found.activity is None
    event = tell(store, day(2), EventKind.PROFILE_STALE, "1")
    (found,) = store.unread_profiles(day(3), Cadences(default=Every(None)))
    assert found.activity is not None
    assert found.activity.last_at == event.observed_at


def test_the_same_note_may_be_recorded_twice(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1")], day(0))
    fail(store, day(0))
    assert tell(store, day(1), EventKind.PROFILE_STALE, "1") == tell(store, day(1), EventKind.PROFILE_STALE, "1")
    assert unread(store, day(1))["1"].mention == Mention(day(1))
