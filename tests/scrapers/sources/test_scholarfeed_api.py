"""Scholar Feed's interface: which URLs are authors, what is asked for, and what the answers read as."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.bundle import answers_of, bundle
from scrapers.conformance import violations
from scrapers.parse_error import ParseError
from scrapers.source import Asked, SourceOptions
from scrapers.sources.scholarfeed_api import SCHOLAR_FEED_API
from tests.imitations.scholarfeed_api import ScholarFeedApiSite
from tests.imitations.scholars import Scholar, Work
from tests.scrapers.sources.in_process import BASE, asked_in_process
from tests.scrapers.sources.whole_way import OBSERVED_ON, ask, read_through
from tracking.check import Failure, Outcome, Page
from tracking.reading import PaperReading, ProfileReading, Published

_PATH = "/author/12345"
_ADA = Scholar(
    key="12345",
    name="Ada Example",
    h_index=7,
    citations=311,
    works=(
        Work(key="1", title="Waves &amp; Ice", arxiv_id="2605.01234", published=date(2026, 5, 3), citations=4),
        Work(key="2", title="By Four", arxiv_id="1901.00001", year=2019, authors=("A A", "B B", "C C", "D D")),
    ),
)
_READ = ProfileReading(
    source="scholarfeed_api",
    name="Ada Example",
    field="LG",
    metrics={"h_index": 7, "papers": 2, "citations": 311},
    papers=(
        PaperReading(
            title="Waves & Ice",
            authors=("Ada Example", "Ben Example"),
            category="LG",
            published=Published(2026, 5, 3),
            has_code=False,
            arxiv_id="2605.01234",
            source_id="2605.01234",
            url="https://www.scholarfeed.org/paper/2605.01234",
            citations=4,
        ),
        PaperReading(
            title="By Four",
            authors=("A A", "B B", "C C"),
            authors_complete=False,
            category="LG",
            published=Published(2019),
            has_code=False,
            arxiv_id="1901.00001",
            source_id="1901.00001",
            url="https://www.scholarfeed.org/paper/1901.00001",
        ),
    ),
    complete=True,
)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.scholarfeed.org/api/v1/public/authors/12345",
        "https://api.scholarfeed.org/api/v1/public/authors/12345/papers?limit=50&page=2",
        "https://www.scholarfeed.org/author/12345/?utm_source=x#papers",
        "http://127.0.0.1:8099/author/12345",
    ],
    ids=["api", "papers", "page", "imitation"],
)
def test_an_author_has_one_key_whatever_the_url(url: str) -> None:
    assert SCHOLAR_FEED_API.profile_key(url) == "12345"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.scholarfeed.org/",
        "https://api.scholarfeed.org/api/v1/public/papers/search?q=ada",
        "https://www.scholarfeed.org/author/ada-example",
        "https://www.scholarfeed.org/paper/2605.01234",
    ],
    ids=["start", "search", "no number", "paper"],
)
def test_what_is_no_author_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ValueError, match=r"api\.scholarfeed\.org/api/v1/public/authors/12345"):
        SCHOLAR_FEED_API.profile_key(url)


def test_an_author_reads_as_shown() -> None:
    with ScholarFeedApiSite([_ADA]) as site:
        assert read_through(SCHOLAR_FEED_API, site.url + _PATH) == _READ
        assert [(question.path, dict(question.query)) for question in site.requests] == [
            ("/api/v1/public/authors/12345", {}),
            ("/api/v1/public/authors/12345/papers", {"limit": "50", "page": "1"}),
        ]


def test_the_page_of_an_author_is_asked_for_at_the_interface() -> None:
    url = "https://www.scholarfeed.org/author/12345"
    asked = Asked(profile_url=url, base=SCHOLAR_FEED_API.base_of(url), options=SourceOptions())
    request = SCHOLAR_FEED_API.next_request(asked)
    assert request is not None
    assert request.url == "https://api.scholarfeed.org/api/v1/public/authors/12345"


def test_a_day_without_calls_left_throttles_and_a_key_goes_on() -> None:
    with ScholarFeedApiSite([_ADA], calls_left=1) as site:
        failure = ask(SCHOLAR_FEED_API, site.url + _PATH)
        assert isinstance(failure, Failure)
        assert (failure.outcome, failure.retry_after_seconds) == (Outcome.THROTTLED, 3600.0)
        assert read_through(SCHOLAR_FEED_API, site.url + _PATH, SourceOptions(api_key="sf_s3cret")) == _READ
        assert site.requests[-1].headers["authorization"] == "Bearer sf_s3cret"


def test_null_is_unknown() -> None:
    with ScholarFeedApiSite([replace(_ADA, h_index=None, citations=None)]) as site:
        metrics = read_through(SCHOLAR_FEED_API, site.url + _PATH).metrics
    assert metrics == {"h_index": None, "papers": 2, "citations": None}


def _many(count: int) -> Scholar:
    works = (Work(key=str(n), title=f"Work Number {n}", arxiv_id=f"2401.{n:05d}") for n in range(count))
    return replace(_ADA, works=tuple(works))


@pytest.mark.parametrize("counts", [True, False], ids=["counted", "not counted"])
@pytest.mark.parametrize(("count", "pages"), [(0, 1), (49, 1), (50, 2), (120, 3)])
def test_a_long_list_is_asked_for_page_by_page(counts: bool, count: int, pages: int) -> None:
    with ScholarFeedApiSite([_many(count)], counts=counts) as site:
        reading = read_through(SCHOLAR_FEED_API, site.url + _PATH)
        assert len(site.requests) == 1 + pages
    assert (len(reading.papers), reading.complete) == (count, True)


def test_a_list_beyond_all_requests_is_incomplete() -> None:
    site = ScholarFeedApiSite([_many(40)], most_per_page=1)
    reading = SCHOLAR_FEED_API.parse(asked_in_process(SCHOLAR_FEED_API, site, _PATH), OBSERVED_ON)
    assert (len(reading.papers), reading.complete) == (29, False)
    assert reading.warnings == ("The profile counts 40 papers and shows 29.",)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, Outcome.GONE), (401, Outcome.LOGIN), (500, Outcome.UNREACHABLE)],
)
def test_an_error_is_an_error(status: int, outcome: Outcome) -> None:
    with ScholarFeedApiSite([_ADA]) as site:
        site.fails(status)
        failure = ask(SCHOLAR_FEED_API, site.url + _PATH)
    assert isinstance(failure, Failure)
    assert failure.outcome is outcome


def _answer(document: object) -> Page:
    body = json.dumps(document).encode()
    return Page(url=f"{BASE}/api", status=200, headers={"content-type": "application/json"}, body=body)


def _replaced(number: int, document: object) -> Page:
    answers = list(answers_of(asked_in_process(SCHOLAR_FEED_API, ScholarFeedApiSite([_ADA]), _PATH)))
    answers[number] = _answer(document)
    return bundle(answers)


_SPARSE = PaperReading(
    title="Sparse",
    authors_complete=False,
    arxiv_id="2605.01234",
    source_id="2605.01234",
    url="https://www.scholarfeed.org/paper/2605.01234",
)


@pytest.mark.parametrize(
    ("said", "paper"),
    [
        ({}, _SPARSE),
        ({"arxiv_id": "2605.01234v3"}, replace(_SPARSE, version=3)),
        ({"arxiv_id": "oa:W123"}, replace(_SPARSE, arxiv_id=None, source_id="oa:W123", url=None)),
        ({"categories": ["cond-mat.mes-hall"]}, replace(_SPARSE, category="MES-HALL")),
        ({"primary_category": "hep-th", "categories": ["cs.LG"]}, replace(_SPARSE, category="HEP-TH")),
        ({"published_date": "2026-05-03T00:00:00Z"}, replace(_SPARSE, published=Published(2026, 5, 3))),
        ({"year": 2024, "published_date": None}, replace(_SPARSE, published=Published(2024))),
        ({"authors": ["A A"], "n_authors": 1}, replace(_SPARSE, authors=("A A",), authors_complete=True)),
        ({"institution_tags": ["deepmind"]}, replace(_SPARSE, institutions=("deepmind",))),
        ({"has_code": True, "citation_count": 0}, replace(_SPARSE, has_code=True, citations=0)),
    ],
    ids=["sparse", "version", "other id", "category", "primary", "time", "year", "one author", "institution", "code"],
)
def test_oddities_of_papers(said: dict[str, Any], paper: PaperReading) -> None:
    row = {"arxiv_id": "2605.01234", "title": "Sparse"} | said
    reading = SCHOLAR_FEED_API.parse(_replaced(1, {"papers": [row], "total": None}), OBSERVED_ON)
    assert reading.papers == (paper,)


def test_more_papers_than_the_count_is_a_warning() -> None:
    row = {"arxiv_id": "2605.01234", "title": "Sparse"}
    reading = SCHOLAR_FEED_API.parse(_replaced(1, {"papers": [row], "total": 0}), OBSERVED_ON)
    assert reading.warnings[-1] == "The list changed while it was read: it names 0 papers and showed 1."


@pytest.mark.parametrize(
    ("number", "document", "says"),
    [
        (0, {"error": "rate_limited", "message": "100 calls a day"}, "name: is not text"),
        (0, {"name": "Ada", "h_index": "7"}, "h_index: is not a whole number"),
        (1, {"detail": "Author not found"}, "papers: is not a list"),
        (1, {"papers": [{"title": "T"}]}, "arxiv_id: is not text"),
        (1, {"papers": [{"arxiv_id": "2605.01234", "title": "<i></i>"}]}, "title: is not text"),
        (1, {"papers": [{"arxiv_id": "2605.01234", "title": "T", "published_date": "soon"}]}, "is not a date"),
    ],
    ids=["error as author", "metric", "error as papers", "no id", "no title", "date"],
)
def test_what_is_no_answer_is_never_a_reading(number: int, document: object, says: str) -> None:
    with pytest.raises(ParseError, match=says):
        SCHOLAR_FEED_API.parse(_replaced(number, document), OBSERVED_ON)


def test_an_author_alone_is_no_profile() -> None:
    page = answers_of(asked_in_process(SCHOLAR_FEED_API, ScholarFeedApiSite([_ADA]), _PATH))[0]
    with pytest.raises(ParseError, match="the papers are not there"):
        SCHOLAR_FEED_API.parse(page, OBSERVED_ON)


_TITLES = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="<>&\u00ad"), min_size=1)
_WORKS = st.builds(
    Work,
    key=st.just("1"),
    title=_TITLES,
    authors=st.lists(st.sampled_from(["Ada Example", "Wei Li"]), max_size=5).map(tuple),
    published=st.none() | st.dates(min_value=date(1000, 1, 1)),
    arxiv_id=st.integers(0, 99999).map(lambda number: f"2401.{number:05d}"),
    citations=st.none() | st.integers(0, 10**6),
)


@given(st.lists(_WORKS, max_size=8, unique_by=lambda work: work.arxiv_id), st.integers(1, 4), st.booleans())
def test_whatever_an_author_shows_is_read(works: list[Work], most_per_page: int, counts: bool) -> None:
    site = ScholarFeedApiSite([replace(_ADA, works=tuple(works))], most_per_page=most_per_page, counts=counts)
    reading = SCHOLAR_FEED_API.parse(asked_in_process(SCHOLAR_FEED_API, site, _PATH), OBSERVED_ON)
    assert [
        (paper.arxiv_id, paper.title, paper.authors, paper.authors_complete, paper.published, paper.citations)
        for paper in reading.papers
    ] == [
        (
            work.arxiv_id,
            work.title,
            work.authors[:3],
            0 < len(work.authors) <= 3,
            Published(*work.published.timetuple()[:3]) if work.published else None,
            work.citations,
        )
        for work in works
    ]
    assert reading.complete


def test_it_keeps_what_every_source_promises() -> None:
    page = asked_in_process(SCHOLAR_FEED_API, ScholarFeedApiSite([_ADA]), _PATH)
    assert violations(SCHOLAR_FEED_API, page, observed_on=OBSERVED_ON, url=BASE + _PATH, tries=300) == []
