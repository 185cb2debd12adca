"""Web archives on disk: WARC and ARC files, gzipped or not, whole or damaged.

files ── walk ──> index ── find(url) ──> answers ──> captures
                                           └─ the content of a revisit is that of another answer
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from scrapers.origins.archived_url import url_key
from scrapers.origins.failures import too_big, unreadable
from scrapers.origins.surveying import is_within, survey_of
from scrapers.origins.warc_answer import NOT_MODIFIED, ArchivedAnswer, look_at, referent
from scrapers.origins.warc_content import OversizedRecord, Payload, read_payload
from scrapers.origins.warc_index import WarcIndex, files_at
from scrapers.origins.warc_page import page_of
from scrapers.origins.warc_record import DamagedRecord
from tracking.capture import Capture, Skipped, Survey
from tracking.check import Failure, Page


class WarcOrigin:
    """The answers for a profile's URL in web archives: files, and folders with all that is in them.

    Files that are damaged give what is whole; what is not is skipped, with its place.
    """

    name = "warc"
    seconds_per_read = 0.0

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)
        self._index: WarcIndex | None = None
        self._indexing = asyncio.Lock()
        #: What was found of a URL, by its key: revisits are looked up in it again and again.
        self._found: dict[str, tuple[ArchivedAnswer | Skipped, ...]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._index = None
        self._found.clear()

    async def survey(self, url: str, since: datetime | None, until: datetime | None) -> Survey:
        """See `tracking.capture.Origin`. The files are read through once, for all profiles. Raises OriginError."""
        index = await self._indexed()
        return await asyncio.to_thread(self._survey, index, url, since, until)

    async def read(self, capture: Capture) -> Page | Failure:
        """See `tracking.capture.Origin`. A revisit gives its own head, and the content that it refers to."""
        index = await self._indexed()
        try:
            answer, payload = await asyncio.to_thread(self._payload, index, capture.place)
        except DamagedRecord as damage:
            return unreadable(capture.place, str(damage), url=capture.url)
        except OversizedRecord:
            return too_big(capture.place, url=capture.url)
        return await page_of(capture, answer, payload)

    async def _indexed(self) -> WarcIndex:
        async with self._indexing:
            if self._index is None:
                self._index = await asyncio.to_thread(lambda: WarcIndex(files_at(self._paths)))
            return self._index

    def _survey(self, index: WarcIndex, url: str, since: datetime | None, until: datetime | None) -> Survey:
        skipped = list(index.damages)
        ranked: list[tuple[bool, bool, Capture]] = []
        for answer in self._answers(index, url):
            if isinstance(answer, Skipped):
                skipped.append(answer)
                continue
            content = self._with_content(index, answer)
            status = content.status if answer.status is None and content is not None else answer.status
            digest = answer.digest if answer.digest is not None or content is None else content.digest
            reason = _no_capture(answer, status)
            if reason is None:
                capture = Capture(
                    observed_at=answer.observed_at, place=answer.place, url=answer.head.url, digest=digest
                )
                ranked.append((status != 200, answer.is_revisit, capture))
            elif is_within(answer.observed_at, since, until):
                skipped.append(Skipped(answer.place, reason))
        ranked.sort(key=lambda rank: rank[:2])
        return survey_of((capture for *_, capture in ranked), skipped, since=since, until=until)

    def _payload(self, index: WarcIndex, place: str) -> tuple[ArchivedAnswer, Payload]:
        """Raises DamagedRecord and OversizedRecord."""
        answer = look_at(place, *index.locate(place))
        if isinstance(answer, Skipped):
            raise DamagedRecord(answer.reason)
        content = self._with_content(index, answer)
        if content is None:
            raise DamagedRecord("repeats a record that is not in these files")
        return answer, read_payload(content.path, content.position)

    def _with_content(self, index: WarcIndex, answer: ArchivedAnswer) -> ArchivedAnswer | None:
        """The answer itself, or the one that it is a revisit of; None: that is not in these files."""
        return referent(answer, self._answers(index, answer.referred_url)) if answer.is_revisit else answer

    def _answers(self, index: WarcIndex, url: str) -> tuple[ArchivedAnswer | Skipped, ...]:
        key = url_key(url)
        if key not in self._found:
            found = (look_at(place, *index.locate(place)) for place in index.find(url))
            self._found[key] = tuple(
                answer for answer in found if isinstance(answer, Skipped) or url_key(answer.head.url) == key
            )
        return self._found[key]


def _no_capture(answer: ArchivedAnswer, status: int | None) -> str | None:
    """Why an answer gives no page. One that cannot be had may well have given one: it is found out when it is read."""
    if status == NOT_MODIFIED:
        return "says that nothing was modified, and holds no content"
    if status is not None and 300 <= status < 400:
        location = answer.http.headers.get("location", "") if answer.http is not None else ""
        return f"is a redirect to {location or 'nowhere'}"
    return None
