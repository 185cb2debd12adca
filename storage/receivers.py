"""How receivers take what is sent to them."""

from sqlalchemy import Connection, delete, insert, select, update

from storage import tables
from tracking.receiver import ReceiverState


def receiver_states(connection: Connection) -> dict[str, ReceiverState]:
    """By name, those receivers that something is held against."""
    return {
        row.name: ReceiverState(
            name=row.name,
            fingerprint=row.fingerprint,
            refusals=row.refusals,
            rest_until=row.rest_until,
            off_at=row.off_at,
            off_reason=row.off_reason,
        )
        for row in connection.execute(select(tables.receiver_state).order_by(tables.receiver_state.c.name))
    }


def keep_receiver(connection: Connection, state: ReceiverState) -> None:
    """Remember how a receiver stands."""
    if state == ReceiverState(name=state.name):
        forget_receiver(connection, state.name)
        return
    values = {
        "fingerprint": state.fingerprint,
        "refusals": state.refusals,
        "rest_until": state.rest_until,
        "off_at": state.off_at,
        "off_reason": state.off_reason,
    }
    changed = connection.execute(
        update(tables.receiver_state).where(tables.receiver_state.c.name == state.name).values(values)
    )
    if changed.rowcount == 0:
        connection.execute(insert(tables.receiver_state).values(name=state.name, **values))


def forget_receiver(connection: Connection, name: str) -> bool:
    """Hold nothing against a receiver any more: one that is off is tried again. False where nothing was."""
    deleted = connection.execute(delete(tables.receiver_state).where(tables.receiver_state.c.name == name))
    return deleted.rowcount > 0
