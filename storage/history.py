"""The history as a reader sees it: what a person's pages said at a time, and what happened on them."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, tuple_

from storage import archive, intervals, tables
from storage.engine import Database
from storage.intervals import Presence
from storage.keys import with_present_keys
from storage.links import links
from storage.names import shown_name
from storage.people import person_views
from storage.readings import reading_from_bytes
from storage.snapshots import latest
from storage.statements import StoredRow, rows_in
from tracking.event import Cause, EventKind
from tracking.reading import PaperReading
from tracking.view import EventView, ListedPaper, PersonState, ProfileState, ProfileView

_EVENTS_AT_ONCE = 1_000


def person_state(connection: Connection, person_id: int, at: datetime | None) -> PersonState:
    """What each profile of a person said at a time; None: now."""
    (view,) = person_views(connection, person_id)
    snapshots = latest(connection, [profile.profile_id for profile in view.profiles], at)
    bodies = archive.load(connection, {row.reading_id for row in snapshots.values()})
    metrics = intervals.metrics_shown(connection, snapshots, at)
    presences = intervals.presences(connection, snapshots, at)
    stored = {profile_id: reading_from_bytes(bodies[row.reading_id]) for profile_id, row in snapshots.items()}
    readings = with_present_keys(connection, stored, presences)
    begun = begins(connection, {profile.profile_id for profile in view.profiles})

    def state(profile: ProfileView) -> ProfileState:
        profile_id = profile.profile_id
        if profile_id not in snapshots:
            return ProfileState(profile=profile, begins_at=begun[profile_id])
        reading = readings[profile_id].reading
        return ProfileState(
            profile=profile,
            name=reading.name,
            field=reading.field,
            complete=reading.complete,
            warnings=reading.warnings,
            observed_at=snapshots[profile_id].observed_at,
            metrics=metrics[profile_id],
            papers=_listed_papers(readings[profile_id].papers(), presences[profile_id]),
            begins_at=begun[profile_id],
        )

    return PersonState(
        person=view,
        profiles=tuple(state(profile) for profile in view.profiles),
        links=tuple((one.key, one.other_key) for one in links(connection, person_id) if one.severed_at is None),
    )


def begins(connection: Connection, profile_ids: Collection[int]) -> dict[int, datetime | None]:
    """When the first snapshot of each profile was observed; None where there is none."""
    snapshot = tables.snapshot.c
    query = select(snapshot.profile_id, func.min(snapshot.observed_at).label("at")).where(
        snapshot.superseded_at.is_(None)
    )
    first = {
        row.profile_id: row.at
        for row in rows_in(connection, query.group_by(snapshot.profile_id), snapshot.profile_id, profile_ids)
    }
    return {profile_id: first.get(profile_id) for profile_id in profile_ids}


def _listed_papers(shown: dict[str, PaperReading], presences: Collection[Presence]) -> tuple[ListedPaper, ...]:
    """Those on the page in its order, then those that were there before, the last to come first."""
    by_key = {presence.key: presence for presence in presences}
    order = [by_key[key] for key in shown]
    gone = sorted((presence for presence in presences if not presence.listed), key=lambda presence: presence.key)
    order += sorted(gone, key=lambda presence: presence.first_seen, reverse=True)
    return tuple(
        ListedPaper(
            key=presence.key,
            paper=presence.last_shown or shown[presence.key],
            first_seen=presence.first_seen,
            listed=presence.listed,
            removed=presence.removed,
        )
        for presence in order
    )


def events(
    database: Database,
    *,
    since: datetime | None,
    until: datetime | None,
    known_at: datetime | None,
    person_id: int | None,
    kinds: Collection[EventKind],
    unacknowledged: bool = False,
) -> Iterator[EventView]:
    """Events by the time they were observed, then by id; a thousand are read at a time, each in a short transaction.

    ``since`` and ``until`` are observed times, both included. Those count that count now, or that did at ``known_at``.
    """
    event, profile = tables.event.c, tables.profile.c
    query = event_query().where(counts_at(known_at))
    if since is not None:
        query = query.where(event.observed_at >= since)
    if until is not None:
        query = query.where(event.observed_at <= until)
    if person_id is not None:
        query = query.where(profile.person_id == person_id)
    if kinds:
        query = query.where(event.kind.in_(sorted(kinds)))
    if unacknowledged:
        query = query.where(tables.ack.c.at.is_(None))
    last: EventView | None = None
    while True:
        part = query
        if last is not None:
            part = query.where(tuple_(event.observed_at, event.id) > (last.observed_at, last.id))
        with database.reading() as connection:
            views = [event_view(row) for row in connection.execute(part.limit(_EVENTS_AT_ONCE))]
        yield from views
        if len(views) < _EVENTS_AT_ONCE:
            return
        last = views[-1]


def event_query() -> Select[*tuple[Any, ...]]:
    """Events as `event_view` takes them, by the time they were observed, then by id."""
    event, paper, profile = tables.event.c, tables.paper.c, tables.profile.c
    return (
        select(
            tables.event,
            shown_name().label("person"),
            profile.key.label("profile"),
            profile.source,
            paper.key.label("paper_key"),
            tables.ack.c.at.label("acknowledged_at"),
        )
        .join_from(tables.event, tables.profile)
        .join(tables.person)
        .outerjoin(tables.paper, paper.id == event.paper_id)
        .outerjoin(tables.ack, tables.ack.c.event_id == event.id)
        .order_by(event.observed_at, event.id)
    )


def counts_at(known_at: datetime | None) -> ColumnElement[bool]:
    """True of events that count now, or were on record at ``known_at``."""
    event = tables.event.c
    if known_at is None:
        return event.superseded_at.is_(None)
    return and_(event.recorded_at <= known_at, or_(event.superseded_at.is_(None), event.superseded_at > known_at))


def event_view(row: StoredRow) -> EventView:
    """A row of `event_query`."""
    return EventView(
        id=row.id,
        kind=EventKind(row.kind),
        cause=Cause(row.cause),
        person=row.person,
        profile=row.profile,
        source=row.source,
        paper_key=row.paper_key,
        paper_title=row.paper_title,
        field=row.field,
        before=row.before,
        after=row.after,
        observed_at=row.observed_at,
        recorded_at=row.recorded_at,
        acknowledged_at=row.acknowledged_at,
    )
