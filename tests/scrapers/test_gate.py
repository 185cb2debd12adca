"""The gate that keeps all in memory: its clock, and what it remembers of which host."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from scrapers.gate import MemoryGate, host_at
from tests.virtual_time import run
from tracking.host import Answered, AnswerKind, Grant, HostPolicy, Refused, RestReason, RobotsRecord

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
POLICIES = {
    "www.example.org": HostPolicy(min_interval_seconds=5, jitter=0.2),
    "api.example.org": HostPolicy(min_interval_seconds=0, daily_budget=10),
}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Example.org/author/1", "www.example.org"),
        ("https://www.example.org:443/", "www.example.org"),
        ("http://www.example.org:80/", "www.example.org"),
        ("http://www.example.org:443/", "www.example.org:443"),
        ("http://127.0.0.1:8099/author/1", "127.0.0.1:8099"),
        ("http://[::1]:8099/", "[::1]:8099"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://www.example.org./", "www.example.org"),
    ],
)
def test_turns_are_counted_by_host_and_unusual_port(url: str, host: str) -> None:
    assert host_at(httpx.URL(url)) == host


def test_each_host_has_its_policy_and_its_memory() -> None:
    async def story() -> None:
        gate = MemoryGate(POLICIES.__getitem__, NOON, clock=asyncio.get_running_loop().time, chance=lambda: 1.0)
        assert await gate.take_turns("www.example.org", wanted=100) == Grant(NOON)
        assert await gate.take_turns("www.example.org", wanted=100) == Grant(NOON + timedelta(seconds=6))
        assert await gate.take_turns("api.example.org", wanted=100) == Grant(NOON, 10)
        refused = await gate.take_turns("api.example.org", wanted=100)
        assert isinstance(refused, Refused)
        assert refused.reason is RestReason.BUDGET

        await gate.give_back("api.example.org", Grant(NOON, 4))
        assert await gate.take_turns("api.example.org", wanted=100) == Grant(NOON, 4)

        await gate.answered("www.example.org", Answered(kind=AnswerKind.THROTTLED, retry_after_seconds=60))
        await gate.sleep_until(NOON + timedelta(seconds=59))
        assert isinstance(await gate.take_turns("www.example.org", wanted=1), Refused)
        await gate.sleep_until(NOON + timedelta(seconds=60))
        assert await gate.take_turns("www.example.org", wanted=1) == Grant(NOON + timedelta(seconds=60))

    run(story())


def test_its_time_is_the_run_s_and_goes_on() -> None:
    async def story() -> None:
        gate = MemoryGate(POLICIES.__getitem__, NOON, clock=asyncio.get_running_loop().time)
        assert gate.now() == NOON
        await gate.sleep_until(NOON - timedelta(hours=1))
        assert gate.now() == NOON
        await gate.sleep_until(NOON + timedelta(days=3))
        assert gate.now() >= NOON + timedelta(days=3)

    run(story())


def test_robots_are_kept_by_origin() -> None:
    async def story() -> None:
        gate = MemoryGate(POLICIES.__getitem__, NOON)
        first = RobotsRecord(origin="https://www.example.org", fetched_at=NOON, status=404)
        later = RobotsRecord(origin="https://www.example.org", fetched_at=NOON, status=200, text="User-agent: *")
        await gate.keep_robots(first)
        await gate.keep_robots(later)
        await gate.disallowed("www.example.org")
        assert await gate.robots("https://www.example.org") == later
        assert await gate.robots("http://www.example.org") is None

    run(story())
