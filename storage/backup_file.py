"""The file that a backup is: JSON Lines in one zstd frame, and after it the checksum of every byte before.

    {"scholarwatch": "0.1.0", "format": 1, "schema": "0001", "created_at": …, "sections": [{"table": "person", …}, …]}
    [1, "Ada Lovelace", ["lab"]]                      the rows of the first table, then those of the next
    …

The checksum is in a frame of the kind that decoders skip: ``zstdcat FILE`` shows the lines. What the columns of a row
are, and how their values are written, stands in the first line: a later program reads it without today's tables.
"""

import hashlib
import json
import struct
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from storage.errors import BackupError

FORMAT = 1
#: Higher levels take longer, and gain little on what the archive has compressed before.
_LEVEL = 3
#: The header of a frame to be skipped, and its size; then a SHA-256.
_CHECKSUM = struct.Struct("<II32s")
_SKIPPED = 0x184D2A5C
_BLOCK = 1 << 20


class Form(StrEnum):
    """How the values of a column are written; None is null in each."""

    PLAIN = "plain"
    TIME = "time"
    BYTES = "bytes"
    JSON = "json"


_WRITTEN: Mapping[Form, Callable[[Any], Any]] = {
    Form.TIME: lambda at: at.isoformat(),
    Form.BYTES: lambda value: b64encode(value).decode("ascii"),
}
_READ: Mapping[Form, Callable[[Any], Any]] = {Form.TIME: datetime.fromisoformat, Form.BYTES: b64decode}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The rows of one table; of each column its form, in the order of the values of a row."""

    table: str
    columns: Mapping[str, Form]
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a backup says of itself. ``schema`` is the revision of its tables."""

    scholarwatch: str
    schema: str
    created_at: datetime
    sections: Sequence[Section]

    @property
    def rows(self) -> int:
        return sum(section.rows for section in self.sections)


class BackupWriter:
    """Writes a backup, from its header to its checksum."""

    def __init__(self, file: BinaryIO, header: Header) -> None:
        self._hashed = _Hashed(file)
        compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self._lines = compressor.stream_writer(self._hashed, closefd=False)  # type: ignore[arg-type]
        self._write_line(
            {
                "scholarwatch": header.scholarwatch,
                "format": FORMAT,
                "schema": header.schema,
                "created_at": header.created_at.isoformat(),
                "sections": [
                    {"table": section.table, "columns": dict(section.columns), "rows": section.rows}
                    for section in header.sections
                ],
            }
        )

    def write_rows(self, section: Section, rows: Iterable[Sequence[Any]]) -> Iterator[int]:
        """Write the rows of the next section; gives the number of each row that is written, from 1."""
        convert = _converted(section, _WRITTEN)
        for number, row in enumerate(rows, 1):
            self._write_line(convert(row))
            yield number

    def end(self) -> None:
        """Write what makes the file whole."""
        self._lines.flush(zstandard.FLUSH_FRAME)
        self._hashed.file.write(_CHECKSUM.pack(_SKIPPED, 32, self._hashed.sha256.digest()))

    def _write_line(self, value: object) -> None:
        self._lines.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


class _Hashed:
    """A file that knows the hash of what was written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.sha256 = hashlib.sha256()

    def write(self, part: bytes) -> int:
        self.sha256.update(part)
        return self.file.write(part)


class BackupReader:
    """Reads a backup that is whole; an iterator over the lines of a file that was checked when it was opened."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Raises BackupError for what is no backup, or not as it was written, or of a format of the future."""
        self._path = path
        _check(path, file)
        file.seek(0)
        self._lines = _lines(file)
        self.header = self._read_header()

    def rows(self, section: Section) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows of the next section by the names of its columns, each with the bytes that it takes as a line."""
        convert = _converted(section, _READ)
        names = list(section.columns)
        for _ in range(section.rows):
            line = next(self._lines)
            yield len(line), dict(zip(names, convert(json.loads(line)), strict=True))

    def _read_header(self) -> Header:
        values = json.loads(next(self._lines))
        if values["format"] != FORMAT:
            raise BackupError(
                f"{self._path}: a backup of format {values['format']}, which this program does not read: "
                f"it was written by Scholarwatch {values['scholarwatch']}; restore it with that version"
            )
        return Header(
            scholarwatch=values["scholarwatch"],
            schema=values["schema"],
            created_at=datetime.fromisoformat(values["created_at"]),
            sections=[
                Section(
                    table=section["table"],
                    columns={name: Form(form) for name, form in section["columns"].items()},
                    rows=section["rows"],
                )
                for section in values["sections"]
            ],
        )


def _converted(
    section: Section, forms: Mapping[Form, Callable[[Any], Any]]
) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """What turns a row of the database into one of the file, or back."""
    changed = [(place, forms[form]) for place, form in enumerate(section.columns.values()) if form in forms]

    def convert(row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for place, change in changed:
            if values[place] is not None:
                values[place] = change(values[place])
        return values

    return convert


def _check(path: Path, file: BinaryIO) -> None:
    """Read the file once; BackupError where a byte is not what was written, or is not there."""
    left = path.stat().st_size - _CHECKSUM.size
    sha256 = hashlib.sha256()
    begin = file.read(min(left, 4)) if left > 0 else b""
    if begin != zstandard.FRAME_HEADER:
        raise BackupError(f"{path}: this is no backup of Scholarwatch")
    sha256.update(begin)
    left -= len(begin)
    while left > 0 and (block := file.read(min(left, _BLOCK))):
        sha256.update(block)
        left -= len(block)
    if file.read() != _CHECKSUM.pack(_SKIPPED, 32, sha256.digest()):
        raise BackupError(f"{path}: the backup is damaged or not whole; nothing of it was restored")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    rest = b""
    with zstandard.ZstdDecompressor().stream_reader(file, closefd=False) as content:
        while block := content.read(_BLOCK):
            *lines, rest = (rest + block).split(b"\n")
            yield from lines
