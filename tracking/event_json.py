"""An event as JSON, the form of design section 10: what ``events --json`` prints and what a Prefect server is told."""

from typing import Any

from tracking.view import EventView


def event_json(event: EventView) -> dict[str, Any]:
    """JSON values only; times are ISO 8601. ``acknowledged_at`` is only there where somebody has seen it."""
    seen = {"acknowledged_at": event.acknowledged_at.isoformat()} if event.acknowledged_at else {}
    return {
        "id": event.id,
        "kind": event.kind.value,
        "cause": event.cause.value,
        "person": event.person,
        "profile": event.profile,
        "source": event.source,
        "paper": {"key": event.paper_key, "title": event.paper_title} if event.paper_key else None,
        "field": event.field,
        "before": event.before,
        "after": event.after,
        "observed_at": event.observed_at.isoformat(),
        "recorded_at": event.recorded_at.isoformat(),
    } | seen
