"""Messages that are to be delivered, and what became of each."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from storage import tables
from storage.beside import beside
from storage.errors import StoreError
from storage.statements import rows_in
from tracking.alert import OutboxEntry, PendingMessage


def pending(connection: Connection, now: datetime, closed: Collection[str]) -> list[PendingMessage]:
    """Every message that is neither delivered nor dead and may be tried now; the oldest first.

    Those to receivers that are closed are left out.
    """
    columns = tables.message.c
    return _messages(connection, columns.next_try_at <= now, columns.receiver.not_in(closed))


def failed_before(connection: Connection, receiver: str, now: datetime) -> list[PendingMessage]:
    """The messages to a receiver that wait for their next try, but for those that it refused; the oldest first."""
    columns = tables.message.c
    return _messages(connection, columns.receiver == receiver, columns.next_try_at > now, columns.refused_at.is_(None))


def _messages(connection: Connection, *conditions: ColumnElement[bool]) -> list[PendingMessage]:
    columns = tables.message.c
    messages = connection.execute(
        select(tables.message)
        .where(columns.delivered_at.is_(None), columns.dead_at.is_(None), *conditions)
        .order_by(columns.created_at, columns.digest, columns.id)
    ).all()
    entries = _entries(connection, [message.id for message in messages])
    return [
        PendingMessage(
            id=message.id,
            receiver=message.receiver,
            created_at=message.created_at,
            digest=message.digest,
            attempts=message.attempts,
            entries=tuple(entries[message.id]),
            beside=beside(connection, entries[message.id], message.created_at),
            refused=message.refused_at is not None,
            taken=frozenset(message.taken or ()),
        )
        for message in messages
    ]


def _entries(connection: Connection, message_ids: Sequence[str]) -> dict[str, list[OutboxEntry]]:
    """The entries of each message, in the order in which the events were observed."""
    outbox, event, profile, person = (table.c for table in (tables.outbox, tables.event, tables.profile, tables.person))
    firsts = select(func.min(profile.id)).group_by(profile.person_id)
    first = tables.profile.alias("first_profile")
    query = (
        select(
            outbox.message_id,
            outbox.topic,
            outbox.event_id,
            outbox.rules,
            outbox.item,
            event.observed_at,
            person.tags,
            first.c.source,
            first.c.key,
        )
        .join_from(tables.outbox, tables.event)
        .join(tables.profile, profile.id == event.profile_id)
        .join(tables.person, person.id == profile.person_id)
        .join(first, first.c.person_id == person.id)
        .where(first.c.id.in_(firsts))
    )
    rows = sorted(
        rows_in(connection, query, outbox.message_id, message_ids), key=lambda row: (row.observed_at, row.event_id)
    )
    entries: dict[str, list[OutboxEntry]] = defaultdict(list)
    for row in rows:
        entries[row.message_id].append(
            OutboxEntry(
                topic=row.topic,
                event_id=row.event_id,
                rules=tuple(row.rules),
                item=row.item,
                person_key=f"{row.source}/{row.key}",
                tags=tuple(row.tags),
            )
        )
    return entries


def mark_delivered(connection: Connection, identifier: str, now: datetime) -> None:
    """Note that a message arrived. Raises StoreError for no such message."""
    _update_message(connection, identifier, attempts=tables.message.c.attempts + 1, delivered_at=now)


def mark_failed(
    connection: Connection,
    identifier: str,
    now: datetime,
    error: str,
    next_try_at: datetime | None,
    *,
    refused: bool = False,
    taken: Collection[str] = (),
) -> None:
    """Note a try that failed; without a next one the message is dead. Raises StoreError for no such message.

    ``refused``: for good; ``taken`` are those of the receiver's addresses that have the message.
    """
    values: dict[str, Any] = {"attempts": tables.message.c.attempts + 1, "last_error": error}
    values |= {"dead_at": now} if next_try_at is None else {"next_try_at": next_try_at}
    values |= {"refused_at": now} if refused else {}
    values |= {"taken": sorted(taken)} if taken else {}
    _update_message(connection, identifier, **values)


def _update_message(connection: Connection, identifier: str, **values: Any) -> None:
    statement = update(tables.message).where(tables.message.c.id == identifier).values(values)
    if connection.execute(statement).rowcount == 0:
        raise StoreError(f"there is no message {identifier}")
