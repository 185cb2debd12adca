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
from h2.settings import SettingCodes
from hyperframe.frame import ContinuationFrame, Frame, HeadersFrame

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


@asynccontextmanager
async def says_hello_and(sent: bytes | None) -> AsyncIterator[str]:
    """A server that answers the greeting of TLS with these bytes and leaves; None: with a reset. Gives its URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        if sent is None:
            reset(writer)
            return
        writer.write(sent)
        await writer.drain()
        await asyncio.sleep(0.02)

    async with listening(serve) as url:
        yield url.replace("http:", "https:")


#: "I do not speak that": the alert ``protocol_version`` of a server that has TLS 1.1 at best.
TLS_TOO_NEW = bytes.fromhex("15 0301 0002 02 46")
#: "Let us speak TLS 1.0": such a server's own greeting.
TLS_1_0 = bytes.fromhex("16 0301 002a 02 000026 0301") + b"r" * 32 + bytes.fromhex("00 002f 00")
#: The beginning of a greeting.
TLS_CUT = bytes.fromhex("16 0303 0040 02")


@cache
def gzip_bomb(decoded_bytes: int) -> bytes:
    """A gzip stream, one thousandth of the size it stands for. It lacks its end, which nobody should come to read."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    mebibyte = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return gzip.compress(b"", mtime=0)[:10] + mebibyte * (decoded_bytes // 2**20)


#: What a broken HTTP/2 server does with the stream of a request; at each yield it sends, and lets the client read.
BreakHttp2 = Callable[[H2Connection, int], Iterator[None]]


@asynccontextmanager
async def broken_http2(break_stream: BreakHttp2, *, every_seconds: float = 0.02) -> AsyncIterator[str]:
    """A server that greets like HTTP/2 and then does this with each request, step by step. Gives its URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol = H2Connection(H2Configuration(client_side=False, validate_outbound_headers=False))
        protocol.initiate_connection()
        with suppress(ProtocolError):  # the client speaks on after it was told goodbye
            while received := await reader.read(65536):
                for event in protocol.receive_data(received):
                    steps = break_stream(protocol, event.stream_id) if isinstance(event, RequestReceived) else ()
                    for _ in chain(steps, [None]):
                        writer.write(protocol.data_to_send())
                        await asyncio.sleep(every_seconds)

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


def resets_in_head(protocol: H2Connection, stream: int) -> Iterator[None]:
    protocol.reset_stream(stream)
    yield


def allows_no_streams(protocol: H2Connection, _stream: int) -> Iterator[None]:
    protocol.update_settings({SettingCodes.MAX_CONCURRENT_STREAMS: 0})
    protocol.close_connection(last_stream_id=0)
    yield


def endless_pings(protocol: H2Connection, _stream: int) -> Iterator[None]:
    while True:
        protocol.ping(b"alive...")
        yield


def endless_body(protocol: H2Connection, stream: int) -> Iterator[None]:
    protocol.send_headers(stream, [(":status", "200"), ("content-type", "text/html")])
    while protocol.local_flow_control_window(stream) > 1000:
        protocol.send_data(stream, b"x" * 1000)
        yield


def swollen_headers(protocol: H2Connection, stream: int) -> Iterator[None]:
    """A header of 4 KB, put into a table once and named twenty times in a byte each."""
    protocol.encoder.header_table_size = 65_536
    swelling = [("x-pad", "x" * 4_000)] * 20
    protocol.send_headers(stream, [(":status", "200"), *swelling], end_stream=True)
    yield


def endless_headers(protocol: H2Connection, stream: int) -> Iterator[None]:
    """A head that goes on in one frame after another."""
    protocol.clear_outbound_data_buffer()
    pad = protocol.encoder.encode([("x-pad", "x" * 1_000)], huffman=False)
    yield from _raw(protocol, HeadersFrame(stream, protocol.encoder.encode([(":status", "200")])))
    while True:
        yield from _raw(protocol, ContinuationFrame(stream, pad))


def _raw(protocol: H2Connection, frame: Frame) -> Iterator[None]:
    """Send a frame that the protocol would not."""
    protocol._data_to_send += frame.serialize()
    yield


def invents_status(protocol: H2Connection, stream: int) -> Iterator[None]:
    protocol.send_headers(stream, [(":status", "fine"), ("content-type", "text/html")], end_stream=True)
    yield
