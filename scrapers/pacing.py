"""When a request may start: one queue per host, whose head takes turns of the gate.

>>> pacer = Pacer(gate, connections_per_host=8)
>>> match await pacer.ask("www.example.org", request):
...     case Refused(): ...                                 # the host is left alone for now
...     case Exchange(answer): ...
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import TypeVar

from scrapers.exchange import Answer, Exchange
from scrapers.gate import Gate
from tracking.check import Failure, Outcome
from tracking.host import Answered, AnswerKind, Grant, Refused

A = TypeVar("A", bound=Answer)

#: Turns taken at once where there is no gap, so that a gate that writes does not write for each request.
_LEASED = 100
#: Leased turns are used at once or not at all: another process may have learned meanwhile that the host wants rest.
_LEASE = timedelta(seconds=5)
#: Requests under way at once, to all hosts: with the connections that stay open (`scrapers.network`) they are fewer
#: than the 1,024 files that a process may usually have.
CONNECTIONS = 256
#: A rest that is over so soon is waited for.
_PATIENCE = timedelta(seconds=10)


@dataclass(slots=True)
class _Queue:
    connections: asyncio.Semaphore
    head: asyncio.Lock
    #: Turns that were granted and not used yet.
    lease: Grant | None = None
    #: Rises with every answer after which the host may want rest: what was granted before is void.
    unrest: int = 0


def cooling_down(url: str, refused: Refused) -> Failure:
    """What becomes of a page whose host is left alone."""
    until = refused.until.astimezone(UTC)
    return Failure(
        outcome=Outcome.COOLING_DOWN,
        detail=f"{refused.detail}; it is asked again after {until:%Y-%m-%d %H:%M:%S} UTC",
        url=url,
    )


class Pacer:
    """Lets requests to a host start when the gate says so, and few of them be under way at once.

    Hosts do not wait for each other, unless requests to so many are under way that the process could run out of
    connections; of one host, whoever asks first goes first.
    """

    def __init__(self, gate: Gate, *, connections_per_host: int, connections: int = CONNECTIONS) -> None:
        self._gate = gate
        self._connections = asyncio.Semaphore(connections)
        self._connections_per_host = connections_per_host
        self._queues: dict[str, _Queue] = {}

    async def ask(
        self, host: str, request: Callable[[], Awaitable[Exchange[A]]], *, crawl_delay_seconds: float = 0.0
    ) -> Exchange[A] | Refused:
        """Make a request at its turn and tell the gate what came of it.

        ``Refused``, without any request, when the host rests for longer than is worth waiting.
        """
        queue = self._queue(host)
        async with queue.connections, AsyncExitStack() as held:
            async with queue.head:
                turn = await self._turn(host, queue, crawl_delay_seconds)
                if isinstance(turn, Grant) and self._connections.locked():
                    # Whoever has a turn starts at once, or the next may come too soon after: this one is let pass.
                    await self._give_back(host, queue, turn)
                    await held.enter_async_context(self._connections)
                    turn = await self._turn(host, queue, crawl_delay_seconds)
                elif isinstance(turn, Grant):
                    await held.enter_async_context(self._connections)
                if isinstance(turn, Refused):
                    return turn
                if turn.probe:
                    # The others wait here: what comes of it is what becomes of them.
                    return await self._use(host, request)
            return await self._use(host, request)

    async def note(self, host: str, answer: Answered) -> None:
        """Tell the gate what a request came to: what was leased holds only after a good answer."""
        if answer.kind is not AnswerKind.GOOD or answer.retry_after_seconds:
            queue = self._queue(host)
            queue.unrest += 1
            await self._gate.answered(host, answer)
            await self._return_lease(host, queue)
        else:
            await self._gate.answered(host, answer)

    async def close(self) -> None:
        """Give back the turns that nobody used."""
        for host, queue in self._queues.items():
            await self._return_lease(host, queue)

    def _queue(self, host: str) -> _Queue:
        if host not in self._queues:
            self._queues[host] = _Queue(asyncio.Semaphore(self._connections_per_host), asyncio.Lock())
        return self._queues[host]

    async def _use(self, host: str, request: Callable[[], Awaitable[Exchange[A]]]) -> Exchange[A]:
        result = await request()
        await self.note(host, result.answered)
        return result

    async def _turn(self, host: str, queue: _Queue, crawl_delay_seconds: float) -> Grant | Refused:
        """The next turn, whose time has come."""
        while True:
            unrest = queue.unrest
            turn = await self._next(host, queue, crawl_delay_seconds)
            if isinstance(turn, Refused):
                if turn.until - self._gate.now() > _PATIENCE:
                    return turn
                await self._gate.sleep_until(turn.until)
                continue
            await self._gate.sleep_until(turn.start_at)
            if queue.unrest == unrest:
                return turn
            await self._give_back(host, queue, turn)

    async def _next(self, host: str, queue: _Queue, crawl_delay_seconds: float) -> Grant | Refused:
        """A turn of the lease, or of the gate."""
        lease = queue.lease
        if lease is not None and not crawl_delay_seconds and self._holds(lease):
            queue.lease = replace(lease, turns=lease.turns - 1) if lease.turns > 1 else None
            return replace(lease, turns=1)
        await self._return_lease(host, queue)
        granted = await self._gate.take_turns(host, wanted=_LEASED, crawl_delay_seconds=crawl_delay_seconds)
        if isinstance(granted, Refused) or granted.turns == 1:
            return granted
        queue.lease = replace(granted, turns=granted.turns - 1)
        return replace(granted, turns=1)

    def _holds(self, lease: Grant) -> bool:
        now = self._gate.now()
        is_of_today = now.astimezone(UTC).date() == lease.start_at.astimezone(UTC).date()
        return is_of_today and now < lease.start_at + _LEASE

    async def _give_back(self, host: str, queue: _Queue, turn: Grant) -> None:
        await self._gate.give_back(host, turn)
        await self._return_lease(host, queue)

    async def _return_lease(self, host: str, queue: _Queue) -> None:
        lease, queue.lease = queue.lease, None
        if lease is not None:
            await self._gate.give_back(host, lease)
