"""What stands in one record of a WARC or ARC file: its heads, and its payload as it went over the wire."""

import base64
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader

from scrapers.origins.failures import MAX_PAGE_BYTES
from scrapers.origins.gzip_member import GzipMember
from scrapers.origins.warc_record import (
    LONGEST_HEAD,
    LONGEST_LINE,
    DamagedRecord,
    HttpHead,
    RecordHead,
    read_head,
    read_http_head,
)
from scrapers.origins.warc_walk import Position, is_gzip

#: A page of the largest size, with all that HTTP puts around and between.
MAX_CONTENT_BYTES = 2 * MAX_PAGE_BYTES
_DIGESTS = ("md5", "sha1", "sha256", "sha512")
_CHUNK_HEAD = re.compile(rb"[0-9A-Fa-f]+[ \t]*(?:;[^\r\n]*)?\r\n")


@dataclass(frozen=True, slots=True)
class Payload:
    head: RecordHead
    #: None where there was none.
    http: HttpHead | None
    #: Without the chunks of HTTP, and still in its content encoding.
    body: bytes


class OversizedRecord(Exception):  # noqa: N818  -- the size is the message
    """A record whose content is larger than any page."""


def read_heads(path: Path, position: Position) -> tuple[RecordHead, HttpHead | None]:
    """Both heads of a record. Raises DamagedRecord."""
    with _content(path, position) as (head, content):
        return head, read_http_head(head, io.BytesIO(content.read(min(head.length, LONGEST_HEAD))))


def read_payload(path: Path, position: Position) -> Payload:
    """Raises DamagedRecord, also where the content does not match its digest, and OversizedRecord."""
    with _content(path, position) as (head, content):
        if head.length > MAX_CONTENT_BYTES:
            raise OversizedRecord
        block = content.read(head.length)
    if len(block) < head.length or not _matches(block, head.fields.get("warc-block-digest", "")):
        raise DamagedRecord("is damaged: it is not what was once written")
    rest = io.BytesIO(block)
    http = read_http_head(head, rest)
    body = rest.read()
    if http is not None and "chunked" in http.headers.get("transfer-encoding", "").lower():
        body = _without_chunks(body)
    return Payload(head, http, body)


@contextmanager
def _content(path: Path, position: Position) -> Iterator[tuple[RecordHead, BinaryIO]]:
    """The head of the record at a position, and a stream that stands at the beginning of its content."""
    try:
        with path.open("rb") as file:
            stream = _stream_at(file, path.name, position)
            yield read_head(stream.readline(LONGEST_LINE), stream), stream
    except zlib.error as error:
        raise DamagedRecord(f"is damaged: {error}") from error
    except OSError as error:
        raise DamagedRecord(f"cannot be read: {error.strerror}") from error


def _stream_at(file: BinaryIO, name: str, position: Position) -> BinaryIO:
    if not is_gzip(file, name):
        file.seek(position.offset)
        return file
    stream = io.BufferedReader(GzipMember(file, position.offset))
    left = position.inner
    while left and (piece := stream.read(min(left, LONGEST_LINE))):
        left -= len(piece)
    return stream


def _matches(block: bytes, digest: str) -> bool:
    """False when a digest of a known kind, in base 32 or base 16, is not that of the block."""
    algorithm, _, value = digest.partition(":")
    if algorithm.lower() not in _DIGESTS:
        return True
    actual = hashlib.new(algorithm.lower(), block, usedforsecurity=False).digest()
    return value.upper() in (base64.b32encode(actual).decode(), actual.hex().upper())


def _without_chunks(body: bytes) -> bytes:
    """Some archives keep the header and undo the chunks all the same: then there is nothing left to undo."""
    if not _CHUNK_HEAD.match(body):
        return body
    try:
        joined: bytes = ChunkedDataReader(io.BytesIO(body), raise_exceptions=True).read()
    except ChunkedDataException as error:
        raise DamagedRecord("is cut within its chunks") from error
    return joined
