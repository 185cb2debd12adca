"""A gzip file member by member: web archives keep each record in one of its own, so that it can be had alone."""

import io
import zlib
from collections.abc import Callable
from mmap import ACCESS_READ, mmap
from typing import BinaryIO

MAGIC = b"\x1f\x8b\x08"
_WINDOW = zlib.MAX_WBITS | 16
_PIECE_BYTES = 16 * 1024


class GzipMember(io.RawIOBase):
    """One member, decompressed: a raw stream that knows its position and cannot seek.

    Reading raises zlib.error where the member is damaged, and ends early where the file does.
    """

    def __init__(self, file: BinaryIO, offset: int) -> None:
        super().__init__()
        self._file = file
        self._next_piece = offset
        self._inflater = zlib.decompressobj(_WINDOW)
        self._position = 0

    @property
    def is_whole(self) -> bool:
        """True when all of it was read, and is what was once compressed."""
        return self._inflater.eof

    @property
    def end(self) -> int:
        """Where in the file a whole member ends."""
        return self._next_piece - len(self._inflater.unused_data)

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        while not self._inflater.eof:
            packed = self._inflater.unconsumed_tail or self._piece()
            content = self._inflater.decompress(packed, len(buffer))
            if content:
                buffer[: len(content)] = content
                self._position += len(content)
                return len(content)
            if not packed:
                break
        return 0

    def _piece(self) -> bytes:
        self._file.seek(self._next_piece)
        piece = self._file.read(_PIECE_BYTES)
        self._next_piece += len(piece)
        return piece


def find_member(file: BinaryIO, start: int, is_wanted: Callable[[GzipMember], bool]) -> int | None:
    """The offset of the next member from ``start`` on that is wanted; None: there is none.

    The three bytes that begin a member stand elsewhere by chance as well: ``is_wanted`` looks inside, and what it
    cannot decompress is none.
    """
    with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        offset = content.find(MAGIC, start)
        while offset != -1:
            if _is_member(file, offset, is_wanted):
                return offset
            offset = content.find(MAGIC, offset + 1)
    return None


def _is_member(file: BinaryIO, offset: int, is_wanted: Callable[[GzipMember], bool]) -> bool:
    try:
        return is_wanted(GzipMember(file, offset))
    except zlib.error:
        return False
