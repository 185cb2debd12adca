"""Pages in, readings out: what came of a fetched or saved page. Every outcome is a value.

This runs in worker processes: what goes in and what comes out can be pickled.
"""

import hashlib
from datetime import date
from pathlib import Path

from scrapers.bundle import answers_of
from scrapers.parse_error import ParseError
from scrapers.reading_note import note_on
from scrapers.refusals import recognise
from scrapers.registry import source_named
from scrapers.source import Source
from tracking.check import Failure, Outcome, Page, Parsed

_BY_STATUS = {
    401: (Outcome.LOGIN, "the site asks for a login"),
    403: (Outcome.BLOCKED, "the site denies access"),
    404: (Outcome.GONE, "there is no such page"),
    410: (Outcome.GONE, "the page is gone for good"),
    429: (Outcome.THROTTLED, "the site asks for fewer requests"),
    451: (Outcome.BLOCKED, "the page is withheld for legal reasons"),
    503: (Outcome.THROTTLED, "the site is overloaded"),
}


_TYPES = {".txt": "text/plain", ".json": "application/json", ".xml": "application/xml", ".atom": "application/xml"}


def parse_page(source_name: str, page: Page, observed_on: date) -> Parsed | Failure:
    """Read a page of a source as it was on the day ``observed_on``.

    A page that cannot be read is first asked what it is: a captcha, a login and the like have outcomes of their own.
    Raises UnknownSource for a source that does not exist.
    """
    source = source_named(source_name)
    if page.status != 200:
        return _refused(page)
    try:
        return Parsed(page=page, reading=source.parse(page, observed_on), parser=parser_of(source, page))
    except ParseError as error:
        return unread(page, error)


def parser_of(source: Source, page: Page) -> str:
    """Parser and version that a page is read with; what the owner said of how to read it is a part of that."""
    return parser_with(source, note_on(page))


def parser_with(source: Source, note: str | None) -> str:
    """Parser and version that pages with this note of the owner's are read with."""
    if note is None:
        return source.parser
    return f"{source.parser}+{hashlib.blake2b(note.encode(), digest_size=4).hexdigest()}"


def unread(page: Page, error: ParseError) -> Failure:
    """What a page is that could not be read: a captcha, a login and the like, or of a layout that is not known."""
    refusal = next((found for answer in _answers(page) if (found := recognise(answer)) is not None), None)
    outcome, detail = refusal or (Outcome.PARSE_FAILED, str(error))
    return _failure(page, outcome, detail)


def _answers(page: Page) -> tuple[Page, ...]:
    try:
        return answers_of(page)
    except ParseError:
        return (page,)


def saved_page(path: Path, url: str = "") -> Page:
    """A page that somebody saved: HTML, JSON or XML, or (``.txt``) a copy of its visible text. Raises OSError."""
    headers = {"content-type": _TYPES.get(path.suffix.lower(), "text/html")}
    return Page(url=url, status=200, headers=headers, body=path.read_bytes())


def _refused(page: Page) -> Failure:
    usual = _BY_STATUS.get(page.status, (Outcome.UNREACHABLE, f"the site answered with status {page.status}"))
    outcome, detail = usual if page.status in (404, 410) else recognise(page) or usual
    return _failure(page, outcome, detail)


def _failure(page: Page, outcome: Outcome, detail: str) -> Failure:
    return Failure(
        outcome=outcome,
        detail=detail,
        url=page.url,
        status=page.status,
        elapsed_seconds=page.elapsed_seconds,
        size=len(page.body),
        page=page if outcome is Outcome.PARSE_FAILED else None,
    )
