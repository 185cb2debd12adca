"""An origin asked as a flow asks it, for tests that are not asynchronous themselves."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Protocol, Self

from scrapers.parse import parse_page
from tests.scrapers.made_up import ShownProfile, shown_paper, shown_profile
from tracking.capture import Capture, Origin, Skipped, Survey
from tracking.check import Failure, Page, Parsed
from tracking.reading import ProfileReading

URL = "https://www.scholarfeed.org/author/1"
OTHER_URL = "https://www.scholarfeed.org/author/2"


class OpenedOrigin(Origin, Protocol):
    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, traceback: TracebackType | None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """All that an origin gives of one profile."""

    captures: tuple[Capture, ...]
    skipped: tuple[Skipped, ...]
    pages: tuple[Page | Failure, ...]

    @property
    def times(self) -> list[str]:
        return [capture.observed_at.isoformat() for capture in self.captures]

    @property
    def places(self) -> list[str]:
        return [capture.place for capture in self.captures]

    @property
    def bodies(self) -> list[bytes]:
        return [page.body for page in self.pages if isinstance(page, Page)]

    @property
    def failures(self) -> list[Failure]:
        return [page for page in self.pages if isinstance(page, Failure)]


def ask(
    origin: OpenedOrigin, url: str = URL, *, since: datetime | None = None, until: datetime | None = None
) -> Answer:
    """Survey a profile, and read all of its captures."""

    async def asked() -> Answer:
        async with origin:
            return await _ask(origin, url, since, until)

    return asyncio.run(asked())


def ask_for_all(origin: OpenedOrigin, urls: Iterable[str]) -> list[Answer]:
    """The same for several profiles, one after the other."""

    async def asked() -> list[Answer]:
        async with origin:
            return [await _ask(origin, url, None, None) for url in urls]

    return asyncio.run(asked())


async def _ask(origin: Origin, url: str, since: datetime | None, until: datetime | None) -> Answer:
    survey = await origin.survey(url, since, until)
    pages = [await origin.read(capture) for capture in survey.captures]
    return Answer(survey.captures, survey.skipped, tuple(pages))


def survey_all(origin: OpenedOrigin, *urls: str, close: bool = True) -> list[Survey]:
    """One origin, asked for several profiles at once; left open, it can be asked to read."""

    async def asked() -> list[Survey]:
        await origin.__aenter__()
        surveys = await asyncio.gather(*(origin.survey(url, None, None) for url in urls))
        if close:
            await origin.__aexit__(None, None, None)
        return surveys

    return asyncio.run(asked())


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def made_up_profile(*titles: str) -> ShownProfile:
    papers = [shown_paper(title) for title in titles or ("A Title",)]
    return shown_profile(papers, name="Ada Quill", metrics={"h_index": 1, "citations": 1234})


def reading_of(page: Page | Failure, observed_on: date) -> ProfileReading:
    assert isinstance(page, Page), page
    parsed = parse_page("scholarfeed", page, observed_on)
    assert isinstance(parsed, Parsed), parsed
    return parsed.reading
