"""Locks between processes: one holds, and who dies gives up."""

import subprocess
import sys
from time import monotonic

from storage.store import Store

_HOLDS = """
import sys
from storage.store import Store
with Store.open(sys.argv[1]) as store, store.tracking_lock() as alone:
    print(alone, flush=True)
    sys.stdin.read()
"""


def test_one_checks_at_a_time(database: str) -> None:
    with Store.open(database) as store, Store.open(database) as other:
        with store.tracking_lock() as alone:
            assert alone
            with other.tracking_lock() as alone:
                assert not alone
            # Whoever was refused has not let go of what is held.
            with other.tracking_lock() as alone:
                assert not alone
        with other.tracking_lock() as alone:
            assert alone


def test_locks_are_of_what_is_done(database: str) -> None:
    with Store.open(database) as store, store.tracking_lock(), store.delivery_lock(), store.watching_lock():
        pass


def test_who_is_killed_holds_nothing(database: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", _HOLDS, database], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"True\n"
        with Store.open(database) as store:
            with store.tracking_lock() as alone:
                assert not alone
            process.kill()
            process.wait()
            # PostgreSQL may need a moment to see that the connection is gone.
            deadline = monotonic() + 60
            while not is_free(store):
                assert monotonic() < deadline
    finally:
        process.kill()
        process.communicate()


def is_free(store: Store) -> bool:
    with store.tracking_lock() as alone:
        return alone
