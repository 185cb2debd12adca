"""One record of a WARC or ARC file, as warcio reads it, with bounds on what it may take into memory."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders

#: A line that is longer is none of a record's head.
LONGEST_LINE = 64 * 1024
#: A head that is longer is none.
LONGEST_HEAD = 256 * 1024

_WARC_START = re.compile(rb"WARC/\d\.\d+\r?\n\Z")
#: URL, address, time, type and length.
_ARC_START = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*:[^\r\n]* \S+ \d{14} \S+ \d+\r?\n")

_LOADER = ArcWarcRecordLoader(verify_http=False, arc2warc=True)


class DamagedRecord(Exception):  # noqa: N818  -- the damage is the message
    """What begins like a record is none; the message goes on after its place."""


@dataclass(frozen=True, slots=True)
class RecordHead:
    """The named fields at the beginning of a record, by their names in lower case. ARC fields have WARC names."""

    fields: Mapping[str, str]
    #: Bytes of content that follow.
    length: int

    @property
    def kind(self) -> str:
        return self.fields.get("warc-type", "")

    @property
    def url(self) -> str:
        return self.fields.get("warc-target-uri", "")


@dataclass(frozen=True, slots=True)
class HttpHead:
    status: int
    #: By name in lower case; of a name that stands twice, the values joined with a comma.
    headers: Mapping[str, str]


def record_start(line: bytes) -> int | None:
    """Where in a line a record begins: at 0, or after other bytes where something was put before it."""
    if _ARC_START.fullmatch(line):
        return 0
    found = _WARC_START.search(line)
    return found.start() if found is not None else None


def read_head(first_line: bytes, rest: BinaryIO) -> RecordHead:
    """The head of a record whose first line was read already. Raises DamagedRecord."""
    lines = _HeadLines(rest)
    try:
        record = _LOADER.parse_record_stream(lines, first_line, no_record_parse=True)
    except (ArchiveLoadFailed, ValueError) as error:
        raise DamagedRecord(f"has a head that cannot be read: {error}") from error
    fields = _by_name(record.rec_headers)
    is_warc = first_line.startswith(b"WARC/")
    if is_warc and not lines.ended:
        raise DamagedRecord("is cut within its head")
    if not fields.get("content-length", "").isdecimal():
        raise DamagedRecord("does not say how long it is")
    return RecordHead(fields, int(record.length))


def read_http_head(record: RecordHead, content: BinaryIO) -> HttpHead | None:
    """The HTTP head at the beginning of a record's content; None: it has none. Raises DamagedRecord."""
    try:
        head = _LOADER.load_http_headers(record.kind, record.url, _HeadLines(content), record.length)
    except (ArchiveLoadFailed, EOFError) as error:
        raise DamagedRecord("has no HTTP head") from error
    if head is None:
        return None
    status = str(head.get_statuscode())
    if not re.fullmatch(r"[1-5][0-9]{2}", status):
        raise DamagedRecord(f"has no HTTP status, but {status!r}")
    return HttpHead(int(status), _by_name(head))


def _by_name(head: StatusAndHeaders) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in head.headers:
        known = fields.get(name.lower())
        fields[name.lower()] = value if known is None else f"{known}, {value}"
    return fields


class _HeadLines:
    """The lines of a head, as warcio takes them: it would read a line of any length, and any number of lines."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = LONGEST_HEAD
        self.ended = False

    def readline(self) -> bytes:
        line = self._stream.readline(min(self._left, LONGEST_LINE) + 1)
        self._left -= len(line)
        if self._left < 0 or len(line) > LONGEST_LINE:
            raise ArchiveLoadFailed("it is too long")
        if _WARC_START.search(line):
            raise ArchiveLoadFailed("another record begins in it")
        self.ended = line in (b"\r\n", b"\n")
        return line
