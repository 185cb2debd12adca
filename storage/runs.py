"""Runs, and how the whole stands."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select, text, update

from storage import tables
from storage.engine import Database
from storage.errors import UnknownRun
from storage.receivers import receiver_states
from storage.statements import StoredRow
from tracking.check import Outcome
from tracking.view import RunState, RunView, StatusView

#: Runs that record something about profiles: what they recorded can be taken back.
REVERTIBLE = ("track", "backfill", "replay")
#: Means the newest run that can be taken back.
LATEST = "latest"
_CANDIDATES_MAX = 5


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


def note_flow_run(connection: Connection, run_id: int, flow_run: str) -> None:
    """Add to the manifest of a run that has ended under which id Prefect knows it, as ``flow_run``."""
    run = tables.run.c
    manifest = connection.execute(select(run.manifest).where(run.id == run_id)).scalar_one()
    if manifest is not None:
        statement = update(tables.run).where(run.id == run_id)
        connection.execute(statement.values(manifest=manifest | {"flow_run": flow_run}))


def status(connection: Connection, database: Database) -> StatusView:
    """How the whole stands. ``undelivered`` counts events that wait for a receiver, ``dead`` messages."""
    profile, message, event, snapshot = tables.profile.c, tables.message.c, tables.event.c, tables.snapshot.c
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
        snapshots=_count(connection, tables.snapshot, snapshot.superseded_at.is_(None)),
        events=_count(connection, tables.event, event.superseded_at.is_(None)),
        outcomes={Outcome(outcome) if outcome else None: count for outcome, count in active},
        held=_count(
            connection, tables.profile, is_active, profile.held_at.is_not(None), profile.accept_next.is_(False)
        ),
        undelivered=connection.execute(waiting).scalar_one(),
        dead=connection.execute(dead).scalar_one(),
        retrying=_count(
            connection, tables.message, message.delivered_at.is_(None), message.dead_at.is_(None), message.attempts > 0
        ),
        off=tuple(state for state in receiver_states(connection).values() if state.is_off),
        last_track=last_run(connection, "track"),
        last_deliver=last_run(connection, "deliver"),
        size_bytes=database_size(connection, database),
    )


def _count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())


def runs(connection: Connection, limit: int | None = None, *, before: int | None = None) -> list[RunView]:
    """The newest runs, the newest first; None: all of them. ``before``: those begun before the run of this id."""
    query = select(tables.run).order_by(tables.run.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(tables.run.c.id < before)
    return [run_view(row) for row in connection.execute(query)]


def find_run(connection: Connection, asked: str) -> RunView:
    """The run of an id, or with `LATEST` the newest that can be taken back. Raises UnknownRun."""
    if asked == LATEST:
        stands = tables.run.c.kind.in_(REVERTIBLE) & tables.run.c.reverted_at.is_(None) & _took_place()
        row = connection.execute(select(tables.run).where(stands).order_by(tables.run.c.id.desc()).limit(1)).first()
        if row is None:
            raise UnknownRun(asked, [])
        return run_view(row)
    # Other numbers than those of this alphabet are no ids, and one of more digits fits no column.
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 18):
        raise UnknownRun(asked, _named(connection))
    return run_view(run_row(connection, int(asked)))


def run_row(connection: Connection, run_id: int) -> StoredRow:
    """A row of ``run``. Raises UnknownRun."""
    row = connection.execute(select(tables.run).where(tables.run.c.id == run_id)).one_or_none()
    if row is None:
        raise UnknownRun(str(run_id), _named(connection))
    return row


def _named(connection: Connection) -> list[str]:
    return [f"{run.run_id} ({run.kind}, {run.now:%Y-%m-%d %H:%M} UTC)" for run in runs(connection, _CANDIDATES_MAX)]


def last_run(connection: Connection, kind: str) -> RunView | None:
    """The last run of a kind that did not leave early and was not taken back."""
    columns = tables.run.c
    row = connection.execute(
        select(tables.run)
        .where(columns.kind == kind, columns.reverted_at.is_(None), _took_place())
        .order_by(columns.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else run_view(row)


def _took_place() -> ColumnElement[bool]:
    """True of a run that did not leave early."""
    state: ColumnElement[str] = func.coalesce(tables.run.c.manifest["state"].as_string(), "")
    return state != RunState.SKIPPED


def run_view(row: StoredRow) -> RunView:
    """A run as a reader sees it."""
    return RunView(
        run_id=str(row.id),
        kind=row.kind,
        now=row.now,
        started_at=row.started_at,
        finished_at=row.finished_at,
        reverted_at=row.reverted_at,
        manifest=row.manifest,
    )


def database_size(connection: Connection, database: Database) -> int:
    """Bytes on disk, of SQLite with what has not been moved into the file yet."""
    if database.path is None:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    parts = (database.path, database.path.with_name(f"{database.path.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())
