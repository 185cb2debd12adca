"""A real archive server, pywb, over WARC files: two years of a profile arrive once, each page at its own time."""

import asyncio
import math
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scrapers.archives.origin import ArchiveOrigin
from scrapers.archives.settings import ArchiveSettings, for_archive
from scrapers.parse import parse_page
from tests.scrapers.archives import two_years
from tests.scrapers.archives.two_years import CAPTCHA_MONTH, LOST_MONTH, REDIRECT_MONTH, SHOWN, URL, month
from tracking.capture import Capture, OriginError, Survey
from tracking.check import Failure, Outcome, Page, Parsed

pytestmark = pytest.mark.xdist_group("pywb")

LISTED = sorted([*SHOWN, CAPTCHA_MONTH, LOST_MONTH])


def settings(archive: str) -> ArchiveSettings:
    return replace(
        for_archive(archive, "tests (mailto:tests@example.org)"),
        cdx_per_minute=math.inf,
        read_interval_seconds=0,
        retry_wait_seconds=0,
    )


async def survey_and_read(
    archive: str, since: datetime | None = None, until: datetime | None = None, *, url: str = URL, page_size: int = 5000
) -> tuple[Survey, dict[datetime, Page | Failure]]:
    async with ArchiveOrigin(replace(settings(archive), page_size=page_size)) as origin:
        survey = await origin.survey(url, since, until)
        return survey, {capture.observed_at: await origin.read(capture) for capture in survey.captures}


@pytest.fixture(scope="module")
def found(archive: str) -> tuple[Survey, dict[datetime, Page | Failure]]:
    return asyncio.run(survey_and_read(archive))


def test_every_capture_is_listed_at_its_time(archive: str, found: tuple[Survey, object]) -> None:
    survey, _ = found
    assert [capture.observed_at for capture in survey.captures] == [month(number) for number in LISTED]
    assert survey.requests == 1
    first = survey.captures[0]
    assert first == Capture(
        observed_at=month(0),
        place=f"{archive}/20240103040506id_/{URL}",
        url=URL,
        digest=two_years.CRAWLED[0].digest,
    )


def test_what_was_met_again_has_the_digest_of_the_first_time(found: tuple[Survey, object]) -> None:
    survey, _ = found
    digests = {capture.observed_at: capture.digest for capture in survey.captures}
    assert digests[month(0)] == digests[month(1)] == digests[month(2)]
    assert digests[month(4)] == digests[month(12)] != digests[month(0)]


def test_what_is_no_page_is_told(found: tuple[Survey, object]) -> None:
    survey, _ = found
    assert {skipped.reason for skipped in survey.skipped} == {
        "an archived redirect (status 302)",
        "an archived error (status 404)",
        "not a page: application/json",
    }
    redirect = next(skipped for skipped in survey.skipped if "redirect" in skipped.reason)
    assert redirect.place.endswith(f"/{month(REDIRECT_MONTH):%Y%m%d%H%M%S}id_/{URL}")


@pytest.mark.parametrize(("number", "citations"), SHOWN.items(), ids=str)
def test_a_page_reads_as_it_was(found: tuple[object, dict[datetime, Page]], number: int, citations: int) -> None:
    page = found[1][month(number)]
    assert isinstance(page, Page)
    parsed = parse_page("scholarfeed", page, month(number).date())
    assert isinstance(parsed, Parsed)
    assert parsed.reading.name == "Ada Quill"
    assert parsed.reading.metrics["citations"] == citations
    assert len(parsed.reading.papers) == 2


def test_the_page_is_the_original_answer(found: tuple[object, dict[datetime, Page]]) -> None:
    crawled = two_years.CRAWLED[0]
    page = found[1][month(0)]
    assert page == Page(
        url=URL,
        status=200,
        headers={
            "content-type": "text/html; charset=utf-8",
            "etag": '"one"',
            "date": "Wed, 03 Jan 2024 04:05:05 GMT",
        },
        body=crawled.body,
        elapsed_seconds=page.elapsed_seconds,
    )
    assert found[1][month(1)].body == found[1][month(2)].body == crawled.body


def test_an_archived_captcha_is_told_like_a_live_one(found: tuple[object, dict[datetime, Page]]) -> None:
    outcome = parse_page("scholarfeed", found[1][month(CAPTCHA_MONTH)], month(CAPTCHA_MONTH).date())
    assert isinstance(outcome, Failure)
    assert outcome.outcome is Outcome.BLOCKED


def test_what_the_archive_lost_never_slots_in_with_another_page(found: tuple[object, dict[datetime, Failure]]) -> None:
    failure = found[1][month(LOST_MONTH)]
    assert isinstance(failure, Failure)
    assert f"was asked for of {month(LOST_MONTH):%Y-%m-%d %H:%M:%S} and is of " in failure.detail


def test_asked_twice_it_says_the_same(archive: str, found: tuple[Survey, dict[datetime, Page | Failure]]) -> None:
    survey, pages = asyncio.run(survey_and_read(archive))
    assert survey == found[0]
    assert {moment: page.body for moment, page in pages.items() if isinstance(page, Page)} == {
        moment: page.body for moment, page in found[1].items() if isinstance(page, Page)
    }


@pytest.mark.parametrize("page_size", [2, 7, len(two_years.CRAWLED) - 1])
def test_a_list_that_comes_in_pieces_is_whole(archive: str, found: tuple[Survey, object], page_size: int) -> None:
    """pywb keeps to the limit and gives no key to go on with."""
    pieces = asyncio.run(survey_only(archive, page_size))
    assert pieces == replace(found[0], requests=pieces.requests)
    assert pieces.requests > 1


def test_a_list_that_cannot_come_in_such_pieces_is_an_error(archive: str) -> None:
    with pytest.raises(OriginError, match="does not get on"):
        asyncio.run(survey_only(archive, page_size=1))


async def survey_only(archive: str, page_size: int) -> Survey:
    async with ArchiveOrigin(replace(settings(archive), page_size=page_size)) as origin:
        return await origin.survey(URL, None, None)


@pytest.mark.parametrize(
    ("since", "until", "numbers"),
    [
        (month(4), month(6), [4, 5, 6]),
        (month(4) + timedelta(seconds=1), month(6) - timedelta(microseconds=1), [5]),
        (month(18), None, [18, 23]),
        (None, month(1), [0, 1]),
        (month(24), None, []),
    ],
    ids=["both included", "just inside", "since", "until", "nothing"],
)
def test_a_part_of_the_time(archive: str, since: datetime | None, until: datetime | None, numbers: list[int]) -> None:
    survey, _ = asyncio.run(survey_and_read(archive, since, until))
    assert [capture.observed_at for capture in survey.captures] == [month(number) for number in numbers]


def test_a_profile_that_was_never_captured(archive: str) -> None:
    survey, _ = asyncio.run(survey_and_read(archive, url="https://www.scholarfeed.org/author/1"))
    assert survey == Survey(captures=(), requests=1)


def test_a_page_that_pywb_rewrote_is_refused(archive: str) -> None:
    async def story() -> Page | Failure:
        async with ArchiveOrigin(settings(archive)) as origin:
            (first, *_) = (await origin.survey(URL, None, None)).captures
            return await origin.read(replace(first, place=first.place.replace("id_/", "mp_/")))

    failure = asyncio.run(story())
    assert isinstance(failure, Failure)
    assert "rewritten by the archive" in failure.detail
