"""An Internet for tests: its names and addresses are made up, its hosts are real servers on 127.0.0.1.

>>> net = Internet()
>>> net.name("www.example.org", "93.184.215.14")     # each time it is asked
>>> net.stands_at("93.184.215.14", site.url)
>>> async with Fetcher(SETTINGS, transport=net.transport()) as fetcher: ...
>>> assert net.dialled == ["93.184.215.14"]
"""

import asyncio
import ssl
from collections.abc import Collection, Iterable, Iterator, Sequence
from ipaddress import ip_address
from itertools import chain, repeat
from urllib.parse import urlsplit

import httpcore
import httpx

from scrapers.addresses import Address
from scrapers.network import network_transport


class Internet(httpcore.AsyncNetworkBackend):
    """Resolves, and connects. Where nobody stands, a connection is refused; where `silent`, it never comes about."""

    def __init__(self) -> None:
        #: Names and addresses, in the order in which they were asked for.
        self.looked_up: list[str] = []
        self.dialled: list[str] = []
        self._names: dict[str, Iterator[Sequence[str]]] = {}
        self._hosts: dict[str, tuple[str, int]] = {}
        self._silent: set[str] = set()
        self._network = httpcore.AnyIOBackend()

    def name(self, host: str, *answers: str | Sequence[str]) -> None:
        """What is said of a name, one answer after another, the last for ever; an answer is one address or several."""
        each = [[answer] if isinstance(answer, str) else answer for answer in answers]
        self._names[host] = chain(each, repeat(each[-1]))

    def stands_at(self, address: str, url: str) -> None:
        """Who dials the address, on whatever port, gets the server of the URL."""
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        self._hosts[address] = parts.hostname, parts.port

    def silent(self, *names_or_addresses: str) -> None:
        """A name that nobody answers for, or an address that takes no connection and refuses none."""
        self._silent.update(names_or_addresses)

    def transport(
        self, tls: ssl.SSLContext | None = None, *, private_hosts: Collection[str] = ()
    ) -> httpx.AsyncHTTPTransport:
        return network_transport(tls, private_hosts=private_hosts, resolve=self.resolve, network=self)

    async def resolve(self, host: str) -> Sequence[Address]:
        self.looked_up.append(host)
        if host in self._silent:
            await asyncio.Event().wait()
        if host not in self._names:
            raise OSError(f"{host} is not known")
        return [ip_address(address) for address in next(self._names[host])]

    async def connect_tcp(
        self,
        host: str,
        port: int,  # noqa: ARG002  -- a host is the same server at each of its ports
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        if host in self._silent:
            await asyncio.Event().wait()
        if host not in self._hosts:
            raise httpcore.ConnectError(f"{host} is not there")
        return await self._network.connect_tcp(*self._hosts[host], timeout, local_address, socket_options)
