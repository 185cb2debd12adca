"""From entries that wait to a message: what is one thing to a reader becomes one item."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from alerts.figures import joined
from alerts.kinds import Item, kind_of, rank
from alerts.message import Message
from tracking.alert import Beside, OutboxEntry, PendingMessage
from tracking.event import EventKind


def compose(pending: PendingMessage, *, absorbed: int = 0) -> Message:
    """Entries about one thing become one item, with ``people``, ``rules`` and both together as ``labels``.

    ``events`` are the ids of what happened. ``profiles`` (person, source, url) say where it is shown, if in several
    places; ``first_seen`` when a known paper first was; ``first_together`` for which two people it is the first.
    ``tags`` are those of the people; ``person_keys``, with the name of each, tell people of one name apart.
    What matters most comes first (`alerts.kinds.WORDS`); what matters alike, by person and title. ``absorbed`` is how
    many facts a better parser read anew since the receiver's last digest.
    """
    items = (_item(entries, pending.beside) for entries in _things(pending.entries))
    return Message(
        id=pending.id,
        receiver=pending.receiver,
        rules=tuple(_distinct(rule for entry in pending.entries for rule in entry.rules)),
        created_at=pending.created_at,
        digest=pending.digest,
        items=tuple(sorted(items, key=_reading_order)),
        absorbed=absorbed,
        histories=pending.beside.histories,
        taken=pending.taken,
    )


def _things(entries: Iterable[OutboxEntry]) -> Iterable[Sequence[OutboxEntry]]:
    """The entries, those together that are about one thing: one topic, or the same news about one paper.

    What one profile says again was something else in between: that is told again.
    """
    things: defaultdict[tuple[str, int], list[OutboxEntry]] = defaultdict(list)
    times_said: Counter[tuple[str, str]] = Counter()
    for entry in sorted(entries, key=_by_time):
        if news := _news(entry.item):
            said = (news, entry.item.get("profile_url", entry.event_id))
            things[news, times_said[said]].append(entry)
            times_said[said] += 1
        else:
            things[entry.topic, 0].append(entry)
    return things.values()


def _news(item: Item) -> str:
    """What news about a paper that is known says, whichever profile says it; empty for everything else."""
    kind = kind_of(item)
    if kind is EventKind.PAPER_NEW or not kind.startswith("paper.") or "paper_key" not in item:
        return ""
    return json.dumps([item["kind"], item["paper_key"], item.get("field"), item["after"]])


def _item(entries: Sequence[OutboxEntry], beside: Beside) -> dict[str, Any]:
    """One item, whatever the order of the entries. Of a fact that several have that which was seen first counts."""
    item: dict[str, Any] = {}
    entries = sorted(entries, key=_by_time)
    for entry in entries:
        item |= {name: value for name, value in entry.item.items() if item.get(name) is None}
    people = _by_name(name for entry in entries for name in entry.item.get("people", [entry.item["person"]]))
    rules = _distinct(rule for entry in entries for rule in entry.rules)
    optional = {
        "first_seen": _first_seen(entries, beside),
        "first_together": _first_together(entries, beside),
        "profiles": _profiles(entries),
        "tags": sorted({tag for entry in entries for tag in entry.tags}),
        "person_keys": {entry.person_key: entry.item["person"] for entry in entries if entry.person_key},
    }
    return (
        item
        | {
            "person": joined(people),
            "why": "; ".join(_distinct(entry.item["why"] for entry in entries)),
            "people": people,
            "rules": rules,
            "labels": people + rules,
            "events": [entry.event_id for entry in entries],
        }
        | {name: value for name, value in optional.items() if value}
    )


def _by_time(entry: OutboxEntry) -> tuple[datetime, str, str]:
    return datetime.fromisoformat(entry.item["observed_at"]), entry.item["person"].casefold(), entry.event_id


def _first_seen(entries: Sequence[OutboxEntry], beside: Beside) -> str | None:
    known = [beside.first_seen[entry.event_id] for entry in entries if entry.event_id in beside.first_seen]
    return min(known).isoformat() if known else None


def _first_together(entries: Sequence[OutboxEntry], beside: Beside) -> list[list[str]]:
    """The pairs of people, by name."""
    people = {entry.event_id: entry.item["person"] for entry in entries}
    return sorted(
        _by_name([people[one], people[other]])
        for one, other in beside.first_together
        if one in people and other in people
    )


def _profiles(entries: Sequence[OutboxEntry]) -> list[dict[str, str]]:
    """Where it is shown, by person, if that is more than one place."""
    places = {
        entry.item["profile_url"]: (entry.item["person"], entry.item["source"])
        for entry in entries
        if "profile_url" in entry.item and "source" in entry.item
    }
    found = sorted((person.casefold(), person, source, url) for url, (person, source) in places.items())
    if len(found) < 2:
        return []
    return [{"person": person, "source": source, "url": url} for _, person, source, url in found]


def _reading_order(item: Item) -> tuple[int, str, str, datetime, list[str]]:
    observed_at = datetime.fromisoformat(item["observed_at"])
    return rank(item), item["person"].casefold(), item["title"].casefold(), observed_at, item["events"]


def _by_name(people: Iterable[str]) -> list[str]:
    return sorted(set(people), key=lambda name: (name.casefold(), name))


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
