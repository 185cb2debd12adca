"""Hosts that are down or shut: what is stored of them, and that it was told."""

from datetime import datetime

import pytest

from storage.store import Store
from tests.storage.builders import apply, day, ended, followed, verdict, watch
from tests.storage.reverting import Heard, take_back
from tracking.cadence import Cadences
from tracking.check import Outcome
from tracking.event import EventKind
from tracking.host import Answered, AnswerKind, HostPolicy
from tracking.outage import HostHealth, edges

HOST = "example.org"
POLICY = HostPolicy(min_interval_seconds=0)


@pytest.fixture(autouse=True)
def _followed(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1", "2"), followed("Mary Shaw", "3", tags=("maths",))], day(0))


def answers(store: Store, at: datetime, *kinds: AnswerKind) -> None:
    store.note_answers(HOST, POLICY, [(Answered(kind=kind), at) for kind in kinds])


def end(store: Store, at: datetime, outcome: Outcome) -> str:
    """A run in which every check ends so; its id."""
    apply(store, *(ended(watch(store, key), at, outcome) for key in "123"))
    return store.runs(1)[0].run_id


def tell(store: Store, at: datetime) -> list[EventKind]:
    """Record what begins or ends, as the end of a run does."""
    health, checks = store.hosts_in_trouble()
    found = (
        [(edge, edge.event(at)) for edge in edges(health.get(HOST, HostHealth(host=HOST)), checks)] if checks else []
    )
    run_id = store.begin_run("track", at)
    store.record_edges(found, [verdict(event) for _, event in found], run_id=run_id, recorded_at=at)
    return [event.kind for _, event in found]


def test_in_the_ordinary_case_there_is_nothing_to_look_at(store: Store) -> None:
    assert store.hosts_in_trouble() == ({}, [])
    answers(store, day(0), AnswerKind.GOOD, AnswerKind.FAILED, AnswerKind.GOOD)
    end(store, day(0), Outcome.OK)
    assert store.hosts_in_trouble() == ({}, [])


def test_what_is_stored_of_a_host_that_fails(store: Store) -> None:
    answers(store, day(0), AnswerKind.GOOD, AnswerKind.FAILED)
    answers(store, day(0.1), *[AnswerKind.FAILED] * 5, AnswerKind.THROTTLED)
    end(store, day(0.2), Outcome.UNREACHABLE)
    health, checks = store.hosts_in_trouble()
    assert health == {HOST: HostHealth(host=HOST, good_at=day(0), failing_since=day(0), broken=True)}
    assert [(check.profile_id, check.person, check.tags, check.checked_at, check.outcome) for check in checks] == [
        (1, "Ada Lovelace", (), day(0.2), Outcome.UNREACHABLE),
        (2, "Ada Lovelace", (), day(0.2), Outcome.UNREACHABLE),
        (3, "Mary Shaw", ("maths",), day(0.2), Outcome.UNREACHABLE),
    ]


def test_an_outage_is_told_once_and_so_is_its_end(store: Store) -> None:
    answers(store, day(1.01), AnswerKind.FAILED)
    end(store, day(1), Outcome.UNREACHABLE)
    assert [tell(store, day(1)), tell(store, day(1)), tell(store, day(2))] == [[EventKind.HOST_DOWN], [], []]
    answers(store, day(3), AnswerKind.GOOD)
    end(store, day(3), Outcome.OK)
    assert [tell(store, day(3)), tell(store, day(3))] == [[EventKind.HOST_BACK], []]
    assert store.hosts_in_trouble() == ({}, [])
    assert [(each.kind, each.person) for each in store.events()] == [
        (EventKind.HOST_DOWN, "Ada Lovelace"),
        (EventKind.HOST_BACK, "Ada Lovelace"),
    ]
    assert len(store.undelivered(day(3))[0].entries) == 2


def test_a_host_that_shuts_everybody_out_is_told_once_even_if_nothing_was_stored_of_it(store: Store) -> None:
    end(store, day(1), Outcome.ROBOTS)
    assert [tell(store, day(1)), tell(store, day(2))] == [[EventKind.HOST_DOWN], []]
    end(store, day(3), Outcome.UNCHANGED)
    assert [tell(store, day(3)), tell(store, day(4))] == [[EventKind.HOST_BACK], []]
    assert [each.field for each in store.events()] == ["robots", "robots"]


def test_what_was_told_by_a_run_that_is_taken_back_is_told_again(store: Store) -> None:
    answers(store, day(1.01), AnswerKind.FAILED)
    run_id = end(store, day(1), Outcome.UNREACHABLE)
    assert tell(store, day(1)) == [EventKind.HOST_DOWN]
    take_back(store, run_id, Heard(), at=2)
    end(store, day(1), Outcome.UNREACHABLE)
    assert tell(store, day(1)) == [EventKind.HOST_DOWN]
    assert [each.kind for each in store.events()] == [EventKind.HOST_DOWN]


def test_after_a_run_is_taken_back_a_profile_has_waited_since_the_one_before(store: Store) -> None:
    end(store, day(0), Outcome.UNCHANGED)
    asked = end(store, day(1), Outcome.UNCHANGED)
    refused = end(store, day(1.5), Outcome.COOLING_DOWN)
    daily = Cadences()
    assert store.due(day(1.6), cadence=daily) == []
    take_back(store, refused, Heard(), at=2)
    assert store.due(day(1.6), cadence=daily) == []
    take_back(store, asked, Heard(), at=2)
    assert len(store.due(day(1.6), cadence=daily)) == 3
    assert store.due(day(0.6), cadence=daily) == []
