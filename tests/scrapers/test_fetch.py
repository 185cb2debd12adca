"""Asking a real site for pages: what is sent, what comes back, and what is kept between two requests."""

import asyncio
import gzip
import zlib
from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.fetch import Fetcher, FetchSettings
from scrapers.network import network_transport
from tests.servers import ModernSite, Site, client_tls, page, redirect, server_tls, status
from tracking.check import Failure, NotModified, Outcome, Page, RobotsVerdict, Validators

AT_ONCE = FetchSettings(
    user_agent="Zürich Lab (mailto:lab@example.org)",
    min_interval_seconds=0,
    attempts=1,
    max_redirects=3,
    obey_robots=False,
)


def test_a_page_comes_with_its_url_headers_and_time() -> None:
    async def story() -> None:
        async with Site.open() as site, Fetcher(AT_ONCE) as fetcher:
            url = site.answers("/author/1", page(b"<h1>\xc3\xa9</h1>", etag='"v1"', X_Seen="yes"))
            began = perf_counter()
            answer = await fetcher.get(url, validators=None, hosts=["127.0.0.1"])
            seconds = perf_counter() - began

        assert isinstance(answer, Page)
        assert answer == Page(
            url=url,
            status=200,
            headers={"content-length": "11", "content-type": "text/html", "etag": '"v1"', "x-seen": "yes"},
            body=b"<h1>\xc3\xa9</h1>",
            elapsed_seconds=answer.elapsed_seconds,
            robots=RobotsVerdict.NOT_ASKED,
        )
        assert 0 < answer.elapsed_seconds < seconds

    asyncio.run(story())


def test_a_request_says_who_asks_and_what_can_be_read() -> None:
    async def story() -> Mapping[str, str]:
        async with Site.open() as site, Fetcher(AT_ONCE) as fetcher:
            await fetcher.get(site.url + "/", validators=None, hosts=[site.host])
            return site.requests[0].headers

    headers = asyncio.run(story())
    assert headers["user-agent"].encode("latin-1").decode() == "Zürich Lab (mailto:lab@example.org)"
    assert headers["accept-encoding"] == "gzip, deflate"
    assert headers["accept"].startswith("text/html")
    assert headers.keys().isdisjoint({"cookie", "if-none-match", "if-modified-since", "referer"})


@pytest.mark.parametrize(
    "validators",
    [
        {"etag": 'W/"v1"'},
        {"last_modified": "Tue, 12 May 2026 08:00:00 GMT"},
        {"etag": '"v1"', "last_modified": "Tue, 12 May 2026 08:00:00 GMT"},
    ],
    ids=["etag", "last-modified", "both"],
)
def test_a_page_that_has_not_changed_is_not_sent_again(validators: dict[str, str]) -> None:
    async def story() -> None:
        async with Site.open() as site, Fetcher(AT_ONCE) as fetcher:
            url = site.answers("/author/1", page(b"old", **validators))
            first = await fetcher.get(url, validators=None, hosts=[site.host])
            assert isinstance(first, Page)
            assert first.validators == Validators(**validators)

            again = await fetcher.get(url, validators=first.validators, hosts=[site.host])
            assert isinstance(again, NotModified)
            assert again.url == url

            site.answers("/author/1", page(b"new", etag='"v2"'))
            changed = await fetcher.get(url, validators=first.validators, hosts=[site.host])
            assert isinstance(changed, Page)
            assert changed.body == b"new"

    asyncio.run(story())


def test_a_304_that_was_not_asked_for_is_no_news() -> None:
    async def story() -> None:
        async with Site.open() as site, Fetcher(AT_ONCE) as fetcher:
            url = site.answers("/author/1", status(304))
            for validators in (None, Validators(), Validators(etag='"é"')):
                answer = await fetcher.get(url, validators=validators, hosts=[site.host])
                assert isinstance(answer, Failure)
                assert answer.outcome is Outcome.UNREACHABLE
                assert "asked for the whole page" in answer.detail

    asyncio.run(story())


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", gzip.compress(b"paper " * 1000)), ("deflate", zlib.compress(b"paper " * 1000))],
    ids=["gzip", "deflate"],
)
def test_a_compressed_page_is_unpacked(encoding: str, body: bytes) -> None:
    async def story() -> None:
        async with Site.open() as site, Fetcher(AT_ONCE) as fetcher:
            url = site.answers("/author/1", page(body, content_encoding=encoding))
            answer = await fetcher.get(url, validators=None, hosts=[site.host])
            assert isinstance(answer, Page)
            assert answer.body == b"paper " * 1000

    asyncio.run(story())


def test_redirects_within_the_site_are_followed_on_one_connection() -> None:
    async def story() -> None:
        async with Site.open() as site, Fetcher(AT_ONCE) as fetcher:
            url = site.answers("/author/1", redirect("/authors/one", 301))
            site.answers("/authors/one", redirect(site.url + "/authors/one/", 308))
            site.answers("/authors/one/", redirect("?tab=papers#top", 303))
            site.answers("/authors/one/?tab=papers", page(b"here"))
            answer = await fetcher.get(url, validators=None, hosts=[site.host])

            assert isinstance(answer, Page)
            assert answer.url == site.url + "/authors/one/?tab=papers"
            assert answer.body == b"here"
            assert site.connections == 1

    asyncio.run(story())


def test_pages_that_have_not_changed_come_over_one_connection() -> None:
    async def story() -> None:
        async with Site.open() as site, Fetcher(AT_ONCE) as fetcher:
            url = site.answers("/author/1", status(304))
            for _ in range(3):
                answer = await fetcher.get(url, validators=Validators(etag='"one"'), hosts=[site.host])
                assert isinstance(answer, NotModified)

            assert site.connections == 1

    asyncio.run(story())


def test_too_many_redirects_and_loops_end() -> None:
    async def story() -> None:
        async with Site.open() as site, Fetcher(AT_ONCE) as fetcher:
            for step in range(5):
                site.answers(f"/{step}", redirect(f"/{step + 1}"))
            long_way = await fetcher.get(site.url + "/0", validators=None, hosts=[site.host])
            assert isinstance(long_way, Failure)
            assert long_way.outcome is Outcome.UNREACHABLE
            assert "more than 3 times" in long_way.detail
            assert [request.path for request in site.requests] == ["/0", "/1", "/2", "/3"]

            site.answers("/a", redirect("/b"))
            site.answers("/b", redirect("/a"))
            loop = await fetcher.get(site.url + "/a", validators=None, hosts=[site.host])
            assert isinstance(loop, Failure)
            assert loop.outcome is Outcome.UNREACHABLE
            assert "redirects to itself" in loop.detail

    asyncio.run(story())


def test_a_redirect_to_another_host_is_not_followed() -> None:
    async def story() -> None:
        async with Site.open() as site, Site.open() as other, Fetcher(AT_ONCE) as fetcher:
            target = other.answers("/author/1", page(b"elsewhere"))
            url = site.answers("/author/1", redirect(target))
            answer = await fetcher.get(url, validators=None, hosts=[site.host])
            assert isinstance(answer, Failure)
            assert answer.detail == f"{url} redirects to the private address 127.0.0.1"
            assert other.requests == []

            allowed = await fetcher.get(url, validators=None, hosts=[site.host, other.host])
            assert isinstance(allowed, Page)

    asyncio.run(story())


@pytest.mark.parametrize("location", ["http://xn--a/", "http://[::1", "//", "http://a b/\x7f", "ftp://127.0.0.1/"])
def test_a_redirect_to_nonsense_is_an_outcome(location: str) -> None:
    async def story() -> None:
        async with Site.open() as site, Fetcher(AT_ONCE) as fetcher:
            url = site.answers("/author/1", redirect(location))
            answer = await fetcher.get(url, validators=None, hosts=[site.host])
            assert isinstance(answer, Failure)
            assert answer.outcome in (Outcome.UNREACHABLE, Outcome.MOVED)

    asyncio.run(story())


def test_cookies_do_not_cross_from_one_profile_to_the_next() -> None:
    async def story() -> None:
        async with Site.open() as site, Fetcher(AT_ONCE) as fetcher:
            site.answers("/author/1", page(b"", set_cookie="session=1; Path=/"))
            for path in ("/author/1", "/author/1"):
                await fetcher.get(site.url + path, validators=None, hosts=[site.host])
            assert ["cookie" in request.headers for request in site.requests] == [False, False]

    asyncio.run(story())


def test_a_hundred_pages_share_the_connections_that_a_host_bears() -> None:
    async def story() -> None:
        settings = FetchSettings(user_agent="tests", min_interval_seconds=0, connections_per_host=3)
        async with Site.open() as site, Fetcher(settings) as fetcher:
            urls = [site.answers(f"/author/{key}", page(str(key).encode())) for key in range(100)]
            answers = await asyncio.gather(*(fetcher.get(url, validators=None, hosts=[site.host]) for url in urls))
            bodies = [answer.body for answer in answers if isinstance(answer, Page)]
            assert bodies == [str(key).encode() for key in range(100)]
            assert site.connections <= 3

    asyncio.run(story())


def test_every_try_and_every_hop_waits_for_its_turn() -> None:
    async def story() -> None:
        settings = FetchSettings(user_agent="tests", min_interval_seconds=0.04, retry_wait_seconds=0, obey_robots=False)
        async with Site.open() as site, Fetcher(settings) as fetcher:
            url = site.answers("/author/1", status(502), status(504), redirect("/there"))
            site.answers("/there", page(b"here"))
            began = asyncio.get_running_loop().time()
            assert isinstance(await fetcher.get(url, validators=None, hosts=[site.host]), Page)
            assert [request.path for request in site.requests] == ["/author/1"] * 3 + ["/there"]
            assert site.requests[-1].at - began >= 3 * 0.039

    asyncio.run(story())


def test_a_site_is_asked_for_its_rules_first_on_the_same_connection() -> None:
    async def story() -> None:
        async with Site.open() as site, Fetcher(replace(AT_ONCE, obey_robots=True)) as fetcher:
            site.answers("/robots.txt", status(200, b"User-agent: *\nDisallow: /private/\n"))
            public, private = site.answers("/author/1", page(b"here")), site.answers("/private/1", page(b"not here"))
            answer = await fetcher.get(public, validators=None, hosts=[site.host])
            refused = await fetcher.get(private, validators=None, hosts=[site.host])

            assert isinstance(answer, Page)
            assert answer.robots is RobotsVerdict.ALLOWED
            assert isinstance(refused, Failure)
            assert refused.outcome is Outcome.ROBOTS
            assert [request.path for request in site.requests] == ["/robots.txt", "/author/1"]
            assert site.connections == 1

    asyncio.run(story())


def test_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")

    async def story() -> None:
        async with Site.open() as site, Fetcher(AT_ONCE) as fetcher:
            url = site.answers("/author/1", page(b"direct"))
            assert isinstance(await fetcher.get(url, validators=None, hosts=[site.host]), Page)

    asyncio.run(story())


def test_http2_is_spoken_where_it_is_offered() -> None:
    async def story() -> None:
        transport = network_transport(client_tls())
        async with ModernSite.open(b"modern") as site, Fetcher(AT_ONCE, transport=transport) as fetcher:
            answers = await asyncio.gather(
                *(fetcher.get(f"{site.url}/{key}", validators=None, hosts=["127.0.0.1"]) for key in range(20))
            )
            assert {answer.body for answer in answers if isinstance(answer, Page)} == {b"modern"}
            assert site.http_versions == ["2"] * 20

    asyncio.run(story())


def test_http1_is_spoken_where_nothing_else_is_offered() -> None:
    async def story() -> None:
        transport = network_transport(client_tls())
        async with Site.open(tls=server_tls()) as site, Fetcher(AT_ONCE, transport=transport) as fetcher:
            url = site.answers("/author/1", page(b"plain"))
            answer = await fetcher.get(url, validators=None, hosts=[site.host])
            assert isinstance(answer, Page)
            assert answer.body == b"plain"

    asyncio.run(story())


def test_a_transport_of_ten_lines_stands_in_for_the_network() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"ETag": '"v1"'}, stream=httpx.ByteStream(request.url.path.encode()))

    async def story() -> None:
        async with Fetcher(AT_ONCE, transport=httpx.MockTransport(answer)) as fetcher:
            got = await fetcher.get("https://example.org/author/1", validators=None, hosts=["example.org"])
        assert isinstance(got, Page)
        assert got.body == b"/author/1"
        assert got.validators == Validators(etag='"v1"')

    asyncio.run(story())


@given(
    url=st.text(max_size=40) | st.builds("http://{}".format, st.text(max_size=40)),
    location=st.text(st.characters(codec="utf-8"), max_size=40),
    code=st.integers(100, 599),
)
def test_whatever_is_asked_and_answered_is_a_value(url: str, location: str, code: int) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        headers = httpx.Headers({"Location": location, "Retry-After": location}, encoding="utf-8")
        return httpx.Response(code, headers=headers, stream=httpx.ByteStream(b"hello"))

    async def story() -> None:
        async with Fetcher(AT_ONCE, transport=httpx.MockTransport(answer)) as fetcher:
            for asked in (url, "http://example.org/"):
                got = await fetcher.get(asked, validators=Validators(etag=location), hosts=["example.org"])
                assert isinstance(got, Page | NotModified | Failure)

    asyncio.run(story())


@pytest.mark.parametrize("user_agent", ["", "   ", "Lab\r\nX-Evil: 1", "Lab\x00"])
def test_a_user_agent_that_no_header_holds_is_refused(user_agent: str) -> None:
    with pytest.raises(ValueError, match="not a user agent"):
        FetchSettings(user_agent=user_agent)
