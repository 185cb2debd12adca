"""One queue per host: who waits for whom, and what is done with turns that were granted. All in virtual time."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrapers.exchange import Exchange
from scrapers.gate import MemoryGate
from scrapers.pacing import Pacer
from tests.virtual_time import run
from tracking.check import NotModified
from tracking.host import Answered, AnswerKind, Grant, HostPolicy, Refused, RestReason

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOST, OTHER = "www.example.org", "papers.example.org"

GOOD = Answered(kind=AnswerKind.GOOD)
FAILED = Answered(kind=AnswerKind.FAILED, detail="it takes no connection")
THROTTLED = Answered(kind=AnswerKind.THROTTLED, detail="it answered 429")


@dataclass
class Traffic:
    """What reaches the hosts, seconds after noon, and how many requests were there at once."""

    gate: MemoryGate
    pacer: Pacer
    starts: list[tuple[str, float]] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0

    async def ask(
        self, host: str = HOST, answer: Answered = GOOD, *, seconds: float = 0.0, crawl_delay_seconds: float = 0.0
    ) -> Exchange[NotModified] | Refused:
        """A request that takes so long and is answered so."""
        return await self.pacer.ask(
            host, lambda: self._serve(host, answer, seconds), crawl_delay_seconds=crawl_delay_seconds
        )

    async def _serve(self, host: str, answer: Answered, seconds: float) -> Exchange[NotModified]:
        self.starts.append((host, round((self.gate.now() - NOON).total_seconds(), 3)))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(seconds)
        finally:
            self.under_way -= 1
        return Exchange(NotModified(url=f"https://{host}/"), answer, may_pass=False)


Story = Callable[[Traffic], Coroutine[Any, Any, None]]


def play(
    story: Story, *, connections: int = 8, altogether: int = 256, start: datetime = NOON, **policy: Any
) -> Traffic:
    """Run a story in which every host has this policy; chance adds nothing to the gaps."""

    async def played() -> Traffic:
        policies = HostPolicy(**({"min_interval_seconds": 0.0} | policy))
        gate = MemoryGate(lambda _: policies, start, clock=asyncio.get_running_loop().time, chance=lambda: 0.0)
        traffic = Traffic(gate, Pacer(gate, connections_per_host=connections, connections=altogether))
        await story(traffic)
        return traffic

    return run(played())


def test_starts_at_one_host_are_apart_and_hosts_do_not_wait_for_each_other() -> None:
    async def story(traffic: Traffic) -> None:
        await asyncio.gather(*(traffic.ask(host, seconds=1) for host in [HOST, HOST, OTHER, HOST]))

    traffic = play(story, min_interval_seconds=5)
    assert sorted(traffic.starts, key=lambda start: start[1]) == [(HOST, 0), (OTHER, 0), (HOST, 5), (HOST, 10)]


def test_the_gap_is_between_starts_not_after_ends() -> None:
    async def story(traffic: Traffic) -> None:
        await asyncio.gather(*(traffic.ask(seconds=60) for _ in range(3)))

    assert play(story, min_interval_seconds=5).starts == [(HOST, 0), (HOST, 5), (HOST, 10)]


@pytest.mark.parametrize("connections", [1, 3])
def test_few_requests_to_one_host_are_under_way_at_once(connections: int) -> None:
    async def story(traffic: Traffic) -> None:
        await asyncio.gather(*(traffic.ask(seconds=1) for _ in range(20)))

    traffic = play(story, connections=connections)
    assert traffic.most_under_way == connections
    assert len(traffic.starts) == 20


def test_few_requests_to_all_hosts_are_under_way_at_once_and_each_has_its_gap() -> None:
    """Hosts that wait for a connection take no turn meanwhile: the next one would come too soon after it."""
    hosts = [f"{number}.example.org" for number in range(4)]

    async def story(traffic: Traffic) -> None:
        await asyncio.gather(*(traffic.ask(host, seconds=4) for host in hosts * 3))

    traffic = play(story, altogether=2, min_interval_seconds=5)
    assert traffic.most_under_way == 2
    assert len(traffic.starts) == 12
    for host in hosts:
        first, second, third = (at for one, at in traffic.starts if one == host)
        assert second - first >= 5
        assert third - second >= 5


def test_hosts_that_wait_for_their_turn_hold_up_no_other() -> None:
    async def story(traffic: Traffic) -> None:
        slow = (traffic.ask(f"{number}.example.org", crawl_delay_seconds=60) for number in (1, 2, 1, 2, 1, 2))
        await asyncio.gather(*slow, *(traffic.ask() for _ in range(5)))

    traffic = play(story, altogether=2, min_interval_seconds=1)
    # At the very beginning both others are asked.
    assert [at for host, at in traffic.starts if host == HOST] == [1, 2, 3, 4, 5]
    assert [at for host, at in traffic.starts if host != HOST] == [0, 0, 60, 60, 120, 120]


def test_a_request_that_is_cancelled_gives_its_place_to_the_next() -> None:
    async def story(traffic: Traffic) -> None:
        first = asyncio.create_task(traffic.ask(seconds=1000))
        second = asyncio.create_task(traffic.ask())
        await asyncio.sleep(10)
        first.cancel()
        await second

    assert play(story, connections=1).starts == [(HOST, 0), (HOST, 10)]
    assert play(story, altogether=1).starts == [(HOST, 0), (HOST, 10)]


def test_robots_may_ask_for_a_longer_gap() -> None:
    async def story(traffic: Traffic) -> None:
        await traffic.ask()
        await asyncio.gather(*(traffic.ask(crawl_delay_seconds=30) for _ in range(3)))

    assert [at for _, at in play(story).starts] == [0, 0, 30, 60]


def test_a_used_up_budget_refuses_until_midnight() -> None:
    async def story(traffic: Traffic) -> None:
        came = await asyncio.gather(*(traffic.ask() for _ in range(5)))
        refused = [answer for answer in came if isinstance(answer, Refused)]
        assert [answer.reason for answer in refused] == [RestReason.BUDGET] * 2
        assert refused[0].until == datetime(2026, 11, 23, tzinfo=UTC)

    assert len(play(story, daily_budget=3).starts) == 3


def test_a_rest_that_is_over_in_a_moment_is_waited_for_and_a_longer_one_is_not() -> None:
    async def story(traffic: Traffic) -> None:
        await traffic.ask(answer=Answered(kind=AnswerKind.THROTTLED, retry_after_seconds=8))
        await traffic.ask()
        await traffic.ask(answer=Answered(kind=AnswerKind.THROTTLED, retry_after_seconds=11))
        assert isinstance(await traffic.ask(), Refused)

    assert [at for _, at in play(story).starts] == [0, 8, 8]


def test_whoever_waited_for_a_turn_when_the_host_wanted_rest_does_not_use_it() -> None:
    async def story(traffic: Traffic) -> None:
        came = await asyncio.gather(traffic.ask(answer=THROTTLED, seconds=1), traffic.ask(), traffic.ask())
        assert [type(answer) for answer in came] == [Exchange, Refused, Refused]
        assert traffic.gate.state(HOST).granted == 1, "the turn that was waited for is given back"

    assert play(story, min_interval_seconds=5).starts == [(HOST, 0)]


def test_of_requests_without_a_gap_none_starts_after_the_host_wanted_rest() -> None:
    async def story(traffic: Traffic) -> None:
        answers = [GOOD] * 20 + [THROTTLED] + [GOOD] * 200
        await asyncio.gather(*(traffic.ask(answer=answer, seconds=1) for answer in answers))

    traffic = play(story, connections=5)
    assert {at for _, at in traffic.starts} == {0, 1, 2, 3, 4}
    assert len(traffic.starts) == 25
    assert traffic.gate.state(HOST).granted == 25


def test_the_breaker_opens_after_five_failures_although_more_turns_were_leased() -> None:
    async def story(traffic: Traffic) -> None:
        came = await asyncio.gather(*(traffic.ask(answer=FAILED) for _ in range(100)))
        assert sum(isinstance(answer, Refused) for answer in came) == 95

    assert len(play(story, connections=1).starts) == 5


@pytest.mark.parametrize(("answer", "asked"), [(GOOD, 41), (FAILED, 1)], ids=["it is back", "it is not"])
def test_all_wait_for_the_probe_and_share_its_fate(answer: Answered, asked: int) -> None:
    async def story(traffic: Traffic) -> None:
        for _ in range(5):
            await traffic.ask(answer=FAILED)
        traffic.starts.clear()
        await traffic.gate.sleep_until(NOON + timedelta(minutes=15))
        probe = asyncio.create_task(traffic.ask(answer=answer, seconds=20))
        came = await asyncio.gather(*(traffic.ask() for _ in range(40)))
        await probe
        assert all(isinstance(answer, Refused) for answer in came) is (asked == 1)

    traffic = play(story)
    assert len(traffic.starts) == asked
    assert all(at == 920 for _, at in traffic.starts[1:])


def test_turns_are_leased_in_blocks_and_given_back_in_the_end() -> None:
    async def story(traffic: Traffic) -> None:
        await traffic.ask()
        assert traffic.gate.state(HOST).granted == 100
        await asyncio.gather(*(traffic.ask() for _ in range(119)))
        assert traffic.gate.state(HOST).granted == 200
        await traffic.pacer.close()
        assert traffic.gate.state(HOST).granted == 120

    play(story)


@pytest.mark.parametrize(("pause", "asked_today"), [(6.0, 2), (43_200.0, 1)], ids=["a while", "another day"])
def test_a_lease_that_was_not_used_at_once_is_given_back(pause: float, asked_today: int) -> None:
    async def story(traffic: Traffic) -> None:
        await traffic.ask()
        await asyncio.sleep(pause)
        await traffic.ask()
        assert traffic.gate.state(HOST).granted == asked_today + 99
        await traffic.pacer.close()
        assert traffic.gate.state(HOST).granted == asked_today

    play(story)


def test_no_turn_of_yesterday_is_used_today() -> None:
    async def story(traffic: Traffic) -> None:
        await traffic.ask()
        await asyncio.sleep(2)
        came = await asyncio.gather(*(traffic.ask() for _ in range(60)))
        assert sum(isinstance(answer, Refused) for answer in came) == 10

    start = datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)
    assert len(play(story, start=start, daily_budget=50).starts) == 51


def test_what_another_process_holds_is_not_waited_for() -> None:
    async def story(traffic: Traffic) -> None:
        for _ in range(5):
            await traffic.ask(answer=FAILED)
        await traffic.gate.sleep_until(NOON + timedelta(minutes=15))
        elsewhere = await traffic.gate.take_turns(HOST, wanted=1)
        assert isinstance(elsewhere, Grant)
        assert elsewhere.probe
        refused = await traffic.ask()
        assert isinstance(refused, Refused)
        assert refused.reason is RestReason.BROKEN

    play(story)


def test_a_bug_in_a_request_comes_out() -> None:
    async def broken() -> Exchange[NotModified]:
        raise LookupError("a bug")

    async def story(traffic: Traffic) -> None:
        ask: Awaitable[object] = traffic.pacer.ask(HOST, broken)
        with pytest.raises(LookupError, match="a bug"):
            await ask
        await traffic.ask()

    assert len(play(story, connections=1).starts) == 1
