"""Several answers as one page, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.bundle import answers_of, bundle
from scrapers.parse_error import ParseError
from tracking.check import Page


def answer(url: str, body: bytes, content_type: str = "application/json") -> Page:
    return Page(url=url, status=200, headers={"content-type": content_type}, body=body)


_ANSWERS = st.lists(
    st.builds(
        answer,
        st.sampled_from(["", "https://api.example.org/1", "https://api.example.org/works?page=2&q=a%20b"]),
        st.binary(max_size=60) | st.just(b"--scholarwatch-answer\r\n") | st.just(b"\r\n--scholarwatch-answer--\r\n"),
        st.sampled_from(["", "application/json", "text/html; charset=utf-8"]),
    ),
    min_size=2,
    max_size=5,
)


@given(_ANSWERS)
def test_what_is_bundled_comes_back(answers: list[Page]) -> None:
    page = bundle(answers)
    assert answers_of(page) == tuple(answers)
    assert bundle(answers).body == page.body
    assert page.url == answers[0].url


@given(_ANSWERS, st.integers(1, 40))
def test_a_bundle_that_is_cut_is_no_bundle(answers: list[Page], cut: int) -> None:
    page = bundle(answers)
    shorter = Page(url=page.url, status=200, headers=page.headers, body=page.body[:-cut])
    with pytest.raises(ParseError, match="broken"):
        answers_of(shorter)


def test_one_answer_is_its_own_page() -> None:
    page = answer("https://www.example.org/", b"<html>", "text/html")
    assert bundle([page]) is page
    assert answers_of(page) == (page,)


def test_nothing_is_no_page() -> None:
    with pytest.raises(ValueError, match="no answers"):
        bundle([])
