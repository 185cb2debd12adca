"""Where turns are given: what is owed to each host, and the clock that it is measured by.

The fetcher's queues (`scrapers.pacing`) ask here; in a process only the head of a host's queue does, one at a time.
`MemoryGate` keeps all in memory; a gate over the store is shared by all runs.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import random
from time import monotonic
from typing import Protocol

import httpx

from scrapers.redirect import host_of
from tracking.host import Answered, Grant, HostPolicy, HostState, Refused, RobotsRecord
from tracking.manners import answered, given_back, grant, slowed


class Gate(Protocol):
    """Gives turns and remembers answers. Times are the run's: its ``now`` and the seconds since it began.

    A ``host`` is what `host_at` says of a URL, an ``origin`` like ``https://www.example.org``.
    """

    def now(self) -> datetime:
        """The run's time."""

    async def sleep_until(self, at: datetime) -> None:
        """Return when the run's time is ``at`` or later."""

    async def take_turns(self, host: str, *, wanted: int, crawl_delay_seconds: float = 0.0) -> Grant | Refused:
        """`tracking.manners.grant` now, under the host's policy `slowed` by what its robots.txt asks for."""

    async def give_back(self, host: str, unused: Grant) -> None:
        """`tracking.manners.given_back`."""

    async def answered(self, host: str, answer: Answered) -> None:
        """`tracking.manners.answered` now. What makes the host rest is remembered before this returns."""

    async def disallowed(self, host: str) -> None:
        """A page was left alone because robots.txt says so: counted for the ledger, nothing else."""

    async def robots(self, origin: str) -> RobotsRecord | None:
        """The record kept last of an origin, however old."""

    async def keep_robots(self, record: RobotsRecord) -> None:
        """Keep it in place of the origin's last record."""


def host_at(url: httpx.URL) -> str:
    """What turns are counted by: ``www.example.org``; ``127.0.0.1:8099`` where the port is not the scheme's own."""
    host = host_of(url).lower()
    bare = f"[{host}]" if ":" in host else host
    return bare if url.port is None else f"{bare}:{url.port}"


class MemoryGate:
    """A gate of one process, which forgets everything when it ends.

    ``policy`` says what is right for a host; ``start`` is the run's time when this is made. ``clock`` counts seconds,
    ``sleep`` waits so many of them, ``chance`` draws from 0..1 for the jitter.
    """

    def __init__(
        self,
        policy: Callable[[str], HostPolicy],
        start: datetime,
        *,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random,
    ) -> None:
        self._policy = policy
        self._start = start
        self._clock = clock
        self._began = clock()
        self._sleep = sleep
        self._chance = chance
        self._states: dict[str, HostState] = {}
        self._robots: dict[str, RobotsRecord] = {}

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._clock() - self._began)

    async def sleep_until(self, at: datetime) -> None:
        while (seconds := (at - self.now()).total_seconds()) > 0:
            await self._sleep(seconds)

    def state(self, host: str) -> HostState:
        """What is known of a host."""
        return self._states.get(host) or HostState(host=host)

    async def take_turns(self, host: str, *, wanted: int, crawl_delay_seconds: float = 0.0) -> Grant | Refused:
        policy = slowed(self._policy(host), crawl_delay_seconds)
        self._states[host], granted = grant(self.state(host), policy, self.now(), wanted=wanted, chance=self._chance())
        return granted

    async def give_back(self, host: str, unused: Grant) -> None:
        self._states[host] = given_back(self.state(host), unused)

    async def answered(self, host: str, answer: Answered) -> None:
        self._states[host] = answered(self.state(host), self._policy(host), answer, self.now())

    async def disallowed(self, host: str) -> None:
        """Nobody looks at the ledger of a gate that forgets."""

    async def robots(self, origin: str) -> RobotsRecord | None:
        return self._robots.get(origin)

    async def keep_robots(self, record: RobotsRecord) -> None:
        self._robots[record.origin] = record
