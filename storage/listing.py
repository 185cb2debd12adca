"""Lists that are read piece by piece: each piece begins behind the last row had, whatever was added meanwhile."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, select, tuple_

from storage import tables
from storage.history import counts_at, event_query, event_view
from storage.runs import run_view
from tracking.listing import WantedEvents
from tracking.view import EventView, RunView


def events(connection: Connection, wanted: WantedEvents) -> list[EventView]:
    event = tables.event.c
    query = event_query().where(*_chosen(wanted))
    place = tuple_(event.observed_at, event.id)
    if wanted.newest_first:
        query = query.order_by(None).order_by(event.observed_at.desc(), event.id.desc())
    if wanted.after is not None:
        query = query.where(place < wanted.after if wanted.newest_first else place > wanted.after)
    return list(map(event_view, connection.execute(query.limit(wanted.limit))))


def _chosen(wanted: WantedEvents) -> Iterator[ColumnElement[bool]]:
    event, profile = tables.event.c, tables.profile.c
    yield counts_at(wanted.known_at)
    if wanted.since is not None:
        yield event.observed_at >= wanted.since
    if wanted.until is not None:
        yield event.observed_at <= wanted.until
    if wanted.person_id is not None:
        yield profile.person_id == wanted.person_id
    for column, words in ((event.kind, wanted.kinds), (profile.source, wanted.sources), (event.cause, wanted.causes)):
        if words:
            yield column.in_(sorted(words))
    if wanted.unacknowledged:
        yield tables.ack.c.at.is_(None)


def runs(connection: Connection, before: int | None, limit: int) -> list[RunView]:
    """The newest first; ``before`` is the id of the last one had."""
    query = select(tables.run).order_by(tables.run.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(tables.run.c.id < before)
    return [run_view(row) for row in connection.execute(query)]
