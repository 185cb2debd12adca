"""What stands between a request and the network."""

import ssl
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from functools import cache
from types import MappingProxyType, TracebackType
from typing import Self

import httpcore
import httpx

from scrapers.dialling import CheckedDialling, Resolve, look_up

#: Longer than the gap between two requests to one host, so that the connection is still there.
_KEEPALIVE_SECONDS = 60.0


def network_transport(
    tls: ssl.SSLContext | None = None,
    *,
    private_hosts: Collection[str] = (),
    resolve: Resolve = look_up,
    network: httpcore.AsyncNetworkBackend | None = None,
) -> httpx.AsyncHTTPTransport:
    """The transport of a `Fetcher` that asks the real network: HTTP/2 where it is offered, HTTP/1.1 elsewhere.

    ``tls`` says which certificates are believed; without it, those of the certifi bundle. ``private_hosts`` are names
    (``host`` or ``host:port``) that may lead to private addresses. ``resolve`` looks names up, and ``network``
    connects to the addresses.
    """
    dialling = CheckedDialling(network or httpcore.AnyIOBackend(), resolve=resolve, private_hosts=private_hosts)
    return _CheckedTransport(tls or _certifi(), dialling)


@cache
def _certifi() -> ssl.SSLContext:
    """One for all clients of a process: to read the bundle takes as long as to read some pages."""
    return httpx.create_ssl_context(trust_env=False)


class _CheckedTransport(httpx.AsyncHTTPTransport):
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


class ForgetfulClient:
    """Asks for pages and keeps nothing between two requests but open connections: no cookies, no environment.

    It asks the ``transport`` itself. What httpx's client does around that (sign in, follow redirects, keep cookies)
    is not wanted here, and takes a third of the time of a request whose answer has no body. ``headers`` go with every
    request. ``idle_timeout_seconds`` is for connecting, and between two pieces of an answer.
    """

    def __init__(
        self, transport: httpx.AsyncBaseTransport, headers: Mapping[str, str], *, idle_timeout_seconds: float
    ) -> None:
        self._transport = transport
        self._headers = httpx.Headers({"Connection": "keep-alive", **headers}, encoding="utf-8")
        self._extensions = {"timeout": httpx.Timeout(idle_timeout_seconds, pool=None).as_dict()}

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._transport.__aexit__(exc_type, exc_value, traceback)

    @asynccontextmanager
    async def stream(
        self, url: httpx.URL, headers: Mapping[str, str] = MappingProxyType({})
    ) -> AsyncIterator[httpx.Response]:
        """The answer to a GET, of which only the head was read. Raises httpx.TransportError."""
        sent = self._headers.copy()
        sent.update(headers)
        request = httpx.Request("GET", url, headers=sent, extensions=self._extensions)
        response = await self._transport.handle_async_request(request)
        response.request = request
        try:
            yield response
        finally:
            await response.aclose()
