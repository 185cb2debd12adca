"""Ten thousand profiles on thirty hosts over days, restarts included, in virtual time: what hosts see of it."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from random import Random

import httpx

from scrapers.fetch import Fetcher, FetchSettings
from scrapers.gate import MemoryGate
from tests.virtual_time import run
from tracking.check import Failure, NotModified, Outcome, Page
from tracking.host import HostPolicy

START = datetime(2026, 11, 22, 6, tzinfo=UTC)
HOSTS, PROFILES = 30, 10_000
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


def host(number: int) -> Host:
    return Host(
        name=f"host{number}.example",
        policy=HostPolicy(
            min_interval_seconds=(0, 0.5, 5, 20)[number % 4], daily_budget=(20_000, 340, 200)[number % 3]
        ),
        crawl_delay_seconds=30 if number % 7 == 0 else 0,
        throttles_every=150 if number in (3, 13) else None,
        is_down_for_a_day=number in (9, 24),
    )


@dataclass
class Internet:
    """All hosts; remembers when each was asked."""

    gate: MemoryGate
    asked: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    #: Until when a host has said that it wants rest.
    rests: dict[str, datetime] = field(default_factory=dict)

    def answer(self, request: httpx.Request) -> httpx.Response:
        now, asked = self.gate.now(), HOST_OF[request.url.host]
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


ALL_HOSTS = [host(number) for number in range(HOSTS)]
HOST_OF = {host.name: host for host in ALL_HOSTS}
URLS = [f"https://{ALL_HOSTS[key % HOSTS].name}/author/{key}" for key in range(PROFILES)]


@dataclass
class Tracker:
    """The program: asks for every profile that was not asked for in the last day, those that waited longest first."""

    gate: MemoryGate
    internet: Internet
    checked_at: dict[str, datetime] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)

    def due(self) -> Iterator[str]:
        soon = self.gate.now() - timedelta(hours=20)
        waited = sorted(URLS, key=lambda url: self.checked_at.get(url, START - timedelta(days=365)))
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
        match await fetcher.get(url, validators=None, hosts=HOST_OF):
            case Page() | NotModified():
                self.outcomes["ok"] += 1
                self.checked_at[url] = self.gate.now()
            case Failure(outcome=outcome):
                self.outcomes[outcome.value] += 1
                if outcome is not Outcome.COOLING_DOWN:
                    self.checked_at[url] = self.gate.now()


def test_ten_thousand_profiles_on_thirty_hosts_over_days() -> None:
    async def story() -> tuple[Tracker, int]:
        chance = Random(4)
        gate = MemoryGate(
            lambda name: HOST_OF[name].policy,
            START,
            clock=asyncio.get_running_loop().time,
            chance=chance.random,
        )
        tracker = Tracker(gate, Internet(gate))
        profiles = 0
        await tracker.killed_after(seconds=60, profiles=2_000)
        for hours in (0, 12, 24):
            await gate.sleep_until(START + timedelta(hours=hours))
            profiles += await tracker.run()
        return tracker, profiles

    tracker, profiles = run(story())

    for host in ALL_HOSTS:
        starts = tracker.internet.asked[host.name]
        assert is_within_budget(starts, host.policy.daily_budget), host
        assert is_apart(starts, host), host
    assert tracker.checked_at.keys() == set(URLS), "every profile had its turn"
    assert set(tracker.outcomes) == {"ok", "throttled", "unreachable", "cooling_down"}
    assert tracker.outcomes["unreachable"] < 2 * 10, "a host that is down is asked for a few profiles, not for all"
    assert tracker.outcomes.total() >= profiles > 1.5 * PROFILES, "and was asked for again the next day"


def is_within_budget(starts: list[datetime], budget: int) -> bool:
    days: Counter[date] = Counter(start.date() for start in starts)
    return max(days.values()) <= budget


def is_apart(starts: list[datetime], host: Host) -> bool:
    """Only a robots.txt that is not known yet makes no gap: the first page comes after the file's own turn."""
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    shortest = timedelta(seconds=host.policy.min_interval_seconds)
    too_short = sum(gap < host.gap for gap in gaps)
    return all(gap >= shortest for gap in gaps) and too_short <= (10 if host.crawl_delay_seconds else 0)
