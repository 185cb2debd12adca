"""Profiles that are not where they are followed: gone, or moved for good, as their last checks say."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, and_, case, func, or_, select

from storage import tables
from storage.last_checks import last_check_of
from storage.statements import StoredRow
from tracking.check import Outcome
from tracking.event import EventKind
from tracking.whereabouts import Absence, Look, absence

#: Looks of one profile that are read.
_LOOKS = 100
_GOOD = tuple(outcome for outcome in Outcome if outcome.is_good)
#: Outcomes of checks for which the source was not asked, or gave no answer about the profile.
_UNANSWERED = (
    Outcome.ROBOTS,
    Outcome.COOLING_DOWN,
    Outcome.UNREACHABLE,
    Outcome.THROTTLED,
    Outcome.BLOCKED,
    Outcome.LOGIN,
    Outcome.MOVED,
)


def absences(connection: Connection) -> list[Absence]:
    """Of every followed profile whose last check did not find it in its place, unless that was told."""
    profile, check = tables.profile.c, tables.check_log.c
    last = and_(check.profile_id == profile.id, check.observed_at == profile.checked_at)
    query = (
        select(profile.id, check.outcome, check.moved_to)
        .join_from(tables.profile, tables.check_log, last)
        .where(
            profile.retired_at.is_(None),
            or_(check.outcome == Outcome.GONE, and_(check.outcome.in_(_GOOD), check.moved_to.is_not(None))),
        )
        .order_by(profile.id)
    )
    return list(_absences(connection, connection.execute(query).all()))


def _absences(connection: Connection, rows: Iterable[StoredRow]) -> Iterator[Absence]:
    for row in rows:
        told_at = _told_at(connection, row)
        looks = _looks(connection, row.id, told_at)
        last = last_check_of(connection, row.id)
        if last is not None and (found := absence(last, looks, told=told_at is not None)) is not None:
            yield found


def _told_at(connection: Connection, row: StoredRow) -> datetime | None:
    """When it was told last to be gone, or to have moved to where it is now."""
    event = tables.event.c
    kind = EventKind.PROFILE_GONE if row.moved_to is None else EventKind.PROFILE_MOVED
    query = select(event.observed_at, event.after).where(
        event.profile_id == row.id, event.kind == kind, event.superseded_at.is_(None)
    )
    told = connection.execute(query).all()
    return max((one.observed_at for one in told if row.moved_to in (None, one.after)), default=None)


def _looks(connection: Connection, profile_id: int, after: datetime | None) -> list[Look]:
    """The last ones first."""
    check = tables.check_log.c
    query = select(tables.check_log).where(check.profile_id == profile_id).order_by(check.observed_at.desc())
    if after is not None:
        query = query.where(check.observed_at > after)
    return [
        Look(at=row.observed_at, outcome=Outcome(row.outcome), moved_to=row.moved_to)
        for row in connection.execute(query.limit(_LOOKS))
    ]


def count_gone(connection: Connection, source: str, after: datetime, until: datetime) -> tuple[int, int]:
    """How many followed profiles of a source were gone in that time, and about how many it gave an answer."""
    profile, check = tables.profile.c, tables.check_log.c
    is_gone = case((check.outcome == Outcome.GONE, check.profile_id))
    query = (
        select(func.count(is_gone.distinct()).label("gone"), func.count(check.profile_id.distinct()).label("answered"))
        .join_from(tables.profile, tables.check_log, check.profile_id == profile.id)
        .where(
            profile.source == source,
            profile.retired_at.is_(None),
            check.observed_at > after,
            check.observed_at <= until,
            check.outcome.not_in(_UNANSWERED),
        )
    )
    row = connection.execute(query).one()
    return row.gone, row.answered
