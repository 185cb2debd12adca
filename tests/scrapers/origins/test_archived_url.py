"""When two URLs are one page."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.origins.archived_url import url_key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.example.org/author/1", "example.org/author/1"),
        ("http://example.org/author/1/", "example.org/author/1"),
        ("http://example.org:80/author/1#papers", "example.org/author/1"),
        ("https://example.org:443/author/1?", "example.org/author/1"),
        ("https://www2.Example.ORG./author/1", "example.org/author/1"),
        ("https://me:secret@example.org/author/1", "example.org/author/1"),
        ("http://127.0.0.1:8099/author/1", "127.0.0.1:8099/author/1"),
        ("http://[::1]:8099/author/1", "[::1]:8099/author/1"),
        ("http://example.com?example=1", "example.com?example=1"),
        ("http://example.com/?example=1", "example.com?example=1"),
        ("https://s.example.org/citations?user=AbC&hl=en", "s.example.org/citations?hl=en&user=AbC"),
        ("https://s.example.org/citations?&hl=en&&user=AbC", "s.example.org/citations?hl=en&user=AbC"),
        ("https://example.org/Z%c3%bcrich/%7eme/a%2fb", "example.org/Z%C3%BCrich/~me/a%2Fb"),
        ("https://example.org/Zürich/~me/a%2Fb", "example.org/Z%C3%BCrich/~me/a%2Fb"),
        (" https://example.org ", "example.org"),
        ("https://www.org/", "www.org"),
        ("dns:example.org", "dns:example.org"),
        ("https://[x/", "https://[x/"),
        ("http://example.org:port/", "http://example.org:port/"),
        ("", ""),
    ],
)
def test_keys(url: str, key: str) -> None:
    assert url_key(url) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/author/1", "https://example.org/author/2"),
        ("https://example.org/author/a", "https://example.org/author/A"),
        ("https://example.org/author/1", "https://example.org:8080/author/1"),
        ("https://example.org/author/1", "https://api.example.org/author/1"),
        ("https://example.org/author?id=1", "https://example.org/author?id=2"),
        ("https://example.org/a/b", "https://example.org/a%2Fb"),
    ],
)
def test_other_pages_have_other_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


_HOSTS = st.from_regex(r"[a-z]{1,8}\.[a-z]{2,4}", fullmatch=True)
_PATHS = st.lists(st.text(min_size=1, max_size=6).map(lambda name: quote(name, safe="", errors="replace")), max_size=3)
_QUERIES = st.lists(st.from_regex(r"[a-z]{1,3}=[A-Za-z0-9%]{0,3}", fullmatch=True), max_size=3)


@given(host=_HOSTS, path=_PATHS, query=_QUERIES)
def test_what_does_not_matter_to_an_archive_does_not_matter(host: str, path: list[str], query: list[str]) -> None:
    plain = f"https://{host}/{'/'.join(path)}?{'&'.join(query)}"
    other = f"http://www.{host.upper()}:80/{'/'.join(path)}/?{'&'.join(reversed(query))}#x"
    assert url_key(plain) == url_key(other)
    assert url_key(f"http://{url_key(plain)}") == url_key(plain)


@given(st.text())
def test_no_text_is_beyond_having_a_key(text: str) -> None:
    assert isinstance(url_key(text), str)
    assert isinstance(url_key(f"http://{text}"), str)
