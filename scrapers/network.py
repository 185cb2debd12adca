"""What stands between a request and the network."""

import asyncio
import ssl
from collections.abc import Collection
from contextlib import AsyncExitStack, suppress
from functools import cache

import httpcore
import httpx

from scrapers.dialling import CheckedDialling, Resolve, look_up

#: Longer than the gap between two requests to one host, so that the connection is still there.
_KEEPALIVE_SECONDS = 60.0
#: Hosts to which connections stay open that nobody uses; a process may have some thousand files open, or 1,024.
_HOSTS_KEPT = 64


def network_transport(
    tls: ssl.SSLContext | None = None,
    *,
    private_hosts: Collection[str] = (),
    resolve: Resolve = look_up,
    network: httpcore.AsyncNetworkBackend | None = None,
) -> httpx.AsyncBaseTransport:
    """The transport of a `Fetcher` that asks the real network: HTTP/2 where it is offered, HTTP/1.1 elsewhere.

    ``tls`` says which certificates are believed; without it, those of the certifi bundle. ``private_hosts`` are names
    (``host`` or ``host:port``) that may lead to private addresses. ``resolve`` looks names up, and ``network``
    connects to the addresses.
    """
    dialling = CheckedDialling(network or httpcore.AnyIOBackend(), resolve=resolve, private_hosts=private_hosts)
    return _PoolForEachHost(tls or _certifi(), dialling)


@cache
def _certifi() -> ssl.SSLContext:
    """One for all clients of a process: to read the bundle takes as long as to read some pages."""
    return httpx.create_ssl_context(trust_env=False)


class _PoolForEachHost(httpx.AsyncBaseTransport):
    """For each request, httpcore looks at each connection of a pool beside each other one: one pool for thousands of
    hosts takes longer and longer. Here a pool has one host, and few stay that nobody uses.
    """

    def __init__(self, tls: ssl.SSLContext, dialling: CheckedDialling) -> None:
        self._tls = tls
        self._dialling = dialling
        #: By scheme, host and port; that which was used last stands last.
        self._pools: dict[tuple[str, bytes, int | None], _Pool] = {}
        #: Pools that are being closed; whoever asks another host need not wait for it.
        self._closing: set[asyncio.Task[None]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = (request.url.scheme, request.url.raw_host, request.url.port)
        pool = self._pools.pop(host) if host in self._pools else _Pool(self._tls, self._dialling)
        self._let_go()
        self._pools[host] = pool
        return await pool.handle_async_request(request)

    def _let_go(self) -> None:
        """Close what has not been used for longest, where there are too many hosts or its time is over."""
        for host, pool in list(self._pools.items()):
            if len(self._pools) < _HOSTS_KEPT and not pool.has_expired:
                return
            if not pool.is_in_use:
                task = asyncio.create_task(_close(self._pools.pop(host)))
                self._closing.add(task)
                task.add_done_callback(self._closing.discard)

    async def aclose(self) -> None:
        async with AsyncExitStack() as leaving:
            while self._pools:
                _, pool = self._pools.popitem()
                leaving.push_async_callback(_close, pool)
            if self._closing:
                await asyncio.wait(self._closing)


async def _close(pool: "_Pool") -> None:
    # That a connection which nobody needs any more was broken is no news.
    with suppress(httpx.TransportError, OSError):
        await pool.aclose()


class _Pool(httpx.AsyncHTTPTransport):
    """The connections to one host."""

    def __init__(self, tls: ssl.SSLContext, dialling: CheckedDialling) -> None:
        super().__init__(verify=tls, trust_env=False)
        # httpx has no argument for how connections are made; httpcore, which makes them, has. How many connections a
        # host bears is the pacer's business.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=None,
            keepalive_expiry=_KEEPALIVE_SECONDS,
            http2=True,
            network_backend=dialling,
        )

    @property
    def is_in_use(self) -> bool:
        """True from the beginning of a request until its answer is closed."""
        # Connections do not tell: one that was given to a request is idle until that has begun.
        return bool(self._pool._requests)

    @property
    def has_expired(self) -> bool:
        """True when no connection is open, or all are over: closed by the server, or unused for too long."""
        return all(connection.is_closed() or connection.has_expired() for connection in self._pool.connections)
