"""Thousands of profiles on thirty hosts over days, restarts included, in virtual time: what hosts see of it."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice, pairwise
from random import Random

import httpx
import pytest

from scrapers.fetch import Fetcher, FetchSettings
from scrapers.gate import MemoryGate
from tests.virtual_time import run
from tracking.check import Failure, NotModified, Outcome, Page
from tracking.host import HostPolicy

START = datetime(2026, 11, 22, 6, tzinfo=UTC)
HOSTS = 30
SETTINGS = FetchSettings(user_agent="MyLab (mailto:lab@example.org)", attempts=2, retry_wait_seconds=1)


@dataclass(frozen=True, slots=True)
class Host:
    """A host with its own limits and moods."""

    name: str
    policy: HostPolicy
    #: What its robots.txt asks for.
    crawl_delay_seconds: int = 0
    #: Every so many requests it wants an hour of rest.
    throttles_every: int | None = None
    #: It takes no connection on the second day.
    is_down_for_a_day: bool = False

    @property
    def gap(self) -> timedelta:
        return timedelta(seconds=max(self.policy.min_interval_seconds, self.crawl_delay_seconds))


def host(number: int, profiles: int) -> Host:
    """One of thirty that share so many profiles; a third of them cannot give all of theirs in a day."""
    its_own = profiles / HOSTS
    return Host(
        name=f"host{number}.example",
        policy=HostPolicy(
            min_interval_seconds=(0, 0.5, 5, 20)[number % 4],
            # Some of it goes to robots.txt, and to what was asked for in vain.
            daily_budget=(2 * profiles, round(its_own) + 7, round(0.55 * its_own) + 17)[number % 3],
        ),
        crawl_delay_seconds=30 if number % 7 == 0 else 0,
        throttles_every=round(0.45 * its_own) if number in (3, 13) else None,
        is_down_for_a_day=number in (9, 24),
    )


@dataclass
class Internet:
    """All hosts; remembers when each was asked."""

    gate: MemoryGate
    #: By name.
    hosts: Mapping[str, Host]
    asked: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    #: Until when a host has said that it wants rest.
    rests: dict[str, datetime] = field(default_factory=dict)

    def answer(self, request: httpx.Request) -> httpx.Response:
        now, asked = self.gate.now(), self.hosts[request.url.host]
        assert now >= self.rests.get(asked.name, START), f"{asked.name} wanted rest"
        self.asked[asked.name].append(now)
        if asked.is_down_for_a_day and now.date() == START.date() + timedelta(days=1):
            raise httpx.ConnectError("connection refused", request=request)
        if asked.throttles_every and len(self.asked[asked.name]) % asked.throttles_every == 0:
            self.rests[asked.name] = now + timedelta(hours=1)
            return httpx.Response(429, headers={"Retry-After": "3600"}, stream=httpx.ByteStream(b""))
        if request.url.path == "/robots.txt":
            rules = f"User-agent: *\nCrawl-delay: {asked.crawl_delay_seconds}\n"
            return httpx.Response(200, stream=httpx.ByteStream(rules.encode()))
        return httpx.Response(200, stream=httpx.ByteStream(b"<html>"))


@dataclass
class Tracker:
    """The program: asks for every profile that was not asked for in the last day, those that waited longest first."""

    gate: MemoryGate
    internet: Internet
    urls: Sequence[str]
    checked_at: dict[str, datetime] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)

    def due(self) -> Iterator[str]:
        soon = self.gate.now() - timedelta(hours=20)
        waited = sorted(self.urls, key=lambda url: self.checked_at.get(url, START - timedelta(days=365)))
        return (url for url in waited if self.checked_at.get(url, soon) <= soon)

    async def run(self) -> int:
        """One run to its end; how many profiles it was about."""
        fetcher = Fetcher(SETTINGS, transport=httpx.MockTransport(self.internet.answer), gate=self.gate)
        async with fetcher, asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.check(fetcher, url)) for url in self.due()]
        return len(tasks)

    async def killed_after(self, seconds: float, *, profiles: int) -> None:
        """A run of some profiles that ends in the middle: nothing is given back."""
        fetcher = Fetcher(SETTINGS, transport=httpx.MockTransport(self.internet.answer), gate=self.gate)
        tasks = [asyncio.create_task(self.check(fetcher, url)) for url in islice(self.due(), profiles)]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def check(self, fetcher: Fetcher, url: str) -> None:
        match await fetcher.get(url, validators=None, hosts=self.internet.hosts):
            case Page() | NotModified():
                self.outcomes["ok"] += 1
                self.checked_at[url] = self.gate.now()
            case Failure(outcome=outcome):
                self.outcomes[outcome.value] += 1
                if outcome is not Outcome.COOLING_DOWN:
                    self.checked_at[url] = self.gate.now()


@pytest.mark.parametrize("many", [1_500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_many_profiles_on_thirty_hosts_over_days(many: int) -> None:
    hosts = {one.name: one for one in (host(number, many) for number in range(HOSTS))}
    urls = [f"https://{name}/author/{key}" for key, name in zip(range(many), cycle(hosts), strict=False)]

    async def story() -> tuple[Tracker, int]:
        chance = Random(4)
        gate = MemoryGate(
            lambda name: hosts[name].policy,
            START,
            clock=asyncio.get_running_loop().time,
            chance=chance.random,
        )
        tracker = Tracker(gate, Internet(gate, hosts), urls)
        profiles = 0
        await tracker.killed_after(seconds=60, profiles=many // 5)
        for hours in (0, 12, 24):
            await gate.sleep_until(START + timedelta(hours=hours))
            profiles += await tracker.run()
        return tracker, profiles

    tracker, profiles = run(story())

    for asked in hosts.values():
        starts = tracker.internet.asked[asked.name]
        assert is_within_budget(starts, asked.policy.daily_budget), asked
        assert is_apart(starts, asked), asked
    assert tracker.checked_at.keys() == set(urls), "every profile had its turn"
    assert set(tracker.outcomes) == {"ok", "throttled", "unreachable", "cooling_down"}
    assert tracker.outcomes["unreachable"] < 2 * 10, "a host that is down is asked for a few profiles, not for all"
    assert tracker.outcomes.total() >= profiles > 1.5 * many, "and was asked for again the next day"


def is_within_budget(starts: list[datetime], budget: int) -> bool:
    days: Counter[date] = Counter(start.date() for start in starts)
    return max(days.values()) <= budget


def is_apart(starts: list[datetime], host: Host) -> bool:
    """Only a robots.txt that is not known yet makes no gap: the first page comes after the file's own turn."""
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    shortest = timedelta(seconds=host.policy.min_interval_seconds)
    too_short = sum(gap < host.gap for gap in gaps)
    return all(gap >= shortest for gap in gaps) and too_short <= (10 if host.crawl_delay_seconds else 0)
