"""From entries that wait to a message: what is one thing to a reader becomes one item."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from alerts.figures import joined
from alerts.message import Message
from tracking.alert import OutboxEntry, PendingMessage
from tracking.event import EventKind


def compose(pending: PendingMessage, *, absorbed: int = 0) -> Message:
    """Entries of one topic become one item, with ``people``, ``rules`` and both together as ``labels``.

    New papers come first, then metrics, then the rest; in each, by person and title. ``absorbed`` is how many facts
    a better parser read anew since the receiver's last digest.
    """
    by_topic: dict[str, list[OutboxEntry]] = {}
    for entry in pending.entries:
        by_topic.setdefault(entry.topic, []).append(entry)
    return Message(
        id=pending.id,
        receiver=pending.receiver,
        rules=tuple(_distinct(rule for entry in pending.entries for rule in entry.rules)),
        created_at=pending.created_at,
        digest=pending.digest,
        items=tuple(sorted((_merged(entries) for entries in by_topic.values()), key=_reading_order)),
        absorbed=absorbed,
    )


def _merged(entries: Sequence[OutboxEntry]) -> dict[str, Any]:
    """One item, whatever the order of the entries: people by name. Of a fact that several have the first counts."""
    item: dict[str, Any] = {}
    entries = sorted(entries, key=lambda entry: (entry.item["person"].casefold(), entry.event_id))
    for entry in entries:
        item |= {name: value for name, value in entry.item.items() if item.get(name) is None}
    people = _distinct(entry.item["person"] for entry in entries)
    rules = _distinct(rule for entry in entries for rule in entry.rules)
    return item | {
        "person": joined(people),
        "observed_at": min((entry.item["observed_at"] for entry in entries), key=datetime.fromisoformat),
        "why": "; ".join(_distinct(entry.item["why"] for entry in entries)),
        "people": people,
        "rules": rules,
        "labels": people + rules,
    }


def _reading_order(item: Mapping[str, Any]) -> tuple[int, str, str]:
    kind: str = item["kind"]
    rank = 0 if kind == EventKind.PAPER_NEW else 1 if kind.startswith("metric.") else 2
    return rank, item["person"].casefold(), item["title"].casefold()


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
