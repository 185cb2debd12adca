"""Whether hosts are up: what of them is stored, and the events that told it last."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, or_, select

from storage import tables
from storage.events import record_events
from storage.hosts import mark
from storage.last_checks import every_last_check
from tracking.alert import Verdict
from tracking.check import Outcome
from tracking.drift import LastCheck
from tracking.event import Event, EventKind
from tracking.outage import ROBOTS, Edge, HostHealth


def hosts_in_trouble(connection: Connection) -> tuple[dict[str, HostHealth], list[LastCheck]]:
    """The hosts that fail, or were told to be down or shut, by name; and the last check of each followed profile.

    Nothing of both where no host fails, none was told of, and no profile is shut out: the ordinary case.
    """
    health = _health(connection)
    profile = tables.profile.c
    shut_out = select(exists().where(profile.retired_at.is_(None), profile.outcome == Outcome.ROBOTS))
    if not health and not connection.execute(shut_out).scalar_one():
        return {}, []
    return health, every_last_check(connection)


def is_any_answered(connection: Connection, now: datetime) -> bool:
    """Whether a check of this moment was answered by its host, with any status."""
    profile, check = tables.profile.c, tables.check_log.c
    then = (check.profile_id == profile.id) & (check.observed_at == profile.checked_at)
    answered = select(profile.id).where(
        profile.checked_at == now, exists().where(then, check.status.is_not(None)).correlate(tables.profile)
    )
    return connection.execute(answered.limit(1)).first() is not None


def record_edges(
    connection: Connection,
    edges: Sequence[tuple[Edge, Event]],
    verdicts: Sequence[Verdict],
    run_id: int,
    recorded_at: datetime,
) -> None:
    """Store the events of edges with the verdicts about them, and of each host that it was told."""
    record_events(connection, [event for _, event in edges], verdicts, {}, run_id, recorded_at)
    for edge, event in edges:
        told_by = event.id if event.kind is EventKind.HOST_DOWN else None
        if event.field == ROBOTS:
            mark(connection, edge.host, shut_id=told_by)
        else:
            mark(connection, edge.host, down_id=told_by)


def _health(connection: Connection) -> dict[str, HostHealth]:
    host = tables.host.c
    down, shut = tables.event.alias("down"), tables.event.alias("shut")
    # What a run told that was taken back was not told.
    told_down = (down.c.id == host.down_id) & down.c.superseded_at.is_(None)
    told_shut = (shut.c.id == host.shut_id) & shut.c.superseded_at.is_(None)
    query = (
        select(
            tables.host,
            down.c.observed_at.label("down_at"),
            shut.c.observed_at.label("shut_at"),
        )
        .select_from(tables.host.outerjoin(down, told_down).outerjoin(shut, told_shut))
        .where(or_(host.failing_since.is_not(None), down.c.id.is_not(None), shut.c.id.is_not(None)))
    )
    return {
        row.host: HostHealth(
            host=row.host,
            good_at=row.good_at,
            failing_since=row.failing_since,
            broken=row.openings > 0,
            down_at=row.down_at,
            shut_at=row.shut_at,
        )
        for row in connection.execute(query)
    }
