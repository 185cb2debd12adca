"""Measuring the whole in a few queries, none of which looks at all of the history."""

import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage import tables
from storage.engine import Database
from storage.receivers import receiver_states
from storage.runs import database_size, run_view
from storage.stale import down_hosts, runs_so_far
from storage.statements import StoredRow
from tracking.check import Outcome
from tracking.event import EventKind
from tracking.view import RunState, RunView
from tracking.vitals import RECENT, Backlog, Vitals

#: Runs that are looked at, the newest: more than a day has, with a delivery every few minutes.
_RUNS_LOOKED_AT = 1000


def vitals(connection: Connection, database: Database, now: datetime) -> Vitals:
    """How the whole stands at ``now``."""
    profile = tables.profile.c
    is_active = profile.retired_at.is_(None)
    people = select(func.count(profile.person_id.distinct())).where(is_active)
    by_outcome = (
        select(profile.source, profile.outcome, func.count().label("number"))
        .where(is_active)
        .group_by(profile.source, profile.outcome)
    )
    by_parser = (
        select(profile.parser, func.count().label("number"))
        .where(is_active, profile.parser.is_not(None))
        .group_by(profile.parser)
    )
    held = select(func.count()).where(is_active, profile.held_at.is_not(None), profile.accept_next.is_(False))
    newest = _newest_runs(connection)
    return Vitals(
        people=connection.execute(people).scalar_one(),
        profiles={
            (row.source, Outcome(row.outcome) if row.outcome else None): row.number
            for row in connection.execute(by_outcome)
        },
        parsers={row.parser: row.number for row in connection.execute(by_parser)},
        held=connection.execute(held).scalar_one(),
        runs=runs_so_far(connection, now),
        last_runs=_last_of_each_kind(connection, newest),
        recent_runs=Counter((run.kind, run.state) for run in newest if now - RECENT < run.now <= now),
        recent_events=_recent_events(connection, now),
        backlog=_backlog(connection),
        off=tuple(state for state in receiver_states(connection).values() if state.is_off),
        down_hosts=down_hosts(connection),
        size_bytes=database_size(connection, database),
        free_bytes=None if database.path is None else shutil.disk_usage(database.path.absolute().parent).free,
    )


def _newest_runs(connection: Connection) -> list[RunView]:
    """The newest first. Of their manifests, no more is had than the state."""
    run = tables.run.c
    state = run.manifest["state"].as_string().label("state")
    columns = [column for column in run if column.name != "manifest"]
    rows = connection.execute(select(*columns, state).order_by(run.id.desc()).limit(_RUNS_LOOKED_AT))
    return [_without_manifest(row) for row in rows]


def _without_manifest(row: StoredRow) -> RunView:
    return RunView(
        run_id=str(row.id),
        kind=row.kind,
        now=row.now,
        started_at=row.started_at,
        finished_at=row.finished_at,
        reverted_at=row.reverted_at,
        manifest={"state": row.state} if row.state else None if row.finished_at is None else {},
    )


def _last_of_each_kind(connection: Connection, newest: Sequence[RunView]) -> dict[str, RunView]:
    last: dict[str, RunView] = {}
    for run in newest:
        if run.state not in (RunState.SKIPPED, RunState.REVERTED):
            last.setdefault(run.kind, run)
    rows = connection.execute(select(tables.run).where(tables.run.c.id.in_([int(one.run_id) for one in last.values()])))
    return {row.kind: run_view(row) for row in rows}


def _recent_events(connection: Connection, now: datetime) -> dict[EventKind, int]:
    event = tables.event.c
    query = (
        select(event.kind, func.count().label("number"))
        .where(event.observed_at > now - RECENT, event.observed_at <= now, event.superseded_at.is_(None))
        .group_by(event.kind)
    )
    return {EventKind(row.kind): row.number for row in connection.execute(query)}


def _backlog(connection: Connection) -> Backlog:
    """What is in no message yet, and what is in one that is not delivered: what was told is not looked at."""
    outbox, message, event = tables.outbox.c, tables.message.c, tables.event.c
    is_open = message.delivered_at.is_(None) & message.dead_at.is_(None)
    entries = select(func.count().label("number"), func.min(event.recorded_at).label("oldest_at"))
    loose = entries.select_from(tables.outbox.join(tables.event)).where(outbox.message_id.is_(None))
    in_messages = entries.select_from(
        tables.message.join(tables.outbox, outbox.message_id == message.id).join(
            tables.event, event.id == outbox.event_id
        )
    ).where(is_open)
    rows = [connection.execute(query).one() for query in (loose, in_messages)]
    retrying = select(func.count()).where(is_open, message.attempts > 0)
    dead = select(func.count()).where(message.dead_at.is_not(None))
    return Backlog(
        events=sum(row.number for row in rows),
        oldest_at=min((row.oldest_at for row in rows if row.oldest_at is not None), default=None),
        retrying=connection.execute(retrying).scalar_one(),
        dead=connection.execute(dead).scalar_one(),
    )
