"""A small HTTP/1.1 server in a thread of its own, made for answering quickly and for misbehaving on purpose.

    with Server(answer) as server:
        urllib.request.urlopen(server.url)

Connections are kept alive. Only what an imitation site needs is understood: request line, headers, and a body of
declared length, which is ignored.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Self

#: With this option a closed socket sends a reset instead of saying good-bye.
_LINGER_NOT = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a client wants. Header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer; Content-Length is added when it is sent."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    #: More bytes are promised than are sent, then the connection ends.
    breaks_off: bool = False


class Refusal(StrEnum):
    """An answer that is none."""

    RESET = "reset"
    """the connection is torn down"""
    SILENCE = "silence"
    """nothing ever comes, and the connection stays open"""


Answer = Reply | Refusal


class Server:
    """Answers on 127.0.0.1, on a free port unless one is named, from entering it until leaving it.

    ``answer`` is called in the server's thread, for one request at a time.
    """

    def __init__(self, answer: Callable[[Ask], Answer], *, port: int = 0) -> None:
        self._answer = answer
        self._wanted_port = port
        self._connections: set[_Connection] = set()

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", self._wanted_port), backlog=512)
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="imitation site", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``, without a slash behind it."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await self._loop.create_server(lambda: _Connection(self._answer, self._connections), sock=self._socket)
        await self._ended.wait()
        server.close()
        for connection in tuple(self._connections):
            connection.abort()
        await server.wait_closed()
        # One more turn of the loop, in which the aborted connections let go of their sockets.
        await asyncio.sleep(0)


class _Connection(asyncio.Protocol):
    """One client's connection and what it has sent so far."""

    _transport: asyncio.Transport

    def __init__(self, answer: Callable[[Ask], Answer], others: "set[_Connection]") -> None:
        self._answer = answer
        self._others = others
        self._received = bytearray()

    def abort(self) -> None:
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._others.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._others.discard(self)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while not self._transport.is_closing() and (ask := self._next_ask()) is not None:
            self._send(ask, self._answer(ask))

    def _next_ask(self) -> Ask | None:
        """The next request that has arrived whole, taken off what was received."""
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return None
        request_line, *header_lines = self._received[:end].decode("latin-1").split("\r\n")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in header_lines)
        }
        length = end + 4 + int(headers.get("content-length", "0"))
        if len(self._received) < length:
            return None
        del self._received[:length]
        method, path, _ = request_line.split(" ", 2)
        return Ask(method=method, path=path, headers=headers)

    def _send(self, ask: Ask, answer: Answer) -> None:
        match answer:
            case Reply():
                self._transport.write(_head(answer) + (b"" if ask.method == "HEAD" else answer.body))
                if answer.breaks_off or ask.headers.get("connection", "").lower() == "close":
                    self._transport.close()
            case Refusal.RESET:
                connected: socket.socket = self._transport.get_extra_info("socket")
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
                self._transport.abort()
            case Refusal.SILENCE:
                # Whatever else is sent on this connection is left unread as well.
                self._transport.pause_reading()


def _head(reply: Reply) -> bytes:
    length = len(reply.body) + (10_000 if reply.breaks_off else 0)
    lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if reply.status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
