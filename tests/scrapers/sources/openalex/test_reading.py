"""OpenAlex: what answers read as, the odd ones too, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest

from scrapers.bundle import bundle
from scrapers.json_document import Json, read_json
from scrapers.parse import parse_page
from scrapers.parse_error import ParseError
from scrapers.sources.openalex import OPENALEX
from scrapers.sources.openalex.page import parse
from scrapers.sources.openalex.work import read_work
from tests.imitations.openalex import OpenAlexSite, author_object, work_object
from tests.imitations.scholars import work
from tests.scrapers.real_pages import PAGES, needs_real_pages
from tests.scrapers.sources.openalex.examples import ADA, READ, document, profile
from tests.scrapers.sources.whole_way import OBSERVED_ON, read_through
from tracking.check import Failure, Outcome, Page
from tracking.reading import Published


def _work(**said: Any) -> dict[str, Any]:
    return work_object(ADA.works[0], ADA) | said


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"authorships": [], "title": "x"}, {"authors": (), "authors_complete": False, "institutions": ()}),
        (
            {"authorships": [{"author": {"display_name": None}, "raw_author_name": "A. Raw"}, {"author": None}]},
            {"authors": ("A. Raw",), "authors_complete": False, "institutions": ()},
        ),
        ({"is_authors_truncated": True}, {"authors_complete": False}),
        ({"publication_date": "2024-01-01"}, {"published": Published(2024)}),
        ({"publication_date": None}, {"published": Published(2026)}),
        ({"publication_date": None, "publication_year": None}, {"published": None}),
        ({"cited_by_count": None}, {"citations": None}),
        ({"doi": None}, {"doi": None}),
        ({"doi": "https://doi.org/10.1002/(SICI)1<1::AID-X>3.0.CO;2-2"}, {"doi": "10.1002/(sici)1<1::aid-x>3.0.co;2-2"}),
        ({"primary_location": None}, {"url": "https://openalex.org/W11"}),
        ({"primary_location": {"landing_page_url": "ftp://x/y"}}, {"url": "https://openalex.org/W11"}),
        ({"locations": []}, {"arxiv_id": None, "version": None}),
        (
            {"locations": [{"pdf_url": f"https://arxiv.org/pdf/260{n}.00001"} for n in (1, 2)]},
            {"arxiv_id": None, "version": None},
        ),
        (
            {"locations": [{"landing_page_url": None, "pdf_url": "https://arxiv.org/pdf/astro-ph/0601001"}]},
            {"arxiv_id": "astro-ph/0601001", "version": None},
        ),
        ({"primary_topic": None}, {"category": None}),
        ({"abstract_inverted_index": None}, {"abstract": None}),
        ({"abstract_inverted_index": {"b": [7], "a": [0, 3]}}, {"abstract": "a a b"}),
        ({"display_name": None, "title": "By  Title"}, {"title": "By Title"}),
    ],
    ids=[
        "no authors", "nameless authors", "cut", "year only", "year", "no date", "no citations", "no doi", "odd doi",
        "no place", "place that is no page", "no arXiv", "two on arXiv", "old arXiv", "no topic", "no abstract",
        "gaps in the abstract", "title",
    ],
)  # fmt: skip
def test_a_work_says_only_what_is_known(said: dict[str, Any], read: dict[str, Any]) -> None:
    reading = parse(profile(_work(**said)), OBSERVED_ON)
    assert reading.papers == (replace(READ.papers[0], **read),)
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("page", "papers", "complete", "warnings"),
    [
        (profile(_work(), _work(id="https://openalex.org/W12", display_name=None, title=None)), 1, True,
         ("1 paper without a title is left out.",)),
        (profile(_work(), _work(), count=2), 1, False, ("1 paper is in the list twice.", "1 of 2 works were read.")),
        (profile(_work(), count=60), 1, False, ("1 of 60 works were read.",)),
        (profile(_work(doi="https://doi.org/none")), 1, True, ("1 of the DOIs cannot be read.",)),
        (profile(_work(abstract_inverted_index={"a": ["0"]})), 1, True, ("1 of the abstracts cannot be read.",)),
        (
            profile(_work(abstract_inverted_index={"x" * 60_000: [0, 1]})),
            1,
            True,
            ("1 of the abstracts cannot be read.",),
        ),
        (profile(_work(publication_date="2049-02-01")), 1, True, ("1 of the works are dated more than a year ahead.",)),
    ],
    ids=["untitled", "twice", "fewer", "doi", "abstract", "endless", "future"],
)  # fmt: skip
def test_what_is_odd_is_said(page: Page, papers: int, complete: bool, warnings: tuple[str, ...]) -> None:
    reading = parse(page, OBSERVED_ON)
    assert (len(reading.papers), reading.complete, reading.warnings) == (papers, complete, warnings)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (document(author_object(ADA)), "papers: no answer lists the works"),
        (document(_work()), "author, id: is not an OpenAlex id with A"),
        (document([None]), "author, id|author, the whole: is not an object"),
        (profile(author={"display_name": None}), "author, display_name: is not text"),
        (profile(author={"summary_stats": {"h_index": "7"}}), "author, summary_stats.h_index: is not a whole number"),
        (profile(author={"counts_by_year": [{"year": 2026}, {"year": 2026}]}), "is not a year that is counted once"),
        (profile(_work(), count=0), "papers: the list counts 0 works and shows 1"),
        (profile(_work(), count=None), "papers, meta.count: is not a number"),
        (profile(_work(id=None)), r"papers, results\[0\].id: is not text"),
        (profile(_work(id="https://openalex.org/A5")), "is not an OpenAlex id with W"),
        (profile(_work(publication_date="2026-02-30")), r"results\[0\].publication_date: is not a date"),
        (profile(_work(publication_date=None, publication_year=0)), r"publication_year: is not a date"),
        (profile(_work(authorships="Ada")), r"results\[0\].authorships: is not a list"),
        (profile(*[{}] * 1_001), "papers, results: is not a list of at most 1000"),
        (profile(_work(cited_by_count=-1)), "cited_by_count: is not a whole number, 0 or more"),
        (profile(_work(abstract_inverted_index=["a"])), "abstract_inverted_index: is not an object"),
        (document({"error": "Not found"}), "author: the answer is an error: 'Not found'"),
    ],
)
def test_what_is_not_understood_is_refused(page: Page, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        parse(page, OBSERVED_ON)


def test_a_list_shows_the_first_hundred_authors_of_a_work() -> None:
    crowd = tuple(f"Author {chr(65 + n % 26)}{n}" for n in range(101))
    scholar = replace(ADA, works=(work("By Many", authors=crowd), work("By a Hundred", authors=crowd[:100])))
    with OpenAlexSite([scholar]) as site:
        cut, whole = read_through(OPENALEX, f"{site.url}/A1").papers
    assert (cut.authors, cut.authors_complete) == (crowd[:100], False)
    assert (whole.authors, whole.authors_complete) == (crowd[:100], True)


def _real(name: str) -> Page:
    return Page(url="https://api.openalex.org/", status=200, headers={}, body=(PAGES / "openalex" / name).read_bytes())


def _real_work(name: str) -> Json:
    document = read_json(_real(name), stage="papers")
    return next(document["results"].each()) if "results" in document else document


@needs_real_pages
@pytest.mark.parametrize(
    ("name", "source_id", "year", "citations", "authors", "doi"),
    [
        ("pqa_test_doi_search_paper_attributes0__2.json", "W4408732759", 2025, 3, 6, "10.1016/j.xgen.2025.100814"),
        ("pqa_test_doi_search_paper_attributes2__2.json", "W4381738344", 2023, 0, 0, "10.1007/s40278-023-41815-2"),
        ("pqa_test_title_search_paper_attributes0__3.json", "W2277923667", 2015, 9, 2, "10.1063/1.4938384"),
    ],
)
def test_a_real_work_reads_as_it_says(
    name: str, source_id: str, year: int, citations: int, authors: int, doi: str
) -> None:
    paper = read_work(_real_work(name))
    assert paper is not None
    assert paper.published is not None
    assert (paper.source_id, paper.published.year, paper.citations) == (source_id, year, citations)
    assert (len(paper.authors), paper.doi) == (authors, doi)


@needs_real_pages
def test_a_real_abstract_is_put_together() -> None:
    paper = read_work(_real_work("pqa_test_title_search_paper_attributes0__3.json"))
    assert paper is not None
    assert paper.abstract is not None
    assert paper.abstract.startswith("Metal-oxide layers are likely to be present on metallic nano-structures due to")


@needs_real_pages
def test_a_real_list_of_one_work_is_a_part_of_a_profile() -> None:
    page = bundle([document(author_object(ADA)), _real("pqa_test_title_search_paper_attributes0__3.json")])
    reading = parse(page, OBSERVED_ON)
    assert [paper.source_id for paper in reading.papers] == ["W2277923667"]
    assert reading.complete


@needs_real_pages
def test_a_real_not_found_is_an_error() -> None:
    page = _real("pqa_test_does_openalex_work_not_in_openalex__0.txt")
    for status in (404, 200):
        answer = parse_page("openalex", replace(page, status=status), OBSERVED_ON)
        assert isinstance(answer, Failure)
        assert answer.outcome is Outcome.GONE
