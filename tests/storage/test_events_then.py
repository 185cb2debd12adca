"""Events as of a day: observed by then, or on record then."""

import pytest

from storage.store import Store
from tests.storage.past import check_daily, follow_one, page_of
from tests.tracking.builders import DAY, NOON, reading, twenty
from tests.tracking.histories import read
from tracking.check import Parsed
from tracking.event import EventKind
from tracking.late import LateSighting

LONG_AGO = NOON - 30 * DAY
FILLED_IN = NOON + 10 * DAY


@pytest.fixture
def store(store: Store) -> Store:
    """Two daily checks, then the page of a month before: it becomes the first of all, recorded last."""
    profile_id = follow_one(store)
    check_daily(store, [(NOON + day * DAY, read(reading(twenty()[: 5 + day]), f"day {day}")) for day in range(2)])
    past = read(reading(twenty()[:4]), "long ago")
    late = LateSighting(
        observed_at=LONG_AGO,
        finding=Parsed(page=page_of(past), reading=past.reading, parser=past.parser),
        origin="pages",
    )
    run_id = store.begin_run("backfill", FILLED_IN)
    store.insert(profile_id, [late], run_id=run_id, recorded_at=FILLED_IN)
    return store


def test_until_a_day(store: Store) -> None:
    everything = list(store.events())
    assert [event.observed_at for event in everything] == sorted(event.observed_at for event in everything)
    for event in everything:
        until = [one for one in everything if one.observed_at <= event.observed_at]
        assert list(store.events(until=event.observed_at)) == until
    assert list(store.events(until=NOON - 31 * DAY)) == []


def test_since_and_until_a_day(store: Store) -> None:
    found = list(store.events(since=NOON, until=NOON))
    assert found
    assert {event.observed_at for event in found} == {NOON}


def test_what_was_on_record_then(store: Store) -> None:
    """Now, when the past was filled in, the day before, after the first check, and before it."""
    for known_at, first in (
        (None, LONG_AGO),
        (FILLED_IN, LONG_AGO),
        (FILLED_IN - DAY, NOON),
        (NOON, NOON),
        (NOON - DAY, None),
    ):
        found = [event.observed_at for event in store.events(known_at=known_at, kinds=[EventKind.PROFILE_BASELINE])]
        assert found == ([] if first is None else [first]), known_at


def test_what_was_on_record_of_a_day(store: Store) -> None:
    assert [event.kind for event in store.events(known_at=NOON, until=NOON)] == [EventKind.PROFILE_BASELINE]
    assert EventKind.PROFILE_BASELINE not in {event.kind for event in store.events(since=NOON, until=NOON)}
