"""An archive that several programs ask at once, which share a gate. In virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from scrapers.archives.client import ArchiveClient
from scrapers.archives.pace import Pace
from scrapers.archives.settings import ArchiveSettings
from scrapers.gate import MemoryGate
from tests.scrapers.archives.lines import URL
from tests.scrapers.web import Says, Web, says
from tests.virtual_time import run
from tracking.check import Failure, Outcome, Page
from tracking.host import HostPolicy

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLACE = f"https://archive.example.org/coll/20240101000000id_/{URL}"
GIVEN = says(200, "<p>Ada", content_type="text/html", memento_datetime="Mon, 01 Jan 2024 00:00:00 GMT")

SETTINGS = ArchiveSettings(
    user_agent="tests (mailto:tests@example.org)",
    cdx_url="https://archive.example.org/coll/cdx",
    memento_url="https://archive.example.org/coll/",
    attempts=3,
    retry_wait_seconds=30,
    longest_wait_seconds=600,
)


class Program:
    """Somebody who reads the capture over and over, at a pace of their own."""

    def __init__(self, web: Web, gate: MemoryGate) -> None:
        self.client = ArchiveClient(SETTINGS, transport=web.transport(), gate=gate)
        self.pace = Pace(1, clock=asyncio.get_running_loop().time)

    async def read(self) -> Page | Failure:
        return (await self.client.ask(PLACE, self.pace)).answer


def play(story: Callable[[Program, Program], Awaitable[None]], *answers: Says, **policy: Any) -> list[float]:
    """Run a story of two programs; the seconds after noon at which the capture was asked for."""
    web = Web()
    web.at(PLACE, *answers)

    async def played() -> None:
        policies = HostPolicy(**({"min_interval_seconds": 5.0} | policy))
        gate = MemoryGate(lambda _: policies, NOON, clock=asyncio.get_running_loop().time, chance=lambda: 0.0)
        one, other = Program(web, gate), Program(web, gate)
        async with one.client, other.client:
            await story(one, other)

    run(played())
    return [at for at, _ in web.asked]


def test_they_keep_one_gap() -> None:
    async def story(one: Program, other: Program) -> None:
        pages = await asyncio.gather(*(program.read() for program in (one, other, one, other)))
        assert all(isinstance(page, Page) for page in pages)

    starts = play(story, GIVEN)
    assert [later - earlier for earlier, later in pairwise(starts)] == [5, 5, 5]


def test_what_one_is_told_both_keep_to() -> None:
    async def story(one: Program, other: Program) -> None:
        told = asyncio.create_task(one.read())
        await asyncio.sleep(10)
        assert isinstance(await other.read(), Page)
        assert isinstance(await told, Page)

    first, *later = play(story, says(429, retry_after="120"), GIVEN)
    assert len(later) == 2
    assert all(at >= first + 120 for at in later)


def test_what_is_not_allowed_any_more_today_is_not_waited_for() -> None:
    async def story(one: Program, other: Program) -> None:
        assert isinstance(await one.read(), Page)
        refused = await other.read()
        assert isinstance(refused, Failure)
        assert refused.outcome is Outcome.COOLING_DOWN
        assert "the day's 1 requests to archive.example.org are used up" in refused.detail

    assert len(play(story, GIVEN, daily_budget=1)) == 1


def test_an_archive_that_is_out_of_order_is_left_alone_by_both() -> None:
    async def story(one: Program, other: Program) -> None:
        came = await asyncio.gather(*(program.read() for program in (one, other) * 2))
        assert [answer.outcome for answer in came if isinstance(answer, Failure)] == [Outcome.UNREACHABLE] * 4
        later = await one.read()
        assert isinstance(later, Failure)
        assert later.outcome is Outcome.COOLING_DOWN

    assert len(play(story, says(502))) <= 6
