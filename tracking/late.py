"""Pages of the past, as they are handed to the store: each slots in at its own time."""

from dataclasses import dataclass
from datetime import datetime

from tracking.check import Failure, Outcome, Parsed
from tracking.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LateSighting:
    """What came of one capture of a profile; ``place`` is where ``origin`` keeps it."""

    observed_at: datetime
    finding: Parsed | Failure
    origin: str
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inserted:
    """What became of late sightings. Those whose time was recorded before are ``repeated`` and change nothing."""

    outcomes: dict[datetime, tuple[Outcome, str]]
    repeated: tuple[datetime, ...] = ()
    #: Events that the history has now and did not have before.
    events: tuple[Event, ...] = ()
    #: Events that it had before and has no more.
    withdrawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileToFill:
    """A profile whose past may be filled in."""

    profile_id: int
    person_id: int
    person: str
    tags: tuple[str, ...]
    source: str
    key: str
    url: str
    #: Times of checks and captures that need not be looked at again.
    seen: frozenset[datetime]
