"""Events as a reader turns over their pages: the newest first, so many at a time."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, tuple_

from storage import tables
from storage.history import event_query, event_view
from storage.statements import StoredRow, rows_in
from tracking.directory import Happening
from tracking.event import Cause, EventKind

#: Their events are news; what was filled in or read anew is not.
_NEWS = (Cause.SOURCE, Cause.ENRICHMENT)
#: News is recorded by the run that observed it.
_LONGEST_RUN = timedelta(days=2)


def news_counts(connection: Connection, since: datetime) -> dict[EventKind, int]:
    """How much news of each kind was recorded after a time."""
    event = tables.event.c
    query = select(event.kind, func.count()).where(*_news(since)).group_by(event.kind)
    return {EventKind(row.kind): row[1] for row in connection.execute(query)}


def news(connection: Connection, since: datetime, kinds: Collection[EventKind], limit: int) -> list[Happening]:
    """The news of these kinds recorded after a time, the newest first."""
    event = tables.event.c
    chosen = select(event.id).where(*_news(since), event.kind.in_(sorted(kinds)))
    chosen = chosen.order_by(event.recorded_at.desc(), event.kind.desc()).limit(limit)
    event_ids = list(connection.execute(chosen).scalars())
    rows = {row.id: row for row in rows_in(connection, _query(), event.id, event_ids)}
    return [_happening(rows[event_id]) for event_id in event_ids]


def happenings_of(
    connection: Connection,
    person_id: int,
    *,
    kinds: Collection[EventKind],
    until: datetime | None,
    before: tuple[datetime, str] | None,
    limit: int,
) -> list[Happening]:
    """What happened on a person's pages, the last observed first; ``before`` is time and id of the last one had."""
    event, profile = tables.event.c, tables.profile.c
    query = _query().where(profile.person_id == person_id, event.superseded_at.is_(None), event.kind.in_(sorted(kinds)))
    if until is not None:
        query = query.where(event.observed_at <= until)
    if before is not None:
        query = query.where(tuple_(event.observed_at, event.id) < before)
    query = query.order_by(None).order_by(event.observed_at.desc(), event.id.desc())
    return list(map(_happening, connection.execute(query.limit(limit))))


def _news(since: datetime) -> tuple[ColumnElement[bool], ...]:
    event = tables.event.c
    return (
        # The index is by the time of observation: one by that of recording would cost every event for good.
        event.observed_at > since - _LONGEST_RUN,
        event.recorded_at > since,
        event.superseded_at.is_(None),
        event.cause.in_(_NEWS),
    )


def _query() -> Select[*tuple[Any, ...]]:
    return event_query().add_columns(tables.profile.c.person_id)


def _happening(row: StoredRow) -> Happening:
    return Happening(person_id=row.person_id, event=event_view(row))
