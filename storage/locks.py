"""A lock that only one process at a time can hold, and that a process which dies gives up."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from storage.engine import Database

_DELIVERY_LOCK = 0x5C01A0002


@contextmanager
def delivery_lock(database: Database) -> Iterator[None]:
    """Wait until nobody else delivers from this database."""
    if database.path is not None:
        with open(f"{database.path}.deliver-lock", "wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    # An idle transaction would keep PostgreSQL from cleaning up for as long as mail takes.
    with database.session() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _DELIVERY_LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _DELIVERY_LOCK})
