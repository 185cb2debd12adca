"""From what waits to messages."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from storage import tables
from storage.links import works
from storage.statements import rows_in
from storage.undecided import is_undecided
from tracking.alert import Allowance, VerdictKind
from tracking.composing import put_together
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
    not_before: datetime | None
    topic: str
    #: Set where the topic is a paper.
    paper_id: int | None


def compose(connection: Connection, now: datetime, allowances: Mapping[str, Allowance]) -> None:
    """Put every entry that may go out now into a message: per receiver one for what goes at once, one digest.

    What a receiver has been told in the meantime leaves the outbox; its verdict becomes `ALREADY_TOLD`. Who has no
    allowance may be sent anything.
    """
    closed = closed_receivers(allowances)
    waiting = [entry for entry in _waiting(connection, now) if entry.receiver not in closed]
    composed = put_together(
        waiting,
        told(connection, {entry.topic: entry.paper_id for entry in waiting}),
        full=_full(connection, now, allowances),
        last_digests=_last_digests(connection, allowances),
    )
    for entries in composed.messages:
        _store_message(connection, entries[0].receiver, entries[0].digest, entries, now)
    for receiver, put_off in groupby(composed.put_off, key=attrgetter("receiver")):
        _put_off(connection, list(put_off), allowances[receiver])
    _withdraw(connection, composed.repeated)


def waiting_to_go_out(connection: Connection, now: datetime) -> int:
    """How many events may go out now, to whomever, and were in no message that was tried."""
    outbox, message = tables.outbox.c, tables.message.c
    loose = outbox.message_id.is_(None) & or_(outbox.not_before.is_(None), outbox.not_before <= now)
    untried = message.delivered_at.is_(None) & (message.attempts == 0)
    query = (
        select(func.count())
        .select_from(tables.outbox.join(tables.event).outerjoin(tables.message))
        .where(or_(loose, untried), ~is_undecided(now))
    )
    return int(connection.execute(query).scalar_one())


def closed_receivers(allowances: Mapping[str, Allowance]) -> set[str]:
    """Those to whom nothing may go out."""
    return {receiver for receiver, allowance in allowances.items() if allowance.closed}


def _full(connection: Connection, now: datetime, allowances: Mapping[str, Allowance]) -> set[str]:
    """The receivers that had as many messages at once within 24 hours as they may."""
    message = tables.message.c
    query = (
        select(message.receiver, func.count().label("messages"))
        .where(message.digest.is_(False), message.created_at > now - timedelta(days=1))
        .group_by(message.receiver)
    )
    caps = {receiver: allowance.cap for receiver, allowance in allowances.items() if allowance.cap is not None}
    rows = rows_in(connection, query, message.receiver, caps)
    return {row.receiver for row in rows if row.messages >= caps[row.receiver]}


def _put_off(connection: Connection, entries: Sequence[_Waiting], allowance: Allowance) -> None:
    """Let what would go at once wait for the digest."""
    connection.execute(
        update(tables.outbox)
        .where(tables.outbox.c.id == bindparam("of_entry"))
        .values(digest=True, not_before=allowance.next_digest_at),
        [{"of_entry": entry.entry_id} for entry in entries],
    )
    count = f"{allowance.cap} message{'' if allowance.cap == 1 else 's'}"
    why = f"; {count} went out at once within 24 hours, as many as may: it waits for the digest"
    _change_verdicts(connection, entries, kind=VerdictKind.CAPPED, why=tables.verdict.c.why.concat(why))


def _last_digests(connection: Connection, allowances: Mapping[str, Allowance]) -> dict[str, datetime]:
    """When the digest of the period that lasts was put together, of those receivers that had one."""
    if not allowances:
        return {}
    message = tables.message.c
    since = min(allowance.period_began_at for allowance in allowances.values())
    query = (
        select(message.receiver, func.max(message.created_at).label("at"))
        .where(message.digest, message.created_at >= since)
        .group_by(message.receiver)
    )
    rows = rows_in(connection, query, message.receiver, allowances)
    return {row.receiver: row.at for row in rows if row.at >= allowances[row.receiver].period_began_at}


def _waiting(connection: Connection, now: datetime) -> list[_Waiting]:
    outbox, event, paper = tables.outbox.c, tables.event.c, tables.paper.c
    query = (
        select(tables.outbox, event.kind, event.paper_id, paper.key)
        .join_from(tables.outbox, tables.event)
        .outerjoin(tables.paper, paper.id == event.paper_id)
        .where(
            outbox.message_id.is_(None),
            or_(outbox.not_before.is_(None), outbox.not_before <= now),
            ~is_undecided(now),
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
                not_before=row.not_before,
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
    connection.execute(
        delete(tables.outbox).where(tables.outbox.c.id == bindparam("of_entry")),
        [{"of_entry": entry.entry_id} for entry in entries],
    )
    _change_verdicts(connection, entries, kind=VerdictKind.ALREADY_TOLD)


def _change_verdicts(connection: Connection, entries: Sequence[_Waiting], **values: Any) -> None:
    verdict = tables.verdict.c
    connection.execute(
        update(tables.verdict)
        .where(verdict.receiver == bindparam("of_receiver"), verdict.event_id == bindparam("of_event"))
        .values(values),
        [{"of_receiver": entry.receiver, "of_event": entry.event_id} for entry in entries],
    )
