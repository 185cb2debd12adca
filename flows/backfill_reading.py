"""Captures are read and parsed, oldest first and a few at once, for as long as the origin lets itself be asked.

async with CaptureReader(origin, captures) as reader, CapturesAhead(reader, "scholarfeed", captures) as ahead:
    while sightings := await ahead.take():
        ...                                 # the next ones are being read meanwhile
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import UTC
from itertools import islice
from types import TracebackType
from typing import Self

from flows.backfill_plan import is_same_page
from flows.parsing import Parsing
from scrapers.reading_note import with_note
from tracking.capture import Capture, Origin
from tracking.check import Failure, Outcome, Page, Parsed
from tracking.late import LateSighting

#: Captures that are read at the same time, where the origin's pace allows it.
_READS_AT_ONCE = 6
#: Captures that are taken at once, and how long the first of them may wait for the others.
_TAKEN_TOGETHER = 16
_LONGEST_WAIT_SECONDS = 1.0
#: After so many captures in a row that could not be had, an archive is out of reach.
_FAILURES_IN_A_ROW = 3
#: Statuses of a server that does not want to be asked now, or cannot be; None: there was no answer.
_NO_ANSWERS = (None, 429, 502, 503, 504)


class CaptureReader:
    """Reads captures of one origin, ``captures`` in all: an async context manager."""

    def __init__(self, origin: Origin, captures: int) -> None:
        self._origin = origin
        self._is_elsewhere = origin.seconds_per_read > 0
        # Pages that come every few seconds are no work for processes.
        self._parsing = Parsing(0 if self._is_elsewhere else captures)
        self._room = asyncio.Semaphore(_READS_AT_ONCE)
        self._failures_in_a_row = 0
        #: Why the origin is not asked any more.
        self._refusal: str | None = None
        #: Captures that the origin was asked for.
        self.reads = 0

    async def __aenter__(self) -> Self:
        await self._parsing.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._parsing.__aexit__(exc_type, exc_value, traceback)

    async def read(
        self, source: str, capture: Capture, before: "asyncio.Task[LateSighting] | None", note: str | None = None
    ) -> LateSighting:
        """What comes of one capture; ``before`` is what comes of the same page a little earlier.

        ``note`` is what the owner says of how to read the page.
        """
        finding = (await before).finding if before is not None else None
        if finding is None or not _is_of_the_page(finding):
            finding = await self._find(source, capture, note)
        return LateSighting(
            observed_at=capture.observed_at, finding=finding, origin=self._origin.name, place=capture.place
        )

    async def _find(self, source: str, capture: Capture, note: str | None) -> Parsed | Failure:
        async with self._room:
            if self._refusal is not None:
                detail = f"{capture.place} was not asked for: {self._refusal}"
                return Failure(outcome=Outcome.COOLING_DOWN, detail=detail, url=capture.url)
            answer = await self._origin.read(capture)
            self._listen(answer)
        if isinstance(answer, Failure):
            return answer
        page = with_note(answer, note)
        return await self._parsing.parse(source, page, capture.observed_at.astimezone(UTC).date())

    def _listen(self, answer: Page | Failure) -> None:
        """An archive that has had enough, or is gone, is left alone: the next backfill goes on from here."""
        if isinstance(answer, Failure) and answer.outcome is Outcome.COOLING_DOWN:
            self._refusal = self._refusal or answer.detail
            return
        self.reads += 1
        if not self._is_elsewhere:
            return
        if not isinstance(answer, Failure) or not _is_out_of_reach(answer):
            self._failures_in_a_row = 0
            return
        self._failures_in_a_row += 1
        # The origin waits as long as it is asked to, within reason: what still comes back as this is beyond reason.
        if answer.retry_after_seconds is not None or self._failures_in_a_row == _FAILURES_IN_A_ROW:
            self._refusal = self._refusal or answer.detail


def _is_of_the_page(finding: Parsed | Failure) -> bool:
    """True for what the same bytes come to wherever they are kept."""
    return isinstance(finding, Parsed) or finding.outcome is Outcome.PARSE_FAILED


def _is_out_of_reach(failure: Failure) -> bool:
    """True when it is the archive that failed, and not this capture."""
    return failure.outcome in (Outcome.THROTTLED, Outcome.UNREACHABLE) and failure.status in _NO_ANSWERS


class CapturesAhead:
    """The captures of one profile, read ahead of whoever takes them: an async context manager."""

    def __init__(
        self, reader: CaptureReader, source: str, captures: Sequence[Capture], note: str | None = None
    ) -> None:
        self._reader = reader
        self._source = source
        self._note = note
        self._left = deque(captures)
        self._ahead: deque[asyncio.Task[LateSighting]] = deque()
        #: The capture that was begun last, and its task.
        self._last: tuple[Capture, asyncio.Task[LateSighting]] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for task in self._ahead:
            task.cancel()
        await asyncio.gather(*self._ahead, return_exceptions=True)

    async def take(self) -> list[LateSighting]:
        """What came of the next captures, in their order; nothing when that was all.

        As many as may be taken together, or those that are there when the first has waited long enough.
        """
        self._read_on()
        if not self._ahead:
            return []
        await asyncio.wait([self._ahead[0]])
        await asyncio.wait(list(islice(self._ahead, _TAKEN_TOGETHER)), timeout=_LONGEST_WAIT_SECONDS)
        taken: list[LateSighting] = []
        while self._ahead and self._ahead[0].done() and len(taken) < _TAKEN_TOGETHER:
            taken.append(self._ahead.popleft().result())
        self._read_on()
        return taken

    def _read_on(self) -> None:
        while self._left and len(self._ahead) < 2 * _TAKEN_TOGETHER:
            capture = self._left.popleft()
            same = self._last[1] if self._last is not None and is_same_page(self._last[0], capture) else None
            task = asyncio.create_task(self._reader.read(self._source, capture, same, self._note))
            self._last = capture, task
            self._ahead.append(task)
