"""What the rows of a profile say of a part of its history, in the words of `tracking.statements`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, or_, select

from storage import tables
from storage.evidence import ToldItem
from storage.neighbourhood import Loaded
from storage.paper_rows import last_shown_from_json
from storage.proven import ProvenProfile, sealed
from storage.seals import seal_of_entry, seal_of_event
from storage.statements import StoredRow
from tracking.event import Cause, Event, EventKind
from tracking.fold import Mark
from tracking.proof import Ground, Step
from tracking.statements import OF_PAGES, Statements, Window

#: Of a row that is damaged the rest can still be compared.
_CAUSES = frozenset(Cause)


def recorded(connection: Connection, profile_id: int, loaded: Loaded, window: Window) -> Statements:
    """The facts; of the snapshots those that were loaded and count."""
    said = Statements(window)
    for ref, row in loaded.rows.items():
        if row.superseded_at is None:
            said.snapshot(ref, row.observed_at, row.confirmed_at, row.parser, complete=row.complete)
    _say_listings(connection, profile_id, said)
    _say_metrics(connection, profile_id, said)
    _say_aliases(connection, profile_id, said)
    return said


def _say_listings(connection: Connection, profile_id: int, said: Statements) -> None:
    listing = tables.listing.c
    marked = (
        (listing.since, Mark.SHOWN),
        (listing.until, Mark.HIDDEN),
        (listing.missed_at, Mark.MISSED),
        (listing.removed_at, Mark.REMOVED),
    )
    query = (
        select(tables.listing, tables.paper.c.key)
        .join_from(tables.listing, tables.paper)
        .where(listing.profile_id == profile_id, or_(*(within(column, said.window) for column, _ in marked)))
    )
    for row in connection.execute(query):
        for column, mark in marked:
            at = getattr(row, column.name)
            if at is not None:
                shown = row.last_shown if mark is Mark.HIDDEN else None
                said.mark(row.key, at, mark, last_shown_from_json(shown) if shown is not None else None)


def _say_metrics(connection: Connection, profile_id: int, said: Statements) -> None:
    metric = tables.metric.c
    query = select(tables.metric).where(
        metric.profile_id == profile_id, or_(within(metric.since, said.window), within(metric.until, said.window))
    )
    for row in connection.execute(query):
        said.metric(row.name, row.since, row.value)
        if row.until is not None:
            said.metric_end(row.name, row.until)


def _say_aliases(connection: Connection, profile_id: int, said: Statements) -> None:
    alias = tables.alias.c
    query = (
        select(alias.text, alias.since, tables.paper.c.key)
        .join_from(tables.alias, tables.paper)
        .where(alias.profile_id == profile_id, within(alias.since, said.window))
    )
    for row in connection.execute(query):
        said.alias(row.text, row.key, row.since)


def event_rows(connection: Connection, profile_id: int, which: ColumnElement[bool]) -> Sequence[StoredRow]:
    """Those rows of ``event`` of the profile, with the paper's key; those that do not count as well."""
    event = tables.event.c
    query = (
        select(tables.event, tables.paper.c.key.label("paper_key"))
        .outerjoin_from(tables.event, tables.paper, tables.paper.c.id == event.paper_id)
        .where(event.profile_id == profile_id, which)
        .order_by(event.observed_at, event.id)
    )
    return connection.execute(query).all()


def say_events(said: Statements, rows: Sequence[StoredRow], where: str) -> Iterator[Step]:
    """Look at the seal of each row, and say the events that pages tell and that count."""
    for row in rows:
        yield event_seal(row, where)
        if row.kind in OF_PAGES and row.cause in _CAUSES and row.superseded_at is None:
            said.event(event_of(row))


def event_seal(row: StoredRow, where: str) -> Step:
    """Whether a row of ``event`` is as it was written."""
    place = f"{where}, {row.kind} {row.id}"
    return sealed(row.seal, seal_of_event(row._asdict()), Ground.SEAL, place, "all of the row is as it was written")


def event_of(row: StoredRow) -> Event:
    """The event of a row; the paper as the page showed it is not in it."""
    return Event(
        id=row.id,
        kind=EventKind(row.kind),
        cause=Cause(row.cause),
        profile_id=row.profile_id,
        observed_at=row.observed_at,
        paper_key=row.paper_key,
        paper_title=row.paper_title,
        field=row.field,
        before=row.before,
        after=row.after,
        since=row.since,
    )


def told_items(
    connection: Connection, profile: ProvenProfile, which: ColumnElement[bool], events: Mapping[str, Event]
) -> tuple[ToldItem, ...]:
    """What was told of those of the profile's events; ``events`` are those that pages tell."""
    outbox = tables.outbox.c
    query = (
        select(tables.outbox)
        .join_from(tables.outbox, tables.event, tables.event.c.id == outbox.event_id)
        .where(tables.event.c.profile_id == profile.profile_id, which)
        .order_by(outbox.id)
    )
    return tuple(_told_item(row, profile.place, events.get(row.event_id)) for row in connection.execute(query))


def _told_item(row: StoredRow, where: str, event: Event | None) -> ToldItem:
    place = f"{where}, {row.event_id} for {row.receiver}"
    seal = sealed(row.seal, seal_of_entry(row._asdict()), Ground.MESSAGE, place, "as it was written")
    return ToldItem(place=place, event=event, item=row.item, seal=seal)


def within(column: Column[Any], window: Window) -> ColumnElement[bool]:
    """The column is a time in the window."""
    condition: ColumnElement[bool] = column.is_not(None)
    if window.start is not None:
        condition &= column >= window.start
    if window.end is not None:
        condition &= column < window.end
    return condition
