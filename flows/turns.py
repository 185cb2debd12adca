"""A backfill's turn: daily runs go first, and of several backfills one after the other.

A backfill takes hours, and the daily run must not wait for it. Where one is at work, the backfill waits before it
begins and before each profile, for an hour at most: both may go on side by side, as they share the gap and the budget
of each host and write each profile in a transaction of its own.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime
from time import monotonic

from storage.store import Store
from tracking.holder import Holder

_PAUSE_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 3600.0

#: Hears why it waits, once each time.
Waiting = Callable[[str], None]


@asynccontextmanager
async def only_backfill(store: Store, now: datetime, waiting: Waiting) -> AsyncIterator[None]:
    """Be the one backfill, since ``now``: wait until no other is at work, however long that takes."""
    is_told = False
    while True:
        with ExitStack() as stack:
            other = stack.enter_context(store.backfilling_lock(now))
            if other is None:
                yield
                return
        if not is_told:
            waiting(f"Another backfill is at work{other}; this one begins when it has ended.")
            is_told = True
        await asyncio.sleep(_PAUSE_SECONDS)


async def daily_run_first(store: Store, waiting: Waiting) -> None:
    """Wait while a run of checks is at work, for an hour at most."""
    until = monotonic() + _LONGEST_WAIT_SECONDS
    told: Holder | None = None
    while (other := store.tracker()) is not None and monotonic() < until:
        if other != told:
            waiting(f"A run of checks is at work{other} and goes first.")
            told = other
        await asyncio.sleep(_PAUSE_SECONDS)
