"""Runs, and how the whole stands."""

from datetime import timedelta

import pytest

from storage.errors import UnknownRun
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, event, followed, paper, verdict, watch
from tracking.check import Outcome
from tracking.event import EventKind
from tracking.view import RunView


def test_a_run_has_a_beginning_an_end_and_a_manifest(store: Store) -> None:
    run_id = store.begin_run("track", day(0))
    assert store.status().last_track == RunView(
        run_id=run_id, kind="track", now=day(0), started_at=day(0), finished_at=None, manifest=None
    )
    store.end_run(run_id, {"checks": {"ok": 2}, "seconds": 0.5})
    ended_run = store.status().last_track
    assert ended_run is not None
    assert ended_run.manifest == {"checks": {"ok": 2}, "seconds": 0.5}
    assert ended_run.finished_at is not None
    assert timedelta(0) <= ended_run.finished_at - day(0) < timedelta(minutes=1)


def test_the_manifest_says_which_flow_run_it_was(store: Store) -> None:
    first, second = (store.begin_run("track", day(number)) for number in range(2))
    store.note_flow_run(first, "1b-2c")
    assert store.find_run(first).manifest is None
    for run_id in (first, second):
        store.end_run(run_id, {"profiles": 2})
    store.note_flow_run(second, "1b-2c")
    assert store.find_run(second).manifest == {"profiles": 2, "flow_run": "1b-2c"}
    assert store.find_run(first).manifest == {"profiles": 2}


def test_the_last_run_of_each_kind_is_shown(store: Store) -> None:
    for number, kind in enumerate(["track", "deliver", "track"]):
        store.begin_run(kind, day(number))
    status = store.status()
    assert status.last_track is not None
    assert status.last_deliver is not None
    assert (status.last_track.now, status.last_deliver.now) == (day(2), day(1))


def test_an_empty_database_stands_at_nothing(store: Store) -> None:
    status = store.status()
    assert (status.people, status.profiles, status.papers, status.snapshots, status.events) == (0, 0, 0, 0, 0)
    assert (status.undelivered, status.dead, status.outcomes) == (0, 0, {})
    assert status.last_track is None
    assert status.size_bytes > 0


def test_everything_is_counted(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1", "2"), followed("Mary Shaw", "3", "4")], day(0))
    store.follow([followed("Ada Lovelace", "1", "2"), followed("Mary Shaw", "3")], day(0))
    of = watch(store)
    new = event(of, EventKind.PAPER_NEW, day(0), key="arxiv:1")
    apply(store, accepted(of, day(0), [paper("arxiv:1"), paper("arxiv:2")], events=(new,)), verdicts=[verdict(new)])
    apply(store, ended(watch(store, "2"), day(0), Outcome.BLOCKED))
    status = store.status()
    assert (status.people, status.profiles, status.papers, status.snapshots, status.events) == (2, 3, 2, 1, 1)
    assert status.outcomes == {Outcome.OK: 1, Outcome.BLOCKED: 1, None: 1}
    assert status.undelivered == 1
    (message,) = store.undelivered(day(0))
    assert store.status().undelivered == 1
    store.delivered(message.id, day(0))
    assert store.status().undelivered == 0


def test_how_the_checks_of_a_run_ended_is_counted_by_host(store: Store) -> None:
    store.follow([followed("Ada", "1", "2"), followed("Bo", "3", host="other.example.org:8099")], day(0))
    apply(store, *(ended(watch(store, key), day(0), Outcome.UNREACHABLE) for key in "123"))
    blocked = ended(watch(store, "2"), day(1), Outcome.BLOCKED)
    apply(store, accepted(watch(store), day(1), [paper("arxiv:1")]), blocked)
    newest, before = store.runs_before(None, limit=2)
    assert store.outcomes_by_host(int(newest.run_id)) == {"example.org": {Outcome.OK: 1, Outcome.BLOCKED: 1}}
    assert store.outcomes_by_host(int(before.run_id)) == {
        "example.org": {Outcome.UNREACHABLE: 2},
        "other.example.org:8099": {Outcome.UNREACHABLE: 1},
    }
    assert store.runs_before(int(newest.run_id), limit=2) == [before]
    with pytest.raises(UnknownRun):
        store.outcomes_by_host(99)
