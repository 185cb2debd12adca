"""Reading the body of an answer without ever holding more of it than the limit.

The limit counts decoded bytes: a megabyte of gzip can stand for a gigabyte, so the body is taken raw and inflated here,
where zlib can be told to stop. (httpx's own decoders inflate each chunk whole.)
"""

import zlib

import httpx

from tracking.check import Failure, Outcome

#: What this module can undo, for the Accept-Encoding header.
ACCEPT_ENCODING = "gzip, deflate"

_KNOWN_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})

#: Markup never shrinks so far; only what was made to burst does. What is small has leave to.
_MOST_DECODED_PER_BYTE = 200
_UNSUSPICIOUS_BYTES = 1_000_000

#: What the encoding itself may add to a body that cannot be made smaller. (Of nothing, encodings without end exist.)
_ENCODING_OVERHEAD_BYTES = 64 * 1024

#: A body that nobody reads is still taken off the wire up to this size, so that its connection can be used again.
_DRAINED_BYTES = 64 * 1024

_GZIP = zlib.MAX_WBITS | 16
_ZLIB = zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


async def read_body(response: httpx.Response, *, max_bytes: int) -> bytes | Failure:
    """The whole body, decoded from its content encoding.

    A Failure when it is larger than ``max_bytes`` or swells as no page does (too_big), in an encoding that was not
    asked for (wrong_type), or damaged or cut within its encoding (unreachable). Raises httpx.TransportError when the
    connection breaks.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in _KNOWN_ENCODINGS:
        return _failure(response, Outcome.WRONG_TYPE, f"is encoded with {encoding!r}, which was not asked for")
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        return _too_big(response, max_bytes)
    try:
        return await _read_decoded(response, _decoder(encoding), max_bytes)
    except zlib.error as error:
        return _failure(response, Outcome.UNREACHABLE, f"is damaged: {error}")


async def drain(response: httpx.Response) -> None:
    """Take a small body off the wire, unread. Raises httpx.TransportError when the connection breaks."""
    async for _ in response.aiter_raw():
        if response.num_bytes_downloaded > _DRAINED_BYTES:
            return


async def _read_decoded(response: httpx.Response, decoder: "_Plain | _Inflater", max_bytes: int) -> bytes | Failure:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += decoder.decode(chunk, at_most=max_bytes + 1 - len(body))
        taken = response.num_bytes_downloaded
        if len(body) > max_bytes or taken > max_bytes + _ENCODING_OVERHEAD_BYTES:
            return _too_big(response, max_bytes)
        if len(body) > max(_UNSUSPICIOUS_BYTES, _MOST_DECODED_PER_BYTE * taken):
            return _failure(response, Outcome.TOO_BIG, f"swells more than {_MOST_DECODED_PER_BYTE}-fold when decoded")
    if not decoder.is_whole:
        return _failure(response, Outcome.UNREACHABLE, "is cut off within its encoding")
    return bytes(body)


def _decoder(encoding: str) -> "_Plain | _Inflater":
    match encoding:
        case "gzip" | "x-gzip":
            return _Inflater(is_gzip=True)
        case "deflate":
            return _Inflater(is_gzip=False)
        case _:
            return _Plain()


class _Plain:
    """Decodes what is not encoded; where it ends, HTTP knows."""

    is_whole = True

    def decode(self, chunk: bytes, *, at_most: int) -> bytes:
        return chunk[:at_most]


class _Inflater:
    """Undoes gzip (of any number of members) or deflate (with the zlib frame of the standard, or bare)."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._window = _GZIP if is_gzip else None
        self._stream: zlib._Decompress | None = None

    def decode(self, chunk: bytes, *, at_most: int) -> bytearray:
        """The next decoded bytes. When ``at_most`` is reached the rest is lost. Raises zlib.error."""
        inflated = bytearray()
        while chunk and len(inflated) < at_most:
            if self._stream is None or self._stream.eof:
                self._stream = self._next_member(chunk)
            inflated += self._stream.decompress(chunk, at_most - len(inflated))
            chunk = self._stream.unused_data
        return inflated

    @property
    def is_whole(self) -> bool:
        """True when nothing was fed, or the encoding's own end was reached."""
        return self._stream is None or self._stream.eof

    def _next_member(self, chunk: bytes) -> "zlib._Decompress":
        if self._window is None:
            # The low half of a zlib frame's first byte is 8, for the method deflate; bare deflate does not begin so.
            self._window = _ZLIB if chunk[0] & 0x0F == 8 else _RAW_DEFLATE
        return zlib.decompressobj(self._window)


def _too_big(response: httpx.Response, max_bytes: int) -> Failure:
    return _failure(response, Outcome.TOO_BIG, f"is larger than {max_bytes} bytes")


def _failure(response: httpx.Response, outcome: Outcome, complaint: str) -> Failure:
    return Failure(
        outcome=outcome,
        detail=f"{response.url} {complaint}",
        url=str(response.url),
        status=response.status_code,
        size=response.num_bytes_downloaded,
    )
