"""What somebody has seen: an event is acknowledged once, for good."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage import tables
from storage.errors import UnknownEvent
from storage.statements import rows_in
from tracking.account import Ack

_CANDIDATES_MAX = 8


def find_event(connection: Connection, asked: str) -> str:
    """The id that was asked for, or the only one that begins so. Raises UnknownEvent."""
    column = tables.event.c.id
    # By the key; for a beginning all ids are gone through.
    if connection.execute(select(column).where(column == asked)).first() is not None:
        return asked
    query = select(column).where(column.startswith(asked, autoescape=True)).order_by(column)
    found = list(connection.execute(query.limit(_CANDIDATES_MAX + 1)).scalars())
    if len(found) == 1:
        return str(found[0])
    raise UnknownEvent(asked, found[:_CANDIDATES_MAX])


def acknowledge(connection: Connection, event_id: str, note: str, now: datetime) -> bool:
    """Note that an event was seen; False where it was before: that stands."""
    if event_id in acks(connection, [event_id]):
        return False
    connection.execute(insert(tables.ack).values(event_id=event_id, at=now, note=note))
    return True


def acks(connection: Connection, event_ids: Iterable[str]) -> dict[str, Ack]:
    """By event, when it was acknowledged and with which note; absent where nobody did."""
    column = tables.ack.c
    rows = rows_in(connection, select(tables.ack), column.event_id, event_ids)
    return {row.event_id: Ack(row.at, row.note) for row in rows}
