"""The archive: content stored once, by its sha256, as the difference to what came before.

    page of Monday  ←  page of Tuesday  ←  …            full, then differences of some fifty bytes
          ↑
    reading of Monday  ←  reading of Tuesday  ←  …      every text of a reading stands in its page

A difference is a zstd frame whose dictionary is the base's raw content. Chains stay short: at `DEPTH_MAX` the next
blob is written against the second of its chain instead, and where a difference is no longer small, on its own.
"""

import hashlib
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import zstandard
from sqlalchemy import Connection, select

from storage import tables
from storage.errors import ArchiveError
from storage.statements import insert_rows, rows_in

DEPTH_MAX = 8
#: Level 9 takes four times as long, and saves a twelfth of a page's first copy.
_LEVEL = 3
#: A difference is small when it is a sixteenth of the content (about a third of what the content takes on its own).
_SMALL_PART = 16
_SMALL_BYTES = 512


class Encoding(StrEnum):
    FULL = "zstd"
    DIFFERENCE = "zstd-difference"


@dataclass(frozen=True, slots=True)
class Content:
    """Content of a known hash, to write another against."""

    sha256: bytes
    body: bytes = field(repr=False)

    @classmethod
    def of(cls, body: bytes) -> "Content":
        return cls(hashlib.sha256(body).digest(), body)


@dataclass(frozen=True, slots=True)
class Packed:
    """Content as it will be stored. ``base`` is the sha256 of the content it is a difference to."""

    sha256: bytes
    size: int
    base: bytes | None
    compressed: bytes = field(repr=False)


def pack(content: Content, bases: Sequence[Content]) -> Packed:
    """Compress against the first base to which the difference is small, or else on its own."""
    size = len(content.body)
    for base in bases:
        difference = zstandard.ZstdCompressor(
            level=_LEVEL, dict_data=_dictionary(base.body), write_checksum=False
        ).compress(content.body)
        if len(difference) <= max(_SMALL_BYTES, size // _SMALL_PART):
            return Packed(content.sha256, size, base.sha256, difference)
    full = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=False).compress(content.body)
    return Packed(content.sha256, size, None, full)


def store(connection: Connection, packed: Collection[Packed]) -> dict[bytes, int]:
    """Store what is not stored yet; the id of each content, and of each base, by its sha256.

    The bases must be stored already.
    """
    hashes = {one.sha256 for one in packed} | {one.base for one in packed if one.base is not None}
    there = _places(connection, hashes)
    fresh = {one.sha256: one for one in packed if one.sha256 not in there}
    rows = []
    for one in fresh.values():
        base = there[one.base] if one.base is not None else None
        rows.append(
            {
                "sha256": one.sha256,
                "size": one.size,
                "encoding": Encoding.FULL if base is None else Encoding.DIFFERENCE,
                "base_id": base.blob_id if base else None,
                "depth": base.depth + 1 if base else 0,
                "checksum": zlib.crc32(one.compressed),
                "data": one.compressed,
            }
        )
    insert_rows(connection, tables.blob, rows)
    there |= _places(connection, fresh)
    return {sha256: place.blob_id for sha256, place in there.items()}


@dataclass(frozen=True, slots=True)
class _Place:
    blob_id: int
    depth: int


def _places(connection: Connection, hashes: Collection[bytes]) -> dict[bytes, _Place]:
    columns = tables.blob.c
    query = select(columns.sha256, columns.id, columns.depth)
    return {row.sha256: _Place(row.id, row.depth) for row in rows_in(connection, query, columns.sha256, hashes)}


def load(connection: Connection, blob_ids: Collection[int]) -> dict[int, bytes]:
    """The contents of blobs by id. Raises ArchiveError for one that does not hold what was put into it."""
    chains = _Chains.of(connection, blob_ids)
    return {blob_id: chains.body(blob_id) for blob_id in blob_ids}


def load_bases(connection: Connection, blob_ids: Collection[int]) -> dict[int, Content]:
    """By the id of the blob that came before: the content that the next one is to be written against."""
    chains = _Chains.of(connection, blob_ids)
    bases = {}
    for blob_id in blob_ids:
        chain = chains.chain(blob_id)
        base = chain[1] if len(chain) > DEPTH_MAX else chain[-1]
        bases[blob_id] = Content(base.sha256, chains.body(base.id))
    return bases


@dataclass(frozen=True, slots=True)
class _Stored:
    """A row of the archive."""

    id: int
    sha256: bytes
    base_id: int | None
    checksum: int
    data: bytes = field(repr=False)


class _Chains:
    """Blobs and all their bases. What is the base of several is decoded once."""

    def __init__(self, stored: Mapping[int, _Stored]) -> None:
        self._stored = stored
        self._bodies: dict[int, bytes] = {}

    @classmethod
    def of(cls, connection: Connection, blob_ids: Collection[int]) -> "_Chains":
        columns = tables.blob.c
        query = select(columns.id, columns.sha256, columns.base_id, columns.checksum, columns.data)
        stored: dict[int, _Stored] = {}
        wanted = set(blob_ids)
        while wanted:
            found = [_Stored(*row) for row in rows_in(connection, query, columns.id, wanted)]
            stored |= {one.id: one for one in found}
            wanted = {one.base_id for one in found if one.base_id is not None} - stored.keys()
        return cls(stored)

    def chain(self, blob_id: int) -> list[_Stored]:
        """The blob with its bases, the one that stands on its own first."""
        links = [self._stored[blob_id]]
        while (base_id := links[-1].base_id) is not None:
            links.append(self._stored[base_id])
        return links[::-1]

    def body(self, blob_id: int) -> bytes:
        body = b""
        for link in self.chain(blob_id):
            if link.id not in self._bodies:
                self._bodies[link.id] = _unpack(link, base=body)
            body = self._bodies[link.id]
        return body


def _unpack(stored: _Stored, base: bytes) -> bytes:
    if zlib.crc32(stored.data) != stored.checksum:
        raise ArchiveError(stored.sha256, "its bytes are not those that were written")
    dictionary = _dictionary(base) if stored.base_id is not None else None
    try:
        body = zstandard.ZstdDecompressor(dict_data=dictionary).decompress(stored.data)
    except zstandard.ZstdError as error:
        raise ArchiveError(stored.sha256, str(error)) from error
    if hashlib.sha256(body).digest() != stored.sha256:
        raise ArchiveError(stored.sha256, "its content has another sha256")
    return body


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
