"""Events, items and messages that the tests of this room share. Every paper and person here is made up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from alerts.message import Message
from alerts.schedule import Schedule
from alerts.subject import Subject
from tracking.event import Cause, Event, EventKind
from tracking.reading import PaperReading, Published

NOW = datetime(2026, 5, 13, 9, 30, tzinfo=UTC)
GREENWICH = ZoneInfo("UTC")
YESTERDAY = NOW - timedelta(days=1)

ADA = Subject(
    person="Ada Moreno", tags=("rl", "Zürich"), source="scholarfeed", profile_url="https://feed.example/author/7"
)

PAPER = PaperReading(
    title="Patient Verifiers for Impatient Agents",
    authors=("Ada Moreno", "Bo Lindqvist"),
    category="LG",
    published=Published(2026, 5, 12),
    year_inferred=True,
    has_code=True,
    score=98.1,
    abstract="We let a verifier wait.",
    arxiv_id="2605.01234",
)


@dataclass(frozen=True, slots=True)
class Inbox:
    """An addressee for `judge`."""

    name: str
    timezone: ZoneInfo = GREENWICH

    @property
    def schedule(self) -> Schedule:
        return Schedule(timezone=self.timezone)


def paper_event(kind: EventKind = EventKind.PAPER_NEW, paper: PaperReading | None = PAPER, **changes: Any) -> Event:
    title = paper.title if paper else None
    values = {"paper_key": "arxiv:2605.01234", "paper_title": title, "paper": paper} | changes
    return _event(kind, **values)


def metric_event(metric: str, before: Any, after: Any, **changes: Any) -> Event:
    values = {"field": metric, "before": before, "after": after, "since": YESTERDAY} | changes
    return _event(values.pop("kind", EventKind.METRIC_CHANGED), **values)


def profile_event(kind: EventKind, **changes: Any) -> Event:
    return _event(kind, **changes)


def _event(kind: EventKind, **values: Any) -> Event:
    return Event(**({"id": "e1", "kind": kind, "cause": Cause.SOURCE, "profile_id": 1, "observed_at": NOW} | values))


def message(*items: Mapping[str, Any], digest: bool = False, rules: tuple[str, ...] = ("new papers",)) -> Message:
    return Message(id="m1", receiver="me", rules=rules, created_at=NOW, digest=digest, items=items)


def paper_item(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "paper.new",
        "person": "Ada Moreno",
        "title": "Patient Verifiers for Impatient Agents",
        "before": None,
        "after": None,
        "observed_at": NOW.isoformat(),
        "why": "rule “new papers”: a new paper",
    } | changes


def metric_item(metric: str, before: Any, after: Any, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "metric.changed",
        "person": "Ada Moreno",
        "title": metric,
        "field": metric,
        "before": before,
        "after": after,
        "since": YESTERDAY.isoformat(),
        "observed_at": NOW.isoformat(),
        "why": "rule “metrics”: it moved",
    } | changes


def profile_item(kind: str, before: Any = None, after: Any = None) -> dict[str, Any]:
    return paper_item(
        kind=kind,
        title="Ada Moreno",
        before=before,
        after=after,
        why="rule “first looks”: the first look at a profile",
    )
