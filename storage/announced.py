"""Of which runs a Prefect server has heard, and the events of those of which it has not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select, update

from storage import tables
from storage.history import event_query, event_view
from tracking.event import Cause, EventKind
from tracking.view import EventView

#: What is older is no news to anybody who waits for events.
_NEWS = timedelta(days=7)
#: Where no run was ever announced, what is older is from before there was a server.
_FIRST_NEWS = timedelta(days=2)
#: A run that has no end after so long was cut off.
_LONGEST_RUN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unannounced:
    """Events that count and may notify: of a run, and of those before it that were cut off too early."""

    runs: tuple[int, ...]
    #: The run that found it, and the event: no more than were asked for, those of what matters most first.
    events: tuple[tuple[str, EventView], ...]
    #: How many there are of each kind, with those that are too many.
    kinds: dict[EventKind, int]


def unannounced(connection: Connection, run_id: int, limit: int) -> Unannounced:
    """What a Prefect server has to hear of at the end of a run."""
    runs = _runs(connection, run_id)
    event, run = tables.event.c, tables.run.c
    earliest = connection.execute(select(func.min(run.now)).where(run.id.in_(runs))).scalar_one()
    told = (
        # An index of runs would cost every event its room: these are found among those of the last days.
        event.observed_at > earliest - _NEWS,
        event.run_id.in_(runs),
        event.superseded_at.is_(None),
        event.cause.in_((Cause.SOURCE, Cause.ENRICHMENT)),
    )
    counted = select(event.kind, func.count().label("number")).where(*told).group_by(event.kind).order_by(event.kind)
    kinds = {EventKind(row.kind): row.number for row in connection.execute(counted)}
    # A first look brings one for each profile: they must not crowd out the rest.
    order = (event.kind == EventKind.PROFILE_BASELINE, event.observed_at, event.id)
    query = event_query().where(*told).order_by(None).order_by(*order).limit(limit)
    events = tuple((str(row.run_id), event_view(row)) for row in connection.execute(query))
    return Unannounced(runs=runs, events=events, kinds=kinds)


def _runs(connection: Connection, run_id: int) -> tuple[int, ...]:
    """The run, and those that were left before it: since the first that was announced, or else of the last days."""
    run = tables.run.c
    began = connection.execute(select(run.started_at).where(run.id == run_id)).scalar_one()
    of_late = select(func.min(run.id)).where(run.started_at > began - _FIRST_NEWS)
    announced = select(func.min(run.id)).where(run.announced_at.is_not(None))
    first = func.coalesce(announced.scalar_subquery(), of_late.scalar_subquery())
    left = select(run.id).where(
        run.id >= first,
        run.id < run_id,
        run.announced_at.is_(None),
        run.started_at > began - _NEWS,
        or_(run.finished_at.is_not(None), run.started_at < began - _LONGEST_RUN),
    )
    return (*sorted(connection.execute(left).scalars()), run_id)


def mark_announced(connection: Connection, runs: Collection[int], at: datetime) -> None:
    """Note that a Prefect server has heard of all that these runs found."""
    run = tables.run.c
    connection.execute(update(tables.run).where(run.id.in_(runs)).values(announced_at=at))
