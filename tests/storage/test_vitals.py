"""What is measured of the whole."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.event import listen, remove

from storage.engine import Database
from storage.receivers import keep_receiver
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, event, followed, paper, verdict, watch
from tracking.cadence import Cadences, Every
from tracking.check import Outcome
from tracking.event import EventKind
from tracking.receiver import ReceiverState
from tracking.view import RunState
from tracking.vitals import Backlog
from tracking.watchfulness import RunsSoFar

HOUR = timedelta(hours=1)


def run(store: Store, kind: str, number: float, **manifest: object) -> str:
    run_id = store.begin_run(kind, day(number))
    if manifest:
        store.end_run(run_id, manifest)
    return run_id


def test_an_empty_database(store: Store) -> None:
    vitals = store.vitals(day(0))
    assert (vitals.people, vitals.profiles, vitals.followed, vitals.outcomes) == (0, {}, 0, {})
    assert (vitals.runs, vitals.last_runs, vitals.recent_runs) == (RunsSoFar(), {}, {})
    assert (vitals.recent_events, vitals.backlog, vitals.off, vitals.down_hosts) == ({}, Backlog(), (), frozenset())
    assert vitals.size_bytes > 0


def test_profiles_are_counted_by_source_outcome_and_parser(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1", "2"), followed("Mary Shaw", "3", "4")], day(0))
    store.follow([followed("Ada Lovelace", "1", "2"), followed("Mary Shaw", "3")], day(0))
    apply(store, accepted(watch(store, "1"), day(0), [paper("arxiv:1")]))
    apply(store, ended(watch(store, "2"), day(0), Outcome.BLOCKED))
    vitals = store.vitals(day(0))
    assert (vitals.people, vitals.followed) == (2, 3)
    assert vitals.profiles == {
        ("scholarfeed", Outcome.OK): 1,
        ("scholarfeed", Outcome.BLOCKED): 1,
        ("scholarfeed", None): 1,
    }
    assert vitals.outcomes == {Outcome.OK: 1, Outcome.BLOCKED: 1, None: 1}
    assert vitals.parsers == {"scholarfeed/1": 1}


def test_those_are_due_whose_time_has_come(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1", "2", "3")], day(0))
    apply(store, *(accepted(watch(store, key), day(0), [paper(f"arxiv:{key}")]) for key in "12"))
    daily = Cadences(default=Every(timedelta(days=1)))
    assert [store.number_due(day(number), daily) for number in (0.1, 1)] == [1, 3]


def test_runs_are_counted_for_a_day_and_the_last_of_each_kind_is_shown(store: Store) -> None:
    run(store, "track", 0, state="ok", outcomes={"ok": 1}, long_ago=True)
    whole = run(store, "track", 1, state="degraded", outcomes={"ok": 1, "blocked": 2})
    run(store, "track", 1.1, state="skipped", skipped={"why": "going_on"})
    delivered = run(store, "deliver", 1.2, delivered=1)
    killed = run(store, "watch", 1.3)
    vitals = store.vitals(day(1.5))
    assert vitals.recent_runs == {
        ("track", RunState.DEGRADED): 1,
        ("track", RunState.SKIPPED): 1,
        ("deliver", RunState.OK): 1,
        ("watch", RunState.UNFINISHED): 1,
    }
    assert {kind: one.run_id for kind, one in vitals.last_runs.items()} == {
        "track": whole, "deliver": delivered, "watch": killed,
    }  # fmt: skip
    assert vitals.last_runs["track"].manifest == {"state": "degraded", "outcomes": {"ok": 1, "blocked": 2}}
    assert vitals.runs.good is not None
    assert vitals.runs.good.run_id == whole


def test_events_are_those_of_a_day_that_count(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1")], day(0))
    for number, keys in ((0, ["arxiv:1"]), (1, ["arxiv:2", "arxiv:3"])):
        of = watch(store)
        events = tuple(event(of, EventKind.PAPER_NEW, day(number), key=key) for key in keys)
        apply(store, accepted(of, day(number), [paper(key) for key in keys], events=events))
    assert store.vitals(day(1.5)).recent_events == {EventKind.PAPER_NEW: 2}
    assert store.vitals(day(0.5)).recent_events == {EventKind.PAPER_NEW: 1}
    assert store.vitals(day(2)).recent_events == {}


def test_the_backlog_has_what_waits_in_a_message_and_outside(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1")], day(0))
    for number in range(3):
        of = watch(store)
        new = event(of, EventKind.PAPER_NEW, day(number), key=f"arxiv:{number}")
        apply(store, accepted(of, day(number), [paper(f"arxiv:{number}")], events=(new,)), verdicts=[verdict(new)])
        if number == 0:
            (told,) = store.undelivered(day(0))
            store.delivered(told.id, day(0))
        if number == 1:
            (message,) = store.undelivered(day(1))
            store.failed(message.id, day(1), "no connection", day(1) + HOUR)
    waiting = store.vitals(day(2)).backlog
    assert waiting == Backlog(events=2, oldest_at=day(1), retrying=1)
    store.failed(message.id, day(2), "refused", None)
    assert store.vitals(day(2)).backlog == Backlog(events=1, oldest_at=day(2), dead=1)


def test_a_receiver_that_is_switched_off(store: Store, database: str) -> None:
    off = ReceiverState(name="me", fingerprint="f", off_at=day(0), off_reason="410")
    opened = Database.at(database)
    with opened.writing() as connection:
        for state in (off, ReceiverState(name="log", fingerprint="f", refusals=1)):
            keep_receiver(connection, state)
    opened.engine.dispose()
    assert store.vitals(day(0)).off == (off,)


def test_the_number_of_questions_does_not_depend_on_what_is_followed(store: Store) -> None:
    def questions() -> int:
        """How many statements measuring takes."""
        asked: list[object] = []

        def note(*statement: object) -> None:
            asked.append(statement)

        listen(Engine, "before_cursor_execute", note)
        store.vitals(day(9))
        remove(Engine, "before_cursor_execute", note)
        return len(asked)

    before = questions()
    store.follow([followed("Ada Lovelace", *map(str, range(20)))], day(0))
    for number in range(5):
        apply(store, *(accepted(watch(store, str(key)), day(number), [paper(f"k{key}")]) for key in range(20)))
    assert questions() <= before + 1
