"""Reading what a CDX server answers: one line per capture, in the form that the server likes.

    plain     org,example)/ 20240101000000 https://example.org/ text/html 200 DIGEST 1234
    CDXJ      org,example)/ 20240101000000 {"url": "https://example.org/", "mime": "text/html", "status": "200", …}
    JSON      [["urlkey", "timestamp", …], ["org,example)/", "20240101000000", …], …]     one document
    NDJSON    {"urlkey": "org,example)/", "timestamp": "20240101000000", …}

After an empty line may stand the key with which the list goes on. Sources: the README of the Internet Archive's
wayback-cdx-server, and pywb's manual on its CDXJ server.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote_plus

#: The first columns of a plain line, in every dialect.
_COLUMNS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest")
_OTHER_NAMES = {"original": "url", "mimetype": "mime", "statuscode": "status"}

_TIMESTAMP = re.compile(r"[0-9]{14}")
_STATUS = re.compile(r"[1-5][0-9]{2}|-")
_URL = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_EXCERPT_CHARACTERS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class CdxRow:
    """One line. ``status`` and ``mime`` are as they stand there, ``-`` where the archive does not say."""

    captured_at: datetime
    url: str
    mime: str
    status: str
    digest: str | None


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read; the first has number 1."""

    number: int
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CdxPage:
    """One answer. ``resume_key`` asks for what follows; None: the server does not say that anything does."""

    rows: tuple[CdxRow, ...]
    bad_lines: tuple[BadLine, ...] = ()
    resume_key: str | None = None

    @property
    def lines(self) -> int:
        """How many lines stood for a capture."""
        return len(self.rows) + len(self.bad_lines)


def read_cdx(text: str) -> CdxPage:
    """Read one answer. A line that is damaged is told and does not lose the others.

    Raises ValueError when the text is a page or a damaged JSON document: nothing of it is a list of captures.
    """
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        raise ValueError("a page of markup")
    entries, key = _document(text) if text.lstrip().startswith("[") else _lines(text)
    rows: list[CdxRow] = []
    bad: list[BadLine] = []
    for number, (written, fields) in entries:
        row = _row(fields)
        if row is None:
            bad.append(BadLine(number, _excerpt(written)))
        else:
            rows.append(row)
    return CdxPage(rows=tuple(rows), bad_lines=tuple(bad), resume_key=unquote_plus(key) if key else None)


#: A line as it is written, and its fields by name; None: it has no fields.
_Entry = tuple[str, Mapping[str, object] | None]
_Numbered = Iterable[tuple[int, _Entry]]


def _lines(text: str) -> tuple[_Numbered, str | None]:
    lines = [line.rstrip("\r") for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    key = None
    if len(lines) >= 2 and not lines[-2]:
        key = lines.pop()
    return [(number, (line, _fields(line))) for number, line in enumerate(lines, start=1) if line], key


def _fields(line: str) -> Mapping[str, object] | None:
    if line.startswith("{"):
        return _json_object(line)
    parts = line.split(" ", 2)
    if len(parts) == 3 and parts[2].startswith("{"):
        described = _json_object(parts[2])
        return None if described is None else {**described, "timestamp": parts[1]}
    columns = line.split()
    return dict(zip(_COLUMNS, columns, strict=False)) if len(columns) >= len(_COLUMNS) else None


def _json_object(text: str) -> Mapping[str, object] | None:
    try:
        described = json.loads(text)
    except ValueError:
        return None
    return described if isinstance(described, dict) else None


def _document(text: str) -> tuple[_Numbered, str | None]:
    """A list of lists, of which the first names the columns; before a key stands an empty one. Raises ValueError."""
    table = json.loads(text)
    if not table:
        return [], None
    key = None
    if len(table) >= 3 and table[-2] == [] and isinstance(table[-1], list) and table[-1]:
        key = str(table[-1][0])
        table = table[:-2]
    names = table[0]
    if not isinstance(names, list) or "timestamp" not in names:
        raise ValueError("a JSON document that names no columns")
    entries = [
        (number, (json.dumps(row, ensure_ascii=False), _named(names, row)))
        for number, row in enumerate(table[1:], start=2)
    ]
    return entries, key


def _named(names: list[object], row: object) -> Mapping[str, object] | None:
    if not isinstance(row, list) or len(row) != len(names):
        return None
    return {str(name): field for name, field in zip(names, row, strict=True)}


def _row(fields: Mapping[str, object] | None) -> CdxRow | None:
    if fields is None:
        return None
    timestamp, url, mime, status, digest = (_field(fields, name) for name in _COLUMNS[1:])
    captured_at = moment_of(timestamp)
    if captured_at is None or not _URL.fullmatch(url) or not _STATUS.fullmatch(status):
        return None
    return CdxRow(captured_at=captured_at, url=url, mime=mime, status=status, digest=None if digest == "-" else digest)


def _field(fields: Mapping[str, object], name: str) -> str:
    field = fields.get(name, fields.get(_OTHER_NAMES.get(name, name)))
    return "-" if field is None or field == "" else str(field)


def moment_of(timestamp: str) -> datetime | None:
    """The moment that 14 digits stand for: ``20240131235959``; None when they stand for none."""
    if not _TIMESTAMP.fullmatch(timestamp):
        return None
    try:
        return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def timestamp_of(moment: datetime) -> str:
    """14 digits for a moment with a time zone; what is less than a second is cut."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def _excerpt(line: str) -> str:
    shown = "".join(character if character.isprintable() else "�" for character in line)
    return shown if len(shown) <= _EXCERPT_CHARACTERS else shown[:_EXCERPT_CHARACTERS] + "…"
