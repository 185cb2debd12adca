"""A time during which somebody does not want to hear of something."""

from dataclasses import dataclass
from datetime import datetime

from tracking.event import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What is not told, to whom, until when, and why. A part that is None or empty holds for all."""

    silence_id: str
    begins_at: datetime
    #: None: until somebody ends it.
    ends_at: datetime | None
    reason: str
    receiver: str | None = None
    rule: str | None = None
    #: Names as rules name them.
    person: str | None = None
    tag: str | None = None
    source: str | None = None
    metric: str | None = None
    kinds: tuple[EventKind, ...] = ()

    def holds_at(self, now: datetime) -> bool:
        """From its beginning until before its end."""
        return self.begins_at <= now and (self.ends_at is None or now < self.ends_at)
