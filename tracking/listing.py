"""What a program that reads lists piece by piece asks: which events, and behind which one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tracking.event import Cause, EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedEvents:
    """Which events, and how many of them, by the time they were observed and then by id. Empty: whatever it is."""

    since: datetime | None = None
    until: datetime | None = None
    #: Those that were on record then; None: that count now.
    known_at: datetime | None = None
    person_id: int | None = None
    kinds: Collection[EventKind] = ()
    sources: Collection[str] = ()
    causes: Collection[Cause] = ()
    unacknowledged: bool = False
    newest_first: bool = False
    #: Observed time and id of the last one had.
    after: tuple[datetime, str] | None = None
    limit: int = 50
