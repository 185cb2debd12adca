"""A client that keeps nothing between two requests but open connections."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType

import httpx


class ForgetfulClient:
    """Asks for pages and keeps nothing between two requests but open connections: no cookies, no environment.

    It asks the ``transport`` itself. What httpx's client does around that (sign in, follow redirects, keep cookies)
    is not wanted here, and takes up to a third of the time of a request whose answer has no body. ``headers`` go with
    every request. ``idle_timeout_seconds`` is for connecting, and between two pieces of an answer.
    """

    def __init__(
        self, transport: httpx.AsyncBaseTransport, headers: Mapping[str, str], *, idle_timeout_seconds: float
    ) -> None:
        self._transport = transport
        self._headers = httpx.Headers({"Connection": "keep-alive", **headers}, encoding="utf-8")
        self._extensions = {"timeout": httpx.Timeout(idle_timeout_seconds, pool=None).as_dict()}

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

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
