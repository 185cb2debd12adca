"""OpenAlex: whatever is shown is read, by the published client too, and no damage does harm."""

from collections.abc import Iterator
from datetime import date

import pyalex
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.conformance import violations
from scrapers.parse import parse_page
from scrapers.source import SourceOptions
from scrapers.sources.openalex import OPENALEX
from tests.imitations.openalex import OpenAlexSite
from tests.imitations.scholars import Scholar, Work
from tests.laws import tried
from tests.scrapers.sources.openalex.examples import ADA, WITH_KEY
from tests.scrapers.sources.spoiling import spoiled
from tests.scrapers.sources.whole_way import OBSERVED_ON, ask, read_through
from tracking.check import Failure, Page, Parsed
from tracking.reading import PaperReading, Published


class Authors(pyalex.Authors):  # type: ignore[misc]
    """The published client, which asks at a fixed address, on another host: its path follows from its class's name."""

    site = ""

    @property
    def url(self) -> str:
        return str(super().url).replace("https://api.openalex.org", self.site)


class Works(pyalex.Works):  # type: ignore[misc]
    site = ""

    @property
    def url(self) -> str:
        return str(super().url).replace("https://api.openalex.org", self.site)


@pytest.fixture
def published_client() -> Iterator[None]:
    pyalex.config.api_key = "s3cret"
    yield
    pyalex.config.api_key = None


@pytest.mark.usefixtures("published_client")
def test_the_published_client_reads_the_same_of_the_imitation() -> None:
    with OpenAlexSite([ADA], most_per_page=2) as site:
        Authors.site = Works.site = site.url
        author = Authors()["A1"]
        query = Works().filter(author={"id": "A1"}).sort(publication_date="desc")
        works = [one for part in query.paginate(per_page=100, n_max=None) for one in part]
        assert query.count() == 3
        reading = read_through(OPENALEX, f"{site.url}/A1", WITH_KEY)
    assert author["display_name"] == reading.name
    assert author["summary_stats"]["h_index"] == reading.metrics["h_index"]
    assert [one["id"].rsplit("/")[-1] for one in works] == [paper.source_id for paper in reading.papers]
    assert [one["abstract"] for one in works] == [paper.abstract for paper in reading.papers]
    assert [one["cited_by_count"] for one in works] == [paper.citations for paper in reading.papers]


_WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8).filter(lambda word: word.strip() != "")
_SENTENCES = st.lists(_WORDS, min_size=1, max_size=6).map(" ".join)
_COUNTS = st.none() | st.integers(0, 10**6)
_WORKS = st.builds(
    Work,
    key=st.integers(1, 10**9).map(str),
    title=_SENTENCES,
    authors=st.lists(_SENTENCES, min_size=1, max_size=4).map(tuple),
    published=st.none() | st.dates(date(1800, 1, 1), date(2026, 12, 31)),
    doi=st.none() | st.from_regex(r"10\.[0-9]{4,6}/[a-z0-9.()/-]{1,12}", fullmatch=True),
    arxiv_id=st.none() | st.from_regex(r"[0-9]{4}\.[0-9]{5}|[a-z]{2,6}/[0-9]{7}", fullmatch=True),
    version=st.integers(1, 9),
    abstract=st.none() | _SENTENCES,
    citations=_COUNTS,
)
_SCHOLARS = st.builds(
    Scholar,
    key=st.just("A1"),
    name=_SENTENCES,
    works=st.lists(_WORKS, max_size=7, unique_by=lambda one: one.key).map(tuple),
    h_index=_COUNTS,
    i10_index=_COUNTS,
    citations=_COUNTS,
)


@pytest.fixture(scope="module")
def a_site() -> Iterator[OpenAlexSite]:
    with OpenAlexSite() as site:
        yield site


@tried(25)
@given(scholar=_SCHOLARS, size=st.integers(1, 4), options=st.sampled_from([SourceOptions(), WITH_KEY]))
def test_whatever_is_shown_is_read_in_pages_of_any_size(
    a_site: OpenAlexSite, scholar: Scholar, size: int, options: SourceOptions
) -> None:
    a_site.show(scholar)
    a_site.most_per_page = size
    reading = read_through(OPENALEX, f"{a_site.url}/A1", options)
    assert (reading.name, reading.complete) == (scholar.name, True)
    assert {name: reading.metrics[name] for name in ("h_index", "i10_index", "citations", "papers")} == {
        "h_index": scholar.h_index,
        "i10_index": scholar.i10_index,
        "citations": scholar.citations,
        "papers": len(scholar.works),
    }
    assert {paper.source_id: paper for paper in reading.papers} == {
        f"W{one.key}": _expected(one) for one in scholar.works
    }


def _expected(one: Work) -> PaperReading:
    """What a work must read as, from the truth alone."""
    day = one.published
    published = None
    if day is not None:
        published = Published(day.year) if (day.month, day.day) == (1, 1) else Published(day.year, day.month, day.day)
    url = f"https://openalex.org/W{one.key}"
    if one.arxiv_id:
        url = f"http://arxiv.org/abs/{one.arxiv_id}v{one.version}"
    if one.doi:
        url = f"https://doi.org/{one.doi}"
    return PaperReading(
        title=one.title,
        authors=one.authors,
        published=published,
        abstract=one.abstract,
        arxiv_id=one.arxiv_id,
        version=one.version if one.arxiv_id else None,
        doi=one.doi,
        source_id=f"W{one.key}",
        url=url,
        citations=one.citations,
    )


@pytest.fixture(scope="module")
def good_page() -> Page:
    with OpenAlexSite([ADA], most_per_page=2) as site:
        page = ask(OPENALEX, f"{site.url}/A1", WITH_KEY)
    assert isinstance(page, Page)
    return page


def test_a_source_keeps_what_every_source_promises(good_page: Page) -> None:
    url = "https://openalex.org/A1"
    assert violations(OPENALEX, good_page, observed_on=OBSERVED_ON, url=url, tries=150) == []


@tried(150)
@given(draw=st.data())
def test_any_value_anywhere_gives_a_reading_or_a_parse_error(good_page: Page, draw: st.DataObject) -> None:
    page = draw.draw(spoiled(good_page))
    assert isinstance(parse_page("openalex", page, OBSERVED_ON), Parsed | Failure)
