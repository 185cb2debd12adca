"""Is a profile gone, or another one by now? Told when two checks, most of a day apart, have found the same.

    looks at a profile, the last one first ──> absence ──> is_settled? ──> event

A source that knows nobody any more is broken, and says nothing of the people.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracking.check import Outcome
from tracking.drift import LastCheck
from tracking.event import Cause, Event, EventKind, Value, event_id

SETTLES_AFTER = timedelta(hours=20)
#: So many profiles that are gone at once, and half of those that a source answered about, are too many to be.
_TOO_MANY = 5

#: Outcomes of checks to which something came that is no profile of which anything could be read.
_UNREAD = (Outcome.IMPLAUSIBLE, Outcome.QUARANTINED, Outcome.PARSE_FAILED, Outcome.TOO_BIG, Outcome.WRONG_TYPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How one check of a profile ended."""

    at: datetime
    outcome: Outcome
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A profile that is not where it is followed, and when checks said so, in a row, the first one first."""

    profile: LastCheck
    times: tuple[datetime, ...]
    #: The URL where it is now; None: it is gone.
    moved_to: str | None = None

    def is_settled(self, unbelievable: Collection[datetime] = ()) -> bool:
        """True where checks that can be believed are far enough apart."""
        believed = [at for at in self.times if at not in unbelievable]
        return bool(believed) and believed[-1] - believed[0] >= SETTLES_AFTER

    def event(self, now: datetime) -> Event:
        profile = self.profile
        if self.moved_to is not None:
            return self._event(EventKind.PROFILE_MOVED, now, field="url", before=profile.url, after=self.moved_to)
        first = f"{self.times[0]:%Y-%m-%d %H:%M} UTC"
        return self._event(EventKind.PROFILE_GONE, now, after=f"{profile.detail}, for the first time on {first}")

    def _event(
        self, kind: EventKind, now: datetime, *, after: str, field: str | None = None, before: Value = None
    ) -> Event:
        profile = self.profile
        return Event(
            id=event_id(profile.source, profile.key, kind, field or "", now),
            kind=kind,
            cause=Cause.SOURCE,
            profile_id=profile.profile_id,
            observed_at=now,
            field=field,
            before=before,
            after=after,
        )


def absence(profile: LastCheck, looks: Iterable[Look], *, told: bool) -> Absence | None:
    """What the last looks at a profile say together, the last one first; None: it is there, or nothing is known.

    ``told``: the looks are those since it was told to be gone, or to have moved to where it is now. It is not told
    again before it was found in its place.
    """
    times: list[datetime] = []
    moved_to: str | None = None
    for look in looks:
        if look.outcome is Outcome.GONE or (look.outcome.is_good and look.moved_to is not None):
            if times and look.moved_to != moved_to:
                break
            moved_to = look.moved_to
            times.append(look.at)
        elif look.outcome.is_good or (look.outcome in _UNREAD and moved_to is None):
            break
    else:
        if told:
            return None
    return Absence(profile=profile, times=tuple(reversed(times)), moved_to=moved_to) if times else None


def knows_nobody(gone: int, answered: int) -> bool:
    """True where so many profiles of a source are gone, of those that it answered about, that it is the source."""
    return gone >= _TOO_MANY and 2 * gone >= answered
