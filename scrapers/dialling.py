"""From a host's name to a connection: looked up once, checked, and connected to exactly the address that was checked.

    name ──resolve──> addresses ──each public, or allowed by name──> connection ──> TLS and HTTP, with the name

What resolves to a private address is refused, whoever redirected there. Two resolutions are never mixed: a name that
changes its address between the check and the connection (DNS rebinding) gains nothing.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from concurrent.futures import Future
from functools import partial
from ipaddress import ip_address
from threading import Thread

import httpcore

from scrapers.addresses import Address, is_localhost, is_named, is_public, written_address

#: The addresses of a host, best first. Raises OSError when it has none, UnicodeError for what cannot be a name.
Resolve = Callable[[str], Awaitable[Sequence[Address]]]

_Connect = Callable[[], Awaitable[httpcore.AsyncNetworkStream]]

#: Of one host; who lists more has more than one connection can need.
_ADDRESSES_TRIED = 8
#: An address that has not answered by then is not waited for alone (RFC 8305).
_HEAD_START_SECONDS = 0.25
#: A resolver that is silent holds a thread for half a minute.
_LOOKUPS_AT_ONCE = 64


class PrivateAddressError(Exception):
    """A name leads to a private address, and nobody allowed that."""

    def __init__(self, host: str, address: Address) -> None:
        super().__init__(
            f"{host} leads to {address}, a private address; if it is meant, write it under fetch: allow_private_hosts"
        )


class CheckedDialling(httpcore.AsyncNetworkBackend):
    """Connects to public addresses, and to private ones that the owner of this installation named.

    ``private_hosts`` (``host`` or ``host:port``) are names whose addresses may be private, or such addresses. An
    address written out in a URL needs no leave here: `scrapers.redirect` lets only those of the configuration through.
    ``network`` makes the connections.
    """

    def __init__(
        self, network: httpcore.AsyncNetworkBackend, *, resolve: Resolve, private_hosts: Collection[str]
    ) -> None:
        self._network = network
        self._resolve = resolve
        self._private_hosts = private_hosts
        self._lookups = asyncio.Semaphore(_LOOKUPS_AT_ONCE)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """One connection; ``timeout`` is for the lookup, and for the connection after it, in seconds.

        Raises PrivateAddressError, httpcore.ConnectTimeout, httpcore.ConnectError, and UnicodeError for what cannot
        be the name of a host.
        """
        addresses = await self._addresses(host, port, timeout)
        try:
            async with asyncio.timeout(timeout):
                return await _first_connection(
                    partial(
                        self._network.connect_tcp,
                        str(address),
                        port,
                        local_address=local_address,
                        socket_options=socket_options,
                    )
                    for address in addresses[:_ADDRESSES_TRIED]
                )
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"{host} did not answer") from None

    async def _addresses(self, host: str, port: int, timeout: float | None) -> Sequence[Address]:
        written = written_address(host)
        if written is not None:
            return [written]
        # The time begins when it is the host's turn: those whose resolver is silent must not use up that of others.
        async with self._lookups:
            addresses = await self._resolved(host, timeout)
        for address in addresses:
            if not self._may_be_at(host, port, address):
                raise PrivateAddressError(host, address)
        return addresses

    async def _resolved(self, host: str, timeout: float | None) -> Sequence[Address]:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"nobody says where {host} is") from None
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        if not addresses:
            raise httpcore.ConnectError(f"{host} has no address")
        return addresses

    def _may_be_at(self, host: str, port: int, address: Address) -> bool:
        """One private address among public ones is refused with them: no honest name has both."""
        if is_public(address):
            return True
        if is_localhost(host):
            return address.is_loopback
        return any(is_named(name, port, self._private_hosts) for name in (host, str(address)))


async def look_up(host: str) -> Sequence[Address]:
    """What the system's resolver says.

    In a thread of its own: the resolver cannot be interrupted, and one that is silent about a host must not keep
    others waiting, nor the end of the program.
    """
    found: Future[Sequence[Address]] = Future()
    Thread(target=_look_up_into, args=(found, host), daemon=True, name=f"resolve {host}").start()
    return await asyncio.wrap_future(found)


def _look_up_into(found: "Future[Sequence[Address]]", host: str) -> None:
    if not found.set_running_or_notify_cancel():
        return
    try:
        answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        found.set_exception(error)
    else:
        found.set_result([ip_address(answer[4][0]) for answer in answers])


async def _first_connection(attempts: Iterable[_Connect]) -> httpcore.AsyncNetworkStream:
    """The first connection that comes about; each is tried when those before it have failed, or are silent a while.

    Raises what the last one raised.
    """
    waiting = deque(attempts)
    under_way: set[asyncio.Task[httpcore.AsyncNetworkStream]] = set()
    try:
        while True:
            if waiting:
                under_way.add(asyncio.ensure_future(waiting.popleft()()))
            ended, under_way = await asyncio.wait(
                under_way, timeout=_HEAD_START_SECONDS if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            connected = [attempt for attempt in ended if attempt.exception() is None]
            if connected:
                under_way.update(connected[1:])
                return connected[0].result()
            if ended and not under_way and not waiting:
                return ended.pop().result()
    finally:
        await _abandon(under_way)


async def _abandon(attempts: Iterable[asyncio.Task[httpcore.AsyncNetworkStream]]) -> None:
    """End attempts that are not needed any more, and close what came of them in the meantime."""
    attempts = list(attempts)
    for attempt in attempts:
        attempt.cancel()
    for came in await asyncio.gather(*attempts, return_exceptions=True):
        if isinstance(came, httpcore.AsyncNetworkStream):
            await came.aclose()
