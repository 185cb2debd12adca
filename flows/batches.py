"""Profiles that are checked together: what a flow makes a task of.

A task costs Prefect's database as much whatever it holds. So hosts with many profiles are cut into batches that follow
each other, and hosts with few share one: ten thousand profiles are tens of batches, at one host or at ten thousand.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby, zip_longest
from typing import Protocol
from urllib.parse import urlsplit

from alerts.figures import counted
from flows.manifest import Tally
from tracking.check import Finding, Watch

#: Profiles that are handed over together.
BATCH = 250
#: Pages of one batch that may be in memory at once.
_PAGES_IN_FLIGHT = 32
#: Checks that are written in one transaction, and how long the first of them may wait for the others.
_CHECKS_WRITTEN_TOGETHER = 50
_LONGEST_WAIT_SECONDS = 2.0

CheckBatch = Callable[["Batch"], Awaitable[Tally]]


class Checker(Protocol):
    """What all batches of a run share."""

    async def find(self, watch: Watch) -> Finding:
        """What the world answers about one profile."""

    async def write(self, checks: Sequence[tuple[Watch, Finding]]) -> Tally:
        """Decide, judge and store checks."""


def batches(checker: Checker, watches: Iterable[Watch]) -> Iterator["Batch"]:
    """All of them, a batch at a time."""
    before: Batch | None = None
    for name, part in split(watches):
        # Of one host, the next batch waits for the one before; the turns of several are nobody's concern.
        before = Batch(checker, name, part, before if before is not None and before.name == name else None)
        yield before


def split(watches: Iterable[Watch], size: int = BATCH) -> list[tuple[str, Sequence[Watch]]]:
    """Batches of at most ``size`` profiles, each with its name: of one host, or of several that have fewer each."""
    parts: list[tuple[str, Sequence[Watch]]] = []
    few: list[tuple[str, list[Watch]]] = []
    for host, group in groupby(sorted(watches, key=_host), key=_host):
        members = list(group)
        if len(members) >= size:
            parts += [(host, members[start : start + size]) for start in range(0, len(members), size)]
            continue
        if sum(len(others) for _, others in few) + len(members) > size:
            parts.append(_together(few))
            few = []
        few.append((host, members))
    return parts + ([_together(few)] if few else [])


def _together(hosts: Sequence[tuple[str, Sequence[Watch]]]) -> tuple[str, Sequence[Watch]]:
    """Taking turns: a host that answers slowly, or wants a rest between two pages, does not keep the others waiting."""
    name = hosts[0][0] if len(hosts) == 1 else f"{counted(len(hosts), 'host')} from {hosts[0][0]} on"
    turns = zip_longest(*(members for _, members in hosts))
    return name, [watch for watch in chain.from_iterable(turns) if watch is not None]


def _host(watch: Watch) -> str:
    return urlsplit(watch.url).netloc


class Batch:
    """Profiles that are checked together, after those of the batch ``before``."""

    def __init__(self, checker: Checker, name: str, watches: Sequence[Watch], before: "Batch | None") -> None:
        self.name = name
        self.watches = watches
        self._checker = checker
        self._before = before
        self._all_begun = asyncio.Event()

    async def run(self) -> Tally:
        """Check them all; every check ends as an outcome, so only a bug raises."""
        if self._before is not None:
            await self._before._all_begun.wait()
        ready: asyncio.Queue[tuple[Watch, Finding]] = asyncio.Queue()
        room = asyncio.Semaphore(_PAGES_IN_FLIGHT)

        async def find(watch: Watch) -> None:
            async with room:
                if watch is self.watches[-1]:
                    self._all_begun.set()
                finding = await self._checker.find(watch)
            await ready.put((watch, finding))

        tally = Tally()
        async with asyncio.TaskGroup() as group:
            for watch in self.watches:
                group.create_task(find(watch))
            while tally.checked < len(self.watches):
                checks = await _collect(ready, len(self.watches) - tally.checked)
                tally.add(await self._checker.write(checks))
        return tally


async def _collect(ready: "asyncio.Queue[tuple[Watch, Finding]]", left: int) -> list[tuple[Watch, Finding]]:
    """The next checks to be written together: so many, or what there is when the first has waited long enough."""
    checks = [await ready.get()]
    try:
        async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
            while len(checks) < min(left, _CHECKS_WRITTEN_TOGETHER):
                checks.append(await ready.get())
    except TimeoutError:
        return checks
    return checks
