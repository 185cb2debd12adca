"""What a page is when it is no profile."""

import json
from pathlib import Path

import pytest

from scrapers.parse import parse_page, saved_page
from scrapers.refusals import recognise
from tests.effort import seconds_of
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
        ("<title>Client Challenge</title>", Outcome.BLOCKED),
        ("<script>var gokuProps = {}</script>", Outcome.BLOCKED),
        ("<script src='https://x.captcha.awswaf.com/x/captcha.js'></script>", Outcome.BLOCKED),
        ("<iframe src='/_Incapsula_Resource?x=1'></iframe>", Outcome.BLOCKED),
        ("<p>Request unsuccessful. Incapsula incident ID: 1-2</p>", Outcome.BLOCKED),
        ("<p>Please enable JS and disable any ad blocker</p>", Outcome.BLOCKED),
        ("<p>Are you a robot?</p>", Outcome.BLOCKED),
        ("<p>Verify that you’re human</p>", Outcome.BLOCKED),
        ("<p>The requested URL was rejected. Please consult with your administrator.</p>", Outcome.BLOCKED),
        ("<p>Your IP address has been blocked.</p>", Outcome.BLOCKED),
        ("<p>We couldn't find that page.</p>", Outcome.GONE),
        ("<p>The page you’re looking for is somewhere else.</p>", Outcome.GONE),
        ("<title>Page not found | Scholars</title><p>Home</p>", Outcome.GONE),
        ("<title>404</title><p>Home</p>", Outcome.GONE),
        ("<h1>ada-quill.example is for sale!</h1>", Outcome.GONE),
        ("<p>This domain may be for sale.</p>", Outcome.GONE),
        ("<p>The domain has expired. Is this your domain?</p>", Outcome.GONE),
        ("<p>This domain name has been parked, courtesy of a registrar.</p>", Outcome.GONE),
        ("<script src='https://img.sedoparking.com/x.js'></script>" + "<p>ads</p>" * 1000, Outcome.GONE),
        ("<script>window.onload=function(){window.location.href='/lander'}</script>", Outcome.GONE),
        ("<html data-adblockkey='MFww'><body></body></html>", Outcome.GONE),
        ("<p>We are down for scheduled maintenance.</p>", Outcome.UNREACHABLE),
        ("<h1>We’ll be back soon</h1>", Outcome.UNREACHABLE),
        ("<h1>500 Internal Server Error</h1>", Outcome.UNREACHABLE),
        ("<p>Error establishing a database connection</p>", Outcome.UNREACHABLE),
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
        "<script src='/_Incapsula_Resource?x=1'></script>" + "<p>A long page of content.</p>" * 100,
        "<h1>Ines Marlow</h1><p>Maintenance of bridges; domain adaptation; robots for sale in economics.</p>",
    ],
    ids=[
        "nothing",
        "a new layout",
        "content",
        "the script that Cloudflare adds to every page",
        "the script that Imperva adds to every page",
        "words in other senses",
    ],
)
def test_no_refusals(html: str) -> None:
    assert recognise(_page(html)) is None


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"message": "Too Many Requests. Please wait and try again.", "code": "429"}, Outcome.THROTTLED),
        ({"error": "Rate limit exceeded"}, Outcome.THROTTLED),
        ({"error": {"code": 429, "message": "Slow down"}}, Outcome.THROTTLED),
        ({"error": "Author with id 17 not found"}, Outcome.GONE),
        ({"status": 404, "message": "PID does not exist."}, Outcome.GONE),
        ({"name": "NotFoundError", "message": "The profile was not found", "status": 404, "details": {}}, Outcome.GONE),
        ({"response-code": 409, "developer-message": "The record is deactivated", "error-code": 9044}, Outcome.GONE),
        ({"detail": "Authentication credentials were not provided."}, Outcome.LOGIN),
        ({"error": "Invalid API key", "message": "See the docs"}, Outcome.LOGIN),
        ({"message": "Forbidden"}, Outcome.BLOCKED),
        ({"errors": [{"status": "503", "title": "Service Unavailable"}]}, Outcome.THROTTLED),
        ({"error": True, "message": "Endpoint request timed out"}, Outcome.UNREACHABLE),
    ],
)
@pytest.mark.parametrize("content_type", ["application/json", "text/html"])
def test_refusals_of_interfaces(answer: object, outcome: Outcome, content_type: str) -> None:
    page = _page(json.dumps(answer), **{"content-type": content_type})
    recognised = recognise(page)
    assert recognised is not None
    assert recognised[0] is outcome
    assert recognised[1].startswith("the interface ")


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        "{",
        '{"error": null, "name": "Ines Marlow"}',
        '{"error": "odd"}',
        '{"name": "Ines Marlow", "papers": [{"title": "Breaking CAPTCHAs", "message": "not found"}]}',
        '{"title": "Access denied", "type": "article"}',
        '{"results": [{"error": "not found"}]}',
        '{"error": "not found", "rest": "' + "x" * 10_000 + '"}',
        '{"a":' * 5_000,
    ],
)
def test_no_refusals_of_interfaces(body: str) -> None:
    assert recognise(_page(body, **{"content-type": "application/json"})) is None


def test_what_an_interface_says_is_passed_on() -> None:
    answer = recognise(_page('{"error": {"message": "Quota used up", "reason": "quota", "code": 400}}'))
    assert answer == (Outcome.THROTTLED, "the interface says: Quota used up / quota")


def test_bytes_that_are_no_text_are_looked_at_all_the_same() -> None:
    page = Page(url="", status=200, headers={"content-type": "text/html; charset=utf-8"}, body=b"\0<i>_cf_chl_opt</i>")
    assert recognise(page) == (Outcome.BLOCKED, "the page is a challenge for browsers")
    page = Page(url="", status=200, headers={"content-type": "text/html; charset=utf-8"}, body=b"\0<i>robot</i>")
    assert recognise(page) is None


@pytest.mark.parametrize(
    "piece", ["<html a", "<input ", "<script", "<title>x", "action=", "a cookies ", "x.y", '{"error":']
)
def test_a_page_made_to_be_slow_is_not(piece: str) -> None:
    page = _page(piece * (3_000_000 // len(piece)))
    assert seconds_of(lambda: recognise(page), enough=2) < 2


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
