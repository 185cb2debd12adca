"""Pages in, readings out; and the register of sources."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from scrapers.parse import parse_page, saved_page
from scrapers.parse_error import ParseError, shorten
from scrapers.registry import SOURCES, UnknownSource
from tests.scrapers.made_up import OBSERVED_ON, shown_paper, shown_profile
from tests.scrapers.markups import articles, text_copy
from tracking.check import Failure, Outcome, Page, Parsed

_PROFILE = shown_profile([shown_paper("A Title")], name="Ada Quill", metrics={"h_index": 1})


def _page(body: str, status: int = 200) -> Page:
    return Page(
        url="https://www.scholarfeed.org/author/1",
        status=status,
        headers={"content-type": "text/html"},
        body=body.encode(),
        elapsed_seconds=1.5,
    )


def test_a_profile_is_parsed() -> None:
    page = _page(articles(_PROFILE))
    assert parse_page("scholarfeed", page, OBSERVED_ON) == Parsed(
        page=page, reading=_PROFILE.reading, parser="scholarfeed/1"
    )


def test_what_cannot_be_read_is_a_failure_that_names_the_place() -> None:
    page = _page("<h1>Ada Quill</h1><p>h-index 1</p><h2>3 Papers</h2>")
    assert parse_page("scholarfeed", page, OBSERVED_ON) == Failure(
        outcome=Outcome.PARSE_FAILED,
        detail="papers: the page names 3 papers and shows 0",
        url=page.url,
        status=200,
        elapsed_seconds=1.5,
        size=len(page.body),
        page=page,
    )


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (404, "<input type=password>", Outcome.GONE),
        (410, "", Outcome.GONE),
        (403, "<title>Just a moment...</title>", Outcome.BLOCKED),
        (403, "", Outcome.BLOCKED),
        (403, "<h1>Sign in to continue</h1>", Outcome.LOGIN),
        (401, "", Outcome.LOGIN),
        (429, "", Outcome.THROTTLED),
        (503, "", Outcome.THROTTLED),
        (500, articles(_PROFILE), Outcome.UNREACHABLE),
    ],
)
def test_other_statuses_are_never_parsed(status: int, body: str, outcome: Outcome) -> None:
    answer = parse_page("scholarfeed", _page(body, status), OBSERVED_ON)
    assert isinstance(answer, Failure)
    assert (answer.outcome, answer.status) == (outcome, status)


def test_elements_nested_ten_thousand_deep_are_a_failure() -> None:
    answer = parse_page("scholarfeed", _page("<div>" * 10_000 + articles(_PROFILE)), OBSERVED_ON)
    assert isinstance(answer, Failure)
    assert answer.outcome is Outcome.PARSE_FAILED
    assert "nested deeper" in answer.detail


def test_answers_come_back_from_worker_processes() -> None:
    pages = [_page(articles(_PROFILE)), _page("<p>nothing</p>")]
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as workers:
        answers = [workers.submit(parse_page, "scholarfeed", page, OBSERVED_ON).result() for page in pages]
    assert answers == [parse_page("scholarfeed", page, OBSERVED_ON) for page in pages]


@pytest.mark.parametrize("name", ["profile.txt", "PROFILE.TXT", "profile.html"])
def test_saved_pages(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(articles(_PROFILE) if name.endswith("html") else text_copy(_PROFILE), encoding="utf-8")
    answer = parse_page("scholarfeed", saved_page(path), OBSERVED_ON)
    assert isinstance(answer, Parsed)
    assert answer.reading == _PROFILE.reading
    assert saved_page(path, "https://x.example/1").url == "https://x.example/1"


def test_parse_errors_say_what_and_where() -> None:
    error = ParseError("no title", stage="papers", where="paper 3", excerpt="a\n  b " * 200)
    assert str(error).startswith("papers, paper 3: no title: 'a b a b")
    assert len(error.excerpt) == 200
    assert str(ParseError("no title", stage="papers")) == "papers: no title"
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.stage, again.where, again.excerpt) == (str(error), "papers", "paper 3", error.excerpt)
    assert shorten("abc", 3) == "abc"


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownSource, match=r"'nobody'; known are arxiv, .*scholarfeed"):
        parse_page("nobody", _page(""), OBSERVED_ON)


def test_every_source_names_its_parser() -> None:
    for name, source in SOURCES.items():
        assert source.name == name
        assert source.parser.startswith(f"{name}/")
        # Of a source without hosts no URL says that it is meant: it must be named, and any page can be one of it.
        assert source.hosts or name == "generic"
