"""What is stored, on its way to be proven: with what can be said of it from the rows alone.

A worker imports this, so it knows nothing of databases.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tracking.check import Page
from tracking.event import Event
from tracking.proof import Step
from tracking.view import EventView


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A snapshot, whether it counts or not."""

    #: Whose and of when, for a person to find it.
    place: str
    source: str
    observed_at: datetime
    #: Parser and version that made ``reading``.
    parser: str
    #: As the archive keeps it; None: it can not be decoded.
    reading: bytes | None = field(repr=False)
    #: None: it can not be decoded, or was let go of.
    page: Page | None
    #: Aliases of papers that were left out of the reading.
    rejected: frozenset[str]
    #: About the bytes, and about what the row says of where they come from.
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldItem:
    """What a receiver was told of an event, or is to be told."""

    place: str
    #: As the pages tell it, with the paper; None: they do not tell it.
    event: Event | None
    item: Mapping[str, Any] = field(repr=False)
    #: Whether the row is as it was written.
    seal: Step


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a profile's history, with the number of snapshots that begin in it."""

    steps: tuple[Step, ...]
    told: tuple[ToldItem, ...]
    snapshots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenEvent:
    """One event with all that it rests on. ``steps`` are about the event and its facts."""

    event: EventView
    steps: tuple[Step, ...]
    told: tuple[ToldItem, ...]
    #: The page that shows it, the one before, and the one that its earlier value is from; in the order of time.
    evidence: tuple[Evidence, ...]
