"""Semantic Scholar: what answers read as, the odd ones too, and what is refused."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from scrapers.bundle import bundle
from scrapers.json_document import read_json
from scrapers.parse import parse_page
from scrapers.parse_error import ParseError
from scrapers.sources.semantic_scholar import author_name, parse
from tests.imitations.semantic_scholar import author_object, paper_object
from tests.scrapers.real_pages import PAGES, needs_real_pages
from tests.scrapers.sources.semantic_scholar.examples import BEN, READ, document, profile
from tests.scrapers.sources.whole_way import OBSERVED_ON
from tracking.check import Failure, Outcome, Page, Parsed
from tracking.reading import Published


def _paper(**said: Any) -> dict[str, Any]:
    return paper_object(BEN.works[0]) | said


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"authors": None}, {"authors": (), "authors_complete": False}),
        (
            {"authors": [{"authorId": None, "name": "B. Example"}, {"authorId": "7", "name": None}, None]},
            {"authors": ("B. Example",), "authors_complete": False},
        ),
        ({"publicationDate": None}, {"published": Published(2026)}),
        ({"publicationDate": None, "year": None}, {"published": None}),
        ({"year": None}, {}),
        ({"abstract": None}, {"abstract": None}),
        ({"abstract": " "}, {"abstract": None}),
        ({"citationCount": None}, {"citations": None}),
        ({"citationCount": 0}, {"citations": 0}),
        ({"externalIds": None}, {"doi": None, "arxiv_id": None}),
        ({"externalIds": {"DOI": "none", "ArXiv": "9"}}, {"doi": None, "arxiv_id": None}),
        ({"externalIds": {"ArXiv": "hep-th/9901001v3"}}, {"doi": None, "arxiv_id": "hep-th/9901001", "version": 3}),
        ({"s2FieldsOfStudy": None}, {"category": None}),
        ({"s2FieldsOfStudy": []}, {"category": None}),
        ({"url": None, "paperId": "ab"}, {"url": "https://www.semanticscholar.org/paper/ab", "source_id": "ab"}),
        ({"url": "javascript:alert(1)", "paperId": None}, {"url": None, "source_id": None}),
    ],
    ids=[
        "null authors", "nameless authors", "no day", "no date", "no year", "no abstract", "blank abstract",
        "no citations", "never cited", "no identifiers", "odd identifiers", "old arXiv", "no fields", "empty fields",
        "no page", "no id",
    ],
)  # fmt: skip
def test_a_paper_says_only_what_is_known(said: Mapping[str, Any], read: Mapping[str, Any]) -> None:
    reading = parse(profile(_paper(**said)), OBSERVED_ON)
    assert reading.papers == (replace(READ.papers[0], **read),)
    assert (reading.complete, reading.warnings) == (True, ())


@pytest.mark.parametrize(
    ("page", "papers", "complete", "warnings"),
    [
        (profile(_paper(), _paper(paperId="b", title=None), None), 1, True,
         ("2 papers without a title are left out.",)),
        (profile(_paper(), _paper()), 1, False,
         ("1 paper is in the list twice.", "The profile counts 2 papers and lists 1.")),
        (profile(_paper(), author={"paperCount": 60}), 1, False, ("The profile counts 60 papers and lists 1.",)),
        (profile(_paper(), author={"paperCount": 0}), 1, True, ("The profile counts 0 papers and lists 1.",)),
        (profile(_paper(), author={"paperCount": None}), 1, True, ()),
        (profile(_paper(), next=1, author={"paperCount": 1}), 1, False, ()),
    ],
    ids=["untitled", "twice", "fewer", "more", "uncounted", "more to come"],
)  # fmt: skip
def test_what_is_odd_is_said(page: Page, papers: int, complete: bool, warnings: tuple[str, ...]) -> None:
    reading = parse(page, OBSERVED_ON)
    assert (len(reading.papers), reading.complete, reading.warnings) == (papers, complete, warnings)


def test_metrics_that_are_not_known_are_not_zero() -> None:
    page = profile(author={"hIndex": None, "citationCount": None, "paperCount": None})
    assert parse(page, OBSERVED_ON).metrics == {"h_index": None, "citations": None, "papers": None}


_FIRST = document(author_object(BEN))


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (_FIRST, "papers: no answer lists the papers"),
        (document(None), "author, authorId: is not text"),
        (profile(author={"authorId": None}), "author, authorId: is not text"),
        (document([None]), "author, the whole: is not an object"),
        (profile(author={"name": None}), "author, name: is not text"),
        (profile(author={"hIndex": "23"}), "author, hIndex: is not a whole number"),
        (profile(offset=None), "papers, offset: is not a number"),
        (profile(data=None), "papers, data: is not a list"),
        (profile(_paper(), next=0), "papers, next: is not an offset further on"),
        (bundle([_FIRST, document({"offset": 900, "data": []})]), "papers 0 to 900 are not there"),
        (profile(_paper(title=7)), r"papers, data\[0\].title: is not text"),
        (profile(_paper(authors="Ben")), r"data\[0\].authors: is not a list"),
        (profile(_paper(publicationDate="2026-02-30")), r"data\[0\].publicationDate: is not a date"),
        (profile(_paper(publicationDate=None, year=99999)), r"data\[0\].year: is not a date"),
        (profile(_paper(authors=[{}] * 20_001)), r"data\[0\].authors: is not a list of at most 20000"),
        (profile(_paper(externalIds=["DOI"])), r"data\[0\].externalIds: is not an object"),
    ],
)
def test_what_is_not_understood_is_refused(page: Page, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        parse(page, OBSERVED_ON)


def test_an_author_with_the_papers_in_one_answer_is_a_whole_profile() -> None:
    papers = [paper_object(work) for work in BEN.works]
    assert parse(document({**author_object(BEN), "papers": papers}), OBSERVED_ON) == READ


def _real(name: str) -> Page:
    body = (PAGES / "semantic_scholar" / name).read_bytes()
    return Page(url="https://api.semanticscholar.org/", status=200, headers={}, body=body)


@needs_real_pages
def test_a_real_author_with_papers_is_a_whole_profile() -> None:
    parsed = parse_page("semantic_scholar", _real("dns_author_2262347_2022.json"), OBSERVED_ON)
    assert isinstance(parsed, Parsed)
    reading = parsed.reading
    assert (reading.name, reading.complete, reading.warnings) == ("A. Turing", True, ())
    assert reading.metrics == {"h_index": 23, "citations": 12304, "papers": 60}
    assert len(reading.papers) == 60
    assert [paper.title for paper in reading.papers if paper.published is None] == [reading.papers[-1].title]


@needs_real_pages
def test_the_first_page_of_a_real_list_is_the_beginning_of_a_profile() -> None:
    reading = parse(bundle([_FIRST, _real(_FIRST_AND_LAST[0])]), OBSERVED_ON)
    assert (len(reading.papers), reading.complete) == (100, False)
    assert sum(paper.doi is not None for paper in reading.papers) == 99
    with pytest.raises(ParseError, match="papers 100 to 900 are not there"):
        parse(bundle([_FIRST, *map(_real, _FIRST_AND_LAST)]), OBSERVED_ON)


_FIRST_AND_LAST = ("dns_author_1723755_papers_2023_p0.json", "dns_author_1723755_papers_2023_p9.json")


@needs_real_pages
def test_real_authors_of_a_batch_are_known_or_not() -> None:
    batch = read_json(_real("dns_author_batch_with_null.json"), stage="authors")
    assert [author_name(author) for author in batch.each()] == [None, "E. Dijkstra", "D. Parnas", "I. Sommerville"]


@needs_real_pages
@pytest.mark.parametrize("status", [404, 200])
def test_a_real_error_is_an_error(status: int) -> None:
    page = replace(_real("dns_not_found_p1.json"), status=status)
    answer = parse_page("semantic_scholar", page, OBSERVED_ON)
    assert isinstance(answer, Failure)
    assert answer.outcome is Outcome.GONE
