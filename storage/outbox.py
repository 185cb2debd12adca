"""From what waits to messages, and what became of each message."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from storage import tables
from storage.beside import beside
from storage.errors import StoreError
from storage.links import works
from storage.statements import rows_in
from tracking.alert import OutboxEntry, PendingMessage, VerdictKind
from tracking.event import EventKind


def paper_topic(key: str) -> str:
    """The `tracking.event.topic` of a new paper."""
    return f"{EventKind.PAPER_NEW}/{key}"


def told(connection: Connection, topics: Mapping[str, int | None]) -> set[tuple[str, str]]:
    """Receiver and topic, of those topics that were put into a message and not corrected since.

    The value of a topic is the id of its paper, None for one that is about no paper: the same paper may have been told
    under a key that it had before, or by which another profile knows it, and so may another version of it.
    """
    asked: defaultdict[str, set[str]] = defaultdict(set)
    of_paper: defaultdict[int, set[str]] = defaultdict(set)
    linked = works(connection, {paper_id for paper_id in topics.values() if paper_id is not None})
    for topic, paper_id in topics.items():
        asked[topic].add(topic)
        if paper_id is not None:
            for version in linked.get(paper_id, {paper_id}):
                of_paper[version].add(topic)
    outbox, paper = tables.outbox.c, tables.paper.c
    for query, of in (
        (select(paper.key.label("text"), paper.id.label("paper_id")), paper.id),
        *((select(names.text, names.paper_id), names.paper_id) for names in (tables.alias.c, tables.former_key.c)),
    ):
        for row in rows_in(connection, query, of, of_paper):
            asked[paper_topic(row.text)] |= of_paper[row.paper_id]
    query = select(outbox.receiver, outbox.topic).where(outbox.message_id.is_not(None), outbox.corrected_at.is_(None))
    return {
        (row.receiver, topic) for row in rows_in(connection, query, outbox.topic, asked) for topic in asked[row.topic]
    }


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An entry that is in no message yet; its topic is by the key that the paper has now, of versions the oldest's."""

    entry_id: int
    receiver: str
    event_id: str
    digest: bool
    topic: str
    #: Set where the topic is a paper.
    paper_id: int | None


def compose(connection: Connection, now: datetime) -> None:
    """Put every entry that may go out now into a message: per receiver one for what goes at once, one digest.

    What a receiver has been told in the meantime leaves the outbox; its verdict becomes `ALREADY_TOLD`.
    """
    waiting = _waiting(connection, now)
    known = told(connection, {entry.topic: entry.paper_id for entry in waiting})
    # What goes at once comes first, so that the digest does not repeat it.
    for digest in (False, True):
        groups: dict[str, list[_Waiting]] = defaultdict(list)
        repeated: list[_Waiting] = []
        for entry in waiting:
            if entry.digest is digest:
                is_told = (entry.receiver, entry.topic) in known
                (repeated if is_told else groups[entry.receiver]).append(entry)
        for receiver, entries in groups.items():
            _store_message(connection, receiver, digest, entries, now)
            known |= {(receiver, entry.topic) for entry in entries}
        _withdraw(connection, repeated)


def _waiting(connection: Connection, now: datetime) -> list[_Waiting]:
    outbox, event, paper = tables.outbox.c, tables.event.c, tables.paper.c
    query = (
        select(tables.outbox, event.kind, event.paper_id, paper.key)
        .join_from(tables.outbox, tables.event)
        .outerjoin(tables.paper, paper.id == event.paper_id)
        .where(
            outbox.message_id.is_(None),
            or_(outbox.not_before.is_(None), outbox.not_before <= now),
        )
        .order_by(outbox.receiver, outbox.event_id)
    )
    rows = connection.execute(query).all()
    oldest = _oldest_versions(connection, {row.paper_id for row in rows if row.kind == EventKind.PAPER_NEW})
    found = []
    for row in rows:
        is_paper = row.kind == EventKind.PAPER_NEW
        found.append(
            _Waiting(
                entry_id=row.id,
                receiver=row.receiver,
                event_id=row.event_id,
                digest=row.digest,
                topic=paper_topic(oldest.get(row.paper_id, row.key)) if is_paper else row.topic,
                paper_id=row.paper_id if is_paper else None,
            )
        )
    return found


def _oldest_versions(connection: Connection, paper_ids: Iterable[int]) -> dict[int, str]:
    """By paper, the key of the oldest that is linked to it; absent where it is alone."""
    oldest = {paper_id: min(work) for paper_id, work in works(connection, paper_ids).items()}
    paper = tables.paper.c
    query = select(paper.id, paper.key)
    keys = {row.id: row.key for row in rows_in(connection, query, paper.id, oldest.values())}
    return {paper_id: keys[first] for paper_id, first in oldest.items()}


def message_id(receiver: str, digest: bool, topics: Iterable[str], times: int = 1) -> str:
    """24 hexadecimal digits. ``times`` is above 1 where the same topics are told again after they were corrected."""
    parts = [receiver, "digest" if digest else "instant", *sorted(set(topics))]
    if times > 1:
        parts.append(str(times))
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()


def _store_message(
    connection: Connection,
    receiver: str,
    digest: bool,
    entries: Sequence[_Waiting],
    now: datetime,
) -> None:
    identifier = _free_id(connection, receiver, digest, [entry.topic for entry in entries])
    connection.execute(
        insert(tables.message).values(
            id=identifier, receiver=receiver, digest=digest, created_at=now, attempts=0, next_try_at=now
        )
    )
    connection.execute(
        update(tables.outbox)
        .where(tables.outbox.c.id == bindparam("of_entry"))
        .values(message_id=identifier, topic=bindparam("of_topic")),
        [{"of_entry": entry.entry_id, "of_topic": entry.topic} for entry in entries],
    )


def _free_id(connection: Connection, receiver: str, digest: bool, topics: Sequence[str]) -> str:
    taken = select(func.count()).where(tables.message.c.id == bindparam("identifier"))
    identifiers = (message_id(receiver, digest, topics, times) for times in count(1))
    return next(each for each in identifiers if not connection.scalar(taken, {"identifier": each}))


def _withdraw(connection: Connection, entries: Sequence[_Waiting]) -> None:
    if not entries:
        return
    outbox, verdict = tables.outbox.c, tables.verdict.c
    connection.execute(
        delete(tables.outbox).where(outbox.id == bindparam("of_entry")),
        [{"of_entry": entry.entry_id} for entry in entries],
    )
    connection.execute(
        update(tables.verdict)
        .where(verdict.receiver == bindparam("of_receiver"), verdict.event_id == bindparam("of_event"))
        .values(kind=VerdictKind.ALREADY_TOLD),
        [{"of_receiver": entry.receiver, "of_event": entry.event_id} for entry in entries],
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
            beside=beside(connection, entries[message.id], message.created_at),
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
