"""Facts as they held at a time, read from their intervals."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, and_, func, literal, or_, select, true, union_all

from storage import tables
from storage.paper_rows import last_shown_from_json
from storage.statements import rows_in
from tracking.check import KnownMetric
from tracking.milestone import MARKED
from tracking.reading import PaperReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A paper that was ever shown on a profile, seen from one time."""

    paper_id: int
    key: str
    #: Observed time of the first snapshot that showed it.
    first_seen: datetime
    #: As it was shown last, without its abstract; None while it is listed.
    last_shown: PaperReading | None
    missed_at: datetime | None
    removed: bool

    @property
    def listed(self) -> bool:
        return self.last_shown is None


def presences(
    connection: Connection, profile_ids: Collection[int], at: datetime | None = None
) -> dict[int, list[Presence]]:
    """By profile, every paper that was shown until ``at`` (None: until now); a profile may have none."""
    listing = tables.listing.c
    query = (
        select(tables.listing, tables.paper.c.key)
        .join_from(tables.listing, tables.paper)
        .where(_begun(listing.since, at))
        .order_by(listing.profile_id, listing.paper_id, listing.since)
    )
    found: dict[int, dict[int, Presence]] = {profile_id: {} for profile_id in profile_ids}
    for row in rows_in(connection, query, listing.profile_id, profile_ids):
        papers = found[row.profile_id]
        before = papers.get(row.paper_id)
        papers[row.paper_id] = Presence(
            paper_id=row.paper_id,
            key=row.key,
            first_seen=before.first_seen if before else row.since,
            last_shown=last_shown_from_json(row.last_shown) if _passed(row.until, at) else None,
            missed_at=row.missed_at if _passed(row.missed_at, at) else None,
            removed=_passed(row.removed_at, at),
        )
    return {profile_id: list(papers.values()) for profile_id, papers in found.items()}


def _begun(since: Column[datetime], at: datetime | None) -> ColumnElement[bool]:
    return true() if at is None else since <= at


def _passed(moment: datetime | None, at: datetime | None) -> bool:
    return moment is not None and (at is None or moment <= at)


def aliases(
    connection: Connection, profile_ids: Collection[int], at: datetime | None = None
) -> dict[int, dict[int, set[str]]]:
    """By profile and paper, every alias that the profile showed until ``at`` (None: until now)."""
    columns = tables.alias.c
    query = select(columns.profile_id, columns.paper_id, columns.text).where(_begun(columns.since, at))
    found: dict[int, dict[int, set[str]]] = {profile_id: defaultdict(set) for profile_id in profile_ids}
    for row in rows_in(connection, query, columns.profile_id, profile_ids):
        found[row.profile_id][row.paper_id].add(row.text)
    return found


def metrics_shown(
    connection: Connection, profile_ids: Collection[int], at: datetime | None = None
) -> dict[int, dict[str, KnownMetric]]:
    """By profile and name, the values that were shown at a time (None: by the last snapshot)."""
    metric = tables.metric.c
    query = (
        select(tables.metric)
        .where(_holds(metric.since, metric.until, at), metric.value.is_not(None))
        .order_by(metric.name)
    )
    found: dict[int, dict[str, KnownMetric]] = {profile_id: {} for profile_id in profile_ids}
    for row in rows_in(connection, query, metric.profile_id, profile_ids):
        found[row.profile_id][row.name] = KnownMetric(row.value, row.since)
    return found


def _holds(since: Column[datetime], until: Column[datetime], at: datetime | None) -> ColumnElement[bool]:
    if at is None:
        return until.is_(None)
    return and_(since <= at, or_(until.is_(None), until > at))


def metrics_last_shown(
    connection: Connection, profile_ids: Collection[int], at: datetime | None = None
) -> dict[int, dict[str, KnownMetric]]:
    """By profile and name, the last value that was shown until ``at`` (None: until now), however long before."""
    found = metrics_shown(connection, profile_ids, at)
    hidden, shown, other = tables.metric.alias("hidden"), tables.metric.alias("shown"), tables.metric.alias("other")
    last = select(func.max(other.c.since)).where(
        other.c.profile_id == hidden.c.profile_id,
        other.c.name == hidden.c.name,
        other.c.since < hidden.c.since,
        other.c.value.is_not(None),
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
        .where(_holds(hidden.c.since, hidden.c.until, at), hidden.c.value.is_(None))
    )
    for row in rows_in(connection, query, hidden.c.profile_id, profile_ids):
        found[row.profile_id][row.name] = KnownMetric(row.value, row.since)
    return found


def metrics_highest(
    connection: Connection, profile_ids: Collection[int], at: datetime | None = None
) -> dict[int, dict[str, KnownMetric]]:
    """By profile and name, of the metrics that have marks: the highest value until ``at``, and when it came first.

    Two looks into an index for each, however long its series.
    """
    profile, shown, first = tables.profile.c, tables.metric.alias("shown"), tables.metric.alias("first")
    marked = union_all(*(select(literal(name).label("name")) for name in sorted(MARKED))).subquery("marked")
    highest = (
        select(func.max(shown.c.value))
        .where(shown.c.profile_id == profile.id, shown.c.name == marked.c.name, _begun(shown.c.since, at))
        .correlate(tables.profile, marked)
        .scalar_subquery()
    )
    reached = (
        select(func.min(first.c.since))
        .where(first.c.profile_id == profile.id, first.c.name == marked.c.name, first.c.value == highest)
        .correlate(tables.profile, marked)
        .scalar_subquery()
    )
    query = select(profile.id, marked.c.name, highest.label("value"), reached.label("since")).select_from(
        tables.profile.join(marked, true())
    )
    found: dict[int, dict[str, KnownMetric]] = {profile_id: {} for profile_id in profile_ids}
    for row in rows_in(connection, query, profile.id, profile_ids):
        if row.value is not None:
            found[row.id][row.name] = KnownMetric(row.value, row.since)
    return found
