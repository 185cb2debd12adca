"""One capture of an archive: read once, at its time, or told why not."""

import pytest

from scrapers.archives.origin import ArchiveOrigin
from tests.scrapers.archives.archive_site import (
    JANUARY_1,
    MEMENTO_PATH,
    at_a_site,
    gives,
    read,
    settings,
)
from tests.scrapers.archives.lines import URL
from tests.servers import Answer, Site, redirect, status
from tracking.capture import Capture
from tracking.check import Failure, Page


def test_a_capture_is_read() -> None:
    async def story(site: Site) -> None:
        site.answers(MEMENTO_PATH, gives(X_Archive_Orig_ETag='"a"'))
        page = await read(site)
        assert isinstance(page, Page)
        assert page == Page(
            url=URL,
            status=200,
            headers={"etag": '"a"', "content-type": "text/html"},
            body=b"<p>Ada",
            elapsed_seconds=page.elapsed_seconds,
        )
        assert page.elapsed_seconds > 0

    at_a_site(story)


UNREADABLE = {
    "another time": (gives(at="Tue, 02 Jan 2024 00:00:00 GMT"), "of 2024-01-01 00:00:00 and is of 2024-01-02 00:00:00"),
    "led to another time": (
        redirect(f"/coll/20240102000000id_/{URL}"),
        "is of 2024-01-01 00:00:00; the archive leads to 2024-01-02 00:00:00",
    ),
    "a toolbar": (gives(b"<!-- BEGIN WAYBACK TOOLBAR INSERT -->"), "was rewritten by the archive"),
    "the archive's own": (status(200, b"<p>Welcome"), "no Memento-Datetime"),
    "too much": (gives(b"x" * 20_000), "is larger than 10000 bytes"),
    "damaged": (gives(b"no gzip", content_encoding="gzip"), "is damaged"),
}


@pytest.mark.parametrize(("answer", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_capture_that_cannot_be_had_is_asked_for_once(answer: Answer, words: str) -> None:
    async def story(site: Site) -> None:
        site.answers(MEMENTO_PATH, answer)
        failure = await read(site)
        assert isinstance(failure, Failure)
        assert words in failure.detail
        assert len(site.requests) == 1

    at_a_site(story)


def test_a_place_that_is_no_url() -> None:
    async def story(site: Site) -> None:
        async with ArchiveOrigin(settings(site)) as archive:
            failure = await archive.read(Capture(observed_at=JANUARY_1, place="http://x:port/", url=URL))
        assert isinstance(failure, Failure)
        assert "is not a URL" in failure.detail

    at_a_site(story)


@pytest.mark.parametrize("code", [429, 503, 502, 504])
def test_an_archived_refusal_is_a_page_and_not_asked_for_again(code: int) -> None:
    async def story(site: Site) -> None:
        site.answers(MEMENTO_PATH, gives(b"<p>Later", code))
        page = await read(site)
        assert isinstance(page, Page)
        assert (page.status, page.body, len(site.requests)) == (code, b"<p>Later", 1)

    at_a_site(story)
