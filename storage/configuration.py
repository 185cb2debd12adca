"""The configuration that was found sound last: what goes on to hold while a newer one is broken."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage import tables
from tracking.view import KeptConfiguration

#: There is one.
_ONLY = 1


def keep(connection: Connection, text: str, at: datetime) -> None:
    """Put a text in the place of the one before, or note that it was still sound at that time."""
    table = tables.configuration
    changed = connection.execute(update(table).where(table.c.id == _ONLY).values(text=text, good_at=at))
    if changed.rowcount == 0:
        connection.execute(insert(table).values(id=_ONLY, text=text, good_at=at))


def kept(connection: Connection) -> KeptConfiguration | None:
    """None: no configuration was ever kept."""
    row = connection.execute(select(tables.configuration)).one_or_none()
    return None if row is None else KeptConfiguration(text=row.text, good_at=row.good_at)
