"""The gate over the store: what is written when, and what several processes share."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, TypeVar

import pytest

from flows.politeness import StoredGate, stored_gate
from scrapers.fetch import Fetcher, FetchSettings
from storage.store import Store
from tests.servers import Site, page
from tracking.check import Failure, Outcome, Page
from tracking.host import Answered, AnswerKind, Grant, HostLedger, HostPolicy, Refused, RestReason, RobotsRecord

T = TypeVar("T")

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOST = "www.example.org"
GOOD = Answered(kind=AnswerKind.GOOD, size=100)
FAILED = Answered(kind=AnswerKind.FAILED, detail="reset")
FREE = HostPolicy(min_interval_seconds=0, daily_budget=1000)
WHO = "tests (mailto:me@example.org)"


class Here(Executor):
    """Does everything at once, in the thread that asks for it."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        done: Future[T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@dataclass
class Clock:
    """Seconds that go by when somebody says so, or sleeps."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(database: str) -> Any:
    with Store.open(database) as store:
        yield store


def gate_over(store: Store, clock: Clock, policy: HostPolicy = FREE) -> StoredGate:
    return StoredGate(store, lambda _: policy, NOON, Here(), clock=clock, sleep=clock.sleep, chance=lambda: 0.5)


def ledger(store: Store) -> HostLedger:
    (line,) = store.ledger(NOON.date())
    return line


def test_good_answers_wait_for_each_other_and_nothing_else_does(opened: Store, clock: Clock) -> None:
    async def story() -> list[int]:
        counted = []
        async with gate_over(opened, clock) as gate:
            for answer in (GOOD, GOOD, GOOD, FAILED, GOOD, GOOD):
                await gate.answered(HOST, answer)
                counted.append(ledger(opened).requests)
            clock.seconds += 3
            await gate.answered(HOST, GOOD)
            counted.append(ledger(opened).requests)
            for _ in range(150):
                await gate.answered(HOST, GOOD)
            counted.append(ledger(opened).requests)
        return [*counted, ledger(opened).requests]

    # The first one might have been what a host in trouble was waiting for; so might the first after a failure.
    assert asyncio.run(story()) == [1, 1, 1, 4, 5, 5, 7, 107, 157]


def test_pages_that_were_left_alone_are_counted(opened: Store, clock: Clock) -> None:
    async def story() -> int:
        async with gate_over(opened, clock) as gate:
            await gate.take_turns(HOST, wanted=1)
            await gate.disallowed(HOST)
            await gate.disallowed(HOST)
            assert ledger(opened).disallowed == 0
            clock.seconds += 3
            await gate.disallowed(HOST)
            counted = ledger(opened).disallowed
            await gate.disallowed(HOST)
        return counted

    assert asyncio.run(story()) == 3
    assert ledger(opened).disallowed == 4


def test_the_answer_to_a_probe_is_known_to_all_at_once(opened: Store, clock: Clock) -> None:
    async def story() -> None:
        async with gate_over(opened, clock) as mine, gate_over(opened, clock) as other:
            await mine.take_turns(HOST, wanted=10)
            await mine.answered(HOST, GOOD)
            for _ in range(5):
                await other.answered(HOST, FAILED)
            clock.seconds += 1000
            assert await mine.take_turns(HOST, wanted=10) == Grant(mine.now(), 1, probe=True)
            assert isinstance(await other.take_turns(HOST, wanted=10), Refused)
            await mine.answered(HOST, GOOD)
            assert await other.take_turns(HOST, wanted=10) == Grant(other.now(), 10)

    asyncio.run(story())


def test_a_process_that_dies_has_spent_its_turns(opened: Store, clock: Clock) -> None:
    """A gate that nobody closes: its leases are lost, and the budget is not crossed."""

    async def story() -> list[int]:
        granted = []
        for _ in range(4):
            match await gate_over(opened, clock, HostPolicy(min_interval_seconds=0, daily_budget=250)).take_turns(
                HOST, wanted=100
            ):
                case Grant(turns=turns):
                    granted.append(turns)
                case Refused(reason=reason):
                    assert reason is RestReason.BUDGET
        return granted

    assert asyncio.run(story()) == [100, 100, 50]


def test_its_time_is_the_run_s(opened: Store, clock: Clock) -> None:
    async def story() -> None:
        async with gate_over(opened, clock, HostPolicy(min_interval_seconds=5, jitter=0.2)) as gate:
            clock.seconds = 30
            first = await gate.take_turns(HOST, wanted=100)
            second = await gate.take_turns(HOST, wanted=100)
            assert (first, second) == (Grant(NOON + timedelta(seconds=30)), Grant(NOON + timedelta(seconds=35.5)))
            slowed = await gate.take_turns(HOST, wanted=100, crawl_delay_seconds=20)
            assert slowed == Grant(NOON + timedelta(seconds=41))
            assert await gate.take_turns(HOST, wanted=100) == Grant(NOON + timedelta(seconds=63))
            await gate.sleep_until(NOON + timedelta(seconds=41))
            assert (clock.seconds, gate.now()) == (41, NOON + timedelta(seconds=41))
            await gate.sleep_until(NOON)
            assert clock.seconds == 41

    asyncio.run(story())


def test_a_robots_txt_is_kept_for_the_next_run(opened: Store, clock: Clock) -> None:
    record = RobotsRecord(origin="https://www.example.org", fetched_at=NOON, status=200, text="User-agent: *")

    async def story() -> RobotsRecord | None:
        async with gate_over(opened, clock) as gate:
            await gate.keep_robots(record)
        async with gate_over(opened, clock) as gate:
            return await gate.robots("https://www.example.org")

    assert asyncio.run(story()) == record


# ---- with a real server


def visit(story: Callable[[Site], Coroutine[Any, Any, T]]) -> T:
    async def visiting() -> T:
        async with Site.open() as site:
            return await story(site)

    return asyncio.run(visiting())


async def ask_for(
    site: Site, database: str, policy: HostPolicy, paths: list[str], began: float
) -> list[Page | Failure]:
    """What another process does: a store, a gate and a fetcher of its own. It was noon when the test began."""
    with Store.open(database) as store:
        async with (
            stored_gate(store, lambda _: policy, NOON + timedelta(seconds=perf_counter() - began)) as gate,
            Fetcher(FetchSettings(user_agent=WHO), gate=gate) as fetcher,
        ):
            answers = [await fetcher.get(site.url + path, validators=None, hosts=[site.host]) for path in paths]
    return [answer for answer in answers if isinstance(answer, Page | Failure)]


def test_two_that_ask_one_host_keep_one_gap_and_one_budget(database: str) -> None:
    policy = HostPolicy(min_interval_seconds=0.1, jitter=0, daily_budget=9)

    async def story(site: Site) -> tuple[list[Page | Failure], list[float]]:
        paths = [f"/author/{number}" for number in range(5)]
        for path in paths:
            site.answers(path, page(b"<html>"))
        loop_began, began = asyncio.get_running_loop().time(), perf_counter()
        both = await asyncio.gather(*(ask_for(site, database, policy, paths, began) for _ in range(2)))
        return [answer for answers in both for answer in answers], [
            request.at - loop_began for request in site.requests
        ]

    answers, asked_at = visit(story)
    refused = [answer for answer in answers if isinstance(answer, Failure)]
    assert {answer.outcome for answer in refused} == {Outcome.COOLING_DOWN}
    # Both asked for robots.txt first, which left too few turns for all pages.
    assert (len(asked_at), len(answers) - len(refused)) == (9, 7)
    # Arrivals are less regular than starts, but none comes before its turn.
    assert [at >= 0.1 * turn for turn, at in enumerate(sorted(asked_at))] == [True] * 9
