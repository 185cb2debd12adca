"""Rows that can not be as they are: references to nothing, intervals that overlap, spans that no check saw."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select, text

from storage import tables
from storage.engine import Database
from storage.proven import DAMAGE, fails, holds, unreadable
from tracking.check import Outcome
from tracking.proof import FAULTS_LISTED_MAX, Ground, Standing, Step

_Query = Select[*tuple[Any, ...]]
_GOOD = tuple(outcome for outcome in Outcome if outcome.is_good)
_UNCONFIRMED = "a snapshot whose last confirmation is not the last good check before the next"


def unsound(database: Database) -> Iterator[Step]:
    """A step for each thing that must never be; where there is such a row, one for each row."""
    if database.path is not None:
        yield from _file(database)
    for what, query in (*_dangling(), *_overlapping(), *_impossible()):
        with database.reading() as connection:
            yield from _none(connection, what, query)


def unconfirmed(connection: Connection, snapshot_ids: Collection[int]) -> Iterator[Step]:
    """A step that fails for each of these snapshots that was not last confirmed when a check last saw what it says."""
    query = _unconfirmed().where(tables.snapshot.c.id.in_(snapshot_ids))
    return (step for step in _none(connection, _UNCONFIRMED, query) if step.standing is Standing.FAILS)


def _file(database: Database) -> Iterator[Step]:
    """SQLite looks at every page of its file, and at every index."""
    with database.reading() as connection:
        check = text(f"PRAGMA integrity_check({FAULTS_LISTED_MAX})")
        said = [str(line) for line in connection.execute(check).scalars()]
    if said == ["ok"]:
        yield holds(Ground.TABLES, database.name, "the pages of the file are whole, and so is every index")
    else:
        yield from (fails(Ground.TABLES, database.name, line) for line in said)


def _none(connection: Connection, what: str, query: _Query) -> Iterator[Step]:
    """The columns of the query tell which row it is."""
    try:
        found = connection.execute(query.limit(FAULTS_LISTED_MAX)).all()
    except DAMAGE as error:
        yield unreadable(Ground.TABLES, what, error)
        return
    for row in found:
        place = ", ".join(f"{name} {value}" for name, value in row._mapping.items())
        yield fails(Ground.TABLES, place, what)
    if not found:
        yield holds(Ground.TABLES, "all rows", f"never: {what}")


def _dangling() -> Iterator[tuple[str, _Query]]:
    for table in tables.Row.metadata.sorted_tables:
        for key in table.foreign_keys:
            parent = key.column.table.alias("parent")
            is_there = exists().where(parent.c[key.column.name] == key.parent)
            query = select(*table.primary_key.columns).where(key.parent.is_not(None), ~is_there)
            yield f"a row of {table.name} whose {key.parent.name} is that of no {key.column.table.name}", query


def _overlapping() -> Iterator[tuple[str, _Query]]:
    listing, metric = tables.listing.c, tables.metric.c
    later, following = tables.listing.alias("later"), tables.metric.alias("following")
    begins_before_end: ColumnElement[bool] = exists().where(
        later.c.profile_id == listing.profile_id,
        later.c.paper_id == listing.paper_id,
        later.c.since > listing.since,
        or_(listing.until.is_(None), later.c.since < listing.until),
    )
    query = select(listing.profile_id, listing.paper_id, listing.since)
    yield "a listing that overlaps the next", query.where(or_(listing.until <= listing.since, begins_before_end))
    next_since = select(func.min(following.c.since)).where(
        following.c.profile_id == metric.profile_id,
        following.c.name == metric.name,
        following.c.since > metric.since,
    )
    query = select(metric.profile_id, metric.name, metric.since)
    yield (
        "a value that does not end where the next begins",
        query.where(metric.until.is_distinct_from(next_since.scalar_subquery())),
    )


def _impossible() -> Iterator[tuple[str, _Query]]:
    check, paper, blob = tables.check_log.c, tables.paper.c, tables.blob.c
    base = tables.blob.alias("base")
    yield _UNCONFIRMED, _unconfirmed()
    yield (
        "a check that ended as no check ends",
        select(check.profile_id, check.observed_at, check.outcome).where(check.outcome.not_in(list(Outcome))),
    )
    first = select(func.min(tables.alias.c.since)).where(tables.alias.c.paper_id == paper.id)
    yield (
        "a paper that was shown before it was first shown",
        select(paper.id, paper.key).where(paper.first_shown_at > first.scalar_subquery()),
    )
    lies_above = exists().where(base.c.id == blob.base_id, base.c.depth < blob.depth)
    yield (
        "a difference that does not lie above what it is a difference to",
        select(blob.id.label("blob"), blob.depth).where(blob.base_id.is_not(None), ~lies_above),
    )


def _unconfirmed() -> _Query:
    snapshot, check, other = tables.snapshot.c, tables.check_log.c, tables.snapshot.alias("other")
    following = (
        select(func.min(other.c.observed_at))
        .where(
            other.c.profile_id == snapshot.profile_id,
            other.c.observed_at > snapshot.observed_at,
            other.c.superseded_at.is_(None),
        )
        .correlate(tables.snapshot)
        .scalar_subquery()
    )
    last_seen = (
        select(func.max(check.observed_at))
        .where(
            check.profile_id == snapshot.profile_id,
            check.observed_at >= snapshot.observed_at,
            or_(following.is_(None), check.observed_at < following),
            check.outcome.in_(_GOOD),
        )
        .correlate(tables.snapshot)
        .scalar_subquery()
    )
    return select(snapshot.id.label("snapshot"), snapshot.profile_id, snapshot.observed_at).where(
        snapshot.superseded_at.is_(None), snapshot.confirmed_at.is_distinct_from(last_seen)
    )
