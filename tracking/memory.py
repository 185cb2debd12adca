"""What judging a check needs of the past of its profile. It is read before, so that nobody is asked in the middle."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracking.event import EventKind, Value

#: Since when a metric had which value; None: it was not shown.
Spells = tuple[tuple[datetime, int | float | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An earlier event of the profile that a receiver has heard of or is to hear of (`tracking.alert.HEARD_OF`)."""

    event_id: str
    receiver: str
    #: The rules that asked for it.
    rules: tuple[str, ...]
    kind: EventKind
    field: str | None
    paper_key: str | None
    before: Value
    after: Value
    observed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The past of one profile, before the check that is judged."""

    #: The oldest first.
    heard: tuple[Heard, ...] = ()
    #: By metric, the oldest first; the first value is that which held when what was asked for begins.
    values: Mapping[str, Spells] = field(default_factory=dict)
    #: By key of a paper, when it was first shown as a new one (`paper.new`) on this profile.
    news: Mapping[str, datetime] = field(default_factory=dict)
    #: Since when the host of the profile is told to be down; None: it is not.
    host_down_since: datetime | None = None


#: Of a profile that has no past.
NO_MEMORY = Memory()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far back judging looks, before the time of what is judged; zero: not at all."""

    heard: timedelta = timedelta(0)
    values: timedelta = timedelta(0)
    news: timedelta = timedelta(0)

    def __or__(self, other: "Reach") -> "Reach":
        """The further of both."""
        return Reach(
            heard=max(self.heard, other.heard), values=max(self.values, other.values), news=max(self.news, other.news)
        )
