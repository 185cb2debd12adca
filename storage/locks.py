"""Locks that only one process at a time can hold, and that a process which dies gives up."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from sqlalchemy import Connection, text

from storage.engine import Database

#: A server that is gone is given up by PostgreSQL after two minutes, and its locks with it, instead of two hours.
_KEEPALIVES = ("tcp_keepalives_idle = 60", "tcp_keepalives_interval = 15", "tcp_keepalives_count = 4")


class Lock(Enum):
    """What one process at a time does: the ending of the file beside SQLite's, and PostgreSQL's number for it.

    Any number will do, as long as it stays the same in every version of the program.
    """

    DELIVERING = ("deliver-lock", 0x5C01A0002)
    TRACKING = ("track-lock", 0x5C01A0003)
    WATCHING = ("watch-lock", 0x5C01A0004)


@contextmanager
def waiting_for(database: Database, lock: Lock) -> Iterator[None]:
    """Wait until nobody else holds the lock, then hold it."""
    with _held(database, lock, wait=True):
        yield


@contextmanager
def trying(database: Database, lock: Lock) -> Iterator[bool]:
    """Hold the lock if nobody else does; whether it is held."""
    with _held(database, lock, wait=False) as is_held:
        yield is_held


@contextmanager
def _held(database: Database, lock: Lock, *, wait: bool) -> Iterator[bool]:
    ending, number = lock.value
    if database.path is not None:
        with open(f"{database.path}.{ending}", "wb") as file:
            yield _lock_file(file.fileno(), wait=wait)
        return
    # An idle transaction would keep PostgreSQL from cleaning up for as long as mail takes.
    with database.session() as connection:
        is_held = _lock_number(connection, number, wait=wait)
        try:
            yield is_held
        finally:
            if is_held:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": number})


def _lock_file(descriptor: int, *, wait: bool) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_number(connection: Connection, number: int, *, wait: bool) -> bool:
    for setting in _KEEPALIVES:
        connection.execute(text(f"SET {setting}"))
    if wait:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": number})
        return True
    return bool(connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": number}).scalar_one())
