"""How a robots.txt is had and kept, and what becomes of pages because of it. All in virtual time."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrapers.fetch import Fetcher, FetchSettings
from scrapers.gate import MemoryGate
from scrapers.source import Interface
from tests.scrapers.web import Says, Web, breaks_off, says
from tests.virtual_time import run
from tracking.check import Failure, NotModified, Outcome, Page, RobotsVerdict
from tracking.host import HostPolicy, RobotsRecord

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ORIGIN = "https://www.example.org"
ROBOTS, PROFILE = f"{ORIGIN}/robots.txt", f"{ORIGIN}/author/1"
FORBID_ALL = says(200, "User-agent: *\nDisallow: /\n")
ALLOW_ALL = says(200, "User-agent: *\nDisallow:\n")

SETTINGS = FetchSettings(user_agent="MyLab/1 (mailto:lab@example.org)", attempts=2, retry_wait_seconds=1)


class Lab:
    """Somebody who asks for profiles of one web; every host has the same policy."""

    def __init__(self, web: Web, **policy: Any) -> None:
        self.web = web
        policies = HostPolicy(**({"min_interval_seconds": 0.0} | policy))
        self.gate = MemoryGate(lambda _: policies, NOON, clock=asyncio.get_running_loop().time, chance=lambda: 0.0)
        self.fetcher = Fetcher(SETTINGS, transport=web.transport(), gate=self.gate)

    async def ask(self, url: str = PROFILE, interface: Interface = Interface.PAGE) -> Page | NotModified | Failure:
        return await self.fetcher.get(url, validators=None, hosts=["www.example.org"], interface=interface)

    def restart(self) -> None:
        """The program ends and begins again; what the gate keeps, it still has."""
        self.fetcher = Fetcher(SETTINGS, transport=self.web.transport(), gate=self.gate)


Story = Callable[[Lab], Coroutine[Any, Any, None]]


def play(story: Story, *robots: Says, **policy: Any) -> list[tuple[float, str]]:
    """Run a story on a web with one profile and this robots.txt; what was asked, and when."""
    web = Web()
    web.at(PROFILE, says(200, "<html>"))
    web.at(ROBOTS, *robots)

    async def played() -> None:
        await story(Lab(web, **policy))

    run(played())
    return web.asked


@pytest.mark.parametrize(
    ("robots", "verdict"),
    [
        (ALLOW_ALL, RobotsVerdict.ALLOWED),
        (says(204), RobotsVerdict.ALLOWED),
        (says(404), RobotsVerdict.NO_RULES),
        (says(403), RobotsVerdict.NO_RULES),
        (says(300), RobotsVerdict.NO_RULES),
    ],
    ids=["a file", "no content", "none", "forbidden", "many"],
)
def test_an_allowed_page_is_asked_for_after_the_file(robots: Says, verdict: RobotsVerdict) -> None:
    async def story(lab: Lab) -> None:
        answer = await lab.ask()
        assert isinstance(answer, Page)
        assert answer.robots is verdict

    assert play(story, robots) == [(0.0, ROBOTS), (0.0, PROFILE)]


def test_a_page_that_is_not_allowed_is_not_asked_for() -> None:
    async def story(lab: Lab) -> None:
        assert await lab.ask() == Failure(
            outcome=Outcome.ROBOTS,
            detail=f"the robots.txt of {ORIGIN} does not allow {PROFILE}",
            url=PROFILE,
            robots=RobotsVerdict.DISALLOWED,
        )

    assert play(story, FORBID_ALL) == [(0.0, ROBOTS)]


def test_an_interface_for_programs_is_not_a_page() -> None:
    async def story(lab: Lab) -> None:
        answer = await lab.ask(interface=Interface.API)
        assert isinstance(answer, Page)
        assert answer.robots is RobotsVerdict.NOT_ASKED

    assert play(story, FORBID_ALL) == [(0.0, PROFILE)]


def test_every_hop_of_a_redirect_must_be_allowed() -> None:
    async def story(lab: Lab) -> None:
        lab.web.at(PROFILE, says(302, location="/people/1"))
        answer = await lab.ask()
        assert isinstance(answer, Failure)
        assert (answer.outcome, answer.url) == (Outcome.ROBOTS, f"{ORIGIN}/people/1")

    robots = says(200, "User-agent: *\nDisallow: /people/\n")
    assert play(story, robots) == [(0.0, ROBOTS), (0.0, PROFILE)]


def test_many_profiles_ask_for_the_file_once_a_day_restarts_included() -> None:
    async def story(lab: Lab) -> None:
        urls = [lab.web.at(f"{ORIGIN}/author/{key}", says(200)) for key in range(20)]
        await asyncio.gather(*(lab.ask(url) for url in urls))
        lab.restart()
        # A daily run that begins a little earlier than the one before is of another day.
        await lab.gate.sleep_until(NOON + timedelta(hours=23) - timedelta(seconds=1))
        await lab.ask()
        await lab.gate.sleep_until(NOON + timedelta(hours=23))
        await asyncio.gather(*(lab.ask(url) for url in urls))

    asked = play(story, ALLOW_ALL)
    assert [at for at, url in asked if url == ROBOTS] == [0, 23 * 3600]
    assert len(asked) == 43


def test_the_file_costs_a_turn_and_counts_in_the_budget() -> None:
    async def story(lab: Lab) -> None:
        assert isinstance(await lab.ask(), Page)
        refused = await lab.ask()
        assert isinstance(refused, Failure)
        assert refused.outcome is Outcome.COOLING_DOWN

    assert play(story, ALLOW_ALL, min_interval_seconds=5, daily_budget=2) == [(0.0, ROBOTS), (5.0, PROFILE)]


def test_a_crawl_delay_is_the_gap() -> None:
    async def story(lab: Lab) -> None:
        await asyncio.gather(*(lab.ask() for _ in range(3)))

    asked = play(story, says(200, "User-agent: *\nCrawl-delay: 30\n"), min_interval_seconds=5)
    assert [at for at, _ in asked] == [0, 5, 35, 65]


@pytest.mark.parametrize(
    ("robots", "outcome", "words"),
    [
        (says(500), Outcome.UNREACHABLE, "answered 500"),
        (says(503, retry_after="60"), Outcome.THROTTLED, "answered 503"),
        (says(429, retry_after="60"), Outcome.THROTTLED, "answered 429"),
        (says(304), Outcome.UNREACHABLE, "answered 304"),
        (breaks_off, Outcome.UNREACHABLE, "takes no connection"),
        (says(302, location="http://10.0.0.1/robots.txt"), Outcome.UNREACHABLE, "the private address 10.0.0.1"),
        (says(302, location="ftp://www.example.org/"), Outcome.UNREACHABLE, "not an http or https URL"),
        (says(302, location="http://[::1"), Outcome.UNREACHABLE, "is not an http or https URL"),
        (says(200, b"x" * 600_000, content_encoding="br"), Outcome.UNREACHABLE, "was not asked for"),
    ],
    ids=["5xx", "503", "429", "304", "no answer", "private", "no http", "no URL", "unreadable"],
)
def test_where_the_rules_are_not_known_nothing_is_asked_for(robots: Says, outcome: Outcome, words: str) -> None:
    async def story(lab: Lab) -> None:
        answer = await lab.ask()
        assert isinstance(answer, Failure)
        assert (answer.outcome, answer.robots, answer.url) == (outcome, RobotsVerdict.UNKNOWN, PROFILE)
        assert answer.detail.startswith(f"the robots.txt of {ORIGIN} could not be had, so no page is asked for: ")
        assert words in answer.detail

    assert PROFILE not in [url for _, url in play(story, robots)]


def test_an_unreachable_file_is_asked_for_again_after_a_while_not_for_every_profile() -> None:
    async def story(lab: Lab) -> None:
        for _ in range(10):
            assert isinstance(await lab.ask(), Failure)
        await lab.gate.sleep_until(NOON + timedelta(minutes=15))
        assert isinstance(await lab.ask(), Page)

    asked = play(story, says(500), ALLOW_ALL)
    assert [url for _, url in asked] == [ROBOTS, ROBOTS, PROFILE]


def test_a_throttled_file_leaves_the_host_alone() -> None:
    async def story(lab: Lab) -> None:
        first, second = await lab.ask(), await lab.ask()
        assert isinstance(first, Failure)
        assert (first.outcome, first.retry_after_seconds) == (Outcome.THROTTLED, 3600)
        assert isinstance(second, Failure)
        assert second.outcome is Outcome.COOLING_DOWN
        await lab.gate.sleep_until(NOON + timedelta(hours=1))
        assert isinstance(await lab.ask(), Page)

    asked = play(story, says(429, retry_after="3600"), ALLOW_ALL)
    assert [at for at, _ in asked] == [0, 3600, 3600]


@pytest.mark.parametrize(("days", "is_asked"), [(29, True), (31, False)])
@pytest.mark.parametrize("failure", [says(500), breaks_off], ids=["5xx", "no answer"])
def test_what_was_said_a_month_ago_holds_while_the_file_cannot_be_had(failure: Says, days: int, is_asked: bool) -> None:
    async def story(lab: Lab) -> None:
        record = RobotsRecord(
            origin=ORIGIN, fetched_at=NOON - days * DAY, status=200, text="User-agent: *\nDisallow: /private\n"
        )
        await lab.gate.keep_robots(record)
        assert isinstance(await lab.ask(), Page) is is_asked
        assert await lab.gate.robots(ORIGIN) == record
        private = await lab.ask(f"{ORIGIN}/private")
        assert isinstance(private, Failure)
        assert private.outcome is (Outcome.ROBOTS if is_asked else Outcome.UNREACHABLE)

    play(story, failure)


def test_rules_that_change_hold_from_the_next_day() -> None:
    async def story(lab: Lab) -> None:
        came = []
        for day in range(3):
            await lab.gate.sleep_until(NOON + day * DAY)
            came.append(type(await lab.ask()))
        assert came == [Page, Failure, Page]

    play(story, ALLOW_ALL, FORBID_ALL, ALLOW_ALL)


def test_the_file_may_be_at_another_host_and_holds_for_this_one() -> None:
    async def story(lab: Lab) -> None:
        for hop in range(4):
            lab.web.at(f"https://{hop}.example/robots.txt", says(301, location=f"https://{hop + 1}.example/robots.txt"))
        lab.web.at("https://4.example/robots.txt", FORBID_ALL)
        answer = await lab.ask()
        assert isinstance(answer, Failure)
        assert answer.outcome is Outcome.ROBOTS

    asked = play(story, says(301, location="https://0.example/robots.txt"))
    assert [url for _, url in asked] == [ROBOTS, *(f"https://{hop}.example/robots.txt" for hop in range(5))]


def test_after_five_redirects_there_is_no_file() -> None:
    async def story(lab: Lab) -> None:
        answer = await lab.ask()
        assert isinstance(answer, Page)
        assert answer.robots is RobotsVerdict.NO_RULES

    asked = play(story, says(302, location="/robots.txt"))
    assert [url for _, url in asked] == [ROBOTS] * 6 + [PROFILE]


def test_of_a_long_file_the_beginning_holds() -> None:
    lines = b"User-agent: *\nDisallow: /private\n" + b"# and so on\n" * 60_000 + b"Disallow: /author/\n"

    async def story(lab: Lab) -> None:
        assert isinstance(await lab.ask(), Page)
        private = await lab.ask(f"{ORIGIN}/private")
        assert isinstance(private, Failure)
        assert private.outcome is Outcome.ROBOTS

    play(story, says(200, lines))


def test_the_file_is_asked_for_by_the_name_that_its_rules_are_for() -> None:
    web = Web()
    web.at(ROBOTS, says(200, "User-agent: mylab\nDisallow: /\n"))

    async def story() -> None:
        answer = await Lab(web).ask()
        assert isinstance(answer, Failure)
        assert answer.outcome is Outcome.ROBOTS

    run(story())
    assert [request.headers["user-agent"] for request in web.requests] == ["MyLab/1 (mailto:lab@example.org)"]
    assert web.requests[0].headers["accept-encoding"] == "identity"
