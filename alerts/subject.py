"""Whose event it is, and how names are compared."""

from dataclasses import dataclass
from functools import lru_cache

from tracking.event import Event, EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose profile an event is about, as the configuration names it."""

    person: str
    tags: tuple[str, ...] = ()
    source: str
    profile_url: str


@lru_cache(maxsize=8192)
def folded(word: str) -> str:
    """A name as names are compared: without regard to case and spacing."""
    return " ".join(word.split()).casefold()


def plain_metric(name: str) -> str:
    """``h-index`` and ``H index`` mean ``h_index``."""
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def metric_of(event: Event) -> str | None:
    """The metric that an event is about; None where it is about none."""
    has_one = event.kind.startswith("metric.") or event.kind is EventKind.SOURCE_RECOUNT
    return event.field if has_one else None
