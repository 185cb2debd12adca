"""Semantic Scholar: whatever is shown is read, by the published client too, and no damage does harm."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semanticscholar import SemanticScholar

from scrapers.conformance import violations
from scrapers.parse import parse_page
from scrapers.sources.semantic_scholar import SEMANTIC_SCHOLAR
from tests.imitations.scholars import Scholar, Work
from tests.imitations.semantic_scholar import SemanticScholarSite, paper_id
from tests.laws import tried
from tests.scrapers.sources.semantic_scholar.examples import BEN
from tests.scrapers.sources.spoiling import spoiled
from tests.scrapers.sources.whole_way import OBSERVED_ON, ask, read_through
from tracking.check import Failure, Page, Parsed
from tracking.reading import PaperReading, Published


def test_the_published_client_reads_the_same_of_the_imitation() -> None:
    with SemanticScholarSite([BEN], api_key="s3cret") as site:
        client = SemanticScholar(api_url=site.url, api_key="s3cret", retry=False)
        author = client.get_author("42")
        listed = list(client.get_author_papers("42", limit=2))
        reading = read_through(SEMANTIC_SCHOLAR, f"{site.url}/author/42")
    assert (author.name, author.hIndex) == (reading.name, reading.metrics["h_index"])
    assert (author.citationCount, author.paperCount) == (reading.metrics["citations"], reading.metrics["papers"])
    for papers in (author.papers, listed):
        assert [paper.paperId for paper in papers] == [paper.source_id for paper in reading.papers]
        assert [paper.citationCount for paper in papers] == [paper.citations for paper in reading.papers]
        assert [tuple(one.name for one in paper.authors) for paper in papers] == [
            paper.authors for paper in reading.papers
        ]


_WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
_SENTENCES = st.lists(_WORDS, min_size=1, max_size=6).map(" ".join)
_COUNTS = st.none() | st.integers(0, 10**6)
_WORKS = st.builds(
    Work,
    key=st.integers(1, 10**9).map(str),
    title=_SENTENCES,
    authors=st.lists(_SENTENCES, max_size=4).map(tuple),
    year=st.none() | st.integers(1800, 2026),
    published=st.none() | st.dates(date(1800, 1, 1), date(2026, 12, 31)),
    doi=st.none() | st.from_regex(r"10\.[0-9]{4,6}/[a-z0-9.()/-]{1,12}", fullmatch=True),
    arxiv_id=st.none() | st.from_regex(r"[0-9]{4}\.[0-9]{5}|[a-z]{2,6}/[0-9]{7}", fullmatch=True),
    abstract=st.none() | _SENTENCES,
    citations=_COUNTS,
)
_SCHOLARS = st.builds(
    Scholar,
    key=st.just("42"),
    name=_SENTENCES,
    works=st.lists(_WORKS, max_size=7, unique_by=lambda one: one.key).map(tuple),
    h_index=_COUNTS,
    citations=_COUNTS,
)


@pytest.fixture(scope="module")
def a_site() -> Iterator[SemanticScholarSite]:
    with SemanticScholarSite() as site:
        yield site


@tried(25)
@given(scholar=_SCHOLARS, size=st.integers(1, 4))
def test_whatever_is_shown_is_read_in_pages_of_any_size(
    a_site: SemanticScholarSite, scholar: Scholar, size: int
) -> None:
    a_site.show(scholar)
    a_site.most_per_page = size
    reading = read_through(SEMANTIC_SCHOLAR, f"{a_site.url}/author/42")
    assert (reading.name, reading.complete, reading.warnings) == (scholar.name, True, ())
    assert reading.metrics == {
        "h_index": scholar.h_index,
        "citations": scholar.citations,
        "papers": len(scholar.works),
    }
    assert reading.papers == tuple(map(_expected, scholar.works))


def _expected(one: Work) -> PaperReading:
    """What a work must read as, from the truth alone."""
    published = Published(one.year) if one.year else None
    if one.published:
        published = Published(one.published.year, one.published.month, one.published.day)
    return PaperReading(
        title=one.title,
        authors=one.authors,
        authors_complete=one.authors != (),
        category="Computer Science",
        published=published,
        abstract=one.abstract,
        arxiv_id=one.arxiv_id,
        doi=one.doi,
        source_id=paper_id(one),
        url=f"https://www.semanticscholar.org/paper/{paper_id(one)}",
        citations=one.citations,
    )


@pytest.fixture(scope="module")
def good_page() -> Page:
    with SemanticScholarSite([BEN], most_per_page=2) as site:
        page = ask(SEMANTIC_SCHOLAR, f"{site.url}/author/42")
    assert isinstance(page, Page)
    return page


def test_a_source_keeps_what_every_source_promises(good_page: Page) -> None:
    url = "https://www.semanticscholar.org/author/42"
    assert violations(SEMANTIC_SCHOLAR, good_page, observed_on=OBSERVED_ON, url=url, tries=150) == []


@tried(150)
@given(draw=st.data())
def test_any_value_anywhere_gives_a_reading_or_a_parse_error(good_page: Page, draw: st.DataObject) -> None:
    page = draw.draw(spoiled(good_page))
    assert isinstance(parse_page("semantic_scholar", page, OBSERVED_ON), Parsed | Failure)
