"""What a crawler met in two years at a made-up profile: changes, sameness, redirects, errors, a captcha."""

import gzip
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.archive_server import WarcCapture
from tests.scrapers.made_up import ShownProfile, shown_paper, shown_profile
from tests.scrapers.markups import articles
from world.refusals import captcha

URL = "https://www.scholarfeed.org/author/4711"
FIRST = datetime(2024, 1, 3, 4, 5, 6, tzinfo=UTC)


def month(number: int) -> datetime:
    """When the crawler came in a month of these two years, the first of which is 0."""
    return FIRST + number * timedelta(days=30, hours=7, seconds=1)


def profile(citations: int) -> ShownProfile:
    papers = [shown_paper("Borrowed Gradients"), shown_paper("Ink That Remembers")]
    return shown_profile(papers, name="Ada Quill", metrics={"h_index": 2, "papers": 2, "citations": citations})


def _capture(number: int, citations: int) -> WarcCapture:
    return WarcCapture(at=month(number), url=URL, body=articles(profile(citations)).encode())


def _with(capture: WarcCapture, headers: Mapping[str, str], body: bytes) -> WarcCapture:
    return replace(capture, headers={**capture.headers, **headers}, body=body)


def _gzipped(capture: WarcCapture) -> WarcCapture:
    return _with(capture, {"Content-Encoding": "gzip"}, gzip.compress(capture.body, mtime=0))


def _chunked(capture: WarcCapture) -> WarcCapture:
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(capture.body), capture.body)
    return _with(capture, {"Transfer-Encoding": "chunked"}, chunk)


_HEADERS = {"Content-Type": "text/html; charset=utf-8", "ETag": '"one"', "Date": "Wed, 03 Jan 2024 04:05:05 GMT"}
_FIRST = replace(_capture(0, citations=10), headers=_HEADERS)
_GZIPPED, _CHUNKED = _capture(5, citations=20), _capture(6, citations=21)
_UNKEPT = _capture(15, citations=99)

#: Citations that the page showed, by month; these are the captures that can be read.
SHOWN = {0: 10, 1: 10, 2: 10, 4: 12, 5: 20, 6: 21, 12: 12, 18: 40, 23: 41}
CAPTCHA_MONTH, LOST_MONTH, REDIRECT_MONTH, ERROR_MONTH, JSON_MONTH = 8, 16, 9, 10, 11

CRAWLED = [
    _FIRST,
    _FIRST.again(month(1)),
    # A crawler may leave out the headers of what it met again.
    replace(_FIRST.again(month(2)), headers={}),
    (_FOURTH := _capture(4, citations=12)),
    _gzipped(_GZIPPED),
    _chunked(_CHUNKED),
    WarcCapture(at=month(CAPTCHA_MONTH), url=URL, body=captcha().encode()),
    WarcCapture(
        at=month(REDIRECT_MONTH), url=URL, status=302, headers={"Location": "https://www.scholarfeed.org/login"}
    ),
    WarcCapture(at=month(ERROR_MONTH), url=URL, status=404, body=b"<h1>Author not found</h1>"),
    WarcCapture(at=month(JSON_MONTH), url=URL, body=b"{}", headers={"Content-Type": "application/json"}),
    _FOURTH.again(month(12)),
    # Met again, but the first time was never kept: the archive has nothing to show for it.
    _UNKEPT.again(month(LOST_MONTH)),
    _capture(18, citations=40),
    replace(_capture(23, citations=41), url="http://scholarfeed.org/author/4711"),
    WarcCapture(at=month(3), url="https://www.scholarfeed.org/author/4712", body=b"<p>Somebody else"),
]
