"""Measuring the whole in a few queries, none of which looks at all of the history."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, func, select

from storage import tables
from storage.engine import Database
from storage.receivers import receiver_states
from storage.runs import database_size, last_run
from storage.stale import down_hosts, runs_so_far
from storage.statements import StoredRow
from tracking.check import Outcome
from tracking.event import EventKind
from tracking.view import RunState, RunView
from tracking.vitals import RECENT, Backlog, Vitals

#: Runs that are looked at, the newest: more than a day has, with a delivery every few minutes.
_RUNS_LOOKED_AT = 1000

_Key = TypeVar("_Key")


def vitals(connection: Connection, database: Database, now: datetime) -> Vitals:
    """How the whole stands at ``now``."""
    profile = tables.profile.c
    people = select(func.count(profile.person_id.distinct())).where(profile.retired_at.is_(None))
    held = select(func.count()).where(
        profile.held_at.is_not(None), profile.retired_at.is_(None), profile.accept_next.is_(False)
    )
    profiles = _profiles(connection)
    return Vitals(
        people=connection.execute(people).scalar_one(),
        profiles=_summed(profiles, lambda row: (row.source, Outcome(row.outcome) if row.outcome else None)),
        parsers=_summed((row for row in profiles if row.parser is not None), lambda row: str(row.parser)),
        held=connection.execute(held).scalar_one(),
        runs=runs_so_far(connection, now),
        last_runs=_last_of_each_kind(connection),
        recent_runs=_recent_runs(connection, now),
        recent_events=_recent_events(connection, now),
        backlog=_backlog(connection),
        off=tuple(state for state in receiver_states(connection).values() if state.is_off),
        down_hosts=down_hosts(connection),
        size_bytes=database_size(connection, database),
        free_bytes=None if database.path is None else shutil.disk_usage(database.path.absolute().parent).free,
    )


def _profiles(connection: Connection) -> Sequence[StoredRow]:
    """How many followed profiles there are of each sort: an index tells it."""
    profile = tables.profile.c
    sort = (profile.source, profile.outcome, profile.parser)
    return connection.execute(
        select(*sort, func.count().label("number")).where(profile.retired_at.is_(None)).group_by(*sort)
    ).all()


def _summed(rows: Iterable[StoredRow], key: Callable[[StoredRow], _Key]) -> dict[_Key, int]:
    numbers: dict[_Key, int] = {}
    for row in rows:
        numbers[key(row)] = numbers.get(key(row), 0) + row.number
    return numbers


def _last_of_each_kind(connection: Connection) -> dict[str, RunView]:
    run = tables.run.c
    lately = select(run.kind).order_by(run.id.desc()).limit(_RUNS_LOOKED_AT).subquery()
    kinds = connection.execute(select(lately.c.kind).distinct()).scalars()
    return {kind: last for kind in kinds if (last := last_run(connection, kind)) is not None}


def _recent_runs(connection: Connection, now: datetime) -> Counter[tuple[str, RunState]]:
    """Of their manifests, no more is had than the state."""
    run = tables.run.c
    lately = select(run.id).order_by(run.id.desc()).limit(_RUNS_LOOKED_AT).scalar_subquery()
    state = run.manifest["state"].as_string().label("state")
    columns = [column for column in run if column.name != "manifest"]
    rows = connection.execute(select(*columns, state).where(run.id.in_(lately), run.now > now - RECENT, run.now <= now))
    return Counter((row.kind, _without_manifest(row).state) for row in rows)


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
