"""The archive: content stored once, by its sha256, as the difference to what came before.

    page of Monday  ←  page of Tuesday  ←  …            full, then differences of some fifty bytes
          ↑
    reading of Monday  ←  reading of Tuesday  ←  …      every text of a reading stands in its page

A difference is a zstd frame whose dictionary is the base's raw content. Chains stay short: at `DEPTH_MAX` the next
blob is written against the second of its chain instead, and where a difference is no longer small, on its own.

Content may be let go of (`storage.retention`). What stays is a tombstone: the hash and the size of what was there.
Nothing is ever a difference to a tombstone, and storing the same content again fills it.
"""

import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import zstandard
from sqlalchemy import Connection, select, update

from storage import tables
from storage.chains import Chains, Encoding, raw_dictionary
from storage.statements import insert_rows, rows_in, update_each

DEPTH_MAX = 8
#: Level 9 takes four times as long, and saves a twelfth of a page's first copy.
_LEVEL = 3
#: A difference is small when it is a sixteenth of the content (about a third of what the content takes on its own).
_SMALL_PART = 16
_SMALL_BYTES = 512


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

    content: Content
    base: bytes | None
    compressed: bytes = field(repr=False)

    @property
    def sha256(self) -> bytes:
        return self.content.sha256


def pack(content: Content, bases: Sequence[Content]) -> Packed:
    """Compress against the first base to which the difference is small, or else on its own."""
    for base in bases:
        difference = _difference(content, base)
        if len(difference.compressed) <= max(_SMALL_BYTES, len(content.body) // _SMALL_PART):
            return difference
    return _full(content)


def pack_smallest(content: Content, bases: Iterable[Content]) -> Packed:
    """Compress against each base and on its own, and take what is smallest."""
    return min(
        (_full(content), *(_difference(content, base) for base in bases)), key=lambda packed: len(packed.compressed)
    )


def _full(content: Content) -> Packed:
    return Packed(content, None, zstandard.ZstdCompressor(level=_LEVEL, write_checksum=False).compress(content.body))


def _difference(content: Content, base: Content) -> Packed:
    compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=raw_dictionary(base.body), write_checksum=False)
    return Packed(content, base.sha256, compressor.compress(content.body))


def store(connection: Connection, packed: Collection[Packed]) -> dict[bytes, int]:
    """Store what is not stored yet, and fill what was let go of; the id of each content, and of each base, by sha256.

    The bases must be stored already. Content whose base has been let go of in the meantime is stored on its own.
    """
    hashes = {one.sha256 for one in packed} | {one.base for one in packed if one.base is not None}
    there = _places(connection, hashes)
    missing = {one.sha256: one for one in packed if one.sha256 not in there}
    emptied = {one.sha256: one for one in packed if one.sha256 in there and there[one.sha256].is_retired}
    identity = [{"sha256": one.sha256, "size": len(one.content.body)} for one in missing.values()]
    written = [_written(one, there) for one in missing.values()]
    insert_rows(connection, tables.blob, [left | right for left, right in zip(identity, written, strict=True)])
    update_each(
        connection,
        tables.blob,
        ["id"],
        [{"id": there[sha256].blob_id} | _written(one, there) for sha256, one in emptied.items()],
    )
    there |= _places(connection, missing)
    return {sha256: place.blob_id for sha256, place in there.items()}


def rewrite(connection: Connection, blob_id: int, packed: Packed) -> None:
    """Store the content of a blob in another way. The base must be stored already."""
    values = _written(packed, _places(connection, [packed.base] if packed.base is not None else []))
    connection.execute(update(tables.blob).where(tables.blob.c.id == blob_id).values(values))


def retire(connection: Connection, blob_ids: Sequence[int], on: date) -> None:
    """Leave tombstones of these blobs, of which no other blob may be a difference."""
    data = on.isoformat().encode()
    values = {"encoding": Encoding.RETIRED, "base_id": None, "depth": 0, "checksum": zlib.crc32(data), "data": data}
    connection.execute(update(tables.blob).where(tables.blob.c.id.in_(blob_ids)).values(values))


@dataclass(frozen=True, slots=True)
class _Place:
    blob_id: int
    depth: int
    is_retired: bool


def _places(connection: Connection, hashes: Collection[bytes]) -> dict[bytes, _Place]:
    columns = tables.blob.c
    query = select(columns.sha256, columns.id, columns.depth, columns.encoding)
    return {
        row.sha256: _Place(row.id, row.depth, row.encoding == Encoding.RETIRED)
        for row in rows_in(connection, query, columns.sha256, hashes)
    }


def _written(packed: Packed, there: Mapping[bytes, _Place]) -> dict[str, Any]:
    """The columns of a blob that say how its content is stored."""
    base = there.get(packed.base) if packed.base is not None else None
    if base is None or base.is_retired:
        base = None
        packed = packed if packed.base is None else _full(packed.content)
    return {
        "encoding": Encoding.FULL if base is None else Encoding.DIFFERENCE,
        "base_id": base.blob_id if base else None,
        "depth": base.depth + 1 if base else 0,
        "checksum": zlib.crc32(packed.compressed),
        "data": packed.compressed,
    }


def load(connection: Connection, blob_ids: Collection[int]) -> dict[int, bytes]:
    """The contents of blobs by id.

    Raises ArchiveError for one that does not hold what was put into it, RetiredError for one that was let go of.
    """
    chains = Chains.of(connection, blob_ids)
    return {blob_id: chains.body(blob_id) for blob_id in blob_ids}


def load_kept(connection: Connection, blob_ids: Collection[int]) -> dict[int, bytes]:
    """As `load`; blobs that were let go of are absent."""
    chains = Chains.of(connection, blob_ids)
    return {blob_id: chains.body(blob_id) for blob_id in blob_ids if not chains.chain(blob_id)[-1].is_retired}


def load_bases(connection: Connection, blob_ids: Collection[int]) -> dict[int, Content]:
    """By the id of the blob that came before: the content that the next one is to be written against.

    Blobs that were let go of are absent.
    """
    chains = Chains.of(connection, blob_ids)
    bases = {}
    for blob_id in blob_ids:
        chain = chains.chain(blob_id)
        if not chain[-1].is_retired:
            base = next(link for link in (chain[-1], *chain[1::-1]) if link.depth < DEPTH_MAX)
            bases[blob_id] = Content(base.sha256, chains.body(base.id))
    return bases
