"""The history as a reader sees it: what a person's pages said at a time, and what happened on them."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, tuple_

from storage import archive, intervals, tables
from storage.engine import Database
from storage.intervals import Presence
from storage.names import shown_name
from storage.people import person_views
from storage.readings import reading_from_bytes
from storage.snapshots import latest
from storage.statements import StoredRow
from tracking.check import KnownMetric
from tracking.event import Cause, EventKind
from tracking.reading import PaperReading, ProfileReading
from tracking.view import EventView, ListedPaper, PersonState, ProfileState, ProfileView

_EVENTS_AT_ONCE = 1_000


def person_state(connection: Connection, person_id: int, at: datetime | None) -> PersonState:
    """What each profile of a person said at a time; None: now."""
    (view,) = person_views(connection, person_id)
    profile_ids = [profile.profile_id for profile in view.profiles]
    snapshots = latest(connection, profile_ids, at)
    bodies = archive.load(connection, {row.reading_id for row in snapshots.values()})
    metrics = intervals.metrics_shown(connection, profile_ids, at)
    presences = intervals.presences(connection, profile_ids, at)
    gone = {one.paper_id for papers in presences.values() for one in papers if not one.listed}
    papers = intervals.stored_papers(connection, gone)

    def state(profile: ProfileView) -> ProfileState:
        snapshot = snapshots.get(profile.profile_id)
        if snapshot is None:
            return ProfileState(profile=profile)
        stored = reading_from_bytes(bodies[snapshot.reading_id])
        return _profile_state(
            profile,
            snapshot.observed_at,
            stored.reading,
            metrics[profile.profile_id],
            _listed_papers(stored.papers(), presences[profile.profile_id], papers),
        )

    return PersonState(person=view, profiles=tuple(state(profile) for profile in view.profiles))


def _profile_state(
    profile: ProfileView,
    observed_at: datetime,
    reading: ProfileReading,
    metrics: dict[str, KnownMetric],
    papers: tuple[ListedPaper, ...],
) -> ProfileState:
    return ProfileState(
        profile=profile,
        name=reading.name,
        field=reading.field,
        complete=reading.complete,
        warnings=reading.warnings,
        observed_at=observed_at,
        metrics=metrics,
        papers=papers,
    )


def _listed_papers(
    shown: dict[str, PaperReading], presences: Collection[Presence], gone: dict[int, PaperReading]
) -> tuple[ListedPaper, ...]:
    """Those on the page in its order, then those that were there before, the last to come first."""
    by_key = {presence.key: presence for presence in presences}
    order = [by_key[key] for key in shown]
    order += sorted(
        (presence for presence in presences if not presence.listed),
        key=lambda presence: presence.first_seen,
        reverse=True,
    )
    return tuple(
        ListedPaper(
            key=presence.key,
            paper=shown[presence.key] if presence.listed else gone[presence.paper_id],
            first_seen=presence.first_seen,
            listed=presence.listed,
            removed=presence.removed,
        )
        for presence in order
    )


def events(
    database: Database,
    since: datetime | None,
    person_id: int | None,
    kinds: Collection[EventKind],
) -> Iterator[EventView]:
    """Events by the time they were observed, then by id; a thousand are read at a time, each in a short transaction."""
    event, profile = tables.event.c, tables.profile.c
    query = _event_query()
    if since is not None:
        query = query.where(event.observed_at >= since)
    if person_id is not None:
        query = query.where(profile.person_id == person_id)
    if kinds:
        query = query.where(event.kind.in_(sorted(kinds)))
    last: EventView | None = None
    while True:
        part = query
        if last is not None:
            part = query.where(tuple_(event.observed_at, event.id) > (last.observed_at, last.id))
        with database.reading() as connection:
            views = [_event_view(row) for row in connection.execute(part.limit(_EVENTS_AT_ONCE))]
        yield from views
        if len(views) < _EVENTS_AT_ONCE:
            return
        last = views[-1]


def _event_query() -> Select[*tuple[Any, ...]]:
    event, paper, profile = tables.event.c, tables.paper.c, tables.profile.c
    return (
        select(
            tables.event,
            shown_name().label("person"),
            profile.key.label("profile"),
            profile.source,
            paper.key.label("paper_key"),
            paper.title.label("paper_title"),
        )
        .join_from(tables.event, tables.profile)
        .join(tables.person)
        .outerjoin(tables.paper, paper.id == event.paper_id)
        .order_by(event.observed_at, event.id)
    )


def _event_view(row: StoredRow) -> EventView:
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
    )
