"""ORCID: which URLs are records, what is asked for, and what the answers read as."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.conformance import violations
from scrapers.parse import parse_page, saved_page
from scrapers.parse_error import ParseError
from scrapers.source import SourceOptions
from scrapers.sources.orcid import ORCID
from tests.effort import seconds_of
from tests.imitations.orcid import OrcidSite, put_code, works_document
from tests.imitations.scholars import Scholar, Work
from tests.scrapers.real_pages import PAGES, needs_real_pages
from tests.scrapers.sources.in_process import asked_in_process
from tests.scrapers.sources.whole_way import OBSERVED_ON, ask, read_through
from tracking.check import Failure, Outcome, Page
from tracking.reading import PaperReading, ProfileReading, Published

_ID = "0000-0002-1825-0097"
_OTHER = "0000-0001-5109-3700"
_PATH = f"/{_ID}"
_ADA = Scholar(
    key=_ID,
    name="Ada Maria Example",
    works=(
        Work(
            key="waves",
            title="Waves in H<sub>2</sub>O &amp; Ice",
            published=date(2026, 5, 3),
            doi="10.5555/Waves.1",
            arxiv_id="2605.01234",
            version=2,
        ),
        Work(key="ice", title="Old Ice", year=2019, doi="10.48550/arXiv.1901.00001"),
        Work(key="undated", title="Undated"),
    ),
)
_READ = ProfileReading(
    source="orcid",
    name="Ada Maria Example",
    metrics={"papers": 3},
    papers=(
        PaperReading(
            title="Waves in H2O & Ice",
            authors_complete=False,
            category="journal-article",
            published=Published(2026, 5, 3),
            arxiv_id="2605.01234",
            version=2,
            doi="10.5555/waves.1",
            source_id=str(put_code(_ADA.works[0])),
            url="https://doi.org/10.5555/waves.1",
        ),
        PaperReading(
            title="Old Ice",
            authors_complete=False,
            category="journal-article",
            published=Published(2019),
            arxiv_id="1901.00001",
            doi="10.48550/arxiv.1901.00001",
            source_id=str(put_code(_ADA.works[1])),
            url="https://doi.org/10.48550/arxiv.1901.00001",
        ),
        PaperReading(
            title="Undated",
            authors_complete=False,
            category="journal-article",
            source_id=str(put_code(_ADA.works[2])),
        ),
    ),
    complete=True,
)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://orcid.org/0000-0002-1825-0097", _ID),
        ("http://www.orcid.org/0000-0002-1825-0097/", _ID),
        ("https://orcid.org/0000-0002-1825-0097?lang=de#works", _ID),
        ("https://orcid.org/0000-0002-9079-593x", "0000-0002-9079-593X"),
        ("https://pub.orcid.org/v3.0/0000-0002-1825-0097", _ID),
        ("https://pub.orcid.org/v3.0/0000-0002-1825-0097/record", _ID),
        ("https://pub.orcid.org/v2.1/0000-0002-1825-0097/works/", _ID),
        ("https://pub.orcid.org/v3.0_rc1/0000-0002-1825-0097/person", _ID),
        ("https://orcid.org/my-orcid?orcid=0000-0002-1825-0097", _ID),
        ("http://127.0.0.1:8099/0000-0002-1825-0097", _ID),
    ],
    ids=["human", "slash", "query", "small x", "api", "record", "works", "candidate", "own", "imitation"],
)
def test_a_record_has_one_key_whatever_the_url(url: str, key: str) -> None:
    assert ORCID.profile_key(url) == key


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://orcid.org/", "no ORCID iD in this URL"),
        ("https://orcid.org/orcid-search/search?searchQuery=ada", "no ORCID iD in this URL"),
        ("https://orcid.org/0000-0002-1825", "no ORCID iD in this URL"),
        ("https://pub.orcid.org/v3.0/0000-0002-1825-0097/work/123", "no ORCID iD in this URL"),
        ("https://orcid.org/0000-0002-1825-0079", "its last digit does not fit the others"),
        ("https://orcid.org/my-orcid?orcid=0000-0002-1825-0079", "its last digit does not fit the others"),
    ],
    ids=["start", "search", "short", "work", "mistyped", "own mistyped"],
)
def test_what_is_no_record_is_refused(url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        ORCID.profile_key(url)


def test_a_record_reads_as_shown() -> None:
    with OrcidSite([_ADA]) as site:
        assert read_through(ORCID, site.url + _PATH) == _READ
        assert [question.path for question in site.requests] == [f"/v3.0/{_ID}/person", f"/v3.0/{_ID}/works"]


def test_the_interface_of_a_public_profile_is_elsewhere() -> None:
    assert ORCID.base_of(f"https://orcid.org/{_ID}") == "https://pub.orcid.org"


def test_a_token_stands_in_a_header_only() -> None:
    with OrcidSite([_ADA]) as site:
        page = ask(ORCID, site.url + _PATH, SourceOptions(api_key="s3cret"))
        assert isinstance(page, Page)
        assert b"s3cret" not in page.body
        assert [question.headers["authorization"] for question in site.requests] == ["Bearer s3cret"] * 2


def test_a_private_name_is_the_id_with_a_warning() -> None:
    with OrcidSite([_ADA], private_names=[_ID]) as site:
        reading = read_through(ORCID, site.url + _PATH)
    warning = "The name is not public: the iD stands in its place."
    assert reading == replace(_READ, name=_ID, warnings=(warning,))


@pytest.mark.parametrize(
    ("site", "outcome", "says"),
    [
        (OrcidSite(), Outcome.GONE, "404"),
        (OrcidSite([_ADA], deactivated=[_ID]), Outcome.UNREACHABLE, "409"),
        (
            OrcidSite([replace(_ADA, key=_OTHER)], merged={_ID: _OTHER}),
            Outcome.PARSE_FAILED,
            f"merged into another: follow https://orcid.org/{_OTHER}",
        ),
    ],
    ids=["unknown", "deactivated", "merged"],
)
def test_a_record_that_is_not_there(site: OrcidSite, outcome: Outcome, says: str) -> None:
    with site:
        failure = ask(ORCID, site.url + _PATH)
    assert isinstance(failure, Failure)
    assert (failure.outcome, says in failure.detail) == (outcome, True)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(429, Outcome.THROTTLED), (503, Outcome.THROTTLED), (500, Outcome.UNREACHABLE)],
)
def test_an_error_is_an_error(status: int, outcome: Outcome) -> None:
    with OrcidSite([_ADA]) as site:
        site.fails(status, headers={"Retry-After": "30"})
        failure = ask(ORCID, site.url + _PATH)
    assert isinstance(failure, Failure)
    assert (failure.outcome, failure.retry_after_seconds) == (outcome, 30.0)


def _page(document: object, content_type: str = "application/json") -> Page:
    body = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    return Page(url=f"https://pub.orcid.org/v3.0/{_ID}", status=200, headers={"content-type": content_type}, body=body)


def _record(**said: Any) -> dict[str, Any]:
    """A whole record; ``said`` are its person, its works."""
    works = said.get("works", {"group": []})
    person = said.get("person", {"name": {"given-names": {"value": "Ada"}, "family-name": None, "credit-name": None}})
    return {"orcid-identifier": {"path": _ID}, "person": person, "activities-summary": {"works": works}}


def _works(*summaries: dict[str, Any]) -> dict[str, Any]:
    return {"group": [{"work-summary": list(summaries)}]}


_SPARSE = {"put-code": 7, "title": {"title": {"value": "Sparse"}}}


def _said(**said: Any) -> PaperReading:
    return replace(PaperReading(title="Sparse", authors_complete=False, source_id="7"), **said)


def _id(kind: str, value: str, relation: str | None = "self") -> dict[str, Any]:
    return {"external-id-type": kind, "external-id-value": value, "external-id-relationship": relation}


def _date(year: str | None, month: str | None = None, day: str | None = None) -> dict[str, Any]:
    parts = {"year": year, "month": month, "day": day}
    return {name: None if value is None else {"value": value} for name, value in parts.items()}


@pytest.mark.parametrize(
    ("summary", "paper"),
    [
        ({}, _said()),
        ({"publication-date": _date("2015", "02", "30")}, _said(published=Published(2015, 2))),
        ({"publication-date": _date("2015", "13", "01")}, _said(published=Published(2015))),
        ({"publication-date": _date("2015", None, "01")}, _said(published=Published(2015))),
        ({"publication-date": _date("in press")}, _said()),
        ({"publication-date": _date("0000")}, _said()),
        ({"publication-date": {"year": None, "month": None, "day": None}}, _said()),
        ({"type": "JOURNAL_ARTICLE"}, _said(category="journal-article")),
        ({"url": {"value": "https://example.org/p"}}, _said(url="https://example.org/p")),
        ({"url": {"value": "see the journal"}}, _said()),
        ({"external-ids": {"external-id": [_id("DOI", "https://doi.org/10.5555/A")]}},
         _said(doi="10.5555/a", url="https://doi.org/10.5555/a")),
        ({"external-ids": {"external-id": [_id("doi", "10.5555/journal", "part-of")]}}, _said()),
        ({"external-ids": {"external-id": [_id("doi", "10.5555/x", None)]}}, _said()),
        ({"external-ids": {"external-id": [_id("doi", "none yet")]}}, _said()),
        ({"external-ids": {"external-id": [_id("arxiv", "https://arxiv.org/abs/math/0309136v1")]}},
         _said(arxiv_id="math/0309136", version=1, url="https://arxiv.org/abs/math/0309136")),
        ({"external-ids": {"external-id": [_id("doi", "10.48550/arXiv.2006.13365"), _id("doi", "10.5555/b")]}},
         _said(doi="10.5555/b", arxiv_id="2006.13365", url="https://doi.org/10.5555/b")),
        ({"external-ids": None}, _said()),
    ],
    ids=["sparse", "no such day", "no such month", "day alone", "words", "year zero", "nulls", "old kind", "url",
         "no url", "doi as url", "of the journal", "no relation", "no doi", "arxiv url", "preprint first", "no ids"],
)  # fmt: skip
def test_oddities_of_works(summary: dict[str, Any], paper: PaperReading) -> None:
    reading = ORCID.parse(_page(_record(works=_works(_SPARSE | summary))), OBSERVED_ON)
    assert reading.papers == (paper,)


def test_of_a_group_the_preferred_summary_is_shown_and_the_oldest_code_kept() -> None:
    works = _works(
        {"put-code": 9, "display-index": "0", "title": {"title": {"value": "By a machine"}}},
        {"put-code": 11, "display-index": "3", "title": {"title": {"value": "By the owner"}}},
        {"put-code": 10, "display-index": -1, "title": {"title": {"value": "Older"}}},
    )
    (paper,) = ORCID.parse(_page(_record(works=works)), OBSERVED_ON).papers
    assert (paper.title, paper.source_id) == ("By the owner", "9")


def test_works_without_a_title_are_left_out_with_a_warning() -> None:
    works = {"group": [{"work-summary": [{"put-code": 1, "title": None}]}, {"work-summary": []}]}
    reading = ORCID.parse(_page(_record(works=works)), OBSERVED_ON)
    assert reading.papers == ()
    assert reading.metrics == {"papers": 2}
    assert reading.warnings == ("2 papers without a title are left out.",)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ({"given-names": {"value": "Ada"}, "family-name": {"value": "Example"}, "credit-name": None}, "Ada Example"),
        ({"given-names": {"value": "Ada"}, "family-name": None, "credit-name": {"value": "A. Example"}}, "A. Example"),
        ({"given-names": {"value": "Ada"}, "family-name": None, "credit-name": None}, "Ada"),
        (None, _ID),
    ],
    ids=["both", "credit name", "given name alone", "private"],
)
def test_names(name: dict[str, Any] | None, shown: str) -> None:
    assert ORCID.parse(_page(_record(person={"name": name})), OBSERVED_ON).name == shown


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"response-code": 404, "developer-message": "not found", "error-code": 9016}, "neither a person nor works"),
        ({"name": None, "path": f"/{_ID}/person"}, "the works are not there"),
        (_record(works=None), "groups of works"),
        (_record(works={"group": {}}), "is not a list"),
        (_record(works=_works({"title": {"title": {"value": "No code"}}})), "put-code: is not a number"),
        (_record(works=_works(_SPARSE | {"display-index": "first"})), "display-index: is not a whole number"),
        (_record(person={"name": {"given-names": {"value": "Given Names Deactivated"}}}), "deactivated by its owner"),
        ({**_record(), "orcid-identifier": {"path": "Asfaf"}}, "is not the path of a record"),
        ("<html><body>Sign in</body></html>", "is not the works of a record"),
        ("<works path='/x'", "not XML"),
        ("<works path='/x/works'/>", "is not the path of a record"),
        (f"<works path='/{_ID}/works'><group><work-summary/></group></works>", "a work has no put-code"),
        (f"<works path='/{_ID}/works'><group><work-summary put-code='1' display-index='a'/></group></works>",
         "a display index is not a number"),
        (f"<works path='/{_ID}/works'><group>{'<work-summary/>' * 10_001}</group></works>", "more than 10000 works"),
        ("[]", "neither a person nor works"),
        ("", "not JSON"),
    ],
    ids=["error", "no works", "null works", "groups", "no code", "index", "deactivated", "no iD", "html", "cut xml",
         "xml iD", "xml code", "xml index", "xml many", "list", "empty"],
)  # fmt: skip
def test_what_is_no_record_is_never_a_reading(document: object, says: str) -> None:
    with pytest.raises(ParseError, match=says):
        ORCID.parse(_page(document), OBSERVED_ON)


def test_works_alone_are_read_as_json_and_as_xml() -> None:
    xml = f"""<?xml version="1.0"?><!-- made up -->
      <a:works xmlns:a="urn:activities" xmlns:w="urn:work" xmlns:c="urn:common" path="/{_ID}/works"><!-- one -->
      <a:group><w:work-summary put-code="7" display-index="1"><w:title><c:title>Sparse</c:title></w:title>
      <c:external-ids><c:external-id><c:external-id-type>doi</c:external-id-type>
      <c:external-id-value>10.5555/A</c:external-id-value>
      <c:external-id-relationship>self</c:external-id-relationship></c:external-id>
      <c:external-id><c:external-id-type>doi</c:external-id-type></c:external-id></c:external-ids>
      <w:type>preprint</w:type><c:publication-date><c:year>2024</c:year></c:publication-date>
      </w:work-summary></a:group></a:works>"""
    said = {
        "type": "preprint",
        "publication-date": _date("2024"),
        "external-ids": {"external-id": [_id("doi", "10.5555/a")]},
    }
    works = _works(_SPARSE | said) | {"path": f"/{_ID}/works"}
    reading = ORCID.parse(_page(xml, "application/xml"), OBSERVED_ON)
    assert reading == ORCID.parse(_page(works), OBSERVED_ON)
    assert reading.papers == (
        _said(doi="10.5555/a", category="preprint", published=Published(2024), url="https://doi.org/10.5555/a"),
    )


@needs_real_pages
def test_the_real_minimal_record() -> None:
    page = saved_page(PAGES / "orcid" / "fatcat_0000-0001-8254-7103.json")
    reading = ORCID.parse(page, OBSERVED_ON)
    assert reading == ProfileReading(source="orcid", name="Man-Hui Li", metrics={"papers": 0}, complete=True)


@needs_real_pages
def test_the_official_sample_of_works() -> None:
    reading = ORCID.parse(saved_page(PAGES / "orcid" / "orcidmodel_works-3.0.xml"), OBSERVED_ON)
    assert [(paper.title, paper.source_id, str(paper.published)) for paper in reading.papers] == [
        ("Work # 0", "3356", "2017-03-03"),
        ("Work # 1", "3357", "2017-02-02"),
        ("Work # 2", "3358", "2017-03-03"),
    ]
    # The DOI of the first is that of what it is a part of, and the arXiv id of the second is none.
    assert all(paper.doi is None and paper.arxiv_id is None for paper in reading.papers)


_TITLES = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="<>&\u00ad"), min_size=1)
_WORKS = st.builds(
    Work,
    key=st.uuids().map(str),
    title=_TITLES,
    published=st.none() | st.dates(min_value=date(1000, 1, 1)),
    doi=st.none() | st.integers(1, 10**6).map(lambda number: f"10.5555/n{number}"),
    arxiv_id=st.none()
    | st.integers(10**8, 10**9 - 1).map(lambda number: f"{number:09d}"[:4] + f".{number % 10**5:05d}"),
)


@given(st.lists(_WORKS, max_size=6, unique_by=put_code))
def test_whatever_a_record_shows_is_read(works: list[Work]) -> None:
    scholar = replace(_ADA, works=tuple(works))
    reading = ORCID.parse(asked_in_process(ORCID, OrcidSite([scholar]), _PATH), OBSERVED_ON)
    assert [(paper.title, paper.published, paper.doi, paper.arxiv_id, paper.source_id) for paper in reading.papers] == [
        (
            work.title,
            Published(*work.published.timetuple()[:3]) if work.published else None,
            work.doi,
            work.arxiv_id,
            str(put_code(work)),
        )
        for work in works
    ]
    assert reading.complete


def test_it_keeps_what_every_source_promises() -> None:
    page = asked_in_process(ORCID, OrcidSite([_ADA]), _PATH)
    url = f"http://imitation.test{_PATH}"
    assert violations(ORCID, page, observed_on=OBSERVED_ON, url=url, tries=300) == []


def test_a_record_of_5_mb_is_read_in_time() -> None:
    works = tuple(
        Work(key=f"w{number}", title=f"Work Number {number}", doi=f"10.5555/{number}") for number in range(2500)
    )
    page = _page(works_document(replace(_ADA, works=works)))
    assert 3_500_000 < len(page.body) < 5_000_000
    assert len(ORCID.parse(page, OBSERVED_ON).papers) == 2500
    # A second is what a page may take; tests may run under coverage, which doubles that.
    assert seconds_of(lambda: ORCID.parse(page, OBSERVED_ON), enough=2) < 2


def test_a_challenge_is_no_record() -> None:
    failure = parse_page("orcid", _page("<title>Just a moment...</title>", "text/html"), OBSERVED_ON)
    assert isinstance(failure, Failure)
    assert failure.outcome is Outcome.BLOCKED
