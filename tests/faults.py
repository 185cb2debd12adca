"""Answers that no server should give, for `tests.servers.Site`. Each is an `Answer`, or makes one."""

import asyncio
import gzip
import os
import socket
import struct
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from itertools import chain

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived
from h2.exceptions import ProtocolError

from tests.servers import Answer, Request, listening, server_tls


def reset(writer: asyncio.StreamWriter) -> None:
    """Cut the connection with a RST, not with a polite end."""
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def ends(sent: bytes) -> Answer:
    """Send these bytes and close the connection."""

    async def answer(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        await writer.drain()
        writer.close()

    return answer


def resets(sent: bytes) -> Answer:
    """Send these bytes and reset the connection."""

    async def answer(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        await writer.drain()
        await asyncio.sleep(0.02)  # a reset overtakes what the client has not read yet
        reset(writer)

    return answer


def stalls(sent: bytes = b"") -> Answer:
    """Send these bytes and then nothing, with the connection open."""

    async def answer(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        await asyncio.Event().wait()

    return answer


def repeats(sent: bytes, again: bytes, *, every_seconds: float = 0.0) -> Answer:
    """Send these bytes, and others after them without end."""

    async def answer(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        while not writer.is_closing():
            await asyncio.sleep(every_seconds)
            writer.write(again)
            await writer.drain()

    return answer


async def breaks_tls(_: Request, writer: asyncio.StreamWriter) -> None:
    """Begin a body, and then write past the encryption."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    await asyncio.sleep(0.02)
    os.write(writer.get_extra_info("socket").fileno(), b"\x17\x03\x03\x00\x20" + b"?" * 32)
    await asyncio.Event().wait()


@cache
def gzip_bomb(decoded_bytes: int) -> bytes:
    """A gzip stream, one thousandth of the size it stands for. It lacks its end, which nobody should come to read."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    mebibyte = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return gzip.compress(b"", mtime=0)[:10] + mebibyte * (decoded_bytes // 2**20)


#: What a broken HTTP/2 server does with the stream of a request; at each yield it sends, and lets the client read.
BreakHttp2 = Callable[[H2Connection, int], Iterator[None]]


@asynccontextmanager
async def broken_http2(break_stream: BreakHttp2) -> AsyncIterator[str]:
    """A server that greets like HTTP/2 and then does this with each request. Gives its URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol = H2Connection(H2Configuration(client_side=False, validate_outbound_headers=False))
        protocol.initiate_connection()
        with suppress(ProtocolError):  # the client speaks on after it was told goodbye
            while received := await reader.read(65536):
                for event in protocol.receive_data(received):
                    steps = break_stream(protocol, event.stream_id) if isinstance(event, RequestReceived) else ()
                    for _ in chain(steps, [None]):
                        writer.write(protocol.data_to_send())
                        await asyncio.sleep(0.02)

    async with listening(serve, tls=server_tls("h2")) as url:
        yield url


def ends_short(protocol: H2Connection, stream: int) -> Iterator[None]:
    """Ten bytes are promised, three come, and that is said to be all."""
    protocol.send_headers(stream, [(":status", "200"), ("content-type", "text/html"), ("content-length", "10")])
    yield
    protocol.send_data(stream, b"abc", end_stream=True)


def resets_stream(protocol: H2Connection, stream: int) -> Iterator[None]:
    protocol.send_headers(stream, [(":status", "200"), ("content-type", "text/html")])
    protocol.send_data(stream, b"abc")
    yield
    protocol.reset_stream(stream)


def goes_away(protocol: H2Connection, stream: int) -> Iterator[None]:
    protocol.send_headers(stream, [(":status", "200"), ("content-type", "text/html")])
    yield
    protocol.close_connection()


def invents_status(protocol: H2Connection, stream: int) -> Iterator[None]:
    protocol.send_headers(stream, [(":status", "fine"), ("content-type", "text/html")], end_stream=True)
    yield
