"""Events that do not hold any more, or not as they were. They stay on record, and so does what was told of them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage import tables
from storage.seals import seal_of_event
from storage.statements import rows_in, update_each
from tracking.elsewhere import is_second_showing
from tracking.event import Event, EventKind


def supersede_events(connection: Connection, event_ids: Collection[str], at: datetime) -> None:
    """From ``at`` on the events do not count. A message that waits still goes out: it is as true as it was."""
    if event_ids:
        connection.execute(
            update(tables.event)
            .where(tables.event.c.id.in_(sorted(event_ids)), tables.event.c.superseded_at.is_(None))
            .values(superseded_at=at)
        )


def correct_events(connection: Connection, events: Collection[Event], paper_ids: Mapping[str, int]) -> None:
    """Write what these events say now: something has come in between them and what they are compared with."""
    now = {
        event.id: {
            "paper_id": paper_ids[event.paper_key] if event.paper_key is not None else None,
            "paper_title": event.paper_title,
            "before": event.before,
            "after": event.after,
            "since": event.since,
        }
        for event in events
    }
    stored = list(rows_in(connection, select(tables.event), tables.event.c.id, now))
    for row in stored:
        if is_second_showing(EventKind(row.kind), row.field):
            # No page of its own says which source was the first.
            now[row.id] |= {"before": row.before, "after": row.after, "since": row.since}
    update_each(
        connection,
        tables.event,
        ["id"],
        [{"id": row.id, "seal": seal_of_event({**row._mapping, **now[row.id]})} | now[row.id] for row in stored],
    )
