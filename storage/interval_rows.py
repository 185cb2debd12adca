"""Intervals after a rewrite: which paper stood on a profile when, which metric had which value when.

Of a metric only the neighbouring intervals are read, however long its series; of a paper all of its few.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, and_, delete, func, select, update

from storage import tables
from storage.paper_rows import last_shown_to_json
from storage.statements import insert_rows, rows_in
from tracking.chronicle import Rewrite
from tracking.fold import Mark

_ORDER = tuple(Mark)
#: What can be said of a listing beside when it began.
_LISTING_FIELDS = ("until", "missed_at", "removed_at", "last_shown")
_MarkOfPaper = tuple[datetime, Mark]


def rewrite_listings(connection: Connection, profile_id: int, done: Rewrite, paper_ids: Mapping[str, int]) -> set[int]:
    """Take marks out of the presence of papers and put others in; the ids of the papers touched."""
    gone: defaultdict[int, set[_MarkOfPaper]] = defaultdict(set)
    added: defaultdict[int, dict[_MarkOfPaper, dict[str, Any] | None]] = defaultdict(dict)
    for key, at, mark in done.marks_gone:
        gone[paper_ids[key]].add((at, mark))
    for (key, at, mark), paper in done.marks_added:
        added[paper_ids[key]][at, mark] = last_shown_to_json(paper) if paper is not None else None
    touched = gone.keys() | added.keys()
    stored = _listings(connection, profile_id, touched)
    fresh: list[dict[str, Any]] = []
    for paper_id in sorted(touched):
        marks = {place: shown for place, shown in _marks(stored[paper_id]).items() if place not in gone[paper_id]}
        now = _rows(marks | added[paper_id])
        for row in stored[paper_id]:
            if row not in now:
                _delete_listing(connection, profile_id, paper_id, row["since"])
        identity = {"profile_id": profile_id, "paper_id": paper_id}
        fresh += [identity | row for row in now if row not in stored[paper_id]]
    insert_rows(connection, tables.listing, fresh)
    return set(touched)


def _listings(
    connection: Connection, profile_id: int, paper_ids: Collection[int]
) -> defaultdict[int, list[dict[str, Any]]]:
    listing = tables.listing.c
    query = select(tables.listing).where(listing.profile_id == profile_id).order_by(listing.since)
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows_in(connection, query, listing.paper_id, paper_ids):
        found[row.paper_id].append({name: getattr(row, name) for name in ("since", *_LISTING_FIELDS)})
    return found


def _marks(rows: Iterable[Mapping[str, Any]]) -> dict[_MarkOfPaper, dict[str, Any] | None]:
    found: dict[_MarkOfPaper, dict[str, Any] | None] = {}
    for row in rows:
        found[row["since"], Mark.SHOWN] = None
        for name, mark in (("until", Mark.HIDDEN), ("missed_at", Mark.MISSED), ("removed_at", Mark.REMOVED)):
            if row[name] is not None:
                found[row[name], mark] = row["last_shown"] if mark is Mark.HIDDEN else None
    return found


def _rows(marks: Mapping[_MarkOfPaper, dict[str, Any] | None]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for at, mark in sorted(marks, key=lambda place: (place[0], _ORDER.index(place[1]))):
        match mark:
            case Mark.SHOWN:
                rows.append({"since": at} | dict.fromkeys(_LISTING_FIELDS))
            case Mark.HIDDEN:
                rows[-1] |= {"until": at, "last_shown": marks[at, mark]}
            case Mark.MISSED:
                rows[-1]["missed_at"] = at
            case Mark.REMOVED:
                rows[-1]["removed_at"] = at
    return rows


def _delete_listing(connection: Connection, profile_id: int, paper_id: int, since: datetime) -> None:
    listing = tables.listing.c
    connection.execute(
        delete(tables.listing).where(
            listing.profile_id == profile_id, listing.paper_id == paper_id, listing.since == since
        )
    )


def rewrite_metrics(connection: Connection, profile_id: int, done: Rewrite) -> None:
    """Take values out of the series of metrics and put others in."""
    gone: defaultdict[str, set[datetime]] = defaultdict(set)
    added: defaultdict[str, dict[datetime, Any]] = defaultdict(dict)
    for name, at in done.metrics_gone:
        gone[name].add(at)
    for (name, at), value in done.metrics_added:
        added[name][at] = value
    for name in sorted(gone.keys() | added.keys()):
        _rewrite_metric(connection, profile_id, name, gone[name], added[name])


def _rewrite_metric(
    connection: Connection, profile_id: int, name: str, gone: Collection[datetime], added: Mapping[datetime, Any]
) -> None:
    metric = tables.metric.c
    series = and_(metric.profile_id == profile_id, metric.name == name)
    for at in gone:
        connection.execute(delete(tables.metric).where(series, metric.since == at))
    insert_rows(
        connection,
        tables.metric,
        [
            {"profile_id": profile_id, "name": name, "since": at, "until": None, "value": value}
            for at, value in added.items()
        ],
    )
    changed = (*gone, *added)
    last_before = select(func.max(metric.since)).where(series, metric.since < min(changed))
    start = connection.execute(last_before).scalar() or min(changed)
    query = select(metric.since, metric.until).where(series).order_by(metric.since)
    rows = connection.execute(query.where(metric.since >= start, metric.since <= max(changed))).all()
    after = connection.execute(query.where(metric.since > max(changed)).limit(1)).first()
    for row, following in pairwise([*rows, after]):
        until = following.since if following is not None else None
        if row is not None and row.until != until:
            connection.execute(update(tables.metric).where(series, metric.since == row.since).values(until=until))
