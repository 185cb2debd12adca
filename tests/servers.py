"""Real servers on 127.0.0.1 for tests: a scripted site that answers as it is told, and one that speaks HTTP/2.

>>> async with Site.open() as site:
...     url = site.answers("/author/1", reset_mid_body, page(b"<html>"))    # the first time, and from then on
...     ...
...     assert [request.path for request in site.requests] == ["/author/1", "/author/1"]

The answers that break HTTP are in `tests.faults`.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import chain, repeat
from typing import Any, Self

import httpx
import trustme
from hypercorn.asyncio import serve
from hypercorn.config import Config


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a request; header names are lower case. ``at`` is the loop time of its arrival."""

    path: str
    headers: Mapping[str, str]
    at: float


#: Writes what a request gets. When it returns and the connection is open, the next request is awaited on it.
Answer = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]

#: Does everything that is done on one connection.
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class Site:
    """An HTTP/1.1 server that plays one script per path, and remembers who asked."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    #: What to do with connections as they are made, in their order; those that come after are served.
    at_accept: list[Callable[[asyncio.StreamWriter], None]] = field(default_factory=list)
    _scripts: dict[str, Iterator[Answer]] = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def open(cls, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Self]:
        """Serve on a free port, over TLS if a context is given, until the block ends."""
        site = cls()
        async with listening(site._serve, tls=tls) as site.url:
            yield site

    @property
    def host(self) -> str:
        """``host:port``"""
        return self.url.partition("//")[2]

    def answers(self, path: str, *answers: Answer) -> str:
        """Give these answers at this path, one after another, the last for ever. Returns the URL of the path."""
        self._scripts[path] = chain(answers, repeat(answers[-1]))
        return self.url + path

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.at_accept:
            self.at_accept.pop(0)(writer)
        while not writer.is_closing():
            request = await _read_request(reader)
            self.requests.append(request)
            await next(self._scripts.get(request.path, repeat(status(404))))(request, writer)
            await writer.drain()


@asynccontextmanager
async def listening(serve: Serve, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A server on a free port that does this with each connection, until the block ends. Gives its URL."""
    under_way: set[asyncio.Task[None]] = set()

    async def serve_until_left(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):  # the client has left
                await serve(reader, writer)
        finally:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way.add(asyncio.create_task(serve_until_left(reader, writer)))

    listener = socket.create_server(("127.0.0.1", 0))
    server = await asyncio.start_server(connected, sock=listener, ssl=tls)
    try:
        yield f"{'https' if tls else 'http'}://{address_of(listener)}"
    finally:
        server.close()
        for task in under_way:
            task.cancel()
        for outcome in await asyncio.gather(*under_way, return_exceptions=True):
            assert outcome is None or isinstance(outcome, asyncio.CancelledError), outcome


async def _read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    request_line, *lines = head.rstrip().split("\r\n")
    headers = (line.split(": ", 1) for line in lines)
    return Request(
        path=request_line.split()[1],
        headers={name.lower(): value for name, value in headers},
        at=asyncio.get_running_loop().time(),
    )


def page(body: bytes, *, etag: str = "", last_modified: str = "", **headers: str) -> Answer:
    """A page of HTML; asked for with its own validators, it answers 304."""
    validators = {"etag": etag, "last-modified": last_modified}
    validators = {name: value for name, value in validators.items() if value}

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        asked = {
            "etag": request.headers.get("if-none-match"),
            "last-modified": request.headers.get("if-modified-since"),
        }
        if validators and all(asked[name] == value for name, value in validators.items()):
            writer.write(http(304, b"", **validators))
        else:
            writer.write(http(200, body, **({"content-type": "text/html"} | validators | headers)))

    return answer


def redirect(to: str, code: int = 302) -> Answer:
    return status(code, b"This way.", location=to)


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    async def answer(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(http(code, body, **headers))

    return answer


def http(code: int, body: bytes = b"", **headers: str) -> bytes:
    """A whole HTTP/1.1 answer; ``_`` in a header's name stands for ``-``."""
    if code != 304:
        headers = {"content-length": str(len(body))} | headers
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()]
    return f"HTTP/1.1 {code} Whatever\r\n{''.join(lines)}\r\n".encode() + body


def address_of(listener: socket.socket) -> str:
    return "{}:{}".format(*listener.getsockname())


@cache
def certificate_authority() -> trustme.CA:
    return trustme.CA()


@cache
def client_tls() -> ssl.SSLContext:
    """What the program asks with, which believes the test's own certificate authority too."""
    context = httpx.create_ssl_context(trust_env=False)
    certificate_authority().configure_trust(context)
    return context


def server_tls(*protocols: str, host: str = "127.0.0.1", expired_at: datetime | None = None) -> ssl.SSLContext:
    """Shows a certificate for a host and offers these protocols (``h2``)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate_authority().issue_cert(host, not_after=expired_at).configure_cert(context)
    context.set_alpn_protocols(list(protocols))
    return context


@dataclass(frozen=True, slots=True)
class ModernSite:
    """Hypercorn, speaking HTTP/2 over TLS: one page at every path."""

    url: str
    #: ``"2"`` or ``"1.1"`` per request, as the server saw it.
    http_versions: list[str] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def open(cls, body: bytes, *, host: str = "127.0.0.1") -> AsyncIterator[Self]:
        """Serve on a free port, with a certificate for ``host``, until the block ends."""
        listener = socket.create_server(("127.0.0.1", 0))
        site = cls(url=f"https://{address_of(listener)}")
        ended = asyncio.Event()

        async def app(scope: Any, _receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                return
            site.http_versions.append(scope["http_version"])
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
            await send({"type": "http.response.body", "body": body})

        server = asyncio.create_task(serve(app, _TrustedConfig(listener, host), shutdown_trigger=ended.wait))
        try:
            yield site
        finally:
            ended.set()
            await server


class _TrustedConfig(Config):
    """Serves on a socket that is there already, with a certificate that was never written to a file."""

    def __init__(self, listener: socket.socket, host: str) -> None:
        super().__init__()
        self._host = host
        self.bind = [f"fd://{listener.detach()}"]
        self.errorlog = None
        self.graceful_timeout = 0.1

    @property
    def ssl_enabled(self) -> bool:
        return True

    def create_ssl_context(self) -> ssl.SSLContext:
        return server_tls("h2", "http/1.1", host=self._host)
