"""An answer of an archive is the capture that was asked for, or a failure that says what it is instead."""

from datetime import UTC, datetime

import pytest

from scrapers.archives.memento import read_memento
from tests.scrapers.real_pages import PAGES, needs_real_pages
from tracking.capture import Capture
from tracking.check import Failure, Outcome, Page

URL = "https://www.scholarfeed.org/author/7"
PLACE = f"https://archive.example/web/20240131123456id_/{URL}"
CAPTURE = Capture(observed_at=datetime(2024, 1, 31, 12, 34, 56, tzinfo=UTC), place=PLACE, url=URL)
ITS_TIME = {"memento-datetime": "Wed, 31 Jan 2024 12:34:56 GMT"}


def answer(body: bytes = b"<p>Ada", status: int = 200, **headers: str) -> Page:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Page(url=PLACE, status=status, headers=named, body=body, elapsed_seconds=1.5)


def memento(body: bytes = b"<p>Ada", status: int = 200, **headers: str) -> Page:
    return answer(body, status, memento_datetime=ITS_TIME["memento-datetime"], **headers)


def test_the_page_is_the_original_one() -> None:
    given = memento(
        content_type="text/html; charset=latin-1",
        content_encoding="gzip",
        server="the archive's",
        date="Sun, 22 Nov 2026 12:00:00 GMT",
        x_archive_orig_date="Wed, 31 Jan 2024 12:34:55 GMT",
        x_archive_orig_etag='"abc"',
        x_archive_orig_last_modified="Tue, 30 Jan 2024 00:00:00 GMT",
        x_archive_orig_transfer_encoding="chunked",
        x_archive_orig_content_encoding="br",
        x_archive_orig_content_length="17",
        x_archive_src="somewhere.warc.gz",
    )
    assert read_memento(CAPTURE, given) == Page(
        url=URL,
        status=200,
        headers={
            "date": "Wed, 31 Jan 2024 12:34:55 GMT",
            "etag": '"abc"',
            "last-modified": "Tue, 30 Jan 2024 00:00:00 GMT",
            "content-type": "text/html; charset=latin-1",
        },
        body=b"<p>Ada",
        elapsed_seconds=1.5,
    )


def test_the_original_type_is_believed_before_the_archives() -> None:
    page = read_memento(CAPTURE, memento(content_type="text/plain", x_archive_orig_content_type="text/html"))
    assert isinstance(page, Page)
    assert page.headers == {"content-type": "text/html"}


@pytest.mark.parametrize("status", [404, 403, 429, 503, 500])
def test_an_archived_error_keeps_its_status(status: int) -> None:
    page = read_memento(CAPTURE, memento(b"<p>Sorry", status))
    assert isinstance(page, Page)
    assert (page.status, page.body) == (status, b"<p>Sorry")


NOT_IT = {
    "another time": (
        answer(memento_datetime="Wed, 31 Jan 2024 12:34:57 GMT"),
        Outcome.UNREACHABLE,
        "was asked for of 2024-01-31 12:34:56 and is of 2024-01-31 12:34:57",
    ),
    "a time that cannot be read": (
        answer(memento_datetime="lately"),
        Outcome.UNREACHABLE,
        "unreadable Memento-Datetime",
    ),
    "a redirect to another time": (
        answer(b"", 302, location=f"/web/20240202000000id_/{URL}"),
        Outcome.UNREACHABLE,
        "is of 2024-01-31 12:34:56; the archive leads to 2024-02-02 00:00:00",
    ),
    "a redirect to a time that never was": (
        answer(b"", 302, location=f"/web/20249902000000/{URL}"),
        Outcome.UNREACHABLE,
        "the archive leads to 20249902000000",
    ),
    "a redirect to somewhere": (
        answer(b"", 302, location="https://archive.example/donate"),
        Outcome.UNREACHABLE,
        "a page of the archive's own (status 302, no Memento-Datetime)",
    ),
    "an archived redirect": (
        memento(b"", 301, location="https://www.scholarfeed.org/author/8"),
        Outcome.MOVED,
        "is an archived redirect to https://www.scholarfeed.org/author/8",
    ),
    "the archive's own page": (
        answer(b"<title>Welcome</title>"),
        Outcome.UNREACHABLE,
        "a page of the archive's own (status 200, no Memento-Datetime)",
    ),
    "excluded, with status 200": (
        answer(b"<p>This URL has been excluded from the Wayback Machine.</p>"),
        Outcome.BLOCKED,
        "is withheld by the archive",
    ),
    "forbidden": (answer(b"", 403), Outcome.BLOCKED, "is withheld by the archive"),
    "withheld by law": (answer(b"", 451), Outcome.BLOCKED, "is withheld by the archive"),
    "lost": (answer(b"<p>Not found", 404), Outcome.UNREACHABLE, "which does not have it"),
}


@pytest.mark.parametrize(("given", "outcome", "words"), NOT_IT.values(), ids=NOT_IT)
def test_what_is_not_the_capture(given: Page, outcome: Outcome, words: str) -> None:
    failure = read_memento(CAPTURE, given)
    assert isinstance(failure, Failure)
    assert (failure.outcome, failure.url, failure.status) == (outcome, PLACE, given.status)
    assert failure.detail.startswith(PLACE)
    assert words in failure.detail
    assert failure.size == len(given.body)


@pytest.mark.parametrize(
    "inserted",
    [
        b"<!-- BEGIN WAYBACK TOOLBAR INSERT -->",
        b"<!-- End Wayback Rewrite JS Include -->",
        b"<script>__wm.init('https://archive.example/web');</script>",
        b"<script type='text/javascript' src='/_static/js/wombat.js?v=1'></script>",
        b"<!-- WB Insert -->",
        b'<script src="https://archive.example/static/wombat.js"> </script>',
        b"<script src=/static/wb_frame.js></script>",
    ],
    ids=repr,
)
def test_a_page_that_the_archive_rewrote_is_refused(inserted: bytes) -> None:
    failure = read_memento(CAPTURE, memento(b"<html>" + inserted + b"<p>Ada"))
    assert isinstance(failure, Failure)
    assert failure.outcome is Outcome.WRONG_TYPE
    assert "rewritten by the archive" in failure.detail


@pytest.mark.parametrize(
    "body",
    [
        b"<p>Wombat.js: Burrows for Language Models</p><p>Wayback Toolbars</p>",
        b"<script src='/static/app.js'></script><p>static/wombat.js</p>",
        b"<p>A crawler that reads robots.txt, and what was excluded from the Wayback Machine</p>",
    ],
)
def test_a_page_that_only_speaks_of_archives_is_a_page(body: bytes) -> None:
    assert isinstance(read_memento(CAPTURE, memento(body)), Page)


def _real(name: str, place: str, url: str) -> Page | Failure:
    status, *lines = (PAGES / "memento" / f"{name}.headers").read_text(encoding="utf-8").splitlines()
    headers = {field.lower(): text for field, text in (line.split(": ", 1) for line in lines)}
    captured_at = datetime.strptime(place.split("/")[4][:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    capture = Capture(observed_at=captured_at, place=place, url=url)
    body = (PAGES / "memento" / f"{name}.html").read_bytes()
    return read_memento(capture, Page(url=place, status=int(status.split()[1]), headers=headers, body=body))


@needs_real_pages
def test_real_original_bytes() -> None:
    url = "https://www.fws.gov/birds/"
    page = _real("wb_get_memento_0", f"https://web.archive.org/web/20171124151315id_/{url}", url)
    assert page == Page(
        url=url,
        status=200,
        headers={
            "date": "Fri, 24 Nov 2017 15:13:14 GMT",
            "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
            "content-type": "text/html",
        },
        body=(PAGES / "memento" / "wb_get_memento_0.html").read_bytes(),
    )


@needs_real_pages
def test_real_original_bytes_of_another_time() -> None:
    url = "https://www.fws.gov/birds/"
    failure = _real("wb_get_memento_0", f"https://web.archive.org/web/20171124151300id_/{url}", url)
    assert isinstance(failure, Failure)
    assert "was asked for of 2017-11-24 15:13:00 and is of 2017-11-24 15:13:15" in failure.detail


@needs_real_pages
def test_real_page_with_a_toolbar() -> None:
    url = "https://www.fws.gov/birds/"
    failure = _real("wb_get_memento_with_mode_0", f"https://web.archive.org/web/20171124151315/{url}", url)
    assert isinstance(failure, Failure)
    assert (failure.outcome, failure.status) == (Outcome.WRONG_TYPE, 200)


@needs_real_pages
def test_real_excluded_page() -> None:
    url = "https://nationalpost.com/health/"
    name = "wb_get_memento_raises_blocked_error_0"
    failure = _real(name, f"https://web.archive.org/web/20170929002712id_/{url}", url)
    assert isinstance(failure, Failure)
    assert (failure.outcome, failure.status) == (Outcome.BLOCKED, 200)
    assert "withheld by the archive" in failure.detail
