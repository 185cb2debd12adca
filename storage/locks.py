"""Locks that only one process at a time can hold, and that a process which dies gives up.

A lock has no time at which it expires: it ends with the process, and neither a clock that is set nor a machine that was
asleep can take it from somebody who is at work. A holder writes down who it is, for those who are refused.
"""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from time import sleep

from sqlalchemy import Connection, text

from storage.engine import Database
from tracking.holder import UNKNOWN, Holder

#: A server that is gone is given up by PostgreSQL after two minutes, and its locks with it, instead of two hours.
_KEEPALIVES = ("tcp_keepalives_idle = 60", "tcp_keepalives_interval = 15", "tcp_keepalives_count = 4")

#: Who asks whether a file is locked keeps others from locking it, for some microseconds.
_TRIES = 5
_PAUSE_SECONDS = 0.02

_NAME = "scholarwatch"
_HOLDS = text(
    "SELECT activity.application_name FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid)"
    " WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1"
    " AND (held.classid::bigint << 32) + held.objid::bigint = :lock"
    " AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Lock(Enum):
    """What one process at a time does: the ending of the file beside SQLite's, and PostgreSQL's number for it.

    Any number will do, as long as it stays the same in every version of the program.
    """

    DELIVERING = ("deliver-lock", 0x5C01A0002)
    TRACKING = ("track-lock", 0x5C01A0003)
    WATCHING = ("watch-lock", 0x5C01A0004)
    BACKFILLING = ("backfill-lock", 0x5C01A0005)
    KEEPING = ("keep-lock", 0x5C01A0006)
    RELATING = ("relate-lock", 0x5C01A0007)


@contextmanager
def waiting_for(database: Database, lock: Lock) -> Iterator[None]:
    """Wait until nobody else holds the lock, then hold it."""
    ending, number = lock.value
    if database.path is not None:
        with _file(database, ending) as descriptor:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        return
    with _session(database) as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": number})
        with _given_back(connection, number):
            yield


@contextmanager
def trying(database: Database, lock: Lock, now: datetime) -> Iterator[Holder | None]:
    """Hold the lock, as somebody who began at ``now``, if nobody else does: gives None, or else who does."""
    ending, number = lock.value
    if database.path is not None:
        with _file(database, ending) as descriptor:
            if not _lock_file(descriptor, fcntl.LOCK_EX):
                yield _read(descriptor)
                return
            _write(descriptor, now)
            yield None
            os.ftruncate(descriptor, 0)
        return
    with _session(database) as connection:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": number}).scalar_one():
            yield _holder(connection, number) or UNKNOWN
            return
        # What a person reads in pg_stat_activity, too.
        written = f"{_NAME} {os.getpid()} {now.astimezone(UTC):%Y-%m-%dT%H:%M}Z {socket.gethostname()}"
        connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": written})
        with _given_back(connection, number):
            yield None


def holder_of(database: Database, lock: Lock) -> Holder | None:
    """Who holds a lock; None: nobody does."""
    ending, number = lock.value
    if database.path is not None:
        with _file(database, ending) as descriptor:
            return None if _lock_file(descriptor, fcntl.LOCK_SH) else _read(descriptor)
    with database.session() as connection:
        return _holder(connection, number)


# ---- a file beside SQLite's


@contextmanager
def _file(database: Database, ending: str) -> Iterator[int]:
    """Whatever is locked in it is free when it is closed."""
    descriptor = os.open(f"{database.path}.{ending}", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _lock_file(descriptor: int, how: int) -> bool:
    for _ in range(_TRIES):
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            sleep(_PAUSE_SECONDS)
        else:
            return True
    return False


def _write(descriptor: int, now: datetime) -> None:
    holder = {"machine": socket.gethostname(), "process": os.getpid(), "since": now.isoformat()}
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _read(descriptor: int) -> Holder:
    try:
        written = json.loads(os.pread(descriptor, 4096, 0))
        return Holder(
            machine=str(written["machine"]),
            process=int(written["process"]),
            since=datetime.fromisoformat(written["since"]),
        )
    except (ValueError, KeyError, TypeError):
        # It holds the lock and has not said so yet, or has said so for the last time.
        return UNKNOWN


# ---- PostgreSQL


@contextmanager
def _session(database: Database) -> Iterator[Connection]:
    """A connection that a lock lasts as long as. An idle transaction would keep PostgreSQL from cleaning up."""
    with database.session() as connection:
        for setting in _KEEPALIVES:
            connection.execute(text(f"SET {setting}"))
        yield connection


@contextmanager
def _given_back(connection: Connection, number: int) -> Iterator[None]:
    try:
        yield
    finally:
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": number})
        connection.execute(text("RESET application_name"))


def _holder(connection: Connection, number: int) -> Holder | None:
    name = connection.execute(_HOLDS, {"lock": number}).scalar()
    if name is None:
        return None
    try:
        _, process, since, machine = str(name).split(" ", 3)
        return Holder(machine=machine, process=int(process), since=datetime.fromisoformat(since))
    except ValueError:
        return UNKNOWN


# ---- one of many, on PostgreSQL


@contextmanager
def numbered_lock(database: Database, room: int, number: int) -> Iterator[bool]:
    """Hold the lock of a number if nobody else does; whether it is held. Both numbers are of four bytes."""
    with _session(database) as connection:
        named = {"room": room, "number": number}
        is_held = bool(connection.execute(text("SELECT pg_try_advisory_lock(:room, :number)"), named).scalar_one())
        try:
            yield is_held
        finally:
            if is_held:
                connection.execute(text("SELECT pg_advisory_unlock(:room, :number)"), named)


def numbers_held(connection: Connection, room: int) -> set[int]:
    """The numbers of a room whose locks are held by anybody who uses this database."""
    held = text(
        "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
        " AND classid::bigint = :room AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return set(connection.execute(held, {"room": room}).scalars())
