"""Who is due where people are checked at different cadences, and at their own times of the day."""

from datetime import timedelta

import pytest

from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, event, followed, watch
from tracking.cadence import Cadences, Every
from tracking.check import Outcome
from tracking.event import EventKind

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def test_everybody_has_a_cadence_of_their_own(store: Store) -> None:
    store.follow([followed("Ada", "1"), followed("Bea", "2"), followed("Cay", "3")], day(0))
    for key in "123":
        apply(store, ended(watch(store, key), day(0), Outcome.UNREACHABLE))
    weekly, hourly = Every(7 * DAY), Every(2 * HOUR)
    cadences = Cadences(of_profile={("scholarfeed", "2"): weekly, ("scholarfeed", "3"): hourly})

    def due(at: float) -> list[str]:
        return [each.key for each in store.due(day(at), cadence=cadences)]

    assert due(0.05) == []
    assert due(0.2) == ["3"]
    assert due(1) == ["1", "3"]
    assert due(7) == ["1", "2", "3"]


def test_with_a_spread_all_are_checked_once_a_day_and_not_at_once(store: Store) -> None:
    keys = [str(number) for number in range(24)]
    store.follow([followed(f"Person {key}", key) for key in keys], day(0))
    for key in keys:
        apply(store, ended(watch(store, key), day(0), Outcome.UNREACHABLE))
    cadences = Cadences(spread=DAY)
    per_hour = []
    for hour in range(1, 49):
        found = store.due(day(hour / 24), cadence=cadences)
        per_hour.append(len(found))
        for each in found:
            apply(store, ended(watch(store, each.key), day(hour / 24), Outcome.UNREACHABLE))
    assert sum(per_hour) == 2 * len(keys)
    assert max(per_hour) < len(keys) / 3


@pytest.mark.parametrize(("eventful", "days"), [(0, 14), (3, 7)], ids=["silent", "lively"])
def test_an_adaptive_cadence_rests_on_what_happened(store: Store, eventful: int, days: int) -> None:
    store.follow([followed("Ada", "1")], day(0))
    of = watch(store, "1")
    baseline = event(of, EventKind.PROFILE_BASELINE, day(0))
    apply(store, accepted(of, day(0), [], metrics={"citations": 0}, events=(baseline,)))
    for number in range(1, eventful + 1):
        of, at = watch(store, "1"), day(20 * number)
        moved = event(of, EventKind.METRIC_CHANGED, at, field="citations", before=number - 1, after=number)
        apply(store, accepted(of, at, [], metrics={"citations": number}, events=(moved,)))
    last = 100
    apply(store, ended(watch(store, "1"), day(last), Outcome.UNREACHABLE))
    cadences = Cadences(default=Every(None))
    assert store.due(day(last + days - 0.5), cadence=cadences) == []
    assert len(store.due(day(last + days), cadence=cadences)) == 1
