"""The real web archives kept outside the repository: records, revisits, and one that was cut."""

from collections import Counter

from scrapers.origins.warc import WarcOrigin
from scrapers.origins.warc_walk import WholeRecord, walk
from tests.scrapers.origins.asking import ask, ask_for_all
from tests.scrapers.real_pages import PAGES, needs_real_pages
from tracking.capture import Skipped
from tracking.check import Failure, Outcome


@needs_real_pages
def test_a_small_real_archive() -> None:
    answer = ask(WarcOrigin([PAGES / "warc" / "pywb_example.warc.gz"]), "https://example.com/?example=1")
    assert answer.places == ["pywb_example.warc.gz@333", "pywb_example.warc.gz@1864"]
    assert answer.times == ["2014-01-03T03:03:21+00:00", "2014-01-03T03:03:41+00:00"]
    assert answer.skipped == ()
    first, second = answer.bodies
    assert first == second
    assert b"<h1>Example Domain</h1>" in first
    assert first.rstrip().endswith(b"</html>")
    redirect = ask(WarcOrigin([PAGES / "warc" / "pywb_example.warc.gz"]), "http://iana.org/domains/example")
    assert [skipped.reason for skipped in redirect.skipped] == ["is a redirect to /domains/reserved"]


@needs_real_pages
def test_a_real_archive_of_48_answers() -> None:
    path = PAGES / "warc" / "pywb_iana.warc.gz"
    with path.open("rb") as file:
        found = list(walk(file, path.name))
    kinds = Counter(one.head.kind for one in found if isinstance(one, WholeRecord))
    assert kinds == {"warcinfo": 1, "request": 171, "response": 48, "revisit": 123}
    assert kinds.total() == len(found)
    home = ask(WarcOrigin([path]), "https://iana.org")
    assert home.times == ["2014-01-26T20:06:24+00:00"]
    assert b"Internet Assigned Numbers Authority" in home.bodies[0]
    style = ask(WarcOrigin([path]), "http://www.iana.org/_css/2013.1/print.css")
    assert len(style.captures) == 16
    assert {failure.outcome for failure in style.failures} == {Outcome.WRONG_TYPE}


@needs_real_pages
def test_every_page_of_a_real_archive_can_be_had() -> None:
    path = PAGES / "warc" / "pywb_iana.warc.gz"
    with path.open("rb") as file:
        urls = {one.head.url for one in walk(file, path.name) if isinstance(one, WholeRecord) and one.head.url}
    pages = [page for answer in ask_for_all(WarcOrigin([path]), urls) for page in answer.pages]
    assert len(pages) > 100
    assert {page.outcome for page in pages if isinstance(page, Failure)} == {Outcome.WRONG_TYPE}


@needs_real_pages
def test_a_real_archive_that_was_cut() -> None:
    answer = ask(WarcOrigin([PAGES / "warc" / "warcio_example-trunc.warc"]), "http://example.com/")
    assert answer.captures == ()
    assert answer.skipped == (
        Skipped("warcio_example-trunc.warc@1197", "the record does not end after 973 bytes, as it says"),
    )
