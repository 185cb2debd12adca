"""How patiently an archive is asked that refuses for a time, breaks off, or falls silent."""

import asyncio
from itertools import pairwise

import pytest

from scrapers.archives.origin import ArchiveOrigin
from tests import faults
from tests.scrapers.archives.archive_site import (
    JANUARY_1,
    JANUARY_2,
    MEMENTO_PATH,
    at_a_site,
    cdx_path,
    days,
    gives,
    lists,
    read,
    settings,
    survey,
)
from tests.scrapers.archives.lines import URL, plain, row
from tests.servers import Answer, Site, status
from tests.virtual_time import run_with_servers
from tracking.capture import Capture, OriginError
from tracking.check import Failure, Outcome, Page

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n"

PASSING = {
    "429": (status(429), Outcome.THROTTLED, "asks for fewer requests"),
    "503": (status(503), Outcome.THROTTLED, "is overloaded"),
    "502": (status(502), Outcome.UNREACHABLE, "is out of order"),
    "504": (status(504), Outcome.UNREACHABLE, "is out of order"),
    "cut in the body": (faults.ends(HEAD + b"half"), Outcome.UNREACHABLE, "broke off"),
    "reset": (faults.resets(b""), Outcome.UNREACHABLE, "broke off"),
    "silence": (faults.stalls(), Outcome.UNREACHABLE, "fell silent"),
    "a body in drops": (faults.repeats(HEAD, b".", every_seconds=40), Outcome.UNREACHABLE, "no whole answer within"),
}


@pytest.mark.parametrize(("answer", "outcome", "words"), PASSING.values(), ids=PASSING)
def test_what_may_pass_is_asked_again(answer: Answer, outcome: Outcome, words: str) -> None:
    async def story(site: Site) -> None:
        site.answers(MEMENTO_PATH, answer, gives())
        site.answers(cdx_path(), answer, lists(plain(row(1))))
        assert isinstance(await read(site), Page)
        found = await survey(site)
        assert (days(found), found.requests, len(site.requests)) == ([1], 2, 4)

    async def for_ever(site: Site) -> None:
        site.answers(MEMENTO_PATH, answer)
        failure = await read(site, attempts=2)
        assert isinstance(failure, Failure)
        assert (failure.outcome, len(site.requests)) == (outcome, 2)
        assert words in failure.detail

    at_a_site(story, run=run_with_servers)
    at_a_site(for_ever, run=run_with_servers)


def test_an_index_that_stays_out_of_order() -> None:
    async def story(site: Site) -> None:
        site.answers(cdx_path(), status(502))
        with pytest.raises(OriginError, match=r"is out of order \(status 502"):
            await survey(site, attempts=2)
        assert len(site.requests) == 2

    at_a_site(story)


def test_the_wait_that_was_asked_for_is_kept_by_everybody() -> None:
    async def story(site: Site) -> None:
        site.answers(MEMENTO_PATH, status(429, retry_after="1"), gives())
        other = f"/coll/20240102000000id_/{URL}"
        site.answers(other, gives(at="Tue, 02 Jan 2024 00:00:00 GMT"))
        first = Capture(observed_at=JANUARY_1, place=site.url + MEMENTO_PATH, url=URL)
        second = Capture(observed_at=JANUARY_2, place=site.url + other, url=URL)
        async with ArchiveOrigin(settings(site, read_interval_seconds=0.3)) as archive:
            pages = await asyncio.gather(archive.read(first), archive.read(second))
        assert all(isinstance(page, Page) for page in pages)
        assert site.requests[1].at - site.requests[0].at >= 0.99
        assert len(site.requests) == 3

    at_a_site(story)


def test_an_archive_that_wants_an_hour_is_left_alone() -> None:
    async def story(site: Site) -> None:
        site.answers(MEMENTO_PATH, status(429, retry_after="3600"))
        site.answers(cdx_path(), status(429, retry_after="3600"))
        failure = await read(site)
        assert isinstance(failure, Failure)
        assert (failure.outcome, failure.retry_after_seconds, len(site.requests)) == (Outcome.THROTTLED, 3600, 1)
        with pytest.raises(OriginError, match="asks for fewer requests, for 3600 s"):
            await survey(site)
        assert len(site.requests) == 2

    at_a_site(story)


def test_each_wait_is_twice_the_one_before() -> None:
    async def story(site: Site) -> None:
        site.answers(MEMENTO_PATH, *[status(503)] * 4, gives())
        assert isinstance(await read(site, attempts=5, retry_wait_seconds=0.1, longest_wait_seconds=0.2), Page)
        gaps = [later.at - earlier.at for earlier, later in pairwise(site.requests)]
        assert gaps[0] >= 0.099
        assert gaps[1] >= 0.199
        assert 0.199 <= gaps[3] < 0.7

    at_a_site(story)


def test_no_window_holds_more_requests_than_agreed_whatever_goes_wrong() -> None:
    """24 in 0.6 s stand for 24 in a minute; the archive fails every third time."""

    async def story(site: Site) -> None:
        pages = [lists(plain(row(1)), key=str(number)) for number in range(30)]
        for number, listed in enumerate(pages):
            more = {"resumeKey": str(number - 1)} if number else {}
            site.answers(cdx_path(**more), *([status(503), listed] if number % 3 == 0 else [listed]))
        site.answers(cdx_path(resumeKey="29"), lists())
        found = await survey(site, cdx_per_minute=2400)
        assert found.requests == len(site.requests) == 41
        starts = [request.at for request in site.requests]
        # Less what the loop itself may be late by.
        assert all(later - earlier >= 0.57 for earlier, later in zip(starts, starts[24:], strict=False))

    at_a_site(story)


def test_reads_keep_their_own_distance() -> None:
    async def story(site: Site) -> None:
        site.answers(MEMENTO_PATH, gives())
        capture = Capture(observed_at=JANUARY_1, place=site.url + MEMENTO_PATH, url=URL)
        async with ArchiveOrigin(settings(site, read_interval_seconds=0.1)) as archive:
            assert archive.seconds_per_read == 0.1
            await asyncio.gather(*(archive.read(capture) for _ in range(4)))
        assert all(later.at - earlier.at >= 0.05 for earlier, later in pairwise(site.requests))

    at_a_site(story)
