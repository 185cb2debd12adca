"""Where in a WARC or ARC file its whole records are, and where it is damaged.

warcio's own iterator takes a record that is cut, or a gzip member whose checksum is wrong, for a short record. Here a
record counts only when all of it is there and it ends where it says; what is between such records is damage, and the
walk goes on behind it. Nothing of a record but its head is kept in memory.
"""

import io
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Self

from scrapers.origins.gzip_member import MAGIC, GzipMember, find_member
from scrapers.origins.warc_record import LONGEST_LINE, DamagedRecord, RecordHead, read_head, record_start

_PIECE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Position:
    """Where a record begins: ``offset`` in the file, and ``inner`` in what is decompressed from there.

    ``inner`` is 0 in files as archives write them, plain ones or with one gzip member for each record.
    """

    offset: int
    inner: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `str` makes of a position. Raises ValueError."""
        offset, _, inner = text.partition("+")
        return cls(int(offset), int(inner or 0))

    def __str__(self) -> str:
        return f"{self.offset}+{self.inner}" if self.inner else str(self.offset)


@dataclass(frozen=True, slots=True)
class WholeRecord:
    position: Position
    head: RecordHead


@dataclass(frozen=True, slots=True)
class Damage:
    """From here to the next whole record, or to the end of the file, nothing can be had."""

    position: Position
    reason: str


def is_gzip(file: BinaryIO, name: str) -> bool:
    """True for a file of gzip members, be the first of them damaged."""
    file.seek(0)
    first_line = file.readline(LONGEST_LINE)
    return first_line.startswith(MAGIC) or (name.lower().endswith(".gz") and record_start(first_line) is None)


def walk(file: BinaryIO, name: str) -> Iterator[WholeRecord | Damage]:
    """All that is in a file, in its order. Damage next to damage is one. ``name`` is the file's. Raises OSError."""
    was_damaged = False
    for found in _walk_members(file) if is_gzip(file, name) else _walk_plain(file):
        is_damage = isinstance(found, Damage)
        if not (is_damage and was_damaged):
            yield found
        was_damaged = is_damage


def _walk_plain(file: BinaryIO) -> Iterator[WholeRecord | Damage]:
    file.seek(0)
    for found in _Records(file):
        yield replace(found, position=Position(found.position.inner))


def _walk_members(file: BinaryIO) -> Iterator[WholeRecord | Damage]:
    """A record is believed when its member proved whole, or when another one followed it in the same member."""
    offset: int | None = 0
    size = file.seek(0, os.SEEK_END)
    while offset is not None and offset < size:
        member = GzipMember(file, offset)
        last: WholeRecord | Damage | None = None
        reason = "the file ends within a gzip member"
        try:
            for found in _Records(io.BufferedReader(member, _PIECE_BYTES)):
                if last is not None:
                    yield last
                last = replace(found, position=Position(offset, found.position.inner))
        except zlib.error as error:
            reason = f"the gzip member is damaged: {error}"
        if member.is_whole:
            if last is not None:
                yield last
            offset = member.end
        else:
            yield Damage(last.position if last is not None else Position(offset), reason)
            offset = find_member(file, offset + 1, _begins_with_record)


def _begins_with_record(member: GzipMember) -> bool:
    return record_start(io.BufferedReader(member).readline(LONGEST_LINE)) == 0


class _Records:
    """The records of one stream; all positions are inner ones. Iterating raises what reading the stream raises."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._size = stream.seek(0, os.SEEK_END) if stream.seekable() else None
        if self._size is not None:
            stream.seek(0)
        #: The line that was read last, and where it begins.
        self._line = b""
        self._at = 0

    def __iter__(self) -> Iterator[WholeRecord | Damage]:
        self._pass_blank_lines()
        while self._line:
            position = Position(0, self._at)
            if record_start(self._line) != 0:
                yield Damage(position, "there is something that is no record")
                self._search()
                continue
            second_line = self._stream.tell()
            try:
                head = read_head(self._line, self._stream)
                self._pass_content(head.length)
            except DamagedRecord as damage:
                yield Damage(position, f"the record {damage}")
                self._go_back(second_line)
            else:
                yield WholeRecord(position, head)

    def _search(self) -> None:
        """To the next beginning of a record, be it in the middle of a line."""
        while self._line and (start := record_start(self._line)) != 0:
            if start is None:
                self._next_line()
            else:
                self._at += start
                self._line = self._line[start:]

    def _go_back(self, position: int) -> None:
        """Where a record is damaged another one may begin in what seemed to be its content."""
        if self._size is not None:
            self._stream.seek(position)
        self._pass_blank_lines()

    def _pass_content(self, length: int) -> None:
        """To what follows a record's content, be it another record or the end. Raises DamagedRecord."""
        missing = length - self._skip(length)
        if missing:
            raise DamagedRecord(f"is cut: {missing} of its {length} bytes are missing")
        self._next_line()
        if not self._line.strip():
            self._pass_blank_lines()
        elif record_start(self._line) != 0:
            raise DamagedRecord(f"does not end after {length} bytes, as it says")

    def _skip(self, length: int) -> int:
        """Pass so many bytes, or as many as there are; how many that was."""
        if self._size is not None:
            begin = self._stream.tell()
            return self._stream.seek(min(begin + length, self._size)) - begin
        left = length
        while left and (piece := self._stream.read(min(left, _PIECE_BYTES))):
            left -= len(piece)
        return length - left

    def _pass_blank_lines(self) -> None:
        """To the next line that is not blank; to an empty one at the end."""
        self._next_line()
        while self._line and not self._line.strip():
            self._next_line()

    def _next_line(self) -> None:
        self._at = self._stream.tell()
        self._line = self._stream.readline(LONGEST_LINE)
