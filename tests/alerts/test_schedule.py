"""When a receiver may hear something."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rules import Every
from alerts.schedule import Quiet, Schedule

ZURICH = ZoneInfo("Europe/Zurich")
ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})).map(ZoneInfo)
TIMES = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(second=0, microsecond=0)
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "zone", "now", "at"),
    [
        pytest.param(Every.INSTANT, "Asia/Tokyo", "2026-05-13T09:30", "2026-05-13T09:30", id="instant"),
        pytest.param(Every.DAILY, "UTC", "2026-05-13T07:59", "2026-05-13T08:00", id="today"),
        pytest.param(Every.DAILY, "UTC", "2026-05-13T08:00", "2026-05-14T08:00", id="eight-sharp-waits"),
        pytest.param(Every.DAILY, "Europe/Zurich", "2026-05-13T05:59", "2026-05-13T06:00", id="summer"),
        pytest.param(Every.DAILY, "Europe/Zurich", "2026-10-24T06:30", "2026-10-25T07:00", id="end-of-summer-time"),
        pytest.param(Every.DAILY, "Europe/Zurich", "2026-03-28T07:30", "2026-03-29T06:00", id="start-of-summer-time"),
        pytest.param(Every.DAILY, "Pacific/Auckland", "2026-05-13T21:00", "2026-05-14T20:00", id="another-day-there"),
        pytest.param(Every.WEEKLY, "UTC", "2026-05-13T09:30", "2026-05-18T08:00", id="wednesday"),
        pytest.param(Every.WEEKLY, "UTC", "2026-05-18T07:00", "2026-05-18T08:00", id="monday-early"),
        pytest.param(Every.WEEKLY, "UTC", "2026-05-18T08:00", "2026-05-25T08:00", id="monday-eight-sharp"),
        pytest.param(Every.WEEKLY, "Asia/Tokyo", "2026-05-17T22:59", "2026-05-17T23:00", id="monday-there"),
    ],
)
def test_digest_time(every: Every, zone: str, now: str, at: str) -> None:
    assert Schedule(timezone=ZoneInfo(zone)).goes_out(every, utc(now)) == utc(at)


@pytest.mark.parametrize(
    ("every", "now", "at"),
    [
        pytest.param(Every.DAILY, "2026-03-27T10:00", "2026-03-28T01:30", id="winter"),
        pytest.param(Every.DAILY, "2026-03-28T10:00", "2026-03-29T01:00", id="a-time-that-is-jumped-over"),
        pytest.param(Every.DAILY, "2026-10-24T10:00", "2026-10-25T00:30", id="the-first-of-two"),
        pytest.param(Every.DAILY, "2026-10-25T00:30", "2026-10-26T01:30", id="one-of-two-is-enough"),
        pytest.param(Every.WEEKLY, "2026-03-25T10:00", "2026-03-27T01:30", id="friday"),
    ],
)
def test_a_digest_at_the_time_and_on_the_day_that_were_asked_for(every: Every, now: str, at: str) -> None:
    friday_night = Schedule(timezone=ZURICH, digest_at=time(2, 30), digest_weekday=4)
    assert friday_night.goes_out(every, utc(now)) == utc(at)


@given(zone=ZONES, now=MOMENTS, every=st.sampled_from([Every.DAILY, Every.WEEKLY]))
def test_a_digest_is_next_eight_o_clock_there(zone: ZoneInfo, now: datetime, every: Every) -> None:
    at = Schedule(timezone=zone).goes_out(every, now)
    local = at.astimezone(zone)
    assert (local.hour, local.minute) == (8, 0)
    # A change of the clocks makes a day longer: by an hour, by two at Troll, by three at Casey.
    assert timedelta(0) < at - now <= timedelta(days=1 if every is Every.DAILY else 7, hours=3)
    assert every is Every.DAILY or local.weekday() == 0


@given(zone=ZONES, now=MOMENTS, at=TIMES)
def test_a_period_lasts_from_one_daily_digest_to_the_next(zone: ZoneInfo, now: datetime, at: time) -> None:
    schedule = Schedule(timezone=zone, digest_at=at)
    began, ends = schedule.period_began_at(now), schedule.goes_out(Every.DAILY, now)
    assert began <= now < ends
    assert schedule.goes_out(Every.DAILY, began) == ends
    assert schedule.period_began_at(ends) == ends


@pytest.mark.parametrize(
    ("quiet", "now", "opens"),
    [
        pytest.param(("22:00", "07:00"), "2026-05-13T12:00", "2026-05-13T12:00", id="open"),
        pytest.param(("22:00", "07:00"), "2026-05-13T20:00", "2026-05-14T05:00", id="begins-sharp"),
        pytest.param(("22:00", "07:00"), "2026-05-13T23:00", "2026-05-14T05:00", id="after-midnight"),
        pytest.param(("22:00", "07:00"), "2026-05-14T05:00", "2026-05-14T05:00", id="ends-sharp"),
        pytest.param(("12:00", "13:30"), "2026-05-13T10:59", "2026-05-13T11:30", id="within-a-day"),
        pytest.param(("12:00", "13:30"), "2026-05-13T09:59", "2026-05-13T09:59", id="before-it"),
        # Nine hours by the clock are eight when summer time begins, ten when it ends.
        pytest.param(("22:00", "07:00"), "2026-03-28T21:00", "2026-03-29T05:00", id="summer-begins"),
        pytest.param(("22:00", "07:00"), "2026-10-24T20:00", "2026-10-25T06:00", id="summer-ends"),
        pytest.param(("22:00", "02:30"), "2026-03-29T00:45", "2026-03-29T01:00", id="its-end-is-jumped-over"),
        pytest.param(("02:30", "07:00"), "2026-03-29T00:59", "2026-03-29T00:59", id="its-beginning-is-jumped-over"),
        pytest.param(("02:30", "07:00"), "2026-03-29T01:00", "2026-03-29T05:00", id="and-it-begins-there"),
        pytest.param(("22:00", "02:30"), "2026-10-25T00:45", "2026-10-25T01:30", id="its-end-comes-twice"),
        pytest.param(("02:30", "07:00"), "2026-10-25T00:30", "2026-10-25T06:00", id="its-beginning-comes-twice"),
        pytest.param(("02:30", "07:00"), "2026-10-25T01:15", "2026-10-25T06:00", id="and-holds-in-between"),
    ],
)
def test_quiet_hours(quiet: tuple[str, str], now: str, opens: str) -> None:
    begins, ends = map(time.fromisoformat, quiet)
    schedule = Schedule(timezone=ZURICH, quiet=Quiet(begins=begins, ends=ends))
    assert schedule.opens_at(utc(now)) == utc(opens)


@given(zone=ZONES, now=MOMENTS, begins=TIMES, ends=TIMES)
def test_nothing_goes_out_while_the_clock_shows_quiet_hours(
    zone: ZoneInfo, now: datetime, begins: time, ends: time
) -> None:
    clock = now.astimezone(zone).time()
    by_the_clock = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    opens_at = Schedule(timezone=zone, quiet=Quiet(begins=begins, ends=ends)).opens_at(now)
    if by_the_clock:
        assert opens_at > now
    # What the clock does not call quiet is so only where it shows the same time twice.
    elif opens_at > now:
        offsets = {(now + hours * timedelta(hours=1)).astimezone(zone).utcoffset() for hours in range(-28, 29)}
        assert len(offsets) > 1


def test_without_quiet_hours_it_is_always_open() -> None:
    assert Schedule().opens_at(utc("2026-05-13T03:00")) == utc("2026-05-13T03:00")
