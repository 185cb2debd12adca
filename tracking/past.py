"""What happened, as it is gone through once more: check by check, in the order of time."""

from dataclasses import dataclass
from datetime import datetime

from tracking.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PastProfile:
    """A profile of which something is recorded."""

    profile_id: int
    #: As the store calls the person; empty where nobody has named them yet.
    person: str
    tags: tuple[str, ...]
    source: str
    key: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCheck:
    """What one profile told at one time, at least one event; by id, without the papers as the page showed them."""

    profile_id: int
    observed_at: datetime
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMoment:
    """All that was observed at one time, at least one check; by profile."""

    at: datetime
    checks: tuple[PastCheck, ...]
