"""What the network does wrong, over real sockets: each fault is an outcome, within a time, and never an exception.

Silence takes no time here: `tests.virtual_time`.
"""

import asyncio
import gzip
import ssl
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from scrapers.fetch import Fetcher, FetchSettings
from scrapers.network import network_transport
from tests import faults
from tests.servers import Answer, Site, client_tls, http, page, redirect, server_tls, status
from tests.virtual_time import run_with_servers
from tracking.check import Failure, Outcome, Page

SETTINGS = FetchSettings(
    user_agent="tests (mailto:tests@example.org)",
    min_interval_seconds=0,
    timeout_seconds=30,
    idle_timeout_seconds=10,
    max_bytes=10_000,
    max_redirects=3,
    attempts=2,
    retry_wait_seconds=0,
    obey_robots=False,
)
GREETING = http(200, b"hello", content_type="text/html")
HEAD = GREETING.removesuffix(b"hello")
LONG_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n"
OPEN_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
GZIPPED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"


async def ask(site: Site, path: str, settings: FetchSettings = SETTINGS) -> object:
    async with Fetcher(settings) as fetcher:
        return await fetcher.get(site.url + path, validators=None, hosts=[site.host])


# fault, outcome, words of the detail, how often it is asked
FAULTS: dict[str, tuple[Answer, Outcome, str, int]] = {
    "closed instead of an answer": (faults.ends(b""), Outcome.UNREACHABLE, "broke off", 2),
    "reset instead of an answer": (faults.resets(b""), Outcome.UNREACHABLE, "broke off", 2),
    "not HTTP": (faults.ends(b"SSH-2.0-OpenSSH_9.6\r\n"), Outcome.UNREACHABLE, "broke off", 2),
    "closed in the head": (faults.ends(HEAD[:30]), Outcome.UNREACHABLE, "broke off", 2),
    "reset in the head": (faults.resets(HEAD[:30]), Outcome.UNREACHABLE, "broke off", 2),
    "closed in the body": (faults.ends(LONG_HEAD + b"half"), Outcome.UNREACHABLE, "broke off", 2),
    "reset in the body": (faults.resets(LONG_HEAD + b"half"), Outcome.UNREACHABLE, "broke off", 2),
    "closed in a chunk": (faults.ends(CHUNKED + b"40\r\nhalf"), Outcome.UNREACHABLE, "broke off", 2),
    "closed between chunks": (faults.ends(CHUNKED + b"4\r\nhalf\r\n"), Outcome.UNREACHABLE, "broke off", 2),
    "a chunk of no size": (faults.ends(CHUNKED + b"zz\r\nhalf\r\n"), Outcome.UNREACHABLE, "broke off", 2),
    "two lengths": (
        faults.ends(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhello"),
        Outcome.UNREACHABLE,
        "broke off",
        2,
    ),
    "silence": (faults.stalls(), Outcome.UNREACHABLE, "fell silent", 2),
    "silence in the head": (faults.stalls(HEAD[:30]), Outcome.UNREACHABLE, "fell silent", 2),
    "silence in the body": (faults.stalls(LONG_HEAD + b"half"), Outcome.UNREACHABLE, "fell silent", 2),
    "a body in drops": (
        faults.repeats(LONG_HEAD, b".", every_seconds=9),
        Outcome.UNREACHABLE,
        "no whole answer within 30 s",
        1,
    ),
    "a head in drops": (
        faults.repeats(b"HTTP/1.1 200 OK\r\nX: ", b".", every_seconds=9),
        Outcome.UNREACHABLE,
        "no whole answer within 30 s",
        1,
    ),
    "please wait for ever": (
        faults.repeats(b"", b"HTTP/1.1 102 Processing\r\n\r\n", every_seconds=9),
        Outcome.UNREACHABLE,
        "no whole answer within 30 s",
        1,
    ),
    "endless headers": (
        faults.repeats(b"HTTP/1.1 200 OK\r\n", b"X-Pad: %s\r\n" % (b"x" * 5000)),
        Outcome.UNREACHABLE,
        "broke off",
        2,
    ),
    "endless trailers": (
        faults.repeats(CHUNKED + b"5\r\nhello\r\n0\r\n", b"X-Pad: %s\r\n" % (b"x" * 5000)),
        Outcome.UNREACHABLE,
        "broke off",
        2,
    ),
    "a chunk size without end": (faults.repeats(CHUNKED, b"0" * 5000), Outcome.UNREACHABLE, "broke off", 2),
    "a head of more than it may hold": (
        faults.ends(b"HTTP/1.1 200 OK\r\nX-Pad: %s\r\n\r\nhello" % (b"x" * 200_000)),
        Outcome.UNREACHABLE,
        "broke off",
        2,
    ),
    "endless body": (faults.repeats(OPEN_HEAD, b"x" * 1000), Outcome.TOO_BIG, "larger than 10000 bytes", 1),
    "declared too long": (
        faults.stalls(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10001\r\n\r\n"),
        Outcome.TOO_BIG,
        "larger than 10000 bytes",
        1,
    ),
    "gzip bomb": (
        faults.ends(GZIPPED + faults.gzip_bomb(2**26)),
        Outcome.TOO_BIG,
        "larger than 10000 bytes",
        1,
    ),
    "gzip of nothing, without end": (
        faults.repeats(GZIPPED, gzip.compress(b"", mtime=0) * 3000),
        Outcome.TOO_BIG,
        "larger than 10000 bytes",
        1,
    ),
    "gzip cut": (faults.ends(GZIPPED + gzip.compress(b"hello")[:-5]), Outcome.UNREACHABLE, "is cut off", 1),
    "gzip damaged": (faults.ends(GZIPPED + b"not gzip at all"), Outcome.UNREACHABLE, "is damaged", 1),
    "an image": (
        faults.ends(http(200, b"\x89PNG", content_type="image/png")),
        Outcome.WRONG_TYPE,
        "holds 'image/png', not a page",
        1,
    ),
    "a body without end, of a type that is not read": (
        faults.repeats(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n", b"x" * 1000),
        Outcome.WRONG_TYPE,
        "holds 'video/mp4', not a page",
        1,
    ),
    "bad gateway": (status(502), Outcome.UNREACHABLE, "502 (Bad Gateway)", 2),
    "gateway timeout": (status(504), Outcome.UNREACHABLE, "504 (Gateway Timeout)", 2),
    "server error": (status(500), Outcome.UNREACHABLE, "500 (Internal Server Error)", 1),
    "throttled": (status(429, retry_after="60"), Outcome.THROTTLED, "429", 1),
    "overloaded": (status(503, retry_after="120"), Outcome.THROTTLED, "503", 1),
    "throttled, and silent about it": (
        faults.stalls(b"HTTP/1.1 429 Slow Down\r\nRetry-After: 9\r\nContent-Length: 1000\r\n\r\n"),
        Outcome.THROTTLED,
        "429",
        1,
    ),
    "forbidden": (status(403), Outcome.BLOCKED, "403", 1),
    "redirect to itself": (redirect("/author/1"), Outcome.UNREACHABLE, "redirects to itself", 1),
    "redirect to a host that cannot be": (redirect("http://a:b/"), Outcome.UNREACHABLE, "is not a URL", 1),
    "redirect to what is nearly an address": (redirect(":ftp://["), Outcome.UNREACHABLE, "is not a URL", 1),
    "redirect to a URL without a host, which leads where browsers go": (
        redirect("http:x"),
        Outcome.GONE,
        "/author/x answered 404",
        2,
    ),
    "redirect to the metadata of the cloud": (
        redirect("http://169.254.169.254/latest/meta-data/"),
        Outcome.UNREACHABLE,
        "redirects to the private address 169.254.169.254",
        1,
    ),
    "redirect to another port": (redirect("http://127.0.0.1:1/"), Outcome.UNREACHABLE, "the private address", 1),
    "redirect with a cut body": (
        faults.ends(b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 9\r\n\r\nhalf"),
        Outcome.UNREACHABLE,
        "broke off",
        2,
    ),
}


@pytest.mark.parametrize(("fault", "outcome", "words", "asked"), list(FAULTS.values()), ids=list(FAULTS))
def test_a_fault_is_an_outcome(fault: Answer, outcome: Outcome, words: str, asked: int) -> None:
    async def story() -> tuple[object, int, float]:
        async with Site.open() as site:
            site.answers("/author/1", fault)
            clock = asyncio.get_running_loop().time
            began = clock()
            return await ask(site, "/author/1"), len(site.requests), clock() - began

    answer, requests, seconds = run_with_servers(story())

    assert isinstance(answer, Failure)
    assert answer.outcome is outcome
    assert words in answer.detail
    assert requests == asked
    # Of its own time, and half a minute for a slow machine.
    assert seconds < asked * SETTINGS.timeout_seconds + 30


@pytest.mark.parametrize(
    "fault",
    [
        faults.resets(b""),
        faults.ends(HEAD[:30]),
        faults.ends(LONG_HEAD + b"half"),
        faults.stalls(),
        status(502),
    ],
    ids=["reset", "head cut", "body cut", "silence", "bad gateway"],
)
def test_what_passes_is_asked_again(fault: Answer) -> None:
    async def story() -> None:
        async with Site.open() as site:
            site.answers("/author/1", fault, page(b"hello"))
            answer = await ask(site, "/author/1")
            assert isinstance(answer, Page)
            assert answer.body == b"hello"
            assert len(site.requests) == 2

    run_with_servers(story())


def test_a_connection_reset_before_the_request_is_made_again() -> None:
    async def story() -> None:
        async with Site.open() as site:
            site.answers("/author/1", page(b"hello"))
            site.at_accept.append(faults.reset)
            assert isinstance(await ask(site, "/author/1"), Page)
            assert site.connections == 2

    asyncio.run(story())


def test_nobody_listens() -> None:
    async def story() -> None:
        async with Site.open() as site:
            pass
        answer = await ask(site, "/author/1")
        assert isinstance(answer, Failure)
        assert answer.outcome is Outcome.UNREACHABLE
        assert answer.detail.startswith(f"{site.host} takes no connection")

    asyncio.run(story())


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 64 + ".invalid", "xn--a.invalid", "ex ample.invalid"])
def test_a_host_that_is_not_there(host: str) -> None:
    async def story() -> None:
        # A resolver that thinks it over for long comes to the same.
        async with Fetcher(replace(SETTINGS, idle_timeout_seconds=0.2)) as fetcher:
            answer = await fetcher.get(f"http://{host}/", validators=None, hosts=[host.replace(" ", "%20")])
        assert isinstance(answer, Failure)
        assert answer.outcome is Outcome.UNREACHABLE
        assert "takes no connection" in answer.detail or "cannot be" in answer.detail

    asyncio.run(story())


def test_a_gigabyte_in_a_megabyte_costs_neither_memory_nor_time() -> None:
    bomb = GZIPPED + faults.gzip_bomb(2**30)
    assert len(bomb) < 1.2 * 2**20

    async def story() -> object:
        async with Site.open() as site:
            site.answers("/author/1", faults.ends(bomb))
            return await ask(site, "/author/1", FetchSettings(user_agent="tests", min_interval_seconds=0))

    tracemalloc.start()
    answer = asyncio.run(story())
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert isinstance(answer, Failure)
    assert answer.outcome is Outcome.TOO_BIG
    # Of its thousand parts no more was unpacked than the first few.
    assert answer.size < len(bomb) / 4
    assert peak_bytes < 25_000_000


class Counting(httpx.AsyncBaseTransport):
    """The real network, and how often it was asked."""

    def __init__(self, network: httpx.AsyncBaseTransport) -> None:
        self.network = network
        self.asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        return await self.network.handle_async_request(request)

    async def aclose(self) -> None:
        await self.network.aclose()


def test_a_certificate_that_nobody_signed_is_asked_for_once() -> None:
    async def story() -> None:
        transport = Counting(network_transport())
        async with Site.open(tls=server_tls()) as site, Fetcher(SETTINGS, transport=transport) as fetcher:
            answer = await fetcher.get(site.url, validators=None, hosts=[site.host])
            assert isinstance(answer, Failure)
            assert answer.outcome is Outcome.UNREACHABLE
            assert "is not to be trusted" in answer.detail
            assert transport.asked == 1
            assert site.requests == []

    asyncio.run(story())


def test_a_broken_seal_in_the_middle_of_a_page() -> None:
    async def story() -> None:
        transport = network_transport(client_tls())
        async with Site.open(tls=server_tls()) as site, Fetcher(SETTINGS, transport=transport) as fetcher:
            url = site.answers("/author/1", faults.breaks_tls)
            answer = await fetcher.get(url, validators=None, hosts=[site.host])
            assert isinstance(answer, Failure)
            assert answer.outcome is Outcome.UNREACHABLE
            assert "broke off" in answer.detail

    asyncio.run(story())


def test_plain_text_where_tls_was_promised() -> None:
    async def story() -> None:
        async with Site.open() as site, Fetcher(SETTINGS) as fetcher:
            url = site.url.replace("http:", "https:")
            answer = await fetcher.get(url, validators=None, hosts=[site.host])
            assert isinstance(answer, Failure)
            assert answer.outcome is Outcome.UNREACHABLE

    run_with_servers(story())


@pytest.mark.parametrize(
    ("context", "words"),
    [
        (lambda: server_tls(host="other.example"), "certificate is not valid for '127.0.0.1'"),
        (lambda: server_tls(expired_at=datetime(2020, 1, 1, tzinfo=UTC)), "certificate has expired"),
    ],
    ids=["of another host", "expired"],
)
def test_a_certificate_that_does_not_hold_is_not_believed(context: Callable[[], ssl.SSLContext], words: str) -> None:
    async def story() -> None:
        transport = Counting(network_transport(client_tls()))
        async with Site.open(tls=context()) as site, Fetcher(SETTINGS, transport=transport) as fetcher:
            answer = await fetcher.get(site.url, validators=None, hosts=[site.host])
            assert isinstance(answer, Failure)
            assert answer.outcome is Outcome.UNREACHABLE
            assert "is not to be trusted" in answer.detail
            assert words in answer.detail
            assert transport.asked == 1
            assert site.requests == []

    asyncio.run(story())


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (faults.TLS_TOO_NEW, "is not to be trusted"),
        (faults.TLS_1_0, "is not to be trusted"),
        (faults.TLS_CUT, "takes no connection"),
        (b"", "takes no connection"),
        (None, "takes no connection"),
    ],
    ids=["it has TLS 1.1 at best", "it wants TLS 1.0", "cut", "closed", "reset"],
)
def test_a_greeting_that_goes_wrong(sent: bytes | None, words: str) -> None:
    async def story() -> None:
        async with faults.says_hello_and(sent) as url, Fetcher(SETTINGS) as fetcher:
            answer = await fetcher.get(url, validators=None, hosts=["127.0.0.1"])
            assert isinstance(answer, Failure)
            assert answer.outcome is Outcome.UNREACHABLE
            assert words in answer.detail

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fault", "outcome", "words"),
    [
        (faults.ends_short, Outcome.UNREACHABLE, "broke off"),
        (faults.resets_stream, Outcome.UNREACHABLE, "broke off"),
        (faults.resets_in_head, Outcome.UNREACHABLE, "broke off"),
        (faults.goes_away, Outcome.UNREACHABLE, "broke off"),
        (faults.allows_no_streams, Outcome.UNREACHABLE, "broke off"),
        (faults.invents_status, Outcome.UNREACHABLE, "broke off"),
        (faults.endless_headers, Outcome.UNREACHABLE, "broke off"),
        (faults.swollen_headers, Outcome.UNREACHABLE, "broke off"),
        (faults.endless_body, Outcome.TOO_BIG, "larger than 10000 bytes"),
    ],
)
def test_a_fault_within_http2_is_an_outcome(fault: faults.BreakHttp2, outcome: Outcome, words: str) -> None:
    async def story() -> None:
        transport = network_transport(client_tls())
        async with faults.broken_http2(fault) as url, Fetcher(SETTINGS, transport=transport) as fetcher:
            answer = await fetcher.get(url, validators=None, hosts=["127.0.0.1"])
        assert isinstance(answer, Failure)
        assert answer.outcome is outcome
        assert words in answer.detail

    run_with_servers(story())


def test_a_host_that_only_says_that_it_is_alive() -> None:
    async def story() -> None:
        transport = network_transport(client_tls())
        alive = faults.broken_http2(faults.endless_pings, every_seconds=4)
        async with alive as url, Fetcher(SETTINGS, transport=transport) as fetcher:
            answer = await fetcher.get(url, validators=None, hosts=["127.0.0.1"])
        assert isinstance(answer, Failure)
        assert (answer.outcome, answer.detail) == (Outcome.UNREACHABLE, f"{url} gave no whole answer within 30 s")

    run_with_servers(story())
