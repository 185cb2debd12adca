"""What a face that shows lists page by page asks, and is answered: so many of them, and where the next begin."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracking.check import Outcome
from tracking.view import EventView, ListedPaper, PersonView


class Order(StrEnum):
    """In which order people are listed."""

    NAME = "name"
    CHANGED = "changed"
    """whose pages changed last come first"""
    METRIC = "metric"
    """the highest value of a metric comes first"""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a list goes on: behind the person of this id, whose place in the order is this."""

    place: str | float
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which people, in which order, and how many of them."""

    #: A part of the name; empty: whatever it is.
    text: str = ""
    tag: str | None = None
    #: Somebody is wanted of whom one followed profile ended so; None in it: it was never checked. Empty: everybody.
    outcomes: Collection[Outcome | None] = ()
    order: Order = Order.NAME
    #: By which people are ordered if by a metric.
    metric: str = ""
    after: Cursor | None = None
    limit: int = 50

    @property
    def is_choosy(self) -> bool:
        """Something is asked of people, and they are not just everybody."""
        return bool(self.text or self.tag is not None or self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricNow:
    """What a profile shows of a metric now, and what it showed at some times before, the oldest first."""

    name: str
    source: str
    value: int | float
    #: None: it was not shown then.
    samples: tuple[int | float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A person in a list. Of a metric that several profiles show, the one that is followed longest speaks."""

    person: PersonView
    #: When something was observed last that is worth an event.
    changed_at: datetime | None
    #: By name.
    metrics: Mapping[str, MetricNow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """A part of a list of people."""

    lines: tuple[PersonLine, ...]
    #: How many people there are in the whole list.
    total: int
    #: What to ask for the rest; None: there is none.
    after: Cursor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCount:
    tag: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event, and whose."""

    person_id: int
    event: EventView


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSnapshot:
    """A page that was accepted, as it stands in a list."""

    snapshot_id: int
    source: str
    profile: str
    observed_at: datetime
    confirmed_at: datetime
    recorded_at: datetime
    #: ``live``, or whence it was filled in.
    origin: str
    parser: str
    #: Bytes of the page.
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A paper stood on a profile from ``since`` until before ``until`` (None: to this day)."""

    since: datetime
    until: datetime | None
    #: It was taken for removed.
    removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPaper:
    """A paper that people of a group show."""

    key: str
    paper: ListedPaper
    #: By name; with the id of each.
    people: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The people of a tag together: each paper once. Indices of people are not added up: nobody has the sum."""

    tag: str
    #: Different papers that some of them show now.
    papers: int
    #: Those that were shown first most lately.
    latest: tuple[GroupPaper, ...]
