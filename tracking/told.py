"""What was found worth telling, whoever was told: what feeds are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tracking.alert import OutboxEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTold:
    """Of whom, or by which rule; all of it holds. None: whoever, whichever."""

    person_id: int | None = None
    tag: str | None = None
    rule: str | None = None
    #: So many events, the last recorded.
    limit: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLately:
    """One entry of each event, with the rules by which anybody hears of it, by the time it was observed."""

    entries: tuple[OutboxEntry, ...]
    #: By event, when it was recorded.
    recorded_at: Mapping[str, datetime]
