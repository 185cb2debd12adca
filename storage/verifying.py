"""The history of a profile, folded again out of its pages and held against what is recorded.

    a chapter of some snapshots ──> fold ──> what follows from the pages
              └────────> rows ─────────────> what is recorded                  difference = faults

A chapter begins with what the rows say was known before it, and the chapter before has shown that they say it rightly:
a history is proven as a whole, with a few of its pages in memory.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage import tables
from storage.engine import Database
from storage.evidence import Chapter
from storage.neighbourhood import Loaded, load
from storage.proven import DAMAGE, ProvenProfile, profile_of, unreadable
from storage.recorded import event_rows, recorded, say_events, told_items, within
from tracking.check import Watch
from tracking.chronicle import Neighbourhood
from tracking.event import Event
from tracking.proof import Ground, Step
from tracking.statements import Window, differences, folded

_SNAPSHOTS_AT_ONCE = 32


def profiles(database: Database) -> Iterator[ProvenProfile | Step]:
    """All profiles, followed or not; a step for each whose row can not be read."""
    with database.reading() as connection:
        ids = list(connection.execute(select(tables.profile.c.id).order_by(tables.profile.c.id)).scalars())
    for profile_id in ids:
        try:
            with database.reading() as connection:
                found = profile_of(connection, profile_id)
        except DAMAGE as error:
            yield unreadable(Ground.FACTS, f"profile {profile_id}", error)
        else:
            yield found


def count_snapshots(database: Database) -> tuple[int, int]:
    """How many there are, and how many of them count."""
    counting = func.count().filter(tables.snapshot.c.superseded_at.is_(None))
    with database.reading() as connection:
        every, those = connection.execute(select(func.count(), counting).select_from(tables.snapshot)).one()
    return int(every), int(those)


def chapters(database: Database, profile: ProvenProfile) -> Iterator[Chapter]:
    """The whole history of a profile, each chapter in a short transaction."""
    start: datetime | None = None
    while True:
        try:
            with database.reading() as connection:
                times = _times(connection, profile.profile_id, start)
        except DAMAGE as error:
            yield Chapter((unreadable(Ground.FACTS, profile.place, error),), (), 0)
            return
        end = times[_SNAPSHOTS_AT_ONCE] if len(times) > _SNAPSHOTS_AT_ONCE else None
        yield _chapter(database, profile, times[:_SNAPSHOTS_AT_ONCE], Window(start, end))
        if end is None:
            return
        start = end


def _times(connection: Connection, profile_id: int, start: datetime | None) -> list[datetime]:
    """When the snapshots of the next chapter were observed, and the first after it."""
    snapshot = tables.snapshot.c
    query = select(snapshot.observed_at).where(snapshot.profile_id == profile_id, snapshot.superseded_at.is_(None))
    if start is not None:
        query = query.where(snapshot.observed_at >= start)
    return list(connection.execute(query.order_by(snapshot.observed_at).limit(_SNAPSHOTS_AT_ONCE + 1)).scalars())


def _chapter(database: Database, profile: ProvenProfile, times: Sequence[datetime], window: Window) -> Chapter:
    try:
        with database.reading() as connection:
            steps, events = _folded_again(connection, profile, times, window)
            told = told_items(connection, profile, within(tables.event.c.observed_at, window), events)
            return Chapter(tuple(steps), told, len(times))
    except DAMAGE as error:
        since = f" from {window.start:%Y-%m-%d %H:%M} on" if window.start else ""
        return Chapter((unreadable(Ground.FACTS, f"{profile.place}{since}", error),), (), len(times))


def _folded_again(
    connection: Connection, profile: ProvenProfile, times: Sequence[datetime], window: Window
) -> tuple[list[Step], Mapping[str, Event]]:
    """The steps, and the events of the window as the pages tell them."""
    loaded = _loaded(connection, profile.watch, times)
    said = recorded(connection, profile.profile_id, loaded, window)
    rows = event_rows(connection, profile.profile_id, within(tables.event.c.observed_at, window))
    steps = list(say_events(said, rows, profile.place))
    found = folded(loaded.part, window).beside(said)
    steps += differences(said, found, profile.place)
    return steps, found.statements.events


def _loaded(connection: Connection, watch: Watch, times: Sequence[datetime]) -> Loaded:
    """The snapshots of these times, with the one before; where there are none, nothing may be recorded."""
    if not times:
        return Loaded(Neighbourhood(watch=watch, before=None, parser=None, sightings=(), later=None), {})
    return load(connection, watch, times[0], times[-1], following=0)
