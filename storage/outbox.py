"""From what waits to messages, and what became of each message."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from storage import tables
from storage.errors import StoreError
from storage.statements import StoredRow, rows_in
from tracking.alert import OutboxEntry, PendingMessage, VerdictKind


def told(connection: Connection, topics: Collection[str]) -> set[tuple[str, str]]:
    """Receiver and topic, of those topics that were put into a message."""
    columns = tables.outbox.c
    query = select(columns.receiver, columns.topic).where(columns.message_id.is_not(None))
    return {(row.receiver, row.topic) for row in rows_in(connection, query, columns.topic, topics)}


def compose(connection: Connection, now: datetime) -> None:
    """Put every entry that may go out now into a message: per receiver one for what goes at once, one digest.

    What a receiver has been told in the meantime leaves the outbox; its verdict becomes `ALREADY_TOLD`.
    """
    waiting = _waiting(connection, now)
    known = told(connection, {entry.topic for entry in waiting})
    # What goes at once comes first, so that the digest does not repeat it.
    for digest in (False, True):
        groups: dict[str, list[StoredRow]] = defaultdict(list)
        repeated: list[StoredRow] = []
        for entry in waiting:
            if entry.digest is digest:
                is_told = (entry.receiver, entry.topic) in known
                (repeated if is_told else groups[entry.receiver]).append(entry)
        for receiver, entries in groups.items():
            _store_message(connection, receiver, digest, entries, now)
            known |= {(receiver, entry.topic) for entry in entries}
        _withdraw(connection, repeated)


def _waiting(connection: Connection, now: datetime) -> Sequence[StoredRow]:
    columns = tables.outbox.c
    return connection.execute(
        select(columns.receiver, columns.event_id, columns.topic, columns.digest)
        .where(columns.message_id.is_(None), or_(columns.not_before.is_(None), columns.not_before <= now))
        .order_by(columns.receiver, columns.event_id)
    ).all()


def message_id(receiver: str, digest: bool, topics: Iterable[str]) -> str:
    """24 hexadecimal digits. A receiver hears of a topic once only, so no two messages have one id."""
    parts = [receiver, "digest" if digest else "instant", *sorted(set(topics))]
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()


def _store_message(
    connection: Connection,
    receiver: str,
    digest: bool,
    entries: Sequence[StoredRow],
    now: datetime,
) -> None:
    identifier = message_id(receiver, digest, (entry.topic for entry in entries))
    connection.execute(
        insert(tables.message).values(
            id=identifier, receiver=receiver, digest=digest, created_at=now, attempts=0, next_try_at=now
        )
    )
    connection.execute(
        update(tables.outbox)
        .where(tables.outbox.c.receiver == receiver, tables.outbox.c.event_id == bindparam("of_event"))
        .values(message_id=identifier),
        [{"of_event": entry.event_id} for entry in entries],
    )


def _withdraw(connection: Connection, entries: Sequence[StoredRow]) -> None:
    if not entries:
        return
    outbox, verdict = tables.outbox.c, tables.verdict.c
    receiver, event_id = (
        bindparam("of_receiver", type_=outbox.receiver.type),
        bindparam("of_event", type_=outbox.event_id.type),
    )
    rows = [{"of_receiver": entry.receiver, "of_event": entry.event_id} for entry in entries]
    connection.execute(delete(tables.outbox).where(outbox.receiver == receiver, outbox.event_id == event_id), rows)
    connection.execute(
        update(tables.verdict)
        .where(verdict.receiver == receiver, verdict.event_id == event_id)
        .values(kind=VerdictKind.ALREADY_TOLD),
        rows,
    )


def pending(connection: Connection, now: datetime) -> list[PendingMessage]:
    """Every message that is neither delivered nor dead and may be tried now; the oldest first."""
    columns = tables.message.c
    messages = connection.execute(
        select(tables.message)
        .where(columns.delivered_at.is_(None), columns.dead_at.is_(None), columns.next_try_at <= now)
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
        )
        for message in messages
    ]


def _entries(connection: Connection, message_ids: Sequence[str]) -> dict[str, list[OutboxEntry]]:
    """The entries of each message, in the order in which the events were observed."""
    outbox, event = tables.outbox.c, tables.event.c
    query = select(
        outbox.message_id, outbox.topic, outbox.event_id, outbox.rules, outbox.item, event.observed_at
    ).join_from(tables.outbox, tables.event)
    rows = sorted(
        rows_in(connection, query, outbox.message_id, message_ids), key=lambda row: (row.observed_at, row.event_id)
    )
    entries: dict[str, list[OutboxEntry]] = defaultdict(list)
    for row in rows:
        entries[row.message_id].append(
            OutboxEntry(topic=row.topic, event_id=row.event_id, rules=tuple(row.rules), item=row.item)
        )
    return entries


def mark_delivered(connection: Connection, identifier: str, now: datetime) -> None:
    """Note that a message arrived. Raises StoreError for no such message."""
    _update_message(connection, identifier, attempts=tables.message.c.attempts + 1, delivered_at=now)


def mark_failed(
    connection: Connection, identifier: str, now: datetime, error: str, next_try_at: datetime | None
) -> None:
    """Note a try that failed; without a next one the message is dead. Raises StoreError for no such message."""
    attempts = tables.message.c.attempts + 1
    if next_try_at is None:
        _update_message(connection, identifier, attempts=attempts, last_error=error, dead_at=now)
    else:
        _update_message(connection, identifier, attempts=attempts, last_error=error, next_try_at=next_try_at)


def _update_message(connection: Connection, identifier: str, **values: Any) -> None:
    statement = update(tables.message).where(tables.message.c.id == identifier).values(values)
    if connection.execute(statement).rowcount == 0:
        raise StoreError(f"there is no message {identifier}")
