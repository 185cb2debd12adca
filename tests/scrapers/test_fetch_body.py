"""Reading bodies: decoded however they are cut, and never more than the limit."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.body import drain, read_body
from tracking.check import Failure, Outcome

TEXT = b"Papers and citations, citations and papers. " * 100


def bare_deflate(text: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(text) + packer.flush()


ENCODE: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "": bytes,
}


class Pieces(httpx.AsyncByteStream):
    """A body that arrives in these pieces, and counts those that were taken."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            self.taken += 1
            yield piece


def response(body: Pieces, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(200, headers=named, stream=body, request=httpx.Request("GET", "http://example.org/1"))


def read(pieces: list[bytes], encoding: str, max_bytes: int = 1_000_000) -> bytes | Failure:
    return asyncio.run(read_body(response(Pieces(pieces), content_encoding=encoding), max_bytes=max_bytes))


def cut(whole: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(whole) + 1) for cut in cuts), len(whole)]
    return [whole[start:end] for start, end in pairwise(edges)]


@given(
    text=st.binary(max_size=500) | st.just(TEXT),
    encoding=st.sampled_from(list(ENCODE)),
    cuts=st.lists(st.integers(0, 5000), max_size=6),
)
def test_a_body_reads_the_same_however_it_is_cut(text: bytes, encoding: str, cuts: list[int]) -> None:
    assert read(cut(ENCODE[encoding](text), cuts), encoding) == text


@given(texts=st.lists(st.binary(max_size=50), max_size=5), cuts=st.lists(st.integers(0, 500), max_size=6))
def test_gzip_may_have_many_members(texts: list[bytes], cuts: list[int]) -> None:
    whole = b"".join(gzip.compress(text) for text in texts)
    assert read(cut(whole, cuts), "gzip") == b"".join(texts)


@given(text=st.binary(max_size=200), cuts=st.lists(st.integers(0, 300), max_size=4))
def test_deflate_may_lack_its_frame(text: bytes, cuts: list[int]) -> None:
    assert read(cut(bare_deflate(text), cuts), "deflate") == text


@given(size=st.integers(0, 300), limit=st.integers(1, 300), encoding=st.sampled_from(list(ENCODE)))
def test_a_body_is_whole_or_too_big(size: int, limit: int, encoding: str) -> None:
    body = read([ENCODE[encoding](b"x" * size)], encoding, max_bytes=limit)
    if size <= limit:
        assert body == b"x" * size
    else:
        assert isinstance(body, Failure)
        assert body.outcome is Outcome.TOO_BIG


@given(length=st.integers(1, 60), encoding=st.sampled_from(["gzip", "deflate"]))
def test_a_cut_encoding_is_never_a_page(length: int, encoding: str) -> None:
    whole = ENCODE[encoding](TEXT)
    body = read([whole[: min(length, len(whole) - 1)]], encoding)
    assert isinstance(body, Failure)
    assert body.outcome is Outcome.UNREACHABLE
    assert "cut off" in body.detail


@pytest.mark.parametrize(
    ("sent", "encoding"),
    [
        (b"<html>", "gzip"),
        (gzip.compress(TEXT)[:-4] + b"0000", "gzip"),
        (gzip.compress(TEXT) + b"<html>", "gzip"),
        (zlib.compress(TEXT)[:-4] + b"0000", "deflate"),
        (b"\xff<html>", "deflate"),
    ],
    ids=["not gzip", "wrong sum", "words behind", "wrong deflate sum", "not deflate"],
)
def test_a_damaged_encoding_is_never_a_page(sent: bytes, encoding: str) -> None:
    body = read([sent], encoding)
    assert isinstance(body, Failure)
    assert body.outcome is Outcome.UNREACHABLE
    assert "is damaged" in body.detail


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "aes128gcm"])
def test_an_encoding_that_was_not_asked_for_is_not_read(encoding: str) -> None:
    pieces = Pieces([b"whatever"])
    body = asyncio.run(read_body(response(pieces, content_encoding=encoding), max_bytes=100))
    assert isinstance(body, Failure)
    assert body.outcome is Outcome.WRONG_TYPE
    assert pieces.taken == 0


def test_a_declared_length_over_the_limit_is_not_read() -> None:
    pieces = Pieces([b"x" * 101])
    body = asyncio.run(read_body(response(pieces, content_length="101"), max_bytes=100))
    assert body == Failure(
        outcome=Outcome.TOO_BIG,
        detail="http://example.org/1 is larger than 100 bytes",
        url="http://example.org/1",
        status=200,
    )
    assert pieces.taken == 0


@pytest.mark.parametrize(
    ("text", "is_page"),
    [
        pytest.param(bytes(900_000), True, id="small enough to be harmless"),
        pytest.param(bytes(1_500_000), False, id="a thousand to one"),
        pytest.param(TEXT * 600, False, id="the same words all over"),
        pytest.param(b"".join(b"<tr><td>%d</td></tr>" % (n * n) for n in range(100_000)), True, id="a long table"),
    ],
)
def test_what_swells_as_no_page_does_is_not_read(text: bytes, is_page: bool) -> None:
    packed = gzip.compress(text)
    body = read(cut(packed, list(range(0, len(packed), 1000))), "gzip", max_bytes=5_000_000)
    if is_page:
        assert body == text
    else:
        assert isinstance(body, Failure)
        assert (body.outcome, body.detail) == (
            Outcome.TOO_BIG,
            "http://example.org/1 swells more than 200-fold when decoded",
        )


@pytest.mark.parametrize(
    "nothing",
    [gzip.compress(b"", mtime=0) * 5000, b"\x1f\x8b\x08" + bytes(7) + b"\0\0\0\xff\xff" * 20_000],
    ids=["members", "blocks"],
)
def test_an_encoding_of_nothing_has_an_end(nothing: bytes) -> None:
    pieces = Pieces([nothing] * 100)
    body = asyncio.run(read_body(response(pieces, content_encoding="gzip"), max_bytes=10_000))
    assert isinstance(body, Failure)
    assert pieces.taken < 3


def test_reading_stops_at_the_limit() -> None:
    pieces = Pieces([b"x" * 60] * 100)
    body = asyncio.run(read_body(response(pieces), max_bytes=100))
    assert isinstance(body, Failure)
    assert body.size == 120
    assert pieces.taken == 2


def test_draining_takes_a_small_body_and_leaves_a_large_one() -> None:
    small, large = Pieces([b"x" * 1000] * 10), Pieces([b"x" * 1000] * 1000)
    asyncio.run(drain(response(small)))
    asyncio.run(drain(response(large)))
    assert small.taken == 10
    assert large.taken == 66
