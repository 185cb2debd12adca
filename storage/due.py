"""Who is to be checked now."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, distinct, func, or_, select

from storage import tables
from storage.profiles import query_of_watches, watches
from storage.statements import StoredRow, rows_in
from tracking.cadence import RATE_WINDOW, Activity, Cadences, Checked
from tracking.check import Watch
from tracking.event import Cause, EventKind


def due(connection: Connection, now: datetime, cadences: Cadences | None) -> list[Watch]:
    """Active profiles whose next check has come, those first that have waited longest.

    Without cadences, every profile is due that was not asked for at ``now`` or later. One whose server asked to wait
    is not due before that. A check that ended before its turn came, because its host was left alone, asked for nothing.
    """
    query = query_of_watches().where(*may_be_asked(now))
    rows = connection.execute(query.order_by(tables.profile.c.asked_at.asc().nulls_first(), tables.profile.c.id)).all()
    if cadences is not None:
        rows = list(_whose_time_has_come(connection, rows, now, cadences))
    return watches(connection, rows)


def next_checks(
    connection: Connection, profile_ids: Collection[int], now: datetime, cadences: Cadences
) -> dict[int, datetime]:
    """When each of these profiles is due next, or has been since, by its id; not before its server allows it."""
    activity = activities(connection, now, profile_ids) if cadences.needs_activity else {}
    due_at = {}
    for row in rows_in(connection, select(tables.profile), tables.profile.c.id, profile_ids):
        at = cadences.next_at(_checked(row, activity.get(row.id)), now)
        due_at[row.id] = at if row.retry_at is None else max(at, row.retry_at)
    return due_at


def is_anybody_due(connection: Connection, now: datetime, cadences: Cadences) -> bool:
    """True where `due` would find somebody."""
    return next(_found(connection, now, cadences), None) is not None


def number_due(connection: Connection, now: datetime, cadences: Cadences) -> int:
    """How many `due` would find."""
    return sum(1 for _ in _found(connection, now, cadences))


def _found(connection: Connection, now: datetime, cadences: Cadences) -> Iterator[StoredRow]:
    profile = tables.profile.c
    query = select(profile.id, profile.source, profile.key, profile.asked_at).where(*may_be_asked(now))
    return _whose_time_has_come(connection, connection.execute(query).all(), now, cadences)


def may_be_asked(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """True of followed profiles that were not asked for at ``now`` or later, and whose server does not mind."""
    profile = tables.profile.c
    return (
        profile.retired_at.is_(None),
        or_(profile.asked_at.is_(None), profile.asked_at < now),
        or_(profile.retry_at.is_(None), profile.retry_at <= now),
    )


def _whose_time_has_come(
    connection: Connection, rows: Sequence[StoredRow], now: datetime, cadences: Cadences
) -> Iterator[StoredRow]:
    activity = activities(connection, now) if cadences.needs_activity else {}
    return (row for row in rows if cadences.is_due(_checked(row, activity.get(row.id)), now))


def _checked(row: StoredRow, activity: Activity | None) -> Checked:
    return Checked(source=row.source, key=row.key, at=row.asked_at, activity=activity)


def activities(
    connection: Connection, now: datetime, profile_ids: Collection[int] | None = None
) -> dict[int, Activity]:
    """What has happened lately on each profile (or on these), by its id; without those on which nothing ever did."""
    event, profile = tables.event.c, tables.profile.c

    def rows(query: Select[*tuple[Any, ...]], column: Column[Any]) -> Iterable[StoredRow]:
        if profile_ids is None:
            return connection.execute(query)
        return rows_in(connection, query, column, profile_ids)

    # One look into an index for each profile: what lies between its first event and the window is not read.
    first = select(func.min(event.observed_at)).where(event.profile_id == profile.id).correlate(tables.profile)
    began = select(profile.id, first.scalar_subquery().label("first_at"))
    lately = (
        select(
            event.profile_id,
            func.count(distinct(event.observed_at)).label("eventful"),
            func.max(event.observed_at).label("last_at"),
        )
        .where(
            event.observed_at >= now - RATE_WINDOW,
            event.observed_at <= now,
            event.superseded_at.is_(None),
            event.cause.in_((Cause.SOURCE, Cause.ENRICHMENT)),
            event.kind != EventKind.PROFILE_BASELINE,
        )
        .group_by(event.profile_id)
    )
    found = {row.id: Activity(first_at=row.first_at) for row in rows(began, profile.id) if row.first_at is not None}
    for row in rows(lately, event.profile_id):
        first_at = found[row.profile_id].first_at
        found[row.profile_id] = Activity(first_at=first_at, eventful=row.eventful, last_at=row.last_at)
    return found
