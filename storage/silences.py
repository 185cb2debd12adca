"""What somebody does not want to hear of for a time. A silence that has ended stays on record."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from storage import tables
from storage.errors import UnknownSilence
from storage.statements import StoredRow
from tracking.event import EventKind
from tracking.silence import Silence


def silences(connection: Connection, now: datetime | None = None) -> list[Silence]:
    """Those that hold at a time (None: all that ever were added), in the order in which they were added."""
    columns = tables.silence.c
    query = select(tables.silence).order_by(columns.id)
    if now is not None:
        query = query.where(columns.begins_at <= now, or_(columns.ends_at.is_(None), columns.ends_at > now))
    return [_silence(row) for row in connection.execute(query)]


def add_silence(connection: Connection, silence: Silence) -> Silence:
    """Store a silence; it is given back with the id that it has from now on."""
    statement = insert(tables.silence).values(
        begins_at=silence.begins_at,
        ends_at=silence.ends_at,
        reason=silence.reason,
        receiver=silence.receiver,
        rule=silence.rule,
        person=silence.person,
        tag=silence.tag,
        source=silence.source,
        metric=silence.metric,
        kinds=list(silence.kinds),
    )
    identifier = connection.execute(statement.returning(tables.silence.c.id)).scalar_one()
    return replace(silence, silence_id=str(identifier))


def end_silence(connection: Connection, silence_id: str, now: datetime) -> Silence:
    """Let a silence hold no longer than until ``now``; one that has ended stays as it is. Raises UnknownSilence."""
    found = next((one for one in silences(connection) if one.silence_id == silence_id), None)
    if found is None:
        raise UnknownSilence(silence_id, [one.silence_id for one in silences(connection, now)])
    if found.ends_at is not None and found.ends_at <= now:
        return found
    connection.execute(update(tables.silence).where(tables.silence.c.id == int(silence_id)).values(ends_at=now))
    return replace(found, ends_at=now)


def _silence(row: StoredRow) -> Silence:
    return Silence(
        silence_id=str(row.id),
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        reason=row.reason,
        receiver=row.receiver,
        rule=row.rule,
        person=row.person,
        tag=row.tag,
        source=row.source,
        metric=row.metric,
        kinds=tuple(EventKind(kind) for kind in row.kinds),
    )
