"""Locks between processes: one holds, says who it is, and who dies gives up."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic

from storage.store import Store
from tracking.holder import Holder

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
OURS = Holder(machine=socket.gethostname(), process=os.getpid(), since=NOW)

_HOLDS = """
import sys
from datetime import UTC, datetime
from storage.store import Store
with Store.open(sys.argv[1]) as store, store.tracking_lock(datetime(2026, 11, 22, 6, 30, tzinfo=UTC)) as other:
    print(other, flush=True)
    sys.stdin.read()
"""


def test_one_checks_at_a_time(database: str) -> None:
    with Store.open(database) as store, Store.open(database) as second:
        assert second.tracker() is None
        with store.tracking_lock(NOW) as other:
            assert other is None
            with second.tracking_lock(NOW) as other:
                assert other == OURS
            # Whoever was refused, or has only asked, has not let go of what is held.
            assert second.tracker() == OURS
            with second.tracking_lock(NOW) as other:
                assert other == OURS
        assert second.tracker() is None
        with second.tracking_lock(NOW) as other:
            assert other is None


def test_locks_are_of_what_is_done(database: str) -> None:
    with (
        Store.open(database) as store,
        store.tracking_lock(NOW) as tracking,
        store.backfilling_lock(NOW) as backfilling,
        store.keeping_lock(NOW) as keeping,
        store.delivery_lock(),
        store.watching_lock(),
    ):
        assert (tracking, backfilling, keeping) == (None, None, None)


def test_a_connection_that_held_one_does_not_go_on_saying_so(database: str) -> None:
    """PostgreSQL's connections are used again: whoever holds another lock by one is somebody else."""
    with Store.open(database) as store:
        with store.backfilling_lock(NOW):
            pass
        with store.watching_lock(), store.tracking_lock(NOW) as other:
            assert other is None
            assert store.tracker() == OURS


def test_who_is_killed_holds_nothing(database: str) -> None:
    with another_at_work(database) as process, Store.open(database) as store:
        with store.tracking_lock(NOW) as other:
            assert other == Holder(machine=socket.gethostname(), process=process.pid, since=NOW)
        process.kill()
        process.wait()
        # PostgreSQL may need a moment to see that the connection is gone.
        deadline = monotonic() + 60
        while not is_free(store):
            assert monotonic() < deadline
        assert store.tracker() is None


@contextmanager
def another_at_work(database: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, "-c", _HOLDS, database], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"None\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def is_free(store: Store) -> bool:
    with store.tracking_lock(NOW) as other:
        return other is None
