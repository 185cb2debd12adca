"""Connections to many hosts: few stay open, none is closed that is in use, and a request costs the same beside many."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest

from scrapers import network
from scrapers.network import network_transport
from tests.benchmarks.ratios import least_ratio

_KEPT = network._HOSTS_KEPT
_PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


class Hosts:
    """Many hosts on this machine, told apart by their ports. What they have open is seen from their side."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.open = 0
        self.opened = 0
        #: An answer is begun, and ended when this is set.
        self.go_on = asyncio.Event()
        self.go_on.set()

    @classmethod
    @asynccontextmanager
    async def up(cls, number: int) -> AsyncIterator["Hosts"]:
        hosts = cls()
        async with AsyncExitStack() as servers:
            for _ in range(number):
                server = await asyncio.start_server(hosts._serve, "127.0.0.1", 0)
                await servers.enter_async_context(server)
                hosts.urls.append(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
            yield hosts

    async def are_left(self, *, but: int = 0) -> bool:
        """True when no more connections than so many stay open."""
        async with asyncio.timeout(30):
            while self.open > but:
                await asyncio.sleep(0.01)
        return self.open == but

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.opened += 1
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(_PAGE[:-1])
                await writer.drain()
                await self.go_on.wait()
                writer.write(_PAGE[-1:])
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self.open -= 1
            writer.close()


async def _ask(transport: httpx.AsyncBaseTransport, urls: Sequence[str]) -> None:
    for url in urls:
        response = await transport.handle_async_request(httpx.Request("GET", url))
        assert await response.aread() == b"hi"


def test_few_connections_stay_open_and_a_host_that_is_asked_again_has_its_own() -> None:
    async def story() -> None:
        async with Hosts.up(_KEPT + 20) as hosts, network_transport() as transport:
            await _ask(transport, hosts.urls)
            await asyncio.sleep(0)
            assert hosts.open <= _KEPT + 1
            await _ask(transport, hosts.urls[-_KEPT:])
            assert hosts.opened == len(hosts.urls)
            await _ask(transport, hosts.urls[:1])
            assert hosts.opened == len(hosts.urls) + 1
            await transport.aclose()
            assert await hosts.are_left()

    asyncio.run(story())


def test_a_connection_that_nobody_has_used_for_long_is_closed_by_whoever_asks_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network, "_KEEPALIVE_SECONDS", 0.05)

    async def story() -> None:
        async with Hosts.up(3) as hosts, network_transport() as transport:
            await _ask(transport, hosts.urls[:2])
            await asyncio.sleep(0.1)
            await _ask(transport, hosts.urls[2:])
            assert await hosts.are_left(but=1)

    asyncio.run(story())


def test_a_connection_is_not_closed_before_the_request_that_is_to_use_it_has_begun() -> None:
    async def story() -> None:
        async with Hosts.up(_KEPT + 20) as hosts, network_transport() as transport:
            await _ask(transport, hosts.urls)
            for _ in range(3):
                await asyncio.gather(*(_ask(transport, [url]) for url in hosts.urls))
            await transport.aclose()
            assert await hosts.are_left()

    asyncio.run(story())


def test_a_connection_that_is_in_use_stays_open_however_many_hosts_there_are() -> None:
    async def story() -> None:
        async with Hosts.up(_KEPT + 20) as hosts, network_transport() as transport:
            hosts.go_on.clear()
            begun = [await transport.handle_async_request(httpx.Request("GET", url)) for url in hosts.urls]
            hosts.go_on.set()
            assert [await response.aread() for response in begun] == [b"hi"] * len(hosts.urls)

    asyncio.run(story())


def test_a_request_costs_the_same_beside_many_open_connections() -> None:
    """One pool for all looked at each of its connections beside each other one: 140 ms for a request at 500 hosts."""
    with asyncio.Runner() as runner:
        staying = AsyncExitStack()
        hosts = runner.run(staying.enter_async_context(Hosts.up(_KEPT * 2)))
        crowded, lonely = network_transport(), network_transport()
        runner.run(_ask(crowded, hosts.urls))
        some = hosts.urls[-20:]
        try:
            ratio = least_ratio(
                lambda: runner.run(_ask(crowded, some)), lambda: runner.run(_ask(lonely, some)), enough=2.0
            )
        finally:
            for open_still in (crowded, lonely, staying):
                runner.run(open_still.aclose())
    assert ratio < 2.0
