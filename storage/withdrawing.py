"""What becomes of messages whose events do not hold any more.

What waits goes, or goes over to an event that says the same; what was delivered is to be corrected, unless it is true
all the same. A message that has nothing left to say is not sent; one that has keeps its id: nobody is known to have
seen it, and whoever got a copy after all drops the second.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from storage import tables
from storage.seals import seal_of_entry
from storage.statements import StoredRow, rows_in, update_each
from storage.still_true import ARRIVALS, StillTrue
from storage.unrecording import Unrecorded
from tracking.alert import Told, Verdict
from tracking.event import Event

Correct = Callable[[Sequence[Told]], tuple[Sequence[Event], Sequence[Verdict]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """What was told and does not hold, an entry each; how many entries waited, and how many messages are no more."""

    told: tuple[Told, ...] = ()
    waiting: int = 0
    messages: int = 0
    #: The ids of the papers of ``told``, by the keys that they have now.
    paper_ids: Mapping[str, int] = field(default_factory=dict)


def withdraw(connection: Connection, parts: Sequence[Unrecorded], now: datetime) -> Withdrawn:
    """Take out of the outbox what profiles do not say any more, and find what has to be corrected."""
    gone = frozenset().union(*(part.events for part in parts))
    _reword(connection, [event for part in parts for event in part.changed])
    entries = _entries(connection, gone)
    truth = StillTrue.load(connection, entries, [event for part in parts for event in part.instead])
    told = [row for row in entries if row.delivered_at is not None and not truth.holds(row)]
    waiting = [row for row in entries if row.delivered_at is None and not _goes_over(connection, row, truth)]
    update_each(connection, tables.outbox, ["id"], [{"id": row.id, "corrected_at": now} for row in told])
    return Withdrawn(
        told=tuple(_told(row) for row in told),
        waiting=len(waiting),
        messages=_delete_entries(connection, waiting),
        paper_ids={row.paper_key: row.paper_id for row in told if row.paper_id is not None},
    )


def _entries(connection: Connection, event_ids: Collection[str]) -> list[StoredRow]:
    """What waits of the events or was told of them, and what was told of their papers by events that went before."""
    event, outbox = tables.event.c, tables.outbox.c
    papers = select(event.paper_id).where(event.kind.in_(ARRIVALS), event.paper_id.is_not(None))
    paper_ids = {row.paper_id for row in rows_in(connection, papers, event.id, event_ids)}
    earlier = _entry_query().where(
        event.kind.in_(ARRIVALS), event.superseded_at.is_not(None), tables.message.c.delivered_at.is_not(None)
    )
    found = {row.id: row for row in rows_in(connection, _entry_query(), outbox.event_id, event_ids)}
    found |= {row.id: row for row in rows_in(connection, earlier, event.paper_id, paper_ids)}
    return [found[entry_id] for entry_id in sorted(found)]


def _entry_query() -> Select[*tuple[Any, ...]]:
    outbox, message, event, profile, paper = (
        table.c for table in (tables.outbox, tables.message, tables.event, tables.profile, tables.paper)
    )
    return (
        select(
            tables.outbox,
            message.delivered_at,
            event.kind,
            event.profile_id,
            event.paper_id,
            event.field,
            event.before,
            event.after,
            paper.key.label("paper_key"),
            profile.source,
            profile.key.label("profile_key"),
        )
        .join_from(tables.outbox, tables.event, event.id == outbox.event_id)
        .join(tables.profile, profile.id == event.profile_id)
        .outerjoin(tables.paper, paper.id == event.paper_id)
        .outerjoin(tables.message, message.id == outbox.message_id)
        .where(outbox.corrected_at.is_(None))
    )


# ---- what waits


def _reword(connection: Connection, events: Iterable[Event]) -> None:
    """Let what waits say what its event says now."""
    changed = {event.id: event for event in events}
    outbox, message = tables.outbox.c, tables.message.c
    query = (
        select(tables.outbox)
        .outerjoin(tables.message, message.id == outbox.message_id)
        .where(message.delivered_at.is_(None), outbox.corrected_at.is_(None))
    )
    for row in list(rows_in(connection, query, outbox.event_id, changed)):
        event = changed[row.event_id]
        if row.item["kind"] != event.kind:
            # It tells which source was the first, and that is no part of what this profile's pages say.
            continue
        # What is summed is measured from what was told before, and not from what the event is compared with.
        measured = {} if row.item.get("summed") else {"before": event.before, "since": event.since}
        _rewrite_entry(connection, row, row.event_id, after=event.after, **measured)


def _goes_over(connection: Connection, entry: StoredRow, truth: StillTrue) -> bool:
    """Let an entry that waits tell another event that says the same; False where there is none left to tell."""
    event = truth.event_of(entry)
    if event is None or _is_told(connection, event.id, entry.receiver):
        return False
    _rewrite_entry(
        connection,
        entry,
        event.id,
        person=event.person,
        source=event.source,
        profile_url=event.url,
        observed_at=event.observed_at,
        since=event.since,
    )
    verdict = tables.verdict.c
    of_receiver = verdict.receiver == entry.receiver
    before = connection.execute(select(tables.verdict).where(verdict.event_id == entry.event_id, of_receiver)).one()
    connection.execute(delete(tables.verdict).where(verdict.event_id == event.id, of_receiver))
    connection.execute(insert(tables.verdict).values({**before._mapping, "event_id": event.id}))
    return True


def _is_told(connection: Connection, event_id: str, receiver: str) -> bool:
    outbox = tables.outbox.c
    query = select(outbox.id).where(
        outbox.event_id == event_id, outbox.receiver == receiver, outbox.corrected_at.is_(None)
    )
    return connection.execute(query).first() is not None


def _rewrite_entry(connection: Connection, entry: StoredRow, event_id: str, **facts: Any) -> None:
    """Let an entry be about an event, with these facts; a fact that is not known any more is absent."""
    asked = {name: fact.isoformat() if isinstance(fact, datetime) else fact for name, fact in facts.items()}
    item = {**entry.item, **asked}
    if item.get("since") is None:
        item.pop("since", None)
    row = {**entry._mapping, "event_id": event_id, "item": item}
    connection.execute(
        update(tables.outbox)
        .where(tables.outbox.c.id == entry.id)
        .values(event_id=event_id, item=item, seal=seal_of_entry(row))
    )


def _delete_entries(connection: Connection, entries: Collection[StoredRow]) -> int:
    """How many messages have nothing left to say, and are no more."""
    outbox, message = tables.outbox.c, tables.message.c
    for row in entries:
        connection.execute(delete(tables.outbox).where(outbox.id == row.id))
    left = select(outbox.id).where(outbox.message_id == message.id).exists()
    composed = {row.message_id for row in entries} - {None}
    empty = select(message.id).where(~left)
    emptied = [row.id for row in rows_in(connection, empty, message.id, composed)]
    for message_id in emptied:
        connection.execute(delete(tables.message).where(message.id == message_id))
    return len(emptied)


def _told(row: StoredRow) -> Told:
    item = row.item | {"paper_key": row.paper_key} if row.paper_key is not None else row.item
    return Told(
        event_id=row.event_id,
        receiver=row.receiver,
        profile_id=row.profile_id,
        source=row.source,
        profile_key=row.profile_key,
        delivered_at=row.delivered_at,
        item=item,
    )
