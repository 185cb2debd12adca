"""What a receiver hears when something that it was told has been taken back."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from alerts.figures import joined
from tracking.alert import Told, Verdict, VerdictKind
from tracking.event import Cause, Event, EventKind, event_id


def corrections(told: Sequence[Told], run_id: str, now: datetime) -> tuple[list[Event], list[Verdict]]:
    """An event for each one that was told and does not hold, and a verdict about it for each receiver of it.

    ``run_id`` is the run that was taken back. What was told as one item, such as a paper of several people, is
    corrected as one: about its other events the verdict is `ALREADY_TOLD`.
    """
    events = {one.event_id: _event(one, run_id, now) for one in told}
    items: defaultdict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in told:
        items[one.receiver, _subject(one)].append(one)
    verdicts = [
        _verdict(events[one.event_id], one, run_id, _item(together, run_id, now) if one is together[0] else None)
        for together in items.values()
        for one in together
    ]
    return list(events.values()), verdicts


def _subject(told: Told) -> str:
    """What the receiver heard of once, whoever it was about; compare `tracking.event.topic`."""
    is_new_paper = told.item["kind"] == EventKind.PAPER_NEW
    return f"{EventKind.PAPER_NEW}/{told.item['paper_key']}" if is_new_paper else told.event_id


def _event(told: Told, run_id: str, now: datetime) -> Event:
    """The change, taken back: from what was told to what it was before. A run found it once, and is taken back once."""
    kind = EventKind.PROFILE_CORRECTED
    return Event(
        id=event_id(told.source, told.profile_key, kind, f"{told.event_id}/{run_id}", now),
        kind=kind,
        cause=Cause.SOURCE,
        profile_id=told.profile_id,
        observed_at=now,
        paper_key=told.item.get("paper_key"),
        paper_title=told.item["title"] if "paper_key" in told.item else None,
        field=told.item.get("field"),
        before=told.item["after"],
        after=told.item["before"],
    )


def _verdict(event: Event, told: Told, run_id: str, item: dict[str, Any] | None) -> Verdict:
    return Verdict(
        event_id=event.id,
        receiver=told.receiver,
        kind=VerdictKind.ALREADY_TOLD if item is None else VerdictKind.SENT,
        why=_why(run_id),
        not_before=event.observed_at,
        item=item,
    )


def _item(told: Sequence[Told], run_id: str, now: datetime) -> dict[str, Any]:
    """What had been said, as it was said then, of everybody of whom it was; and when."""
    first = told[0]
    facts = {name: fact for name, fact in first.item.items() if name != "since"}
    people = sorted({one.item["person"] for one in told}, key=str.casefold)
    return facts | {
        "kind": EventKind.PROFILE_CORRECTED.value,
        "person": joined(people),
        "people": people,
        "told": first.item["kind"],
        "told_at": min(one.delivered_at for one in told).isoformat(),
        "observed_at": now.isoformat(),
        "why": _why(run_id),
    }


def _why(run_id: str) -> str:
    return f"run {run_id}, which had found it, was taken back"
