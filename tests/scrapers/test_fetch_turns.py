"""What becomes of pages whose host wants rest, is broken, or was asked enough. All in virtual time."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrapers.fetch import Fetcher, FetchSettings
from scrapers.gate import MemoryGate
from tests.scrapers.web import Says, Web, breaks_off, says
from tests.virtual_time import run
from tracking.check import Failure, NotModified, Outcome, Page, RobotsVerdict, Validators
from tracking.host import HostPolicy

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PROFILE = "https://www.example.org/author/1"
SETTINGS = FetchSettings(
    user_agent="MyLab (mailto:lab@example.org)", attempts=3, retry_wait_seconds=1, obey_robots=False
)


class Lab:
    """Somebody who asks one host for a profile."""

    def __init__(self, web: Web, policy: HostPolicy) -> None:
        self.gate = MemoryGate(lambda _: policy, NOON, clock=asyncio.get_running_loop().time, chance=lambda: 0.0)
        self.fetcher = Fetcher(SETTINGS, transport=web.transport(), gate=self.gate)

    async def ask(self) -> Page | NotModified | Failure:
        return await self.fetcher.get(PROFILE, validators=Validators(etag='"v1"'), hosts=["www.example.org"])

    async def fail(self) -> Failure:
        answer = await self.ask()
        assert isinstance(answer, Failure)
        return answer

    async def at(self, minutes: float) -> None:
        """Wait until so many minutes after noon."""
        await self.gate.sleep_until(NOON + timedelta(minutes=minutes))


def play(story: Callable[[Lab], Coroutine[Any, Any, None]], *answers: Says, **policy: Any) -> list[float]:
    """Run a story in which the profile is answered so; the seconds after noon at which it was asked for."""
    web = Web()
    web.at(PROFILE, *answers)

    async def played() -> None:
        await story(Lab(web, HostPolicy(**({"min_interval_seconds": 0.0} | policy))))

    run(played())
    return [at for at, _ in web.asked]


def test_a_used_up_budget_is_said_in_a_sentence() -> None:
    async def story(lab: Lab) -> None:
        await lab.ask()
        assert await lab.fail() == Failure(
            outcome=Outcome.COOLING_DOWN,
            detail="the day's 1 requests to www.example.org are used up; it is asked again after "
            "2026-11-23 00:00:00 UTC",
            url=PROFILE,
            robots=RobotsVerdict.NOT_ASKED,
        )

    assert play(story, says(200), daily_budget=1) == [0]


@pytest.mark.parametrize(
    ("answer", "minutes"),
    [
        (says(429, retry_after="3600"), 60),
        (says(503, retry_after="3600"), 60),
        (says(429), 15),
        (says(503), 15),
        (says(429, x_ratelimit_remaining="0", x_ratelimit_reset="1800"), 30),
        (says(200, x_ratelimit_remaining="0", x_ratelimit_reset="1800"), 30),
        (says(200, ratelimit='"day";r=0;t=1800'), 30),
        (says(304, ratelimit_remaining="0", ratelimit_reset="1800"), 30),
        (says(404, retry_after="1800"), 30),
        (says(500, retry_after="1800"), 30),
    ],
    ids=["429", "503", "429 alone", "503 alone", "quota and 429", "quota", "draft", "older draft", "404", "500"],
)
def test_a_host_that_wants_rest_gets_it(answer: Says, minutes: int) -> None:
    async def story(lab: Lab) -> None:
        await lab.ask()
        await lab.at(minutes - 1)
        refused = await lab.fail()
        assert refused.outcome is Outcome.COOLING_DOWN
        assert refused.detail.endswith(
            f"it is asked again after 2026-11-22 {12 + minutes // 60}:{minutes % 60:02}:00 UTC"
        )
        await lab.at(minutes)
        assert isinstance(await lab.ask(), Page)

    assert play(story, answer, says(200)) == [0, minutes * 60]


def test_a_throttled_page_says_how_long() -> None:
    async def story(lab: Lab) -> None:
        throttled = await lab.fail()
        assert (throttled.outcome, throttled.status) == (Outcome.THROTTLED, 429)
        assert throttled.retry_after_seconds == 1800

    play(story, says(429, x_ratelimit_remaining="0", x_ratelimit_reset="1800", retry_after="60"))


def test_a_host_that_is_down_is_left_alone_after_five_tries() -> None:
    async def story(lab: Lab) -> None:
        assert [(await lab.fail()).outcome for _ in range(4)] == [
            Outcome.UNREACHABLE,
            Outcome.UNREACHABLE,
            Outcome.COOLING_DOWN,
            Outcome.COOLING_DOWN,
        ]
        await lab.at(17)
        assert isinstance(await lab.ask(), Page)
        assert isinstance(await lab.ask(), Page)

    asked = play(story, *[breaks_off] * 5, says(200))
    assert len(asked) == 7
    assert asked[5] == asked[6] == 17 * 60


def test_a_try_that_is_refused_leaves_the_failure_before_it() -> None:
    """The second profile's second try opens the breaker; there is no third."""

    async def story(lab: Lab) -> None:
        await lab.fail()
        second = await lab.fail()
        assert second.outcome is Outcome.UNREACHABLE
        assert "takes no connection" in second.detail

    assert len(play(story, breaks_off)) == 5


@pytest.mark.parametrize("status", [401, 404, 410, 418, 451])
def test_whatever_a_host_says_of_a_page_it_is_well(status: int) -> None:
    async def story(lab: Lab) -> None:
        for _ in range(10):
            assert (await lab.fail()).outcome is not Outcome.COOLING_DOWN

    assert len(play(story, says(status))) == 10


@pytest.mark.parametrize("answer", [says(403), says(500), says(200, "cut", content_encoding="gzip")])
def test_many_refusals_or_broken_answers_in_a_row_open_the_breaker(answer: Says) -> None:
    async def story(lab: Lab) -> None:
        for _ in range(10):
            await lab.ask()

    assert len(play(story, answer)) == 5


@pytest.mark.parametrize(("stops", "minutes"), [(False, 15), (True, 12 * 60)], ids=["a while", "the day"])
def test_a_captcha_that_was_recognised_later_counts(stops: bool, minutes: int) -> None:
    async def story(lab: Lab) -> None:
        captcha = await lab.ask()
        assert isinstance(captcha, Page)
        await lab.fetcher.report_blocked(captcha.url, "the page is a captcha")
        refused = await lab.fail()
        assert refused.outcome is Outcome.COOLING_DOWN
        assert "the page is a captcha" in refused.detail
        await lab.at(minutes)
        assert isinstance(await lab.ask(), Page)

    assert play(story, says(200), stops_when_blocked=stops) == [0, minutes * 60]


def test_turns_that_were_leased_are_given_back_when_the_fetcher_ends() -> None:
    async def story(lab: Lab) -> None:
        async with lab.fetcher:
            await lab.ask()
        assert lab.gate.state("www.example.org").granted == 1

    play(story, says(200))
