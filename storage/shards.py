"""Shards of runs: planned by the run, taken up by workers on any machine, all of it in PostgreSQL.

    plan ──> begin (the worker's lock is held) ──> claim hosts ──> … ──> finish or fail ──> let_go
                       ╰── the worker dies: PostgreSQL gives up its lock, and its hosts are anybody's

A worker lives as long as its connection holds the lock that bears the shard's number. Nothing has to be renewed, and
no clock has to agree with another.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from storage import hosts, tables
from storage.due import may_be_asked
from storage.engine import Database
from storage.errors import StoreError
from storage.locks import numbered_lock, numbers_held
from storage.profiles import query_of_watches, watches
from storage.statements import StoredRow, rows_in
from tracking.check import Watch
from tracking.sharding import Plan, Shard, ShardState, ShardView

#: The first half of the locks' numbers; the second is that of the shard.
_ROOM = 0x5C01A1
#: Shards of a run that was killed, which nobody has gone on with for so long, are forgotten.
_FORGOTTEN_AFTER = timedelta(days=1)


def require_postgresql(database: Database) -> None:
    """Raise StoreError on SQLite."""
    if database.path is not None:
        raise StoreError(f"database {database.name}: shards need PostgreSQL, which many processes may write at once")


def plan(database: Database, run_id: int, plans: Sequence[Plan], configuration: str) -> None:
    """Store what each shard of a run is to do, in the order of their numbers."""
    with database.writing() as connection:
        at = _clock(connection)
        _forget(connection, at)
        rows = [
            {
                "run_id": run_id,
                "number": number,
                "hosts": plan.hosts,
                "profile_ids": plan.profile_ids,
                "configuration": configuration,
                "planned_at": at,
            }
            for number, plan in enumerate(plans, 1)
        ]
        if rows:
            connection.execute(insert(tables.shard), rows)


def _forget(connection: Connection, at: datetime) -> None:
    """Leave no shards behind of runs that were killed long ago."""
    shard = tables.shard.c
    stale = select(shard.id).where(shard.planned_at < at - _FORGOTTEN_AFTER)
    gone = set(connection.execute(stale).scalars()) - _living(connection)
    hosts.unclaim(connection, gone)
    connection.execute(delete(tables.shard).where(shard.id.in_(gone)))


def views(connection: Connection, run_id: int) -> list[ShardView]:
    """The shards of a run, by number."""
    living = _living(connection)
    query = select(tables.shard).where(tables.shard.c.run_id == run_id).order_by(tables.shard.c.number)
    return [
        ShardView(
            shard_id=row.id,
            number=row.number,
            plan=_plan(row),
            state=_state(row, living),
            worker=row.worker,
            detail=row.detail or "",
        )
        for row in connection.execute(query)
    ]


def states(connection: Connection, run_id: int) -> dict[int, ShardState]:
    """How each shard of a run stands, by number."""
    shard = tables.shard.c
    living = _living(connection)
    query = select(shard.id, shard.number, shard.begun_at, shard.ended_at, shard.detail).where(shard.run_id == run_id)
    return {row.number: _state(row, living) for row in connection.execute(query)}


def _state(row: StoredRow, living: Collection[int]) -> ShardState:
    if row.ended_at is not None:
        return ShardState.DONE if row.detail is None else ShardState.FAILED
    if row.id in living:
        return ShardState.AT_WORK
    return ShardState.WAITING if row.begun_at is None else ShardState.DIED


def _plan(row: StoredRow) -> Plan:
    return Plan(hosts=tuple(row.hosts), profile_ids=tuple(row.profile_ids))


# ---- the worker's side


@contextmanager
def at_work(database: Database, run_id: int, number: int, configuration: str, worker: str) -> Iterator[Shard]:
    """Be the worker of a shard, as long as the block lasts. What ends the block otherwise is why the shard failed.

    Raises StoreError where there is no such shard any more, another worker is at it, or it is done; and where the
    configuration is another one than the run's.
    """
    name = f"shard {number} of run {run_id}"
    with database.reading() as connection:
        shard_id = _row(connection, run_id, number, name).id
    with numbered_lock(database, _ROOM, shard_id) as is_alone:
        if not is_alone:
            raise StoreError(f"{name}: another worker is at it")
        try:
            yield _begin(database, run_id, number, name, configuration, worker)
        except Exception as error:
            _fail(database, shard_id, f"{error}" or type(error).__name__)
            raise


def _begin(database: Database, run_id: int, number: int, name: str, configuration: str, worker: str) -> Shard:
    with database.writing() as connection:
        row = _row(connection, run_id, number, name)
        at = _clock(connection)
        if row.ended_at is not None:
            raise StoreError(f"{name} has ended")
        if row.configuration != configuration:
            raise StoreError(f"the configuration of {worker} is another one than that of the run")
        connection.execute(update(tables.shard).where(tables.shard.c.id == row.id).values(begun_at=at, worker=worker))
        return Shard(
            shard_id=row.id,
            run_id=str(run_id),
            number=number,
            plan=_plan(row),
            now=row.now,
            elapsed_seconds=(at - row.planned_at).total_seconds(),
            shared_people=_shared_people(connection, row.profile_ids),
        )


def _row(connection: Connection, run_id: int, number: int, name: str) -> StoredRow:
    shard = tables.shard.c
    query = select(tables.shard, tables.run.c.now).join_from(tables.shard, tables.run)
    row = connection.execute(query.where(shard.run_id == run_id, shard.number == number)).one_or_none()
    if row is None:
        raise StoreError(f"there is no {name}, or it is not waited for any more")
    return row


def _shared_people(connection: Connection, profile_ids: Collection[int]) -> frozenset[int]:
    """Those of the people who are followed at other profiles too."""
    mine = set(profile_ids)
    profile, other = tables.profile.c, tables.profile.alias("other")
    is_elsewhere = exists().where(
        other.c.person_id == profile.person_id, other.c.id != profile.id, other.c.retired_at.is_(None)
    )
    several = rows_in(connection, select(profile.id, profile.person_id).where(is_elsewhere), profile.id, mine)
    people = {row.person_id for row in several}
    query = select(profile.id, profile.person_id).where(profile.retired_at.is_(None))
    return frozenset(
        row.person_id for row in rows_in(connection, query, profile.person_id, people) if row.id not in mine
    )


def left_to_do(connection: Connection, shard: Shard) -> list[Watch]:
    """The profiles of a shard that may be asked, in the order of its plan."""
    order = {profile_id: place for place, profile_id in enumerate(shard.plan.profile_ids)}
    query = query_of_watches().where(*may_be_asked(shard.now))
    rows = rows_in(connection, query, tables.profile.c.id, order)
    return watches(connection, sorted(rows, key=lambda row: order[row.id]))


def claim_hosts(connection: Connection, shard: Shard, gaps: Mapping[str, float]) -> set[str]:
    """Make these hosts the shard's, by the seconds between two requests; those that are, or were before.

    A host stays with another shard, of whatever run, as long as that shard's worker lives.
    """
    return hosts.claim(connection, gaps, shard.shard_id, _living(connection))


def finish(connection: Connection, shard: Shard, tally: Mapping[str, Any]) -> None:
    """Note what a shard has counted: its worker has nothing left to do."""
    hosts.unclaim(connection, [shard.shard_id])
    values = {"ended_at": _clock(connection), "tally": dict(tally)}
    connection.execute(update(tables.shard).where(tables.shard.c.id == shard.shard_id).values(values))


def _fail(database: Database, shard_id: int, detail: str) -> None:
    with database.writing() as connection:
        hosts.unclaim(connection, [shard_id])
        statement = update(tables.shard).where(tables.shard.c.id == shard_id, tables.shard.c.ended_at.is_(None))
        connection.execute(statement.values(ended_at=_clock(connection), detail=detail))


# ---- the run's side


def give_up(connection: Connection, run_id: int, number: int, why: str) -> bool:
    """Let nobody take a shard up any more; False if somebody has."""
    shard = tables.shard.c
    statement = update(tables.shard).where(shard.run_id == run_id, shard.number == number, shard.begun_at.is_(None))
    given_up = statement.values(ended_at=_clock(connection), detail=why)
    return connection.execute(given_up).rowcount == 1


def tallies(connection: Connection, run_id: int) -> dict[int, dict[str, Any]]:
    """What the shards of a run that are done have counted, by number."""
    shard = tables.shard.c
    query = select(shard.number, shard.tally).where(shard.run_id == run_id, shard.tally.is_not(None))
    return {row.number: row.tally for row in connection.execute(query)}


def let_go(connection: Connection, run_id: int) -> None:
    """Forget the shards of a run, which has taken in what they did."""
    shard = tables.shard.c
    hosts.unclaim(connection, list(connection.execute(select(shard.id).where(shard.run_id == run_id)).scalars()))
    connection.execute(delete(tables.shard).where(shard.run_id == run_id))


def _living(connection: Connection) -> set[int]:
    """The shards, of whatever run, whose workers live."""
    return numbers_held(connection, _ROOM)


def _clock(connection: Connection) -> datetime:
    """The time, as the server of the database has it."""
    at: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return at
