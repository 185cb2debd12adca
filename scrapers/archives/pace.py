"""When the next request of one kind may start.

>>> pace = Pace(61 / 24)
>>> await pace.turn()      # now, and 2.54 s after the turn before at the earliest
>>> pace.rest(60)          # the server asked for it: no turn within the next minute
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic


class Pace:
    """Keeps the starts of two requests at least ``interval_seconds`` apart, whoever makes them.

    The gap is measured from when a request really started: one that comes late pushes those after it, so that no
    window of time ever holds more requests than it has gaps. The first turn, too, comes one gap after the pace was
    made: a program that is killed and started again keeps to it without remembering anything.
    """

    def __init__(
        self,
        interval_seconds: float,
        *,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval_seconds = interval_seconds
        self._clock = clock
        self._sleep = sleep
        self._earliest = clock() + interval_seconds
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until a request may start; whoever asks first goes first."""
        async with self._queue:
            while (seconds := self._earliest - self._clock()) > 0:
                await self._sleep(seconds)
            self._earliest = self._clock() + self._interval_seconds

    def rest(self, seconds: float) -> None:
        """Give no turn before so many seconds from now, not even to those who wait already."""
        self._earliest = max(self._earliest, self._clock() + seconds)
