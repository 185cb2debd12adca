"""Where a request may go."""

import httpx
import pytest

from scrapers.redirect import Redirect, first_target, next_target
from tracking.check import Failure, Outcome

HERE = httpx.URL("https://www.example.org/author/1?tab=papers")
HOSTS = ["www.example.org", "api.example.org:8443", "[::1]"]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.org/author/1",
        "http://www.example.org:8080/",
        "HTTPS://WWW.Example.ORG./author",
        "https://api.example.org:8443/",
        "http://[::1]:99/",
    ],
)
def test_a_url_of_the_source_is_asked(url: str) -> None:
    assert first_target(url, HOSTS) == httpx.URL(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://api.example.org/", "api.example.org is not a host of this source"),
        ("https://example.org/", "example.org is not a host of this source"),
        ("https://www.example.org.evil.example/", "www.example.org.evil.example is not a host of this source"),
        ("https://www.example.org@evil.example/", "evil.example is not a host of this source"),
        ("http://127.0.0.1/", "127.0.0.1 is not a host of this source"),
        ("ftp://www.example.org/", "not an http or https URL"),
        ("file:///etc/passwd", "not an http or https URL"),
        ("www.example.org/author/1", "not an http or https URL"),
        ("https:///author/1", "not an http or https URL"),
        ("", "not an http or https URL"),
        ("https://www.example.org:99999/", "not an http or https URL"),
        ("http://[::1", "not a URL"),
        ("https://www.example.org/\x00", "not a URL"),
    ],
)
def test_a_url_beside_the_source_is_not_asked(url: str, words: str) -> None:
    answer = first_target(url, HOSTS)
    assert isinstance(answer, Failure)
    assert answer.outcome is Outcome.UNREACHABLE
    assert words in answer.detail


def test_a_port_that_goes_without_saying_may_be_said() -> None:
    assert first_target("https://a.example/", ["A.example:443"]) == httpx.URL("https://a.example/")
    assert isinstance(first_target("http://a.example/", ["a.example:443"]), Failure)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/author/one", "https://www.example.org/author/one"),
        ("one", "https://www.example.org/author/one"),
        ("?tab=about#top", "https://www.example.org/author/1?tab=about"),
        ("//www.example.org/x", "https://www.example.org/x"),
        ("https://api.example.org:8443/x", "https://api.example.org:8443/x"),
        ("/author/é", "https://www.example.org/author/%C3%A9"),
        ("/design-in-print", "https://www.example.org/design-in-print"),
        ("/blogindex", "https://www.example.org/blogindex"),
        ("/author/Signing", "https://www.example.org/author/Signing"),
    ],
)
def test_a_redirect_within_the_source_is_followed(location: str, target: str) -> None:
    assert next_target(HERE, Redirect(location), HOSTS) == httpx.URL(target)


@pytest.mark.parametrize(
    ("location", "outcome", "words"),
    [
        ("https://new.example.net/author/1", Outcome.MOVED, "redirects to new.example.net"),
        ("https://www.example.org.evil.example/", Outcome.MOVED, "redirects to www.example.org.evil.example"),
        ("https://api.example.org/", Outcome.MOVED, "redirects to api.example.org"),
        ("/login?next=/author/1", Outcome.LOGIN, "login page"),
        ("/users/sign_in", Outcome.LOGIN, "login page"),
        ("/Sign-In", Outcome.LOGIN, "login page"),
        ("/login.php", Outcome.LOGIN, "login page"),
        ("https://accounts.example.com/ServiceLogin", Outcome.LOGIN, "login page"),
        ("https://login.example.com/", Outcome.LOGIN, "login page"),
        ("http://www.example.org/author/1", Outcome.UNREACHABLE, "from https to http"),
        ("http://127.0.0.1:8080/", Outcome.UNREACHABLE, "the private address 127.0.0.1"),
        ("http://169.254.169.254/latest/meta-data", Outcome.UNREACHABLE, "the private address 169.254.169.254"),
        ("http://10.0.0.1/", Outcome.UNREACHABLE, "the private address"),
        ("http://[fd00::1]/", Outcome.UNREACHABLE, "the private address"),
        ("http://[::ffff:127.0.0.1]/", Outcome.UNREACHABLE, "the private address"),
        ("http://2130706433/", Outcome.UNREACHABLE, "the private address"),
        ("http://127.1/", Outcome.UNREACHABLE, "the private address"),
        ("http://localhost/", Outcome.UNREACHABLE, "the private address localhost"),
        ("http://db.localhost./", Outcome.UNREACHABLE, "the private address db.localhost"),
        ("file:///etc/passwd", Outcome.UNREACHABLE, "not an http or https URL"),
        ("https://www.example.org:99999/", Outcome.UNREACHABLE, "not an http or https URL"),
        ("javascript:alert(1)", Outcome.UNREACHABLE, "not an http or https URL"),
        ("http://[::1", Outcome.UNREACHABLE, "not a URL"),
        ("\x1b[2J", Outcome.UNREACHABLE, "not a URL"),
    ],
)
def test_a_redirect_that_is_not_followed(location: str, outcome: Outcome, words: str) -> None:
    answer = next_target(HERE, Redirect(location), HOSTS)
    assert isinstance(answer, Failure)
    assert answer.outcome is outcome
    assert words in answer.detail
    assert answer.detail.isprintable()
    assert answer.url == str(HERE)


def test_a_private_address_that_the_source_names_is_followed() -> None:
    here = httpx.URL("http://127.0.0.1:8099/author/1")
    assert next_target(here, Redirect("http://127.0.0.1:8099/b"), ["127.0.0.1:8099"]) == here.join("/b")
    assert isinstance(next_target(here, Redirect("http://127.0.0.1:8100/b"), ["127.0.0.1:8099"]), Failure)
