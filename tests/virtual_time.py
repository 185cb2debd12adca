"""Event loops in which waiting takes no time: when everybody waits, the clock jumps to whoever is next.

>>> run(asyncio.sleep(86_400))      # at once

A story with servers in it runs in a loop whose clock goes on by itself too, and jumps only when nothing has come over
the network for a while: limits of half a minute are over in no time where a server is silent, and are half a minute
where the machine is slow.

>>> run_with_servers(asyncio.sleep(86_400))      # almost at once
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

#: With nothing to read or to write for so long, nothing is under way between two ends that live in one thread.
_QUIET_SECONDS = 0.1


def run(main: Coroutine[Any, Any, T]) -> T:
    """Like `asyncio.run`. Raises RuntimeError when everybody waits for something that never comes."""
    with asyncio.Runner(loop_factory=_JumpingLoop) as runner:
        return runner.run(main)


def run_with_servers(main: Coroutine[Any, Any, T]) -> T:
    """Like `asyncio.run`, for clients and servers of one event loop. What a thread does is not waited for."""
    with asyncio.Runner(loop_factory=_HastyLoop) as runner:
        return runner.run(main)


class _Jumping(selectors.DefaultSelector):
    """Never waits; what it would have waited is counted."""

    waited_seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("everybody waits for something that never comes")
        if not ready and timeout:
            self.waited_seconds += timeout
        return ready


class _JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.waited_seconds


class _Hasty(selectors.DefaultSelector):
    """Waits a moment at most; what it would have waited longer is counted."""

    saved_seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= _QUIET_SECONDS:
            return super().select(timeout)
        ready = super().select(_QUIET_SECONDS)
        if not ready:
            self.saved_seconds += timeout - _QUIET_SECONDS
        return ready


class _HastyLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._hasty = _Hasty()
        super().__init__(self._hasty)

    def time(self) -> float:
        return super().time() + self._hasty.saved_seconds
