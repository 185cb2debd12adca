"""When a profile is due: how often it is checked, and at which time of its day.

>>> Every(timedelta(days=7)).is_due(Checked(source="scholarfeed", key="1", at=a_week_ago), now, spread=timedelta(0))
True

With a spread, every profile has a slot in the day for good, by the hash of its name, and profiles that are checked
every few days have their own day of those too: so that no host is asked for everybody at once.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: Without a spread, a daily run that starts a little earlier than yesterday's is still a daily run.
GRACE_MAX = timedelta(hours=4)
GRACE_PART = 6

#: Whose events say how often a profile is worth a look.
RATE_WINDOW = timedelta(days=180)
#: Somebody who is followed for less is looked at every day.
_FRESH = timedelta(days=14)
#: After an event, more are likely: the next days are looked at.
_LIVELY = timedelta(days=3)
#: A change is found within this part of the usual time between two.
_PART_OF_GAP = 4
#: An adaptive cadence is one of these, so that it seldom changes.
ADAPTIVE_DAYS = (14, 7, 4, 2, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What happened on a profile: how many checks since `RATE_WINDOW` found an event, and when the last did."""

    first_at: datetime
    eventful: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A followed profile, and when it was last asked for; None: never."""

    source: str
    key: str
    at: datetime | None
    #: None where nobody asked for it, or nothing was ever read.
    activity: Activity | None = None


@dataclass(frozen=True, slots=True)
class Every:
    """A check each so often; None: as often as the profile is worth, see `adaptive`."""

    period: timedelta | None

    def is_due(self, profile: Checked, now: datetime, *, spread: timedelta) -> bool:
        """True when the profile has not been checked since it last became due."""
        if profile.at is None:
            return self.next_at(profile, now, spread=spread) <= now
        return profile.at < now and self.next_at(profile, now, spread=spread) <= now

    def period_of(self, profile: Checked, now: datetime) -> timedelta:
        """How much time is to be between two checks of a profile."""
        return self.period or adaptive(profile.activity, now)

    def next_at(self, profile: Checked, now: datetime, *, spread: timedelta) -> datetime:
        """When the profile is due next, or has been since; a profile that was never checked is due at once."""
        if profile.at is None:
            return now
        period = self.period_of(profile, now)
        if not spread:
            return profile.at + period - min(GRACE_MAX, period / GRACE_PART)
        offset = slot(profile.source, profile.key, period=period, spread=spread)
        periods = (profile.at - _EPOCH - offset) // period
        return _EPOCH + offset + (periods + 1) * period


def slot(source: str, key: str, *, period: timedelta, spread: timedelta) -> timedelta:
    """Where in a period a profile is due: a time within ``spread`` of the day, on one of the period's days."""
    digest = hashlib.blake2b(f"{source}\x1f{key}".encode(), digest_size=16).digest()
    in_day = timedelta(seconds=int.from_bytes(digest[:8]) * min(spread, period).total_seconds() // 2**64)
    days = max(1, period // _DAY)
    return in_day + int.from_bytes(digest[8:]) % days * _DAY


def adaptive(activity: Activity | None, now: datetime) -> timedelta:
    """1, 2, 4, 7 or 14 days: at most a quarter of the usual time between two checks that found something.

    A profile that is new, or on which something happened in the last days, is looked at every day.
    """
    if activity is None or now - activity.first_at < _FRESH:
        return _DAY
    if activity.last_at is not None and now - activity.last_at < _LIVELY:
        return _DAY
    if not activity.eventful:
        return ADAPTIVE_DAYS[0] * _DAY
    gap = min(RATE_WINDOW, now - activity.first_at) / activity.eventful / _PART_OF_GAP
    return next((days * _DAY for days in ADAPTIVE_DAYS if days * _DAY <= gap), _DAY)


DAILY = Every(_DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadences:
    """How often everybody is checked: once a day where nothing else is said."""

    default: Every = DAILY
    #: Of those that differ, by source and key.
    of_profile: Mapping[tuple[str, str], Every] = field(default_factory=dict)
    #: The part of the day over which the checks are spread; none: all are due at once.
    spread: timedelta = timedelta(0)

    @property
    def needs_activity(self) -> bool:
        """True when somebody is checked as often as is worth it."""
        return self.default.period is None or any(every.period is None for every in self.of_profile.values())

    def is_due(self, profile: Checked, now: datetime) -> bool:
        return self._of(profile).is_due(profile, now, spread=self.spread)

    def next_at(self, profile: Checked, now: datetime) -> datetime:
        """When the profile is due next, or has been since."""
        return self._of(profile).next_at(profile, now, spread=self.spread)

    def period_of(self, profile: Checked, now: datetime) -> timedelta:
        """How much time is to be between two checks of a profile."""
        return self._of(profile).period_of(profile, now)

    def _of(self, profile: Checked) -> Every:
        return self.of_profile.get((profile.source, profile.key), self.default)
