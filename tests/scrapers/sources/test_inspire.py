"""INSPIRE: which URLs are authors, what is asked for, and what the answers read as."""

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
from scrapers.sources.inspire import INSPIRE
from tests.imitations.inspire import InspireSite
from tests.imitations.scholars import Scholar, Work
from tests.scrapers.sources.in_process import BASE, asked_in_process
from tests.scrapers.sources.whole_way import OBSERVED_ON, ask, read_through
from tracking.check import Failure, Outcome, Page
from tracking.reading import PaperReading, ProfileReading, Published

_PATH = "/authors/999108"
_CROWD = tuple(f"Person Number{number}" for number in range(3000))
_ADA = Scholar(
    key="999108",
    name="Ada Maria Example",
    h_index=7,
    citations=311,
    works=(
        Work(
            key="451647",
            title="Waves in <math><msub><mi>H</mi><mn>2</mn></msub></math>O &amp; $AdS_5$",
            published=date(2026, 5, 3),
            doi="10.5555/Waves.1",
            arxiv_id="2605.01234",
            abstract="We look at waves.",
            citations=4,
        ),
        Work(key="2", title="A Measurement by Many", authors=_CROWD, year=2012, citations=0),
        Work(key="3", title="Old Ice", authors=("Ben Example",), year=1997, arxiv_id="hep-th/9711200"),
        Work(key="4", title="Undated", authors=()),
    ),
)
_READ = ProfileReading(
    source="inspire",
    name="Ada Maria Example",
    field="hep-th",
    metrics={"papers": 4, "h_index": 7, "citations": 311},
    papers=(
        PaperReading(
            title="Waves in H2O & $AdS_5$",
            authors=("Ada Example", "Ben Example"),
            category="hep-th",
            published=Published(2026, 5, 3),
            abstract="We look at waves.",
            arxiv_id="2605.01234",
            doi="10.5555/waves.1",
            source_id="451647",
            url="https://inspirehep.net/literature/451647",
            citations=4,
        ),
        PaperReading(
            title="A Measurement by Many",
            authors=("Person Number0",),
            authors_complete=False,
            published=Published(2012),
            source_id="2",
            url="https://inspirehep.net/literature/2",
            citations=0,
        ),
        PaperReading(
            title="Old Ice",
            authors=("Ben Example",),
            category="hep-th",
            published=Published(1997),
            arxiv_id="hep-th/9711200",
            source_id="3",
            url="https://inspirehep.net/literature/3",
        ),
        PaperReading(title="Undated", authors_complete=False, source_id="4", url="https://inspirehep.net/literature/4"),
    ),
    complete=True,
)


@pytest.mark.parametrize(
    "url",
    [
        "https://inspirehep.net/authors/999108",
        "https://www.inspirehep.net/authors/999108/?ui-citation-summary=true#papers",
        "https://inspirehep.net/api/authors/999108",
        "https://inspirehep.net/api/authors/999108?fields=ids",
        "http://127.0.0.1:8099/authors/999108",
    ],
    ids=["human", "query", "api", "fields", "imitation"],
)
def test_an_author_has_one_key_whatever_the_url(url: str) -> None:
    assert INSPIRE.profile_key(url) == "999108"


@pytest.mark.parametrize(
    "url",
    [
        "https://inspirehep.net/",
        "https://inspirehep.net/literature/451647",
        "https://inspirehep.net/authors?q=witten",
        "https://inspirehep.net/author/profile/E.Witten.1",
        "https://inspirehep.net/api/orcid/0000-0002-9079-593X",
    ],
    ids=["start", "paper", "search", "name", "orcid"],
)
def test_what_is_no_author_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ValueError, match=r"an author's page is at https://inspirehep\.net/authors/"):
        INSPIRE.profile_key(url)


def test_an_author_reads_as_shown() -> None:
    with InspireSite([_ADA]) as site:
        assert read_through(INSPIRE, site.url + _PATH) == _READ
        assert [(question.path, question.query.get("q")) for question in site.requests] == [
            ("/api/authors/999108", None),
            ("/api/literature/facets", "authors.recid:999108"),
            ("/api/literature", "authors.recid:999108"),
            ("/api/literature", "authors.recid:999108 and ac 1->10"),
        ]


def test_the_names_of_a_collaboration_are_not_asked_for() -> None:
    page = asked_in_process(INSPIRE, InspireSite([_ADA]), _PATH)
    assert b"Number2999" not in page.body
    assert len(page.body) < 10_000


def test_an_author_without_papers_is_complete() -> None:
    with InspireSite([replace(_ADA, works=(), h_index=None, citations=None)]) as site:
        reading = read_through(INSPIRE, site.url + _PATH)
    assert (reading.papers, reading.complete) == ((), True)
    assert reading.metrics == {"papers": 0, "h_index": 0, "citations": 0}


def _many(count: int) -> Scholar:
    return replace(_ADA, works=tuple(Work(key=str(1 + n), title=f"Work Number {n}", year=2020) for n in range(count)))


def test_a_long_list_is_asked_for_page_by_page() -> None:
    with InspireSite([_many(501)]) as site:
        reading = read_through(INSPIRE, site.url + _PATH)
        assert [question.query.get("page") for question in site.requests[2:]] == ["1", "2", "3"] * 2
    assert (len(reading.papers), reading.complete) == (501, True)
    assert all(paper.authors_complete for paper in reading.papers)


def test_a_list_beyond_all_requests_is_incomplete() -> None:
    site = InspireSite([_many(40)], most_per_page=1)
    reading = INSPIRE.parse(asked_in_process(INSPIRE, site, _PATH), OBSERVED_ON)
    assert (len(reading.papers), reading.complete, reading.metrics["papers"]) == (28, False, 40)
    assert {paper.authors_complete for paper in reading.papers} == {False}


@pytest.mark.parametrize(
    ("site", "outcome", "says"),
    [
        (InspireSite(), Outcome.GONE, "404"),
        (
            InspireSite([replace(_ADA, key="1")], merged={"999108": "1"}),
            Outcome.PARSE_FAILED,
            "merged into another: follow https://inspirehep.net/authors/1",
        ),
    ],
    ids=["unknown", "merged"],
)
def test_an_author_who_is_not_there(site: InspireSite, outcome: Outcome, says: str) -> None:
    with site:
        failure = ask(INSPIRE, site.url + _PATH)
    assert isinstance(failure, Failure)
    assert (failure.outcome, says in failure.detail) == (outcome, True)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(429, Outcome.THROTTLED), (503, Outcome.THROTTLED), (500, Outcome.UNREACHABLE)],
)
def test_an_error_is_an_error(status: int, outcome: Outcome) -> None:
    with InspireSite([_ADA]) as site:
        site.fails(status, headers={"Retry-After": "5"})
        failure = ask(INSPIRE, site.url + _PATH)
    assert isinstance(failure, Failure)
    assert (failure.outcome, failure.retry_after_seconds) == (outcome, 5.0)


def _answer(document: object) -> Page:
    body = json.dumps(document).encode()
    return Page(url=f"{BASE}/api", status=200, headers={"content-type": "application/json"}, body=body)


def _replaced(number: int, document: object) -> Page:
    """The answers about Ada, one of them another."""
    answers = list(answers_of(asked_in_process(INSPIRE, InspireSite([_ADA]), _PATH)))
    answers[number] = _answer(document)
    return bundle(answers)


def _list_of(*records: dict[str, Any], total: int | None = None) -> Page:
    hits = [{"metadata": {"control_number": 9, "titles": [{"title": "Sparse"}], **record}} for record in records]
    return _replaced(2, {"hits": {"hits": hits, "total": len(hits) if total is None else total}})


def _said(**said: Any) -> PaperReading:
    url = "https://inspirehep.net/literature/9"
    return replace(PaperReading(title="Sparse", authors_complete=False, source_id="9", url=url), **said)


@pytest.mark.parametrize(
    ("record", "paper"),
    [
        ({}, _said()),
        ({"earliest_date": "2020-03"}, _said(published=Published(2020, 3))),
        ({"preprint_date": "2019-12-31"}, _said(published=Published(2019, 12, 31))),
        ({"titles": [{"title": " "}, {"title": "The Second"}]}, _said(title="The Second")),
        ({"first_author": {"full_name": "Smith, John, Jr."}, "author_count": 1},
         _said(authors=("John Smith Jr.",), authors_complete=True)),
        ({"first_author": {"full_name": "ATLAS"}, "author_count": 2}, _said(authors=("ATLAS",))),
        ({"dois": [{"value": "unknown"}, {"value": "10.5555/A"}]}, _said(doi="10.5555/a")),
        ({"dois": [{"value": "10.48550/arXiv.2003.00001"}]},
         _said(doi="10.48550/arxiv.2003.00001", arxiv_id="2003.00001")),
        ({"arxiv_eprints": [{"value": "2003.00001"}]}, _said(arxiv_id="2003.00001")),
        ({"arxiv_eprints": [{"value": "not one", "categories": []}]}, _said()),
        ({"abstracts": [{"value": ""}, {"value": "<p>Text</p>", "source": "APS"}]}, _said(abstract="Text")),
        ({"citation_count": 0}, _said(citations=0)),
    ],
    ids=["sparse", "month", "preprint", "second title", "junior", "no comma", "odd doi", "eprint doi", "no category", "odd eprint",
         "abstract", "zero"],
)  # fmt: skip
def test_oddities_of_papers(record: dict[str, Any], paper: PaperReading) -> None:
    assert INSPIRE.parse(_list_of(record), OBSERVED_ON).papers == (paper,)


def test_papers_without_a_title_are_left_out_with_a_warning() -> None:
    reading = INSPIRE.parse(_list_of({}, {"control_number": 10, "titles": None}), OBSERVED_ON)
    assert (len(reading.papers), reading.complete) == (1, True)
    assert reading.warnings == ("1 paper without a title is left out.",)


def test_more_papers_than_the_count_is_a_warning() -> None:
    reading = INSPIRE.parse(_list_of({}, {"control_number": 10}, total=1), OBSERVED_ON)
    assert reading.warnings == ("The list changed while it was read: it names 1 papers and showed 2.",)


@pytest.mark.parametrize(
    ("number", "document", "says"),
    [
        (0, {"status": 404, "message": "PID does not exist."}, "name.value: is not text"),
        (0, {"metadata": {"name": {"value": "Example, Ada"}, "deleted": True}}, "record was deleted"),
        (1, {"message": "no facet"}, "is not a number"),
        (1, {"aggregations": {"citation_summary": {"citations": []}}}, "is not an object"),
        (2, {"message": "An internal error occurred."}, "hits.total: is not a number"),
        (2, {"hits": {"total": 3, "hits": []}}, "an empty page after 0 of 3 papers"),
        (2, {"hits": {"total": 1, "hits": [{"metadata": {"titles": []}}]}}, "control_number: is not a number"),
        (2, {"hits": {"total": 1, "hits": [{"metadata": {"control_number": 1, "titles": [{"title": "T"}],
                                                          "earliest_date": "soon"}}]}}, "is not a date"),
    ],
    ids=["error as author", "deleted", "error as summary", "summary", "error as papers", "empty", "no number", "date"],
)  # fmt: skip
def test_what_is_no_answer_is_never_a_reading(number: int, document: object, says: str) -> None:
    with pytest.raises(ParseError, match=says):
        INSPIRE.parse(_replaced(number, document), OBSERVED_ON)


def test_an_author_alone_is_no_profile() -> None:
    page = answers_of(asked_in_process(INSPIRE, InspireSite([_ADA]), _PATH))[0]
    with pytest.raises(ParseError, match="a summary and a list of papers belong to an author"):
        INSPIRE.parse(page, OBSERVED_ON)


def test_a_name_is_turned_where_no_preferred_one_is_given() -> None:
    page = _replaced(0, {"metadata": {"name": {"value": "Example, Ada Maria"}}})
    assert INSPIRE.parse(page, OBSERVED_ON).name == "Ada Maria Example"


_TITLES = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="<>&\u00ad"), min_size=1)
_NAMES = st.sampled_from(["Ada Example", "B. C. Sample", "Wei Li", "Mononym"])
_WORKS = st.builds(
    Work,
    key=st.integers(1, 10**9).map(str),
    title=_TITLES,
    authors=st.lists(_NAMES, max_size=12).map(tuple),
    published=st.none() | st.dates(min_value=date(1000, 1, 1)),
    doi=st.none() | st.integers(1, 10**6).map(lambda number: f"10.5555/n{number}"),
    citations=st.none() | st.integers(0, 10**6),
)


@given(st.lists(_WORKS, max_size=8, unique_by=lambda work: work.key), st.integers(1, 4))
def test_whatever_an_author_shows_is_read(works: list[Work], most_per_page: int) -> None:
    site = InspireSite([replace(_ADA, works=tuple(works))], most_per_page=most_per_page)
    reading = INSPIRE.parse(asked_in_process(INSPIRE, site, _PATH), OBSERVED_ON)
    assert {
        (
            paper.source_id,
            paper.title,
            paper.authors,
            paper.authors_complete,
            paper.published,
            paper.doi,
            paper.citations,
        )
        for paper in reading.papers
    } == {
        (
            work.key,
            work.title,
            work.authors if len(work.authors) <= 10 else work.authors[:1],
            0 < len(work.authors) <= 10,
            Published(*work.published.timetuple()[:3]) if work.published else None,
            work.doi,
            work.citations,
        )
        for work in works
    }
    assert reading.complete


def test_it_keeps_what_every_source_promises() -> None:
    page = asked_in_process(INSPIRE, InspireSite([_ADA]), _PATH)
    assert violations(INSPIRE, page, observed_on=OBSERVED_ON, url=BASE + _PATH, tries=300) == []
