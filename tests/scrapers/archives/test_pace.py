"""Never more requests in a window of time than were agreed, whatever the clock and the machine do."""

import asyncio
from dataclasses import dataclass, field
from itertools import pairwise
from time import monotonic

from hypothesis import given
from hypothesis import strategies as st

from scrapers.archives.pace import Pace
from scrapers.archives.settings import wayback_machine

CDX_INTERVAL_SECONDS = wayback_machine("tests (mailto:tests@example.org)").cdx_interval_seconds


@dataclass(slots=True)
class SlowClock:
    """A clock that moves when somebody sleeps, and then oversleeps by what the list says."""

    oversleeps: list[float] = field(default_factory=list)
    now: float = 1000.0

    def read(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds + (self.oversleeps.pop() if self.oversleeps else 0.0)


def most_in_a_window(starts: list[float], seconds: float) -> int:
    return max(sum(1 for other in starts if start <= other < start + seconds) for start in starts)


seconds = st.floats(0, 200, allow_nan=False)


@given(
    #: After so many seconds of other work, and told to rest for so long or not, so many requests want to go at once.
    bursts=st.lists(st.tuples(seconds, st.none() | seconds, st.integers(1, 40)), min_size=1, max_size=6),
    oversleeps=st.lists(st.floats(0, 30, allow_nan=False)),
)
def test_no_minute_holds_more_than_24_requests(
    bursts: list[tuple[float, float | None, int]], oversleeps: list[float]
) -> None:
    clock = SlowClock(oversleeps)
    pace = Pace(CDX_INTERVAL_SECONDS, clock=clock.read, sleep=clock.sleep)
    starts: list[float] = []

    async def story() -> None:
        for work, rest, requests in bursts:
            clock.now += work
            rested = clock.now + (rest or 0)
            if rest is not None:
                pace.rest(rest)
            for _ in range(requests):
                await pace.turn()
                starts.append(clock.now)
            assert starts[-requests] >= rested

    asyncio.run(story())
    assert most_in_a_window(starts, 60) <= 24


@given(
    lives=st.lists(st.integers(0, 30), min_size=1, max_size=10),
    deaths=st.lists(st.floats(0, 5, allow_nan=False), min_size=10, max_size=10),
)
def test_killed_and_started_again_it_keeps_the_pace(lives: list[int], deaths: list[float]) -> None:
    clock = SlowClock()
    starts: list[float] = []

    async def life(requests: int) -> None:
        pace = Pace(CDX_INTERVAL_SECONDS, clock=clock.read, sleep=clock.sleep)
        for _ in range(requests):
            await pace.turn()
            starts.append(clock.now)

    for requests, dead_seconds in zip(lives, deaths, strict=False):
        asyncio.run(life(requests))
        clock.now += dead_seconds
    assert not starts or most_in_a_window(starts, 60) <= 24


def test_it_is_as_quick_as_was_agreed() -> None:
    clock = SlowClock()

    async def story() -> None:
        pace = Pace(2.5, clock=clock.read, sleep=clock.sleep)
        for _ in range(24):
            await pace.turn()

    asyncio.run(story())
    assert clock.now == 1060


@dataclass(slots=True)
class LastReading:
    """The real clock, and what it said last."""

    said: float = 0.0

    def read(self) -> float:
        self.said = monotonic()
        return self.said


def test_many_at_once_go_one_by_one_in_real_time() -> None:
    async def story() -> list[float]:
        clock = LastReading()
        pace = Pace(0.02, clock=clock.read)

        async def request() -> float:
            await pace.turn()
            return clock.said

        return sorted(await asyncio.gather(*(request() for _ in range(6))))

    starts = asyncio.run(story())
    assert all(later - earlier >= 0.0199 for earlier, later in pairwise(starts))


def test_those_who_wait_rest_too() -> None:
    async def story() -> float:
        began = monotonic()
        pace = Pace(0.02)
        waiting = asyncio.create_task(pace.turn())
        await asyncio.sleep(0)
        pace.rest(0.1)
        await waiting
        return monotonic() - began

    assert asyncio.run(story()) >= 0.1
