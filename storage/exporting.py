"""What the store holds, on its way out: one state of it, profile by profile, whatever their number.

one read transaction → everybody's profiles, in the order of their ids → the rows of a few at a time
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Self

from sqlalchemy import Connection, func, select

from storage import tables
from storage.changed_since import ChangedSince, changed_since, check_run, last_settled_run
from storage.engine import Database
from storage.errors import StoreError
from storage.exported_rows import (
    Owners,
    Rows,
    event_query,
    event_row,
    metric_rows,
    paper_rows,
    person_rows,
    profile_row,
    snapshot_rows,
)
from storage.names import find_person, shown_name
from storage.snapshots import latest
from storage.statements import StoredRow
from tracking.exported import ExportedProfile, ExportedRow, Table

#: Of so many profiles the rows are in memory at once: some 20 MB where each was looked at daily for years.
_PROFILES_AT_ONCE = 10
#: As many can be named in one statement. Events lie by time: they are gone through once for so many profiles.
_PROFILES_NAMED = 5_000
_EVENTS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One state of the database; it can be gone through more than once, while its transaction lasts."""

    #: The latest run of which, and of all before it, everything is in it; 0 before the first.
    run: int
    #: By this two databases are told apart; None before the first run.
    first_run_at: datetime | None
    since: int | None
    _connection: Connection
    #: Rows of ``profile`` with ``person`` and ``tags``, by id.
    _roster: Sequence[StoredRow]
    #: None: everything is asked for.
    _changed: ChangedSince | None

    @classmethod
    def of(cls, connection: Connection, people: Sequence[str], tags: Collection[str], since: int | None) -> Self:
        """Everybody's, or of these people and of those who have one of these tags.

        Of chosen people all is in it also where ``since`` names a run: who they are may have changed.
        """
        if since is not None:
            check_run(connection, since)
        is_delta = since is not None and not people and not tags
        return cls(
            run=last_settled_run(connection),
            first_run_at=connection.execute(select(func.min(tables.run.c.now))).scalar(),
            since=since,
            _connection=connection,
            _roster=_roster(connection, people, tags),
            _changed=changed_since(connection, since) if is_delta and since is not None else None,
        )

    def __len__(self) -> int:
        """The number of profiles."""
        return len(self._roster)

    def people(self) -> Iterator[ExportedRow]:
        return person_rows(self._roster)

    def profiles(self, tables_wanted: Collection[Table]) -> Iterator[ExportedProfile]:
        """Every profile with its rows of these tables, in the order in which they came to be followed.

        Raises StoreError, and ArchiveError for a page that does not hold what was put into it.
        """
        for start in range(0, len(self._roster), _PROFILES_NAMED):
            named = self._roster[start : start + _PROFILES_NAMED]
            whole = [profile.id for profile in named if self._is_whole(profile.id)]
            with closing(_Events(self._connection, whole if Table.EVENTS in tables_wanted else [])) as events:
                for first in range(0, len(named), _PROFILES_AT_ONCE):
                    yield from self._few(named[first : first + _PROFILES_AT_ONCE], tables_wanted, events)

    def _is_whole(self, profile_id: int) -> bool:
        return self._changed is None or profile_id in self._changed.rewritten

    def _few(
        self, profiles: Sequence[StoredRow], tables_wanted: Collection[Table], events: "_Events"
    ) -> Iterator[ExportedProfile]:
        owners = {one.id: {"source": one.source, "profile": one.key, "person": one.person} for one in profiles}
        newest = latest(self._connection, owners)
        whole = {profile_id: owner for profile_id, owner in owners.items() if self._is_whole(profile_id)}
        parts = list(self._parts(owners, whole, newest, tables_wanted))
        for profile in profiles:
            owner = owners[profile.id]
            rows = [row for part in parts for row in part.get(profile.id, ())]
            if Table.PROFILES in tables_wanted:
                rows.insert(0, profile_row(owner, profile, newest.get(profile.id)))
            rows += (event_row(owner, row) for row in events.of(profile.id))
            yield ExportedProfile(
                source=profile.source,
                key=profile.key,
                person=profile.person,
                followed=profile.retired_at is None,
                whole=profile.id in whole,
                rows=tuple(rows),
            )

    def _parts(
        self, owners: Owners, whole: Owners, newest: Mapping[int, StoredRow], tables_wanted: Collection[Table]
    ) -> Iterator[Rows]:
        """The rows of papers, metrics and snapshots; of profiles that are not whole, what a check confirms."""
        if Table.PAPERS in tables_wanted:
            shown = {profile_id: row for profile_id, row in newest.items() if profile_id in whole}
            yield paper_rows(self._connection, whole, shown)
        if Table.METRICS in tables_wanted:
            yield metric_rows(self._connection, whole)
        if Table.SNAPSHOTS in tables_wanted:
            yield snapshot_rows(self._connection, whole)
            if self._changed is not None:
                confirmed = [row.id for row in newest.values() if row.profile_id in self._changed.checked]
                yield snapshot_rows(self._connection, owners, confirmed)


class _Events:
    """The events of profiles that are asked for in the order of their ids, from one pass."""

    def __init__(self, connection: Connection, profile_ids: Collection[int]) -> None:
        query = event_query(profile_ids).execution_options(yield_per=_EVENTS_AT_ONCE)
        self._result = connection.execute(query)
        self._groups: Iterator[tuple[int, Iterator[StoredRow]]] = groupby(
            self._result, key=lambda row: int(row.profile_id)
        )
        self._next = next(self._groups, None)

    def of(self, profile_id: int) -> Iterator[StoredRow]:
        if self._next is not None and self._next[0] == profile_id:
            yield from self._next[1]
            self._next = next(self._groups, None)

    def close(self) -> None:
        self._result.close()


@contextmanager
def exporting(
    database: Database, *, people: Sequence[str] = (), tags: Collection[str] = (), since: int | None = None
) -> Iterator[Export]:
    """One state of the database, as long as the context lasts; see `Export.of`.

    Raises UnknownPerson, UnknownRun, and StoreError for a tag that nobody has.
    """
    with database.reading() as connection:
        yield Export.of(connection, people, tags, since)


def _roster(connection: Connection, people: Sequence[str], tags: Collection[str]) -> list[StoredRow]:
    profile, person = tables.profile.c, tables.person.c
    query = (
        select(tables.profile, shown_name().label("person"), person.tags)
        .join_from(tables.profile, tables.person)
        .order_by(profile.id)
    )
    everybody: list[Any] = list(connection.execute(query))
    if not people and not tags:
        return everybody
    known = {tag for row in everybody for tag in row.tags}
    for tag in tags:
        if tag not in known:
            raise StoreError(f"nobody has the tag “{tag}”; there are: {', '.join(sorted(known)) or 'none'}")
    chosen = {find_person(connection, name) for name in people}
    return [row for row in everybody if row.person_id in chosen or not set(tags).isdisjoint(row.tags)]
