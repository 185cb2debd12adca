"""When a receiver may hear something: its time zone, its quiet hours, its digests, and how much of it at once.

>>> zurich = Schedule(timezone=ZoneInfo("Europe/Zurich"), quiet=Quiet(begins=time(22), ends=time(7)))
>>> zurich.opens_at(datetime(2026, 5, 13, 21, tzinfo=UTC))
datetime.datetime(2026, 5, 14, 5, 0, tzinfo=datetime.timezone.utc)

A time of the day that a clock shows twice when summer time ends begins what begins then at the first, and ends what
ends then at the second; one that no clock shows when summer time begins is the moment of the change.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.rules import Every

_UTC = ZoneInfo("UTC")
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """From one time of the day until before another, over midnight where that is the earlier one."""

    begins: time
    ends: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    timezone: ZoneInfo = _UTC
    #: Nothing goes out in it.
    quiet: Quiet | None = None
    digest_at: time = time(8)
    #: Of a weekly digest; Monday is 0.
    digest_weekday: int = 0
    #: Messages at once in 24 hours; what is beyond waits for the next digest. None: any number.
    cap: int | None = None

    def opens_at(self, now: datetime) -> datetime:
        """``now``, or in quiet hours their end (UTC)."""
        if self.quiet is not None:
            day = now.astimezone(self.timezone).date()
            for first_day in (day - _DAY, day):
                begins, ends = self._quiet_of(self.quiet, first_day)
                if begins <= now < ends:
                    return ends
        return now

    def goes_out(self, every: Every, now: datetime) -> datetime:
        """When what is decided at ``now`` goes out (UTC): at once, or with the next daily or weekly digest.

        A digest always goes out after ``now``: what is decided at 08:00 sharp waits for the next one.
        """
        if every is Every.INSTANT:
            return now
        day = now.astimezone(self.timezone).date()
        while True:
            at = self._digest_of(day)
            if at > now and (every is Every.DAILY or day.weekday() == self.digest_weekday):
                return at
            day += _DAY

    def period_began_at(self, now: datetime) -> datetime:
        """The last time up to ``now`` at which a daily digest was to go out (UTC)."""
        day = now.astimezone(self.timezone).date()
        return next(at for at in (self._digest_of(day - past * _DAY) for past in range(3)) if at <= now)

    def _digest_of(self, day: date) -> datetime:
        return _shown(day, self.digest_at, self.timezone)[0]

    def _quiet_of(self, quiet: Quiet, day: date) -> tuple[datetime, datetime]:
        """The quiet hours that begin on a day (UTC)."""
        last_day = day if quiet.begins < quiet.ends else day + _DAY
        return _shown(day, quiet.begins, self.timezone)[0], _shown(last_day, quiet.ends, self.timezone)[1]


def _shown(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first and the last moment of a day (UTC) at which a clock in the zone shows a time."""
    at = datetime.combine(day, clock, zone)
    first, last = sorted(at.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) == at.replace(tzinfo=None):
        return first, last
    # The clock jumps over it, somewhere between the two.
    while first.astimezone(zone).replace(tzinfo=None) < at.replace(tzinfo=None):
        first += _MINUTE
    return first, first
