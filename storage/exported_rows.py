"""The rows of an export, as the tables hold them; a few profiles at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from storage import archive, tables
from storage.errors import StoreError
from storage.keys import present_keys
from storage.paper_rows import last_shown_from_json
from storage.readings import reading_from_bytes
from storage.statements import StoredRow, rows_in
from tracking.exported import Cell, ExportedRow, Table
from tracking.reading import PaperReading
from tracking.reading_json import paper_to_json

#: By the id of a profile.
Rows = Mapping[int, Sequence[ExportedRow]]
#: By the id of a profile: the cells with which every row of it begins.
Owners = Mapping[int, Mapping[str, Cell]]


def person_rows(roster: Iterable[StoredRow]) -> Iterator[ExportedRow]:
    """One row for each person of these profiles, who is called as by the first that is followed, by id."""
    owned: defaultdict[int, list[StoredRow]] = defaultdict(list)
    for profile in roster:
        owned[profile.person_id].append(profile)
    for person_id, profiles in sorted(owned.items()):
        first = min(profiles, key=lambda profile: (profile.retired_at is not None, profile.id))
        yield ExportedRow(
            Table.PEOPLE,
            {
                "person_id": person_id,
                "name": first.person,
                "tags": list(first.tags),
                "followed": first.retired_at is None,
            },
        )


def profile_row(owner: Mapping[str, Cell], profile: StoredRow, newest: StoredRow | None) -> ExportedRow:
    """The row of ``profile``, with the times of its last accepted snapshot."""
    return ExportedRow(
        Table.PROFILES,
        {
            **owner,
            "person_id": profile.person_id,
            "url": profile.url,
            "followed": profile.retired_at is None,
            "retired_at": profile.retired_at,
            "checked_at": profile.checked_at,
            "outcome": profile.outcome,
            "detail": profile.detail,
            "observed_at": newest.observed_at if newest else None,
            "confirmed_at": newest.confirmed_at if newest else None,
        },
    )


def paper_rows(connection: Connection, owners: Owners, newest: Mapping[int, StoredRow]) -> Rows:
    """One row for each stretch of time in which a paper stood on a profile, by paper and time."""
    listing = tables.listing.c
    query = select(tables.listing, tables.paper.c.key).join_from(tables.listing, tables.paper)
    listings = list(rows_in(connection, query, listing.profile_id, owners))
    listings.sort(key=lambda row: (row.key, row.since))
    shown = _shown(connection, newest, {row.key for row in listings})
    found: defaultdict[int, list[ExportedRow]] = defaultdict(list)
    for row in listings:
        cells: dict[str, Cell] = {
            **owners[row.profile_id],
            "paper": row.key,
            "since": row.since,
            "until": row.until,
            "missed_at": row.missed_at,
            "removed_at": row.removed_at,
        }
        found[row.profile_id].append(ExportedRow(Table.PAPERS, cells | paper_to_json(_facts(row, shown))))
    return found


def _shown(
    connection: Connection, newest: Mapping[int, StoredRow], keys: Collection[str]
) -> dict[int, dict[str, PaperReading]]:
    """By profile and key of today, the papers of these snapshots."""
    bodies = archive.load(connection, {row.reading_id for row in newest.values()})
    stored = {profile_id: reading_from_bytes(bodies[row.reading_id]) for profile_id, row in newest.items()}
    given_up = {key for reading in stored.values() for key in reading.keys if key not in keys}
    now = present_keys(connection, given_up)
    return {
        profile_id: {now.get(key, key): paper for key, paper in reading.papers().items()}
        for profile_id, reading in stored.items()
    }


def _facts(row: StoredRow, shown: Mapping[int, Mapping[str, PaperReading]]) -> PaperReading:
    if row.last_shown is not None:
        return last_shown_from_json(row.last_shown)
    paper = shown.get(row.profile_id, {}).get(row.key)
    if paper is None:
        raise StoreError(f"profile {row.profile_id} lists {row.key}, which is not on its last page")
    return paper


def metric_rows(connection: Connection, owners: Owners) -> Rows:
    """One row for each time in which a metric had one value, by name and time."""
    metric = tables.metric.c
    query = select(tables.metric).order_by(metric.profile_id, metric.name, metric.since)
    found: defaultdict[int, list[ExportedRow]] = defaultdict(list)
    for row in rows_in(connection, query, metric.profile_id, owners):
        cells = {"metric": row.name, "since": row.since, "until": row.until, "value": row.value}
        found[row.profile_id].append(ExportedRow(Table.METRICS, {**owners[row.profile_id], **cells}))
    for rows in found.values():
        # Databases differ in what they hold for the order of texts.
        rows.sort(key=lambda row: (row.cells["metric"], row.cells["since"]))
    return found


def snapshot_rows(connection: Connection, owners: Owners, newest: Collection[int] | None = None) -> Rows:
    """The snapshots that count, by time; or only those of these ids."""
    snapshot = tables.snapshot.c
    query = (
        select(tables.snapshot, tables.blob.c.sha256)
        .join_from(tables.snapshot, tables.blob, tables.blob.c.id == snapshot.page_id)
        .where(snapshot.superseded_at.is_(None))
        .order_by(snapshot.profile_id, snapshot.observed_at)
    )
    found: defaultdict[int, list[ExportedRow]] = defaultdict(list)
    if newest is None:
        stored = rows_in(connection, query, snapshot.profile_id, owners)
    else:
        stored = rows_in(connection, query, snapshot.id, newest)
    for row in stored:
        cells = {
            "observed_at": row.observed_at,
            "confirmed_at": row.confirmed_at,
            "recorded_at": row.recorded_at,
            "origin": row.origin,
            "place": row.place,
            "parser": row.parser,
            "complete": row.complete,
            "page_sha256": row.sha256.hex(),
        }
        found[row.profile_id].append(ExportedRow(Table.SNAPSHOTS, {**owners[row.profile_id], **cells}))
    return found


def event_query(profile_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """The events of these profiles that count, by profile and time."""
    event = tables.event.c
    return (
        select(tables.event, tables.paper.c.key.label("paper_key"))
        .outerjoin_from(tables.event, tables.paper, tables.paper.c.id == event.paper_id)
        .where(event.superseded_at.is_(None), event.profile_id.in_(profile_ids))
        .order_by(event.profile_id, event.observed_at, event.id)
    )


def event_row(owner: Mapping[str, Cell], row: StoredRow) -> ExportedRow:
    return ExportedRow(
        Table.EVENTS,
        {
            **owner,
            "id": row.id,
            "kind": row.kind,
            "cause": row.cause,
            "paper": row.paper_key,
            "paper_title": row.paper_title,
            "field": row.field,
            "before": row.before,
            "after": row.after,
            "observed_at": row.observed_at,
            "recorded_at": row.recorded_at,
        },
    )
