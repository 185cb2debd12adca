"""How the last checks of a source's profiles ended, and since when their pages cannot be read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from storage import tables
from storage.names import shown_name
from storage.statements import StoredRow
from tracking.check import Outcome
from tracking.drift import READ, LastCheck
from tracking.event import EventKind

#: Outcomes which say that the page of that time can be read.
_READABLE = (*READ, Outcome.NOT_MODIFIED)


def last_checks(connection: Connection) -> list[LastCheck]:
    """The last check of every followed profile, of those sources only of which a page could not be read."""
    since = _unread_since(connection)
    if not since:
        return []
    profile = tables.profile.c
    failing = select(profile.source).where(profile.id.in_(since))
    query = checked_profiles().where(profile.source.in_(failing))
    return [last_check(row, since.get(row.id)) for row in connection.execute(query)]


def every_last_check(connection: Connection, limit: int | None = None) -> list[LastCheck]:
    """Of every followed profile that was checked, in the order of their ids."""
    return [last_check(row) for row in connection.execute(checked_profiles().limit(limit))]


def last_check_of(connection: Connection, profile_id: int) -> LastCheck | None:
    """Of one profile; None where it is not followed any more, or was never checked."""
    row = connection.execute(checked_profiles().where(tables.profile.c.id == profile_id)).one_or_none()
    return None if row is None else last_check(row)


def checked_profiles() -> Select[*tuple[Any, ...]]:
    """Rows that `last_check` takes, of every followed profile that was checked, in the order of their ids."""
    profile = tables.profile.c
    return (
        select(tables.profile, shown_name().label("person"), tables.person.c.tags)
        .join_from(tables.profile, tables.person)
        .where(profile.retired_at.is_(None), profile.checked_at.is_not(None))
        .order_by(profile.id)
    )


def last_check(row: StoredRow, unread_since: datetime | None = None) -> LastCheck:
    """How the last check of a profile ended."""
    return LastCheck(
        profile_id=row.id,
        person=row.person,
        tags=tuple(row.tags),
        source=row.source,
        key=row.key,
        url=row.url,
        checked_at=row.checked_at,
        outcome=Outcome(row.outcome),
        detail=row.detail or "",
        unread_since=unread_since,
    )


def _unread_since(connection: Connection) -> Mapping[int, datetime]:
    """By profile whose last page could not be read: when the first came that could not, since one could."""
    profile, check = tables.profile.c, tables.check_log.c
    failing = select(profile.id).where(profile.retired_at.is_(None), profile.outcome == Outcome.PARSE_FAILED)
    readable = (
        select(check.profile_id, func.max(check.observed_at).label("at"))
        .where(check.profile_id.in_(failing), check.outcome.in_(_READABLE))
        .group_by(check.profile_id)
        .subquery()
    )
    query = (
        select(check.profile_id, func.min(check.observed_at).label("since"))
        .select_from(tables.check_log.outerjoin(readable, readable.c.profile_id == check.profile_id))
        .where(
            check.profile_id.in_(failing),
            check.outcome == Outcome.PARSE_FAILED,
            or_(readable.c.at.is_(None), check.observed_at > readable.c.at),
        )
        .group_by(check.profile_id)
    )
    return {row.profile_id: row.since for row in connection.execute(query)}


def last_drifts(connection: Connection) -> dict[str, datetime]:
    """By source: when it was last recorded that its layout has moved."""
    profile, event = tables.profile.c, tables.event.c
    query = (
        select(profile.source, func.max(event.observed_at).label("at"))
        .join_from(tables.event, tables.profile)
        .where(event.kind == EventKind.SOURCE_DRIFT, event.superseded_at.is_(None))
        .group_by(profile.source)
    )
    return {row.source: row.at for row in connection.execute(query)}
