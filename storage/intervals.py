"""Facts as they held at a time, read from their intervals."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from storage import tables
from storage.paper_rows import paper_of_row
from storage.statements import rows_in
from tracking.check import KnownMetric
from tracking.reading import PaperReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A paper that was ever shown on a profile, seen from one time."""

    paper_id: int
    key: str
    #: Observed time of the first snapshot that showed it.
    first_seen: datetime
    listed: bool
    missed_at: datetime | None
    removed: bool


def presences(
    connection: Connection, profile_ids: Collection[int], at: datetime | None = None
) -> dict[int, list[Presence]]:
    """By profile, every paper that was shown until ``at`` (None: until now); a profile may have none."""
    listing = tables.listing.c
    query = (
        select(tables.listing, tables.paper.c.key)
        .join_from(tables.listing, tables.paper)
        .order_by(listing.profile_id, listing.paper_id, listing.since)
    )
    if at is not None:
        query = query.where(listing.since <= at)
    found: dict[int, dict[int, Presence]] = {profile_id: {} for profile_id in profile_ids}
    for row in rows_in(connection, query, listing.profile_id, profile_ids):
        papers = found[row.profile_id]
        before = papers.get(row.paper_id)
        papers[row.paper_id] = Presence(
            paper_id=row.paper_id,
            key=row.key,
            first_seen=before.first_seen if before else row.since,
            listed=not _passed(row.until, at),
            missed_at=row.missed_at if _passed(row.missed_at, at) else None,
            removed=_passed(row.removed_at, at),
        )
    return {profile_id: list(papers.values()) for profile_id, papers in found.items()}


def _passed(moment: datetime | None, at: datetime | None) -> bool:
    return moment is not None and (at is None or moment <= at)


def stored_papers(connection: Connection, paper_ids: Collection[int]) -> dict[int, PaperReading]:
    """Papers as they were last shown anywhere, without abstracts."""
    return {
        row.id: paper_of_row(row) for row in rows_in(connection, select(tables.paper), tables.paper.c.id, paper_ids)
    }


def aliases(connection: Connection, paper_ids: Collection[int]) -> dict[int, set[str]]:
    """Every alias of each paper."""
    columns = tables.alias.c
    found: dict[int, set[str]] = defaultdict(set)
    for row in rows_in(connection, select(columns.paper_id, columns.text), columns.paper_id, paper_ids):
        found[row.paper_id].add(row.text)
    return found


def metrics_shown(
    connection: Connection, profile_ids: Collection[int], at: datetime | None = None
) -> dict[int, dict[str, KnownMetric]]:
    """By profile and name, the values that were shown at a time (None: by the last snapshot)."""
    metric = tables.metric.c
    holds: ColumnElement[bool] = metric.until.is_(None)
    if at is not None:
        holds = and_(metric.since <= at, or_(holds, metric.until > at))
    query = select(tables.metric).where(holds, metric.value.is_not(None)).order_by(metric.name)
    found: dict[int, dict[str, KnownMetric]] = {profile_id: {} for profile_id in profile_ids}
    for row in rows_in(connection, query, metric.profile_id, profile_ids):
        found[row.profile_id][row.name] = KnownMetric(row.value, row.since)
    return found


def metrics_last_shown(connection: Connection, profile_ids: Collection[int]) -> dict[int, dict[str, KnownMetric]]:
    """By profile and name, the last value that was ever shown, on the last snapshot or before."""
    found = metrics_shown(connection, profile_ids)
    hidden, shown, other = tables.metric.alias("hidden"), tables.metric.alias("shown"), tables.metric.alias("other")
    last = select(func.max(other.c.since)).where(
        other.c.profile_id == hidden.c.profile_id, other.c.name == hidden.c.name, other.c.value.is_not(None)
    )
    query = (
        select(shown)
        .select_from(
            hidden.join(
                shown,
                and_(
                    shown.c.profile_id == hidden.c.profile_id,
                    shown.c.name == hidden.c.name,
                    shown.c.since == last.scalar_subquery(),
                ),
            )
        )
        .where(hidden.c.until.is_(None), hidden.c.value.is_(None))
    )
    for row in rows_in(connection, query, hidden.c.profile_id, profile_ids):
        found[row.profile_id][row.name] = KnownMetric(row.value, row.since)
    return found
