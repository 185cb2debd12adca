"""One saved page as bytes: unpacked from gzip and from MHTML, never more of it than the limit.

A *place* ends with the name of the file, and that says what is in it.
"""

import gzip
import zlib
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from typing import BinaryIO

from scrapers.origins.failures import MAX_PAGE_BYTES, too_big, unreadable
from tracking.check import Failure, Page

_CONTENT_TYPES = {".html": "text/html", ".htm": "text/html", ".txt": "text/plain"}
_MHTML = (".mhtml", ".mht")
#: All kinds of saved pages, for a person.
KINDS = ".html, .htm, .txt, .mhtml, .mht, or one of these with .gz"
#: An MHTML file holds the page's pictures and styles as well.
_MAX_MHTML_BYTES = 64_000_000
_HTML_TYPES = ("text/html", "application/xhtml+xml")


def is_saved_page(place: str) -> bool:
    """True for the names that pages are saved under: see `KINDS`."""
    return _kind(place) in _CONTENT_TYPES or is_mhtml(place)


def is_mhtml(place: str) -> bool:
    return _kind(place) in _MHTML


def unpack(place: str, file: BinaryIO, *, url: str) -> bytes | Failure:
    """The content of a saved file, out of its gzip if it is in one."""
    limit = _MAX_MHTML_BYTES if is_mhtml(place) else MAX_PAGE_BYTES
    try:
        if place.lower().endswith(".gz"):
            with gzip.open(file) as packed:
                content = packed.read(limit + 1)
        else:
            content = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        return unreadable(place, f"cannot be read: {error}", url=url)
    return content if len(content) <= limit else too_big(place, limit=limit, url=url)


def page_of(place: str, content: bytes, *, url: str) -> Page | Failure:
    """The page in unpacked content, as if it had come from ``url``. Of an MHTML file it is the first HTML part."""
    if not is_mhtml(place):
        headers = {"content-type": _CONTENT_TYPES.get(_kind(place), "text/html")}
        return Page(url=url, status=200, headers=headers, body=content)
    part = _html_part(message_from_bytes(content))
    body = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(body, bytes):
        return unreadable(place, "holds no HTML part", url=url)
    if len(body) > MAX_PAGE_BYTES:
        return too_big(place, url=url)
    return Page(url=url, status=200, headers={"content-type": str(part["content-type"])}, body=body)


def mhtml_origin(content: bytes) -> tuple[str, datetime | None]:
    """From which http URL an MHTML file was saved, and when; empty and None where it does not say so."""
    message = message_from_bytes(content)
    part = _html_part(message)
    own_location = part["content-location"] if part is not None else None
    location = "".join(str(message["snapshot-content-location"] or own_location or "").split())
    is_http = location.lower().startswith(("http://", "https://"))
    return location if is_http else "", _date(str(message["date"] or ""))


def _kind(place: str) -> str:
    path = PurePosixPath(place.lower())
    return path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix


def _html_part(message: "Message[str, str]") -> "Message[str, str] | None":
    return next((part for part in message.walk() if part.get_content_type() in _HTML_TYPES), None)


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
