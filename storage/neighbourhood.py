"""The part of a profile's history in which late snapshots take their place, read as `tracking.chronicle` wants it."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from storage import archive, tables
from storage.keys import present_keys
from storage.known import known_at
from storage.paper_rows import last_shown_from_json
from storage.readings import StoredReading, reading_from_bytes
from storage.statements import StoredRow
from tracking.check import Known, Outcome, Watch
from tracking.chronicle import Later, Neighbourhood
from tracking.fold import Read
from tracking.milestone import MARKED
from tracking.reading import PaperReading

_GOOD = tuple(outcome for outcome in Outcome if outcome.is_good)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A neighbourhood, and the rows of ``snapshot`` behind its pages, by the pages' refs."""

    part: Neighbourhood
    rows: Mapping[str, StoredRow]


def load(connection: Connection, watch: Watch, first: datetime, last: datetime, following: int) -> Loaded:
    """Everything from the last snapshot before ``first`` to as many snapshots after ``last`` as asked for."""
    spans, next_one = _spans(connection, watch.profile_id, first, last, following)
    names = _names(connection, watch.profile_id)
    if not spans:
        return Loaded(Neighbourhood(watch=watch, before=None, parser=None, sightings=(), later=None, names=names), {})
    start, end = spans[0].observed_at, spans[-1].confirmed_at
    before, parser = _before(connection, watch.profile_id, start)
    times = _times(connection, watch.profile_id, start, end)
    confirming = _confirming(connection, watch.profile_id, spans)
    reads = _reads(connection, [*spans, *confirming.values()])
    sightings = [sighting for span in spans for sighting in _sightings(span, _within(times, span), confirming, reads)]
    part = Neighbourhood(
        watch=watch,
        before=before,
        parser=parser,
        sightings=tuple(sightings),
        later=None if next_one is None else _later(connection, watch.profile_id, end, next_one),
        names=names,
    )
    return Loaded(part, {ref(row.id): row for row in (*spans, *confirming.values())})


def read_of(connection: Connection, row: StoredRow) -> Read:
    """The page behind a row of ``snapshot`` (with its page), as its parser read it."""
    reads = _reads(connection, [row])
    return _read(row, reads, keys=reads[row.id].keys)


def ref(snapshot_id: int) -> str:
    """How a stored snapshot is called outside of this room."""
    return f"snapshot/{snapshot_id}"


def _spans(
    connection: Connection, profile_id: int, first: datetime, last: datetime, following: int
) -> tuple[Sequence[StoredRow], datetime | None]:
    """The snapshots that count, and the time of the one after them, None where there is none."""
    snapshot = tables.snapshot.c
    counts = and_(snapshot.profile_id == profile_id, snapshot.superseded_at.is_(None))
    predecessor = connection.execute(
        select(func.max(snapshot.observed_at)).where(counts, snapshot.observed_at < first)
    ).scalar()
    query = with_page(select(tables.snapshot)).where(counts).order_by(snapshot.observed_at)
    within = connection.execute(
        query.where(snapshot.observed_at >= (predecessor or first), snapshot.observed_at <= last)
    ).all()
    after = connection.execute(query.where(snapshot.observed_at > last).limit(following + 1)).all()
    return [*within, *after[:following]], after[following].observed_at if len(after) > following else None


def with_page(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A query of snapshots, with ``page_sha256`` of each."""
    blob = tables.blob.c
    return query.add_columns(blob.sha256.label("page_sha256")).join(tables.blob, blob.id == tables.snapshot.c.page_id)


def _names(connection: Connection, profile_id: int) -> dict[str, str]:
    alias, paper = tables.alias.c, tables.paper.c
    query = (
        select(alias.text, paper.key)
        .join_from(tables.alias, tables.paper, paper.id == alias.paper_id)
        .where(alias.profile_id == profile_id)
    )
    return {row.text: row.key for row in connection.execute(query)}


def _before(connection: Connection, profile_id: int, start: datetime) -> tuple[Known | None, str | None]:
    """What was known before the first of the snapshots, and the parser of the one before it."""
    known = known_at(connection, profile_id, before=start)
    if known is None:
        return None, None
    snapshot = tables.snapshot.c
    parser = connection.execute(
        select(snapshot.parser).where(
            snapshot.profile_id == profile_id,
            snapshot.observed_at == known.observed_at,
            snapshot.superseded_at.is_(None),
        )
    ).scalar_one()
    return known, str(parser)


def _times(connection: Connection, profile_id: int, start: datetime, end: datetime) -> list[datetime]:
    check = tables.check_log.c
    query = (
        select(check.observed_at)
        .where(
            check.profile_id == profile_id,
            check.observed_at >= start,
            check.observed_at <= end,
            check.outcome.in_(_GOOD),
        )
        .order_by(check.observed_at)
    )
    return list(connection.execute(query).scalars())


def _within(times: Sequence[datetime], span: StoredRow) -> list[datetime]:
    """When the span was seen; its own two ends are."""
    inside = times[bisect_left(times, span.observed_at) : bisect_right(times, span.confirmed_at)]
    return sorted({span.observed_at, span.confirmed_at, *inside})


def _confirming(connection: Connection, profile_id: int, spans: Sequence[StoredRow]) -> dict[datetime, StoredRow]:
    """Pages that say the same as the span they fall into and look otherwise, by the time at which they were seen."""
    snapshot = tables.snapshot.c
    starts = [span.observed_at for span in spans]
    query = (
        with_page(select(tables.snapshot))
        .where(
            snapshot.profile_id == profile_id,
            snapshot.superseded_at.is_not(None),
            snapshot.observed_at > starts[0],
            snapshot.observed_at <= spans[-1].confirmed_at,
        )
        .order_by(snapshot.id)
    )
    found = {}
    for row in connection.execute(query):
        span = spans[bisect_right(starts, row.observed_at) - 1]
        if span.observed_at < row.observed_at <= span.confirmed_at and span.parser == row.parser:
            found[row.observed_at] = row
    return found


def _reads(connection: Connection, rows: Sequence[StoredRow]) -> dict[int, StoredReading]:
    """What each page says, by the id of its snapshot, under the keys that the papers have today."""
    bodies = archive.load(connection, {row.reading_id for row in rows})
    read = {row.id: reading_from_bytes(bodies[row.reading_id]) for row in rows}
    keys = present_keys(connection, {key for stored in read.values() for key in stored.keys})
    return {
        snapshot_id: replace(stored, keys=tuple(keys.get(key, key) for key in stored.keys))
        for snapshot_id, stored in read.items()
    }


def _sightings(
    span: StoredRow,
    times: Sequence[datetime],
    confirming: Mapping[datetime, StoredRow],
    reads: Mapping[int, StoredReading],
) -> list[tuple[Read, tuple[datetime, ...]]]:
    """The times of a span, grouped by the page that was seen."""
    own = _read(span, reads, keys=reads[span.id].keys)
    found: list[tuple[Read, list[datetime]]] = []
    for at in times:
        read = own
        if at != span.observed_at and at in confirming:
            read = replace(_read(confirming[at], reads, keys=()), confirms=own.ref)
        if found and found[-1][0] is read:
            found[-1][1].append(at)
        else:
            found.append((read, [at]))
    return [(read, tuple(at)) for read, at in found]


def _read(row: StoredRow, reads: Mapping[int, StoredReading], keys: tuple[str, ...]) -> Read:
    return Read(reading=reads[row.id].reading, parser=row.parser, ref=ref(row.id), keys=keys, page=row.page_sha256)


def _later(connection: Connection, profile_id: int, end: datetime, next_one: datetime) -> Later:
    """What the store holds after ``end``; ``next_one`` is the time of the first snapshot after it."""
    alias, listing, metric, snapshot = tables.alias.c, tables.listing.c, tables.metric.c, tables.snapshot.c
    aliases = select(alias.text).where(alias.profile_id == profile_id, alias.since > end)
    shown = (
        select(tables.paper.c.key)
        .join_from(tables.listing, tables.paper)
        .where(listing.profile_id == profile_id, listing.since > end)
    )
    metrics = (
        select(metric.name)
        .where(
            metric.profile_id == profile_id,
            metric.value.is_not(None),
            or_(metric.until.is_(None), metric.until > next_one),
        )
        .distinct()
    )
    highest = (
        select(metric.name, func.max(metric.value).label("value"))
        .where(metric.profile_id == profile_id, metric.name.in_(MARKED), metric.since > end, metric.value.is_not(None))
        .group_by(metric.name)
    )
    complete = (
        select(snapshot.id)
        .where(
            snapshot.profile_id == profile_id,
            snapshot.superseded_at.is_(None),
            snapshot.observed_at > end,
            snapshot.complete,
        )
        .limit(1)
    )
    return Later(
        aliases=frozenset(connection.execute(aliases).scalars()),
        shown=frozenset(connection.execute(shown).scalars()),
        born=_born(connection, profile_id, end),
        metrics=frozenset(connection.execute(metrics).scalars()),
        highest={row.name: row.value for row in connection.execute(highest)},
        complete=connection.execute(complete).first() is not None,
    )


def _born(connection: Connection, profile_id: int, end: datetime) -> tuple[PaperReading, ...]:
    """Papers that the profile shows for the first time after ``end``, as they were shown last."""
    listing = tables.listing.c
    first = (
        select(listing.paper_id)
        .where(listing.profile_id == profile_id)
        .group_by(listing.paper_id)
        .having(func.min(listing.since) > end)
    )
    rows = connection.execute(
        select(tables.listing, tables.paper.c.key)
        .join_from(tables.listing, tables.paper)
        .where(listing.profile_id == profile_id, listing.paper_id.in_(first))
    ).all()
    born = [last_shown_from_json(row.last_shown) for row in rows if row.last_shown is not None]
    listed = {row.key for row in rows if row.last_shown is None}
    if listed:
        now = known_page(connection, profile_id)
        born += [paper for key, paper in now.papers().items() if key in listed]
    return tuple(born)


def known_page(connection: Connection, profile_id: int) -> StoredReading:
    """What the newest snapshot of a profile says."""
    snapshot = tables.snapshot.c
    newest = connection.execute(
        with_page(select(tables.snapshot))
        .where(snapshot.profile_id == profile_id, snapshot.superseded_at.is_(None))
        .order_by(snapshot.observed_at.desc())
        .limit(1)
    ).one()
    return _reads(connection, [newest])[newest.id]
