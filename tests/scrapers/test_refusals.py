"""What a page is when it is no profile."""

from pathlib import Path

import pytest

from scrapers.parse import parse_page, saved_page
from scrapers.refusals import recognise
from tests.scrapers.made_up import OBSERVED_ON, shown_paper, shown_profile
from tests.scrapers.markups import articles
from tests.scrapers.real_pages import PAGES, needs_real_pages
from tracking.check import Failure, Outcome, Page, Parsed


def _page(html: str, **headers: str) -> Page:
    return Page(url="", status=200, headers={"content-type": "text/html", **headers}, body=html.encode())


@pytest.mark.parametrize(
    ("html", "outcome"),
    [
        ("<title>Just a moment...</title><p>…</p>", Outcome.BLOCKED),
        ("<script>window._cf_chl_opt = {}</script>" + "<p>words</p>" * 1000, Outcome.BLOCKED),
        ("<p>Our systems have detected unusual traffic from your network.</p>", Outcome.BLOCKED),
        ("<p>Please confirm that you are human.</p>", Outcome.BLOCKED),
        ("<div class='h-captcha'></div>", Outcome.BLOCKED),
        ("<h1>Access denied</h1>", Outcome.BLOCKED),
        ("<h1>Too many requests</h1>", Outcome.THROTTLED),
        ("<h1>Sign in to continue</h1>", Outcome.LOGIN),
        ("<form><input name=p type='password'></form>", Outcome.LOGIN),
        ("<p>Your session has expired.</p>", Outcome.LOGIN),
        ("<p>We use cookies.</p><button>Accept</button>", Outcome.BLOCKED),
        ("<h1>404</h1><p>This page could not be found.</p>", Outcome.GONE),
        ("<h1>Author not found</h1><div hidden><input type=password></div>", Outcome.GONE),
        ("<p>This profile has been removed.</p>", Outcome.GONE),
        (b"<form><input type=password>\xff</form>".decode("latin-1"), Outcome.LOGIN),
    ],
)
def test_refusals(html: str, outcome: Outcome) -> None:
    answer = recognise(_page(html))
    assert answer is not None
    assert answer[0] is outcome


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<h1>Ines Marlow</h1><a href='/signin'>Sign in</a><p>A new layout that nobody knows.</p>",
        "<p>I am not a robot: how captchas are solved.</p>"
        + "<p>A long page of content, whatever it is about.</p>" * 60,
        "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script><p>Content.</p>",
    ],
    ids=["nothing", "a new layout", "content", "the script that Cloudflare adds to every page"],
)
def test_no_refusals(html: str) -> None:
    assert recognise(_page(html)) is None


def test_bytes_that_are_no_text_are_looked_at_all_the_same() -> None:
    page = Page(
        url="", status=200, headers={"content-type": "text/html; charset=utf-8"}, body=b"\xff<i>_cf_chl_opt</i>"
    )
    assert recognise(page) == (Outcome.BLOCKED, "the page is a challenge for browsers")
    page = Page(url="", status=200, headers={"content-type": "text/html; charset=utf-8"}, body=b"\xff<i>robot</i>")
    assert recognise(page) is None


def test_a_header_tells_a_challenge() -> None:
    assert recognise(_page("<p>…</p>", **{"cf-mitigated": "challenge"})) is not None


def test_a_profile_is_a_profile_whatever_it_holds() -> None:
    titles = ["I am not a robot", "Sign in to continue", "404 Not Found", "Just a moment...", "Access Denied: CAPTCHA"]
    profile = shown_profile([shown_paper(title) for title in titles], name="Ada Quill", metrics={"h_index": 1})
    html = articles(profile).replace(
        "<body>",
        "<body><a href='/signin'>Sign in</a><form hidden><input type='password'></form><div class='g-recaptcha'></div>",
    )
    answer = parse_page("scholarfeed", _page(html), OBSERVED_ON)
    assert isinstance(answer, Parsed)
    assert answer.reading.papers == profile.reading.papers


@needs_real_pages
@pytest.mark.parametrize(
    ("pattern", "outcome"),
    [
        ("challenge/*.html", Outcome.BLOCKED),
        ("google_scholar/captcha_*.html", Outcome.BLOCKED),
        ("google_scholar/ruby2013_*.htm", Outcome.PARSE_FAILED),
        ("google_scholar/[!c]*_*.html", Outcome.PARSE_FAILED),
        ("openalex/*not_in_openalex*.txt", Outcome.GONE),
    ],
)
def test_real_pages(pattern: str, outcome: Outcome) -> None:
    paths = sorted(Path(PAGES).glob(pattern))
    answers = [parse_page("scholarfeed", saved_page(path), OBSERVED_ON) for path in paths]
    assert answers
    assert {answer.outcome for answer in answers if isinstance(answer, Failure)} == {outcome}
    assert all(isinstance(answer, Failure) for answer in answers)
