"""Runs of track and deliver, and how the whole stands."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, func, insert, select, text, update

from storage import tables
from storage.engine import Database
from tracking.check import Outcome
from tracking.view import RunView, StatusView


def begin_run(connection: Connection, kind: str, now: datetime) -> int:
    """Note that a run begins; its id."""
    statement = insert(tables.run).values(kind=kind, now=now, started_at=now).returning(tables.run.c.id)
    return int(connection.execute(statement).scalar_one())


def end_run(connection: Connection, run_id: int, lasted: timedelta, manifest: Mapping[str, object]) -> None:
    """Note that a run has ended, and its manifest."""
    columns = tables.run.c
    started_at = connection.execute(select(columns.started_at).where(columns.id == run_id)).scalar_one()
    connection.execute(
        update(tables.run).where(columns.id == run_id).values(finished_at=started_at + lasted, manifest=dict(manifest))
    )


def status(connection: Connection, database: Database) -> StatusView:
    """How the whole stands. ``undelivered`` counts events that wait for a receiver, ``dead`` messages."""
    profile, message = tables.profile.c, tables.message.c
    is_active = profile.retired_at.is_(None)
    active = connection.execute(select(profile.outcome, func.count()).where(is_active).group_by(profile.outcome)).all()
    people = select(func.count(profile.person_id.distinct())).where(is_active)
    waiting = (
        select(func.count())
        .select_from(tables.outbox.outerjoin(tables.message))
        .where(message.delivered_at.is_(None), message.dead_at.is_(None))
    )
    dead = select(func.count()).where(message.dead_at.is_not(None))
    return StatusView(
        people=connection.execute(people).scalar_one(),
        profiles=sum(count for _, count in active),
        papers=_count(connection, tables.paper),
        snapshots=_count(connection, tables.snapshot),
        events=_count(connection, tables.event),
        outcomes={Outcome(outcome) if outcome else None: count for outcome, count in active},
        undelivered=connection.execute(waiting).scalar_one(),
        dead=connection.execute(dead).scalar_one(),
        last_track=_last_run(connection, "track"),
        last_deliver=_last_run(connection, "deliver"),
        size_bytes=_size(connection, database),
    )


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _last_run(connection: Connection, kind: str) -> RunView | None:
    columns = tables.run.c
    row = connection.execute(
        select(tables.run).where(columns.kind == kind).order_by(columns.id.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return None
    return RunView(
        run_id=str(row.id),
        kind=row.kind,
        now=row.now,
        started_at=row.started_at,
        finished_at=row.finished_at,
        manifest=row.manifest,
    )


def _size(connection: Connection, database: Database) -> int:
    """Bytes on disk, of SQLite with what has not been moved into the file yet."""
    if database.path is None:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    parts = (database.path, database.path.with_name(f"{database.path.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())
