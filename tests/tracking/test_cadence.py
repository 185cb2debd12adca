"""When profiles are due, and that their times are spread."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.cadence import ADAPTIVE_DAYS, Activity, Checked, Every, adaptive, slot

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
NO_SPREAD = timedelta(0)


def checked(ago: timedelta | None, *, key: str = "1", activity: Activity | None = None) -> Checked:
    return Checked(source="scholarfeed", key=key, at=None if ago is None else NOW - ago, activity=activity)


@pytest.mark.parametrize(
    ("period", "ago", "due"),
    [
        (DAY, None, True),
        (DAY, DAY, True),
        (DAY, 20 * HOUR, True),
        (DAY, 19 * HOUR, False),
        (DAY, timedelta(0), False),
        (DAY, -HOUR, False),
        (6 * HOUR, 5 * HOUR, True),
        (6 * HOUR, 4 * HOUR, False),
        (7 * DAY, 6 * DAY, False),
        (7 * DAY, 7 * DAY - 4 * HOUR, True),
    ],
    ids=[
        "never",
        "a day ago",
        "a little early",
        "too early",
        "now",
        "later than now",
        "hours",
        "hours, early",
        "week",
        "week, a little early",
    ],
)
def test_without_a_spread_the_last_check_counts(period: timedelta, ago: timedelta | None, due: bool) -> None:
    assert Every(period).is_due(checked(ago), NOW, spread=NO_SPREAD) is due


_PERIODS = st.sampled_from([6 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY])
_SPREADS = st.sampled_from([HOUR, 8 * HOUR, DAY])


@given(st.text(max_size=8), _PERIODS, _SPREADS, st.sets(st.integers(0, 24 * 60 - 1), max_size=900), st.integers(0, 59))
def test_each_period_has_one_check_whatever_runs_are_missed(
    key: str, period: timedelta, spread: timedelta, missed: set[int], minute: int
) -> None:
    """Sixty days of hourly runs, some of which do not happen."""
    every = Every(period)
    last: datetime | None = None
    start = NOW + minute * timedelta(minutes=1)
    times = []
    for number in range(24 * 60):
        now = start + number * HOUR
        if number in missed or not every.is_due(Checked(source="s", key=key, at=last), now, spread=spread):
            continue
        times.append(now)
        last = now
    offset = slot("s", key, period=period, spread=spread)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    periods = Counter((at - epoch - offset) // period for at in times)
    assert set(periods.values()) <= {1}
    if not missed:
        first, final = min(periods), max(periods)
        assert set(periods) == set(range(first, final + 1))
        # Once it has its slot, it is checked within the hour of it.
        assert all((at - epoch - offset) % period < HOUR for at in times[1:])


def test_a_clock_that_is_set_back_asks_for_nobody_twice() -> None:
    every, at = Every(DAY), NOW
    for back in (HOUR, 3 * HOUR, DAY):
        assert not every.is_due(checked(timedelta(0)), at - back, spread=DAY)
        assert not every.is_due(checked(timedelta(0)), at - back, spread=NO_SPREAD)


def test_a_slot_stays_and_slots_are_spread_evenly() -> None:
    slots = [slot("scholarfeed", str(number), period=7 * DAY, spread=DAY) for number in range(10_000)]
    assert slots == [slot("scholarfeed", str(number), period=7 * DAY, spread=DAY) for number in range(10_000)]
    hours, days = Counter(one % DAY // HOUR for one in slots), Counter(one // DAY for one in slots)
    assert set(hours) == set(range(24))
    assert set(days) == set(range(7))
    # 417 are expected in each hour, and 1,429 on each day.
    assert all(abs(count - 10_000 / 24) < 5 * (10_000 / 24) ** 0.5 for count in hours.values())
    assert all(abs(count - 10_000 / 7) < 5 * (10_000 / 7) ** 0.5 for count in days.values())


@given(st.text(max_size=8), _PERIODS, _SPREADS)
def test_a_slot_lies_within_its_spread(key: str, period: timedelta, spread: timedelta) -> None:
    offset = slot("s", key, period=period, spread=spread)
    assert timedelta(0) <= offset < period
    assert offset % DAY < spread


@pytest.mark.parametrize(
    ("eventful", "last_days_ago", "followed_days", "days"),
    [
        (0, None, 400, 14),
        (0, None, 13, 1),
        (1, 100, 400, 14),
        (6, 20, 400, 7),
        (10, 20, 400, 4),
        (20, 20, 400, 2),
        (60, 5, 400, 1),
        (1, 2, 400, 1),
        (3, 10, 30, 2),
    ],
    ids=["silent", "fresh", "one", "monthly", "18 days", "9 days", "all the time", "just now", "young"],
)
def test_an_adaptive_cadence(eventful: int, last_days_ago: int | None, followed_days: int, days: int) -> None:
    activity = Activity(
        first_at=NOW - followed_days * DAY,
        eventful=eventful,
        last_at=None if last_days_ago is None else NOW - last_days_ago * DAY,
    )
    assert adaptive(activity, NOW) == days * DAY


def test_of_what_nothing_is_known_is_looked_at_daily() -> None:
    assert adaptive(None, NOW) == DAY
    assert Every(None).next_at(checked(DAY), NOW, spread=NO_SPREAD) == NOW - 4 * HOUR


@given(st.integers(0, 200), st.integers(0, 200), st.integers(14, 1000), st.integers(3, 14))
def test_more_events_never_make_it_longer(few: int, more: int, followed: int, last: int) -> None:
    few, more = sorted((few, more))

    def days(eventful: int) -> timedelta:
        last_at = NOW - last * DAY if eventful else None
        return adaptive(Activity(first_at=NOW - followed * DAY, eventful=eventful, last_at=last_at), NOW)

    assert days(more) <= days(few)
    assert days(few) // DAY in ADAPTIVE_DAYS
