"""What an archive lists: page by page, within a time, and what it says when it does not list."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from scrapers.archives.origin import ArchiveOrigin
from tests.scrapers.archives.archive_site import (
    AGENT,
    JANUARY_2,
    at_a_site,
    cdx_path,
    days,
    lists,
    settings,
    survey,
)
from tests.scrapers.archives.lines import cdxj, plain, row
from tests.scrapers.real_pages import PAGES, needs_real_pages
from tests.servers import Answer, Site, redirect, status
from tracking.capture import OriginError, Survey


def test_a_list_goes_on_by_its_resume_key() -> None:
    async def story(site: Site) -> None:
        site.answers(cdx_path(2), lists(plain(row(1)), plain(row(2)), key="org%2Cx%29%2F+20240102000001"))
        site.answers(cdx_path(2, resumeKey="org,x)/ 20240102000001"), lists(plain(row(3)), plain(row(4)), key="end"))
        site.answers(cdx_path(2, resumeKey="end"), lists())
        found = await survey(site, page_size=2)
        assert (days(found), found.skipped, found.requests) == ([1, 2, 3, 4], (), 3)

    at_a_site(story)


def test_a_server_that_knows_no_keys_is_asked_on_by_time() -> None:
    async def story(site: Site) -> None:
        site.answers(cdx_path(2), lists(cdxj(row(1)), cdxj(row(2))))
        site.answers(cdx_path(2, **{"from": "20240102000000"}), lists(cdxj(row(2)), cdxj(row(3))))
        site.answers(cdx_path(2, **{"from": "20240103000000"}), lists(cdxj(row(3))))
        found = await survey(site, page_size=2)
        assert (days(found), found.skipped, found.requests) == ([1, 2, 3], (), 3)

    at_a_site(story)


def test_the_time_wanted_is_asked_for_and_held_to() -> None:
    async def story(site: Site) -> None:
        path = cdx_path(**{"from": "20240102000000", "to": "20240103000000"})
        site.answers(path, lists(*(plain(row(day)) for day in range(1, 6))))
        since, until = datetime(2024, 1, 2, 0, 0, 0, 1, tzinfo=UTC), datetime(2024, 1, 3, tzinfo=UTC)
        assert days(await survey(site, since, until)) == [3]
        assert days(await survey(site, JANUARY_2, until)) == [2, 3]

    at_a_site(story)


def test_the_fields_are_named_where_the_archive_wants_it() -> None:
    async def story(site: Site) -> None:
        site.answers(cdx_path(fl="urlkey,timestamp"), lists(plain(row(1))))
        assert days(await survey(site, fields=("urlkey", "timestamp"))) == [1]
        assert site.requests[0].headers["user-agent"] == AGENT
        assert site.requests[0].headers["accept"] == "*/*"

    at_a_site(story)


def test_bad_lines_are_told_by_their_number() -> None:
    async def story(site: Site) -> None:
        site.answers(cdx_path(), lists(plain(row(1)), "what is this", plain(row(2)), plain(row(3, status="302"))))
        found = await survey(site)
        assert days(found) == [1, 2]
        assert [skipped.reason for skipped in found.skipped] == [
            "not a line of an index: 'what is this'",
            "an archived redirect (status 302)",
        ]
        assert found.skipped[0].place == f"line 2 of {site.url}{cdx_path()}"

    at_a_site(story)


def test_a_url_that_means_more_than_itself_is_asked_for_exactly() -> None:
    async def story(site: Site) -> None:
        url = "https://www.scholarfeed.org/author?user=a+b&x=%26*"
        async with ArchiveOrigin(settings(site)) as archive:
            with pytest.raises(OriginError):
                await archive.survey(url, None, None)
        asked = parse_qs(site.requests[0].path.partition("?")[2])
        assert (asked["url"], asked["matchType"]) == ([url], ["exact"])

    at_a_site(story)


REFUSALS = {
    "a blocked site": (
        status(403, b"java.io.IOException: AdministrativeAccessControlException: Blocked Site Error"),
        "the archive has blocked this site, and withholds its captures",
    ),
    "robots.txt": (
        status(403, b"RobotAccessControlException: Blocked By Robots"),
        "because of the site's robots.txt",
    ),
    "forbidden": (status(403), "the archive withholds these captures (status 403)"),
    "no such place": (
        status(404, b"<h1>Not  Found</h1>\x1b[31m"),
        "answered 404, not with a list of captures: 'Not Found [31m'",
    ),
    "a redirect": (redirect("https://example.org/"), "answered 302"),
    "broken inside": (status(500), "answered 500, not with a list of captures"),
    "a page": (
        status(200, b"<html>Welcome</html>", content_type="text/html"),
        "something else than a list of captures",
    ),
    "half a document": (status(200, b'[["urlkey", "timest'), "something else than a list of captures"),
    "no line that can be read": (
        lists("what is this", "and that"),
        "lists no capture in a readable way: 'what is this'",
    ),
    "too much": (status(200, b"x" * 20_000), "is larger than 10000 bytes"),
    "round in circles": (lists(plain(row(1)), key="again"), "goes round in circles"),
    "one second for ever": (lists(plain(row(1)), plain(row(1))), "does not get on"),
}


@pytest.mark.parametrize(("answer", "words"), REFUSALS.values(), ids=REFUSALS)
def test_an_index_that_cannot_be_had(answer: Answer, words: str) -> None:
    async def story(site: Site) -> None:
        for more in ({}, {"resumeKey": "again"}, {"from": "20240101000000"}):
            site.answers(cdx_path(2, **more), answer)
        with pytest.raises(OriginError) as error:
            await survey(site, page_size=2)
        assert words in str(error.value)
        assert str(error.value).isprintable()

    at_a_site(story)


@pytest.mark.parametrize(
    "answer",
    [status(200), status(200, b"[]"), status(404, json.dumps({"message": "No Captures found for: x"}).encode())],
    ids=["empty", "JSON", "404"],
)
def test_an_archive_that_has_nothing(answer: Answer) -> None:
    async def story(site: Site) -> None:
        site.answers(cdx_path(), answer)
        assert await survey(site) == Survey(captures=(), requests=1)

    at_a_site(story)


@needs_real_pages
def test_real_answers_of_a_wayback_machine() -> None:
    async def story(site: Site) -> None:
        folder: Path = PAGES / "cdx"
        first = status(200, (folder / "wb_search_multipage_0.txt").read_bytes(), content_type="text/plain")
        last = status(200, (folder / "wb_search_multipage_14.txt").read_bytes(), content_type="text/plain")
        blocked = status(403, (folder / "wb_search_raises_for_blocked_urls_0.txt").read_bytes())
        site.answers(cdx_path(25), first)
        site.answers(cdx_path(25, resumeKey="com,cnn)/ 2001041400593:"), last)
        found = await survey(site, page_size=25)
        assert (len(found.captures), found.skipped, found.requests) == (7, (), 2)
        site.answers(cdx_path(25), blocked)
        with pytest.raises(OriginError, match="the archive has blocked this site"):
            await survey(site, page_size=25)

    at_a_site(story)
