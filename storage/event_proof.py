"""One event, with all that it rests on: its facts folded again, its pages, and what was told of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select

from storage import tables
from storage.acks import acks, find_event
from storage.engine import Database
from storage.errors import StoreError
from storage.evidence import ProvenEvent
from storage.evidence_rows import evidence_of
from storage.neighbourhood import load
from storage.proven import DAMAGE, ProvenProfile, is_open, profile_of, unreadable
from storage.recorded import event_of, event_rows, event_seal, recorded, told_items
from storage.statements import StoredRow
from storage.unsound import unconfirmed
from tracking.event import Cause, Event, EventKind
from tracking.proof import Ground, Step
from tracking.statements import OF_PAGES, Window, differences, folded
from tracking.view import EventView


def prove_event(database: Database, asked: str) -> ProvenEvent:
    """The event of this id, or the only one whose id begins so.

    Raises UnknownEvent; StoreError where its row can not be read.
    """
    with database.reading() as connection:
        event_id = find_event(connection, asked)
        try:
            row, profile = _row(connection, event_id)
            event = event_of(row)
        except DAMAGE as error:
            raise StoreError(f"event {event_id} can not be read: {error}") from error
        seal = event_seal(row, profile.place)
        ack = acks(connection, [event_id]).get(event_id)
        try:
            steps, events = _again(connection, profile, row, event)
            told = told_items(connection, profile, tables.event.c.id == event.id, events)
            snapshots = _rests_on(connection, event)
            steps += unconfirmed(connection, snapshots)
            evidence = evidence_of(connection, profile, snapshots)
        except DAMAGE as error:
            steps, told, evidence = [unreadable(Ground.FACTS, profile.place, error)], (), []
    return ProvenEvent(
        event=replace(_view(row, profile), acknowledged_at=ack.at if ack else None),
        steps=(seal, *steps),
        told=told,
        evidence=tuple(evidence),
    )


def _row(connection: Connection, event_id: str) -> tuple[StoredRow, ProvenProfile]:
    owner = select(tables.event.c.profile_id).where(tables.event.c.id == event_id)
    profile = profile_of(connection, connection.execute(owner).scalar_one())
    (row,) = event_rows(connection, profile.profile_id, tables.event.c.id == event_id)
    return row, profile


def _view(row: StoredRow, profile: ProvenProfile) -> EventView:
    return EventView(
        id=row.id,
        kind=EventKind(row.kind),
        cause=Cause(row.cause),
        person=profile.watch.person,
        profile=profile.watch.key,
        source=profile.watch.source,
        paper_key=row.paper_key,
        paper_title=row.paper_title,
        field=row.field,
        before=row.before,
        after=row.after,
        observed_at=row.observed_at,
        recorded_at=row.recorded_at,
    )


def _again(
    connection: Connection, profile: ProvenProfile, row: StoredRow, event: Event
) -> tuple[list[Step], Mapping[str, Event]]:
    """The page that shows it and the one before, folded; the event by its id, if they tell it."""
    place = f"{profile.place}, {event.kind} {event.id}"
    if row.superseded_at is not None:
        reason = f"it does not count since {row.superseded_at:%Y-%m-%d %H:%M} UTC: another history took its place"
        return [is_open(Ground.EVENT, place, reason)], {}
    if event.kind not in OF_PAGES:
        return [is_open(Ground.EVENT, place, "it is of a check, and no page says it again")], {}
    before, shown, after = _around(connection, event)
    if shown is None:
        raise StoreError("no page of that time counts")
    loaded = load(connection, profile.watch, shown, shown, following=0)
    window = Window(before, after)
    said = recorded(connection, profile.profile_id, loaded, window)
    said.event(event)
    found = folded(loaded.part, window).beside(said)
    told = {event.id: found.statements.events[event.id]} if event.id in found.statements.events else {}
    found = replace(found, statements=replace(found.statements, events=told))
    return list(differences(said, found, profile.place)), told


def _around(connection: Connection, event: Event) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When the snapshots were observed that count: the one before that which shows the event, that one, the next."""
    snapshot = tables.snapshot.c
    counts = and_(snapshot.profile_id == event.profile_id, snapshot.superseded_at.is_(None))
    last, first = func.max(snapshot.observed_at), func.min(snapshot.observed_at)
    shown = connection.execute(select(last).where(counts, snapshot.observed_at <= event.observed_at)).scalar()
    if shown is None:
        return None, None, None
    before = connection.execute(select(last).where(counts, snapshot.observed_at < shown)).scalar()
    after = connection.execute(select(first).where(counts, snapshot.observed_at > shown)).scalar()
    return before, shown, after


def _rests_on(connection: Connection, event: Event) -> list[int]:
    """The snapshot that shows it and the one before, that which its earlier value is from, and any of its own time."""
    snapshot = tables.snapshot.c
    counts = snapshot.superseded_at.is_(None)
    times = [*_around(connection, event)[:2]]
    if event.since is not None:
        times.append(_around(connection, replace(event, observed_at=event.since))[1])
    ids = select(snapshot.id).where(
        snapshot.profile_id == event.profile_id,
        or_(
            and_(counts, snapshot.observed_at.in_([at for at in times if at is not None])),
            snapshot.observed_at == event.observed_at,
        ),
    )
    return list(connection.execute(ids).scalars())
