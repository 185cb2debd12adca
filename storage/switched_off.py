"""Receivers that are not tried any more, until somebody has looked at them."""

from collections.abc import Collection

from sqlalchemy import Connection, null, select, update

from storage import tables
from tracking.alert import SwitchedOff


def switched_off(connection: Connection) -> dict[str, SwitchedOff]:
    """The receivers that are not tried any more, by name."""
    state = tables.receiver_state.c
    rows = connection.execute(select(tables.receiver_state).where(state.off_at.is_not(None)).order_by(state.name))
    return {row.name: SwitchedOff(row.name, row.off_at, row.off_reason or "") for row in rows}


def switch_on(connection: Connection, names: Collection[str]) -> None:
    """Have these receivers tried again."""
    state = tables.receiver_state
    connection.execute(
        update(state).where(state.c.name.in_(names)).values(refusals=0, off_at=null(), off_reason=null())
    )
