"""When a request may start: one queue per host.

>>> pacer = Pacer(min_interval_seconds=5, connections_per_host=8)
>>> async with pacer.turn("www.example.org"):
...     ...  # ask the host
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class _HostQueue:
    connections: asyncio.Semaphore
    #: Loop time before which no request to the host starts.
    next_start: float = 0.0


class Pacer:
    """Keeps the starts of two requests to one host apart, and few requests to it under way at once.

    ``min_interval_seconds`` lies between two starts, for every host or by host, 0 means no gap;
    ``connections_per_host`` is how many requests to one host may be under way. Hosts do not wait for each other;
    whoever asks first goes first.
    """

    def __init__(self, *, min_interval_seconds: float | Callable[[str], float], connections_per_host: int) -> None:
        self._min_interval_seconds = min_interval_seconds
        self._connections_per_host = connections_per_host
        self._queues: dict[str, _HostQueue] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until a request to this host may start; the body of the ``async with`` is the request."""
        queue = self._queues.get(host)
        if queue is None:
            queue = self._queues[host] = _HostQueue(asyncio.Semaphore(self._connections_per_host))
        async with queue.connections:
            await asyncio.sleep(self._reserve_start(host, queue))
            yield

    def _reserve_start(self, host: str, queue: _HostQueue) -> float:
        """Take the next free start of the queue; the seconds until then."""
        now = asyncio.get_running_loop().time()
        start = max(now, queue.next_start)
        gap = self._min_interval_seconds
        queue.next_start = start + (gap(host) if callable(gap) else gap)
        return start - now
