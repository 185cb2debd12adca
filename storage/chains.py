"""What the rows of the archive hold: blobs with the bases that they stand on, decoded and checked."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn

import zstandard
from sqlalchemy import Connection, select

from storage import tables
from storage.errors import ArchiveError, RetiredError, StoreError
from storage.statements import rows_in


class Encoding(StrEnum):
    FULL = "zstd"
    DIFFERENCE = "zstd-difference"
    RETIRED = "retired"
    """a tombstone, whose data is the day on which the content was let go of"""


@dataclass(frozen=True, slots=True)
class Link:
    """A row of the archive: a blob, or a base that another stands on."""

    id: int
    sha256: bytes
    size: int
    encoding: str
    base_id: int | None
    #: How many bases lie below, at most; always more than the base's own.
    depth: int
    checksum: int
    data: bytes = field(repr=False)

    @property
    def is_retired(self) -> bool:
        return self.encoding == Encoding.RETIRED


class Chains:
    """Blobs and all their bases, each decoded once.

    A base that nobody asks for, and on which nothing else stands, is not held longer than it takes: the pages of one
    long chain are a megabyte.
    """

    def __init__(self, links: Mapping[int, Link], asked: Collection[int]) -> None:
        self._links = links
        self._bodies: dict[int, bytes] = {}
        stand_on = Counter(link.base_id for link in links.values())
        self._held = {*asked, *(link_id for link_id in links if stand_on[link_id] > 1)}

    @classmethod
    def of(cls, connection: Connection, blob_ids: Collection[int]) -> "Chains":
        query = select(*(tables.blob.c[name] for name in Link.__slots__))
        links: dict[int, Link] = {}
        wanted = set(blob_ids)
        while wanted:
            found = [Link(*row) for row in rows_in(connection, query, tables.blob.c.id, wanted)]
            links |= {one.id: one for one in found}
            wanted = {one.base_id for one in found if one.base_id is not None} - links.keys()
        return cls(links, blob_ids)

    def chain(self, blob_id: int) -> list[Link]:
        """The blob with its bases, the one that stands on its own first. Raises ArchiveError where one is missing."""
        if blob_id not in self._links:
            raise StoreError(f"archive: there is no blob {blob_id}")
        chain = [self._links[blob_id]]
        while (base_id := chain[-1].base_id) is not None:
            base = self._links.get(base_id)
            if base is None or base.is_retired or base in chain:
                raise ArchiveError(chain[-1].sha256, "what it is a difference to is not there")
            chain.append(base)
        return chain[::-1]

    def body(self, blob_id: int) -> bytes:
        """The content. Raises ArchiveError, RetiredError."""
        body = b""
        for link in self.chain(blob_id):
            kept = self._bodies.get(link.id)
            body = _unpack(link, base=body) if kept is None else kept
            if link.id in self._held:
                self._bodies[link.id] = body
        return body


def _unpack(link: Link, base: bytes) -> bytes:
    def damaged(reason: str) -> NoReturn:
        raise ArchiveError(link.sha256, reason)

    if zlib.crc32(link.data) != link.checksum:
        damaged("its bytes are not those that were written")
    if link.is_retired:
        raise RetiredError(link.sha256, link.size, link.data.decode("ascii"))
    if link.encoding != (Encoding.FULL if link.base_id is None else Encoding.DIFFERENCE):
        damaged(f"nothing is stored as {link.encoding!r}")
    dictionary = raw_dictionary(base) if link.base_id is not None else None
    try:
        body = zstandard.ZstdDecompressor(dict_data=dictionary).decompress(link.data)
    except zstandard.ZstdError as error:
        raise ArchiveError(link.sha256, str(error)) from error
    if hashlib.sha256(body).digest() != link.sha256:
        damaged("its content has another sha256")
    if len(body) != link.size:
        damaged(f"its content has {len(body):,} bytes, not {link.size:,}")
    return body


def raw_dictionary(base: bytes) -> zstandard.ZstdCompressionDict:
    """The content of a base, as the compressor takes it."""
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
