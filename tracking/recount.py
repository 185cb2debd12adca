"""Has a source counted anew? That many of its profiles move alike on one day is one thing to tell, and not many.

>>> recount("citations", Stretch(read=100, moves=forty_falls), [])
Recount(way=<Way.FELL: 'fell'>, moves=(Move(profile_id=3, before=1204, after=1190, at=…), …), read=100, lasting=False)

People gain citations day by day and lose some now and then. A source has counted anew where more of its profiles fall,
or leap up, than the days before can account for.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from tracking.cadence import GRACE_MAX
from tracking.drift import LastCheck
from tracking.event import Cause, Event, EventKind, event_id
from tracking.milestone import MARKED
from tracking.redesign import chance_of

#: A daily run may start a little earlier than yesterday's, and is not to be taken together with it.
TODAY = timedelta(days=1) - GRACE_MAX
#: Days that are looked back on.
DAYS_BEFORE = 28
#: Within so many days it is told again only where it has stopped in between.
_EPISODE_DAYS = 7

#: At least so many profiles move alike.
PROFILES_MIN = 5
_FELL_SHARE = 0.20
_LEAPT_SHARE = 0.30
#: A leap is a rise by more than this, and by this part of what it was.
_LEAP_NOISE = 3
_LEAP = 0.10

#: More by this factor than on any of the days before.
_BEYOND = 2.0
#: How likely it may be that chance alone moves as many.
_CHANCE = 1e-5
#: What is supposed of days that nobody has seen: so many profiles moved, of so many read. What else happens to a metric
#: than that a count grows must be seen before anything can be beyond it.
_SUPPOSED_FALLS = (2, 100)
_SUPPOSED_ELSE = (20, 20)

_OF_YEARS = re.compile(r"_(in|since)_\d{4}$")

#: A source, and one of its metrics.
Place = tuple[str, str]


def counted_with(metric: str) -> str:
    """The metric that a source counts together with this one: what is cited in 2025 is cited."""
    return _OF_YEARS.sub("", metric)


class Way(StrEnum):
    """How profiles move alike, as a sentence says it."""

    FELL = "fell"
    LEAPT = "leapt up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A metric of one profile over some time: what it was before, what it was in the end, and when that came."""

    profile_id: int
    before: int | float
    after: int | float
    at: datetime

    @property
    def way(self) -> Way | None:
        rise = self.after - self.before
        if rise < 0:
            return Way.FELL
        return Way.LEAPT if rise > _LEAP_NOISE and rise >= _LEAP * self.before else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One metric of a source over some time: on how many profiles it was read, and how it moved there."""

    read: int
    moves: tuple[Move, ...] = ()
    #: It was told then that the source had counted anew.
    told: bool = False

    def moved(self, way: Way) -> list[Move]:
        return [move for move in self.moves if move.way is way]

    @property
    def alike(self) -> Way | None:
        """The way in which so many profiles moved that it is worth a look."""
        shares = {Way.FELL: _FELL_SHARE, Way.LEAPT: _LEAPT_SHARE}
        return next((way for way, share in shares.items() if self._are_many(len(self.moved(way)), share)), None)

    def _are_many(self, moved: int, share: float) -> bool:
        return moved >= PROFILES_MIN and moved >= share * self.read


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """How metrics moved in some time, as far as it is recorded, by source and metric."""

    moves: Mapping[Place, tuple[Move, ...]] = field(default_factory=dict)
    #: Of which it was told in that time that they were counted anew.
    told: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """A source has counted a metric anew."""

    way: Way
    #: Of the profiles that moved so.
    moves: tuple[Move, ...]
    #: On how many profiles the metric was read.
    read: int
    #: It was told before and goes on.
    lasting: bool

    @property
    def median_percent(self) -> float | None:
        """By how much those moved of which it can be said, as a percentage without its sign; None: of nobody."""
        steps = [abs(move.after - move.before) / abs(move.before) for move in self.moves if move.before]
        return 100 * median(steps) if steps else None


def recount(metric: str, today: Stretch, before: Sequence[Stretch]) -> Recount | None:
    """What the moves of a day, or of a part of it, say; ``before`` are the days before, the last one first."""
    way = today.alike
    if way is None:
        return None
    moves = tuple(today.moved(way))
    lasting = today.told or _lasts(before)
    if not lasting and not _is_beyond(metric, way, today, [day for day in before if not day.told]):
        return None
    return Recount(way=way, moves=moves, read=today.read, lasting=lasting)


def _lasts(before: Sequence[Stretch]) -> bool:
    """True where it was told within the last days, and no day since has been an ordinary one."""
    for day in before[:_EPISODE_DAYS]:
        if day.told:
            return True
        if day.read >= PROFILES_MIN and day.alike is None:
            return False
    return False


def _is_beyond(metric: str, way: Way, today: Stretch, ordinary: Sequence[Stretch]) -> bool:
    """True where the days before can not account for it."""
    moved = len(today.moved(way))
    most = max((len(day.moved(way)) / day.read for day in ordinary if day.read >= PROFILES_MIN), default=0.0)
    if moved < _BEYOND * most * today.read:
        return False
    supposed, of = _SUPPOSED_FALLS if way is Way.FELL and metric in MARKED else _SUPPOSED_ELSE
    usual = (supposed + sum(len(day.moved(way)) for day in ordinary)) / (of + sum(day.read for day in ordinary))
    return chance_of(moved, today.read, usual) <= _CHANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecount:
    """A source that has counted anew, with the profile of the lowest id that shows it."""

    place: Place
    profile: LastCheck
    #: One sentence.
    detail: str

    def event(self, now: datetime) -> Event:
        kind, profile = EventKind.SOURCE_RECOUNT, self.profile
        _, metric = self.place
        return Event(
            id=event_id(profile.source, profile.key, kind, metric, now),
            kind=kind,
            cause=Cause.SOURCE,
            profile_id=profile.profile_id,
            observed_at=now,
            field=metric,
            after=self.detail,
        )
