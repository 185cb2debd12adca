"""What a worker does in a replay. It is imported by every worker, so this imports parsers and values only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from storage.packed import PackedSnapshot
from tracking.check import Failure, Outcome, Page, Parsed
from tracking.kept import UnreadPage
from tracking.rejecting import without
from tracking.replay_report import ReplayReport
from tracking.reread import ReadAgain, differences
from tracking.stored import StoredSnapshot

#: Reads a page of a source as it was on a day, as `scrapers.parse.parse_page` does; a function of a module.
ParsePage = Callable[[str, Page, date], Parsed | Failure]


@dataclass(frozen=True, slots=True)
class Reread:
    """A few snapshots compared; ``again`` holds the readings to be stored, where they were asked for."""

    report: ReplayReport
    again: tuple[ReadAgain, ...]


@dataclass(frozen=True, slots=True)
class ReadAtLast:
    """A page that could not be read when it came, and what it says."""

    unread: UnreadPage
    parsed: Parsed

    @property
    def profile_id(self) -> int:
        return self.unread.profile_id

    @property
    def parser(self) -> str:
        return self.parsed.parser


@dataclass(frozen=True, slots=True)
class UnreadTried:
    """A few unread pages tried again; ``found`` holds what can be read, where it was asked for."""

    report: ReplayReport
    found: tuple[ReadAtLast, ...]


def reread(snapshots: Sequence[PackedSnapshot], *, parse: ParsePage, with_readings: bool) -> Reread:
    """Read the pages of these snapshots with ``parse``, and compare.

    What another version of the parser had read is to be stored again even where it reads the same: a history that one
    version has read can be compared from page to page.
    """
    report = ReplayReport()
    again = []
    for packed in snapshots:
        snapshot = packed.unpacked()
        if snapshot.page is None:
            report.count_retired()
            continue
        answer = _without(_parsed(parse, snapshot.source, snapshot.page, snapshot.observed_at), snapshot.rejected)
        if isinstance(answer, Failure):
            report.count_failure(snapshot, answer)
            continue
        found = differences(snapshot.reading, snapshot.keys, answer.reading)
        report.count_reading(snapshot, found, answer.parser)
        if with_readings and (found or answer.parser != snapshot.parser):
            again.append(_read_again(snapshot, answer))
    return Reread(report, tuple(again))


def try_unread(pages: Sequence[UnreadPage], *, parse: ParsePage, with_readings: bool) -> UnreadTried:
    """Read pages with ``parse`` that could not be read when they came."""
    report = ReplayReport()
    found = []
    for unread in pages:
        answer = _parsed(parse, unread.source, unread.page, unread.observed_at)
        report.unread.count(readable=isinstance(answer, Parsed))
        if with_readings and isinstance(answer, Parsed):
            found.append(ReadAtLast(unread, answer))
    return UnreadTried(report, tuple(found))


def _parsed(parse: ParsePage, source: str, page: Page, observed_at: datetime) -> Parsed | Failure:
    try:
        return parse(source, page, observed_at.date())
    except Exception as error:  # noqa: BLE001 - which pages break a parser is what a replay is to find out
        detail = f"the parser failed with {type(error).__name__}: {error}"
        return Failure(outcome=Outcome.PARSE_FAILED, detail=detail, url=page.url, status=page.status)


def _without(answer: Parsed | Failure, rejected: frozenset[str]) -> Parsed | Failure:
    return replace(answer, reading=without(answer.reading, rejected)) if isinstance(answer, Parsed) else answer


def _read_again(snapshot: StoredSnapshot, answer: Parsed) -> ReadAgain:
    return ReadAgain(
        profile_id=snapshot.profile_id,
        observed_at=snapshot.observed_at,
        reading=answer.reading,
        parser=answer.parser,
    )
