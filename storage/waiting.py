"""The outbox as its owner looks at it: what waits, tried again at once, or taken out for good."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from storage import tables
from storage.errors import UnknownWaiting
from storage.receivers import forget_receiver, receiver_states
from storage.statements import StoredRow, rows_in, update_each
from tracking.alert import VerdictKind
from tracking.waiting import Dropped, OutboxItem, OutboxMessage, OutboxView, Retried

_CANDIDATES_MAX = 8


def outbox_view(connection: Connection, receiver: str | None, *, delivered: bool) -> OutboxView:
    """What waits for a receiver (None: each), and with ``delivered`` also the messages that have arrived.

    Items in the order in which they may go out, messages in that in which they were made.
    """
    rows = _entries(connection, receiver, delivered=delivered)
    messages = _messages(connection, {row.message_id for row in rows} - {None})
    items: defaultdict[str | None, list[OutboxItem]] = defaultdict(list)
    for row in rows:
        items[row.message_id].append(_item(row))
    return OutboxView(
        items=tuple(sorted(items[None], key=lambda item: (str(item.not_before or ""), item.receiver, item.event_id))),
        messages=tuple(_message(row, items[row.id]) for row in messages),
        receivers=tuple(state for name, state in receiver_states(connection).items() if receiver in (None, name)),
    )


def retry(connection: Connection, asked: Sequence[str], receiver: str | None, now: datetime) -> Retried:
    """Have messages tried with the next delivery, also those that were given up: they have all their tries again.

    ``asked`` are beginnings of ids of messages and events; none: all messages of a receiver (None: of each). An event
    that is in no message yet need not wait for its time any more. Nothing is held against the receivers of these any
    more. Raises UnknownWaiting.
    """
    waiting = _entries(connection, receiver, delivered=False)
    chosen = _chosen(connection, waiting, asked) if asked else [row for row in waiting if row.message_id is not None]
    messages = _messages(connection, {row.message_id for row in chosen} - {None})
    loose = [row for row in chosen if row.message_id is None]
    again = [(row.id, 0 if row.dead_at is not None else row.attempts) for row in messages]
    update_each(
        connection,
        tables.message,
        ["id"],
        [{"id": of, "attempts": tries, "next_try_at": now, "dead_at": None} for of, tries in again],
    )
    update_each(connection, tables.outbox, ["id"], [{"id": row.id, "not_before": now} for row in loose])
    names = {row.receiver for row in chosen}
    states = [
        state
        for name, state in receiver_states(connection).items()
        if name in names or (not asked and receiver in (None, name))
    ]
    for state in states:
        forget_receiver(connection, state.name)
    return Retried(
        messages=tuple(row.id for row in messages),
        items=tuple(sorted({row.event_id for row in loose})),
        receivers=tuple(state.name for state in states if state.is_off),
    )


def hurry_digests(connection: Connection, receivers: Collection[str], now: datetime) -> int:
    """What waits for a digest of these receivers and is in none yet need not wait for its time; how many events."""
    outbox = tables.outbox.c
    statement = (
        update(tables.outbox)
        .where(
            outbox.message_id.is_(None),
            outbox.digest,
            outbox.not_before > now,
            outbox.receiver.in_(receivers),
        )
        .values(not_before=now)
    )
    return connection.execute(statement).rowcount


def drop(connection: Connection, asked: Sequence[str], receiver: str | None, reason: str, now: datetime) -> Dropped:
    """Take messages, or single events, out of the outbox: their verdict becomes `DROPPED` and says why.

    ``asked`` are beginnings of ids of messages and events. Raises UnknownWaiting.
    """
    chosen = _chosen(connection, _entries(connection, receiver, delivered=False), asked)
    verdict, outbox = tables.verdict.c, tables.outbox.c
    said = f"taken out of the outbox on {now:%Y-%m-%d %H:%M} UTC: {reason}"
    for row in chosen:
        of_it = (verdict.event_id == row.event_id) & (verdict.receiver == row.receiver)
        why = connection.execute(select(verdict.why).where(of_it)).scalar()
        connection.execute(
            update(tables.verdict).where(of_it).values(kind=VerdictKind.DROPPED, why=f"{why}; {said}" if why else said)
        )
        connection.execute(delete(tables.outbox).where(outbox.id == row.id))
    return Dropped(
        items=tuple(map(_item, chosen)),
        messages=tuple(_without_items(connection, {row.message_id for row in chosen} - {None})),
    )


def _entries(connection: Connection, receiver: str | None, *, delivered: bool) -> list[StoredRow]:
    outbox, message = tables.outbox.c, tables.message.c
    query = (
        select(tables.outbox)
        .outerjoin(tables.message, message.id == outbox.message_id)
        .where(outbox.corrected_at.is_(None))
        .order_by(outbox.id)
    )
    if not delivered:
        query = query.where(message.delivered_at.is_(None))
    if receiver is not None:
        query = query.where(outbox.receiver == receiver)
    return list(connection.execute(query))


def _messages(connection: Connection, message_ids: Collection[str]) -> list[StoredRow]:
    found = rows_in(connection, select(tables.message), tables.message.c.id, message_ids)
    return sorted(found, key=lambda row: (row.created_at, row.digest, row.id))


def _chosen(connection: Connection, waiting: Sequence[StoredRow], asked: Iterable[str]) -> list[StoredRow]:
    """Those entries that are meant, each once. Raises UnknownWaiting."""
    found = {row.id: row for text in asked for row in _meant(connection, waiting, text)}
    return [found[entry_id] for entry_id in sorted(found)]


def _meant(connection: Connection, waiting: Sequence[StoredRow], asked: str) -> list[StoredRow]:
    ids = {one for row in waiting for one in (row.message_id, row.event_id) if one and one.startswith(asked)}
    if len(ids) > 1 and asked not in ids:
        raise UnknownWaiting(asked, sorted(ids)[:_CANDIDATES_MAX])
    if not ids:
        raise UnknownWaiting(asked, [], delivered_at=_delivered_at(connection, asked))
    meant = asked if asked in ids else ids.pop()
    return [row for row in waiting if meant in (row.message_id, row.event_id)]


def _delivered_at(connection: Connection, asked: str) -> datetime | None:
    """When the message was delivered that is asked for, if it is one that was."""
    message = tables.message.c
    query = select(message.delivered_at).where(message.id.startswith(asked, autoescape=True)).limit(2)
    found = list(connection.execute(query).scalars())
    return found[0] if len(found) == 1 else None


def _without_items(connection: Connection, message_ids: Collection[str]) -> list[str]:
    """Delete those of these messages that have nothing left to say; their ids."""
    outbox, message = tables.outbox.c, tables.message.c
    has_items = select(outbox.id).where(outbox.message_id == message.id).exists()
    empty = sorted(row.id for row in rows_in(connection, select(message.id).where(~has_items), message.id, message_ids))
    for identifier in empty:
        connection.execute(delete(tables.message).where(message.id == identifier))
    return empty


def _item(row: StoredRow) -> OutboxItem:
    item = row.item
    return OutboxItem(
        event_id=row.event_id,
        receiver=row.receiver,
        kind=str(item.get("kind", "")),
        person=str(item.get("person", "")),
        title=str(item.get("title", "")),
        digest=row.digest,
        not_before=row.not_before,
    )


def _message(row: StoredRow, items: Sequence[OutboxItem]) -> OutboxMessage:
    return OutboxMessage(
        message_id=row.id,
        receiver=row.receiver,
        digest=row.digest,
        created_at=row.created_at,
        items=tuple(items),
        tries=row.attempts,
        next_try_at=row.next_try_at,
        last_error=row.last_error,
        delivered_at=row.delivered_at,
        given_up_at=row.dead_at,
    )
