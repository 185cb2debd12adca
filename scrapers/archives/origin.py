"""A web archive as an origin of pages of the past.

>>> async with ArchiveOrigin(wayback_machine("My Lab (mailto:me@example.org)")) as archive:
...     survey = await archive.survey("https://www.example.org/author/1", None, None)
...     page = await archive.read(survey.captures[0])

    survey ── per page of the index: turn ── request ── read_cdx ──> rows ── captures_among ──> Survey
    read   ── turn ── request ── read_memento ──> Page | Failure

Built on httpx: the libraries for this (wayback, waybackpy, cdx_toolkit, memento_client) are not async, and none of them
lets every request, the repeated ones too, take a turn of one pace, or speaks to both the Wayback Machine and pywb.
"""

from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

import httpx

from scrapers.archives.cdx import BadLine, CdxPage, CdxRow, read_cdx, timestamp_of
from scrapers.archives.client import ArchiveClient
from scrapers.archives.memento import read_memento
from scrapers.archives.pace import Pace
from scrapers.archives.refusal import explain_refusal, says_nothing_found
from scrapers.archives.settings import ArchiveSettings
from scrapers.archives.survey import captures_among
from scrapers.gate import Gate
from tracking.capture import Capture, OriginError, Skipped, Survey
from tracking.check import Failure, Page


@dataclass(slots=True)
class _Listing:
    """What was read of an index so far."""

    rows: list[CdxRow] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    requests: int = 0

    def add(self, page: CdxPage, asked: str) -> None:
        self.rows += page.rows
        self.skipped += [_skipped(line, asked) for line in page.bad_lines]


class ArchiveOrigin:
    """An archive that speaks CDX and Memento: an async context manager, and an `Origin`."""

    def __init__(
        self,
        settings: ArchiveSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._settings = settings
        self._client = ArchiveClient(settings, transport=transport, gate=gate)
        self._cdx_pace = Pace(settings.cdx_interval_seconds)
        self._read_pace = Pace(settings.read_interval_seconds)

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._client.__aexit__(exc_type, exc_value, traceback)

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def seconds_per_read(self) -> float:
        return self._settings.read_interval_seconds

    async def survey(self, url: str, since: datetime | None, until: datetime | None) -> Survey:
        """The captures of ``url`` from ``since`` until ``until``, both included.

        Every capture is listed, those with equal digests too: that a page was still the same is an observation.
        Raises OriginError when the archive refuses, stays out of reach, or answers with something else than a list.
        """
        listing = await self._list(url, since, until)
        within = [
            row
            for row in listing.rows
            if (since is None or row.captured_at >= since) and (until is None or row.captured_at <= until)
        ]
        captures, others = captures_among(within, url=url, memento_url=self._settings.memento_url)
        return Survey(captures=captures, skipped=(*listing.skipped, *others), requests=listing.requests)

    async def read(self, capture: Capture) -> Page | Failure:
        """The original bytes, status and headers of a capture, if the archive gives the one of exactly its time."""
        asked = await self._client.ask(capture.place, self._read_pace)
        return asked.answer if isinstance(asked.answer, Failure) else read_memento(capture, asked.answer)

    async def _list(self, url: str, since: datetime | None, until: datetime | None) -> _Listing:
        """All lines of the index, page by page.

        A server that gives a full page without a key to go on with may have cut it: the list then goes on from the
        time of its last line.
        """
        listing = _Listing()
        keys: set[str] = set()
        start, key = since, None
        while True:
            asked = self._cdx_url(url, start, until, key)
            page = await self._read_page(asked, listing)
            listing.add(page, asked)
            key = page.resume_key
            if key is not None:
                if key in keys:
                    raise OriginError(f"{asked} goes round in circles: it gives a resume key that it gave before")
                keys.add(key)
            elif page.lines < self._settings.page_size:
                return listing
            else:
                start = _continuation(page, start, asked)

    async def _read_page(self, asked: str, listing: _Listing) -> CdxPage:
        came = await self._client.ask(asked, self._cdx_pace)
        listing.requests += came.requests
        if isinstance(came.answer, Failure):
            raise OriginError(came.answer.detail)
        if says_nothing_found(came.answer):
            return CdxPage(rows=())
        if came.answer.status != 200:
            raise OriginError(explain_refusal(came.answer))
        try:
            page = read_cdx(came.answer.body.decode("utf-8", "replace"))
        except ValueError as error:
            raise OriginError(f"{asked} answered with something else than a list of captures: {error}") from None
        if page.bad_lines and not page.rows:
            raise OriginError(f"{asked} lists no capture in a readable way: {page.bad_lines[0].excerpt!r}")
        return page

    def _cdx_url(self, url: str, since: datetime | None, until: datetime | None, key: str | None) -> str:
        limits = {
            "fl": ",".join(self._settings.fields),
            "from": timestamp_of(since) if since else "",
            "to": timestamp_of(until) if until else "",
            "resumeKey": key or "",
        }
        params = {
            "url": url,
            "matchType": "exact",
            "limit": str(self._settings.page_size),
            "showResumeKey": "true",
            **{name: text for name, text in limits.items() if text},
        }
        return str(httpx.URL(self._settings.cdx_url).copy_merge_params(params))


def _continuation(page: CdxPage, start: datetime | None, asked: str) -> datetime:
    last = max(row.captured_at for row in page.rows)
    if start is not None and last <= start:
        raise OriginError(f"{asked} does not get on: its last line is not later than what was asked for")
    return last


def _skipped(line: BadLine, asked: str) -> Skipped:
    return Skipped(f"line {line.number} of {asked}", f"not a line of an index: {line.excerpt!r}")
