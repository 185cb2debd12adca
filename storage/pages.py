"""The accepted snapshots with their raw pages, one after the other, whatever their number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from storage import archive, tables
from storage.engine import Database
from storage.names import shown_name
from storage.packed import PackedSnapshot
from storage.rejections import rejections
from storage.statements import StoredRow
from tracking.check import Page
from tracking.rejection import Rejection, rejected_at
from tracking.stored import StoredSnapshot

#: So many are decoded at a time: some 6 MB of pages, and a chain of the archive is walked again once in so many.
_SNAPSHOTS_AT_ONCE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSnapshots:
    """The snapshots that count, by profile and then by observed time; None chooses all.

    ``since`` and ``until`` are observed times, both included. Each iteration reads anew, a few at a time and each in a
    short transaction: what is recorded meanwhile is seen where it lies ahead. A snapshot whose raw page was let go of
    has none. Raises ArchiveError for a page or a reading that does not hold what was put into it.
    """

    database: Database
    source: str | None = None
    person_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def count(self) -> int:
        """How many there are now."""
        query = select(func.count()).select_from(tables.snapshot.join(tables.profile)).where(*self._chosen())
        with self.database.reading() as connection:
            return connection.execute(query).scalar_one()

    def __iter__(self) -> Iterator[StoredSnapshot]:
        return (snapshot.unpacked() for snapshot in self.packed())

    def packed(self) -> Iterator[PackedSnapshot]:
        """The same, for whoever unpacks them elsewhere."""
        snapshot = tables.snapshot.c
        first = _query().where(*self._chosen())
        part = first
        while True:
            with self.database.reading() as connection:
                rows = list(connection.execute(part))
                blob_ids = {blob_id for row in rows for blob_id in (row.page_id, row.reading_id)}
                bodies = archive.load_kept(connection, blob_ids)
                spoken = rejections(connection, [row.profile_id for row in rows])
            for row in rows:
                yield _packed_snapshot(row, bodies, spoken)
            if len(rows) < _SNAPSHOTS_AT_ONCE:
                return
            place = (rows[-1].profile_id, rows[-1].observed_at)
            part = first.where(tuple_(snapshot.profile_id, snapshot.observed_at) > place)

    def last_before(self, profile_id: int, at: datetime) -> PackedSnapshot | None:
        """The snapshot of a profile that counted last before a time, chosen or not; None where there is none."""
        snapshot = tables.snapshot.c
        query = (
            _query()
            .where(snapshot.superseded_at.is_(None), snapshot.profile_id == profile_id, snapshot.observed_at < at)
            .order_by(None)
            .order_by(snapshot.observed_at.desc())
            .limit(1)
        )
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            bodies = archive.load_kept(connection, {row.page_id, row.reading_id})
            return _packed_snapshot(row, bodies, rejections(connection, [profile_id]))

    def _chosen(self) -> list[ColumnElement[bool]]:
        profile, snapshot = tables.profile.c, tables.snapshot.c
        chosen: list[ColumnElement[bool]] = [snapshot.superseded_at.is_(None)]
        if self.source is not None:
            chosen.append(profile.source == self.source)
        if self.person_id is not None:
            chosen.append(profile.person_id == self.person_id)
        if self.since is not None:
            chosen.append(snapshot.observed_at >= self.since)
        if self.until is not None:
            chosen.append(snapshot.observed_at <= self.until)
        return chosen


def _query() -> Select[*tuple[object, ...]]:
    profile, snapshot = tables.profile.c, tables.snapshot.c
    return (
        select(tables.snapshot, shown_name().label("person"), profile.source, profile.key.label("profile_key"))
        .join_from(tables.snapshot, tables.profile)
        .join(tables.person)
        .order_by(snapshot.profile_id, snapshot.observed_at)
        .limit(_SNAPSHOTS_AT_ONCE)
    )


def _packed_snapshot(
    row: StoredRow, bodies: Mapping[int, bytes], spoken: Mapping[int, Sequence[Rejection]]
) -> PackedSnapshot:
    body = bodies.get(row.page_id)
    return PackedSnapshot(
        snapshot_id=row.id,
        profile_id=row.profile_id,
        person=row.person,
        source=row.source,
        profile_key=row.profile_key,
        observed_at=row.observed_at,
        parser=row.parser,
        reading=bodies[row.reading_id],
        page=None if body is None else Page(url=row.url, status=row.status, headers=row.headers, body=body),
        rejected=rejected_at(spoken.get(row.profile_id, ()), row.observed_at),
    )
