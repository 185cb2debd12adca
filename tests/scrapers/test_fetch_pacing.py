"""When requests start: a gap apart on one host, at once on different ones."""

import asyncio

import pytest

from scrapers.pacing import Pacer


async def starts(pacer: Pacer, hosts: list[str]) -> list[float]:
    """Seconds from now to the start of a request to each host, all asked for at once."""
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def request(host: str) -> float:
        async with pacer.turn(host):
            return loop.time() - began

    return await asyncio.gather(*(request(host) for host in hosts))


def test_two_requests_to_one_host_start_a_gap_apart_in_their_order() -> None:
    pacer = Pacer(min_interval_seconds=0.05, connections_per_host=8)
    first, second, third = asyncio.run(starts(pacer, ["a", "a", "a"]))
    assert 0 <= first < second < third < 2
    assert second >= 0.049
    assert third >= 0.099


def test_hosts_do_not_wait_for_each_other() -> None:
    pacer = Pacer(min_interval_seconds=60, connections_per_host=1)
    assert max(asyncio.run(starts(pacer, ["a", "b", "c"]))) < 1


@pytest.mark.parametrize(("pause_seconds", "least", "most"), [(0.1, 0.19, 2.0), (0.31, 0.0, 0.25)])
def test_a_later_request_waits_for_what_is_left_of_the_gap(pause_seconds: float, least: float, most: float) -> None:
    async def story() -> float:
        pacer = Pacer(min_interval_seconds=0.3, connections_per_host=8)
        await starts(pacer, ["a"])
        await asyncio.sleep(pause_seconds)
        (waited,) = await starts(pacer, ["a"])
        return waited

    assert least <= asyncio.run(story()) <= most


def test_no_more_requests_are_under_way_than_a_host_bears() -> None:
    async def story() -> tuple[int, int]:
        pacer = Pacer(min_interval_seconds=0, connections_per_host=2)
        under_way = most = 0

        async def request() -> None:
            nonlocal under_way, most
            async with pacer.turn("a"):
                under_way += 1
                most = max(most, under_way)
                await asyncio.sleep(0.001)
                under_way -= 1

        await asyncio.gather(*(request() for _ in range(20)))
        return most, under_way

    assert asyncio.run(story()) == (2, 0)


def test_a_request_that_fails_or_is_given_up_makes_room() -> None:
    async def story() -> None:
        pacer = Pacer(min_interval_seconds=0, connections_per_host=1)
        with pytest.raises(ConnectionError):
            async with pacer.turn("a"):
                raise ConnectionError
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), pacer.turn("a"):
                await asyncio.sleep(10)
        async with asyncio.timeout(1), pacer.turn("a"):
            pass

    asyncio.run(story())


def test_each_host_may_have_a_gap_of_its_own() -> None:
    gaps = {"slow.example.org": 0.05, "127.0.0.1": 0.0}

    async def story() -> tuple[list[float], list[float]]:
        pacer = Pacer(min_interval_seconds=gaps.__getitem__, connections_per_host=8)
        return await starts(pacer, ["slow.example.org"] * 2), await starts(pacer, ["127.0.0.1"] * 2)

    slow, own = asyncio.run(story())
    assert slow[1] - slow[0] >= 0.05
    assert own[1] - own[0] < 0.05
