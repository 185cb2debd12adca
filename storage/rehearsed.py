"""The stored events once more, moment by moment, with what rules look at beside them.

Nothing is held but a part of them: a few thousand events at a time, each part read in a short transaction.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from storage import tables
from storage.engine import Database
from storage.links import first_versions
from storage.recorded import event_of
from storage.shown_then import shown_then
from storage.statements import StoredRow, rows_in
from tracking.event import Cause, Event, EventKind
from tracking.memory import Spells
from tracking.past import PastCheck, PastMoment, PastProfile
from tracking.reading import PaperReading

_EVENTS_AT_ONCE = 2_000
#: As many are named in one statement; where there are more, the others are left out of what was read.
_PROFILES_NAMED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """The events that count of these profiles. Raises StoreError when the database fails."""

    database: Database
    profile_ids: frozenset[int]

    def span(self) -> tuple[datetime, datetime] | None:
        """When the first and the last of them were observed; None: there are none."""
        event = tables.event.c
        query = select(event.profile_id, func.min(event.observed_at), func.max(event.observed_at))
        query = query.where(event.superseded_at.is_(None)).group_by(event.profile_id)
        with self.database.reading() as connection:
            rows = [row for row in connection.execute(query) if row.profile_id in self.profile_ids]
        return (min(row[1] for row in rows), max(row[2] for row in rows)) if rows else None

    def counts(self, since: datetime | None, until: datetime) -> dict[tuple[EventKind, Cause], int]:
        """How many there are by kind and cause, observed from ``since`` (None: ever) until ``until``, both included."""
        event = tables.event.c
        columns = (event.profile_id, event.kind, event.cause)
        query = select(*columns, func.count().label("events")).where(
            event.superseded_at.is_(None), event.observed_at <= until
        )
        if since is not None:
            query = query.where(event.observed_at >= since)
        found: defaultdict[tuple[EventKind, Cause], int] = defaultdict(int)
        with self.database.reading() as connection:
            for row in connection.execute(query.group_by(*columns)):
                if row.profile_id in self.profile_ids:
                    found[EventKind(row.kind), Cause(row.cause)] += row.events
        return dict(found)

    def moments(self, kinds: Collection[EventKind], until: datetime) -> Iterator[list[PastMoment]]:
        """Those of these kinds observed by ``until``, in the order of time; of one moment all at once."""
        rest: list[StoredRow] = []
        for rows in self._rows(kinds, until):
            rows = rest + rows
            last = rows[-1].observed_at
            rest = [row for row in rows if row.observed_at == last]
            if len(rest) < len(rows):
                yield _moments(rows[: -len(rest)])
        if rest:
            yield _moments(rest)

    def _rows(self, kinds: Collection[EventKind], until: datetime) -> Iterator[list[StoredRow]]:
        event = tables.event.c
        query = _query().where(
            event.superseded_at.is_(None), event.observed_at <= until, event.kind.in_(sorted(kinds)), self._mine()
        )
        part = query
        while True:
            with self.database.reading() as connection:
                rows = connection.execute(part.limit(_EVENTS_AT_ONCE)).all()
            mine = [row for row in rows if row.profile_id in self.profile_ids]
            if mine:
                yield mine
            if len(rows) < _EVENTS_AT_ONCE:
                return
            part = query.where(tuple_(event.observed_at, event.id) > (rows[-1].observed_at, rows[-1].id))

    def _mine(self) -> ColumnElement[bool]:
        event = tables.event.c
        if len(self.profile_ids) > _PROFILES_NAMED:
            return event.profile_id.is_not(None)
        return event.profile_id.in_(sorted(self.profile_ids))

    def papers(self, events: Sequence[Event]) -> dict[str, PaperReading]:
        """By id of the event, the paper as its page showed it then; absent where nobody knows any more."""
        with self.database.reading() as connection:
            return shown_then(connection, events)

    def values(self, profile_ids: Iterable[int], since: datetime, until: datetime) -> dict[int, dict[str, Spells]]:
        """By profile and metric, which values it had at some time from ``since`` on and began to have by ``until``."""
        metric = tables.metric.c
        query = (
            select(tables.metric)
            .where(
                metric.since <= until,
                metric.until.is_(None) | (metric.until > since),
            )
            .order_by(metric.profile_id, metric.name, metric.since)
        )
        found: defaultdict[int, dict[str, Spells]] = defaultdict(dict)
        with self.database.reading() as connection:
            rows = rows_in(connection, query, metric.profile_id, profile_ids)
            for (profile_id, name), spells in groupby(rows, key=lambda row: (row.profile_id, row.name)):
                found[profile_id][name] = tuple((spell.since, spell.value) for spell in spells)
        return found

    def deliveries(self) -> list[datetime]:
        """When what waited was delivered, the earliest first."""
        run = tables.run.c
        query = select(run.now).where(run.kind == "deliver").order_by(run.now, run.id)
        with self.database.reading() as connection:
            return list(connection.execute(query).scalars())

    def first_versions(self) -> Mapping[str, str]:
        """By key of a paper that is a version of an older one, the key of the oldest."""
        with self.database.reading() as connection:
            return first_versions(connection)


def past_profiles(database: Database, person_id: int | None) -> list[PastProfile]:
    """All profiles, followed or not, or those of one person; by id."""
    profile, person = tables.profile.c, tables.person.c
    query = (
        select(profile.id, func.coalesce(person.name, "").label("person"), person.tags)
        .add_columns(profile.source, profile.key, profile.url)
        .join_from(tables.profile, tables.person)
        .order_by(profile.id)
    )
    if person_id is not None:
        query = query.where(profile.person_id == person_id)
    with database.reading() as connection:
        return [
            PastProfile(
                profile_id=row.id,
                person=row.person,
                tags=tuple(row.tags),
                source=row.source,
                key=row.key,
                url=row.url,
            )
            for row in connection.execute(query)
        ]


def _query() -> Select[*tuple[Any, ...]]:
    event, paper = tables.event.c, tables.paper.c
    columns = (event[name] for name in _COLUMNS)
    return (
        select(*columns, paper.key.label("paper_key"))
        .outerjoin_from(tables.event, tables.paper, paper.id == event.paper_id)
        .order_by(event.observed_at, event.id)
    )


#: Of ``event``, what an event is made of.
_COLUMNS = ("id", "kind", "cause", "profile_id", "paper_title", "field", "before", "after", "since", "observed_at")


def _moments(rows: Sequence[StoredRow]) -> list[PastMoment]:
    moments = []
    for at, together in groupby(rows, key=lambda row: row.observed_at):
        by_profile: defaultdict[int, list[Event]] = defaultdict(list)
        for row in together:
            by_profile[row.profile_id].append(event_of(row))
        checks = (
            PastCheck(profile_id=profile_id, observed_at=at, events=tuple(events))
            for profile_id, events in sorted(by_profile.items())
        )
        moments.append(PastMoment(at=at, checks=tuple(checks)))
    return moments
