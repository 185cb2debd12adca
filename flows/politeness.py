"""What is owed to hosts, kept in the store: shared by daily runs and backfills, and the same after a restart.

>>> async with StoredGate(store, settings.policy, now, thread) as gate, Fetcher(asked, gate=gate) as fetcher: ...

What a turn costs and what makes a host rest is stored before anybody goes on. Of good answers only counts are to be
kept, and they wait for each other: a kill loses a few seconds of the ledger, and never a turn.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from random import random
from time import perf_counter
from types import TracebackType
from typing import Self, TypeVar

from storage.store import Store
from tracking.host import Answered, AnswerKind, Grant, HostPolicy, Refused, RobotsRecord
from tracking.manners import slowed

T = TypeVar("T")

#: Good answers of one host that are written together, and how long the first of any host may wait.
_ANSWERS_TOGETHER = 100
_LONGEST_WAIT = timedelta(seconds=2)


@asynccontextmanager
async def stored_gate(
    store: Store, policy: Callable[[str], HostPolicy], start: datetime, *, began: float | None = None
) -> AsyncIterator["StoredGate"]:
    """A gate that talks to the store in a thread of its own."""
    with ThreadPoolExecutor(1, thread_name_prefix="gate") as thread:
        async with StoredGate(store, policy, start, thread, began=began) as gate:
            yield gate


class StoredGate:
    """A `scrapers.gate.Gate` over the store: an async context manager.

    ``policy`` says what is right for a host; ``start`` is the run's time when ``clock``, which counts seconds, said
    ``began`` (None: when this is made). ``executor`` is where the store is talked to, ``sleep`` waits so many seconds,
    ``chance`` draws from 0..1 for the jitter.
    """

    def __init__(
        self,
        store: Store,
        policy: Callable[[str], HostPolicy],
        start: datetime,
        executor: Executor,
        *,
        began: float | None = None,
        clock: Callable[[], float] = perf_counter,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random,
    ) -> None:
        self._store = store
        self._policy = policy
        self._start = start
        self._executor = executor
        self._clock = clock
        self._began = clock() if began is None else began
        self._sleep = sleep
        self._chance = chance
        #: Hosts of which the store knows nothing that a good answer would change.
        self._at_ease: set[str] = set()
        self._answers: defaultdict[str, list[tuple[Answered, datetime]]] = defaultdict(list)
        self._disallowed: Counter[str] = Counter()
        self._written_at = start

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._write_all()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._clock() - self._began)

    async def sleep_until(self, at: datetime) -> None:
        while (seconds := (at - self.now()).total_seconds()) > 0:
            await self._sleep(seconds)

    async def take_turns(self, host: str, *, wanted: int, crawl_delay_seconds: float = 0.0) -> Grant | Refused:
        policy = slowed(self._policy(host), crawl_delay_seconds)
        # The time is that of the transaction: waiting for it must not make the gap shorter.
        granted = await self._in_store(
            lambda: self._store.take_turns(host, policy, self.now(), wanted=wanted, chance=self._chance())
        )
        if isinstance(granted, Refused) or granted.probe:
            self._at_ease.discard(host)
        return granted

    async def give_back(self, host: str, unused: Grant) -> None:
        await self._in_store(lambda: self._store.give_back(host, unused))

    async def answered(self, host: str, answer: Answered) -> None:
        self._answers[host].append((answer, self.now()))
        is_good = answer.kind is AnswerKind.GOOD and not answer.retry_after_seconds
        if not is_good or host not in self._at_ease or len(self._answers[host]) >= _ANSWERS_TOGETHER:
            await self._write(host)
        if is_good:
            self._at_ease.add(host)
        else:
            self._at_ease.discard(host)
        await self._write_what_waited()

    async def disallowed(self, host: str) -> None:
        self._disallowed[host] += 1
        await self._write_what_waited()

    async def robots(self, origin: str) -> RobotsRecord | None:
        return await self._in_store(lambda: self._store.robots(origin))

    async def keep_robots(self, record: RobotsRecord) -> None:
        await self._in_store(lambda: self._store.keep_robots(record))

    async def _write_what_waited(self) -> None:
        if self.now() - self._written_at > _LONGEST_WAIT:
            await self._write_all()

    async def _write_all(self) -> None:
        self._written_at = self.now()
        for host in list(self._answers):
            await self._write(host)
        while self._disallowed:
            host, pages = self._disallowed.popitem()
            await self._in_store(lambda: self._store.note_disallowed(host, pages, self.now()))  # noqa: B023

    async def _write(self, host: str) -> None:
        answers = self._answers.pop(host, None)
        if answers:
            policy = self._policy(host)
            await self._in_store(lambda: self._store.note_answers(host, policy, answers))

    async def _in_store(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)
