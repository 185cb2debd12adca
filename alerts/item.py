"""One entry of a message: all facts of one event, as JSON values, so that wording needs no look-up later."""

from typing import Any

from alerts.case import Start
from alerts.figures import metric_name
from alerts.subject import Subject
from tracking.event import Event
from tracking.reading import PaperReading


def item_of(event: Event, subject: Subject, why: str, start: Start | None = None) -> dict[str, Any]:
    """The content of an entry. ``start`` is what the change is measured from; None: from what the event says.

    ``kind``, ``person``, ``title``, ``before``, ``after``, ``why`` and ``observed_at`` are always there; what is not
    known of the rest is absent. ``title`` is the paper's title, else the metric's name, else the person. Times are
    ISO 8601. ``summed`` is there, and true, where ``before`` and ``since`` are of an earlier event than this one.
    """
    own = Start(event.before, event.since)
    start = start or own
    optional = {
        "paper_key": event.paper_key,
        "source": subject.source,
        "profile_url": subject.profile_url,
        "field": event.field,
        "since": start.since.isoformat() if start.since else None,
        "summed": True if start != own else None,
    }
    if event.paper is not None:
        optional |= _paper_facts(event.paper)
    return {
        "kind": event.kind.value,
        "person": subject.person,
        "title": _title(event, subject),
        "before": start.before,
        "after": event.after,
        "observed_at": event.observed_at.isoformat(),
        "why": why,
    } | {name: value for name, value in optional.items() if value is not None}


def _title(event: Event, subject: Subject) -> str:
    if event.paper_title is not None:
        return event.paper_title
    if event.paper is not None:
        return event.paper.title
    return metric_name(event.field) if event.field else subject.person


def _paper_facts(paper: PaperReading) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "category": paper.category,
        "score": paper.score,
        "has_code": paper.has_code,
        "url": paper.url,
        "arxiv_id": paper.arxiv_id,
        "doi": paper.doi,
    }
    if paper.authors:
        facts |= {"authors": list(paper.authors), "authors_complete": paper.authors_complete}
    if paper.published is not None:
        facts |= {"published": str(paper.published), "year_inferred": paper.year_inferred}
    return facts
