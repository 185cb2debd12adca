"""OpenReview: which URLs are profiles, what is asked for, and what the answers read as."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.bundle import answers_of, bundle
from scrapers.conformance import violations
from scrapers.parse_error import ParseError
from scrapers.source import SourceOptions
from scrapers.sources.openreview import OPENREVIEW
from tests.imitations.openreview import OpenReviewSite, note
from tests.imitations.scholars import Scholar, Work
from tests.scrapers.sources.in_process import BASE, asked_in_process
from tests.scrapers.sources.whole_way import OBSERVED_ON, ask, read_through
from tracking.check import Failure, Outcome, Page
from tracking.reading import PaperReading, ProfileReading, Published

_ID = "~Ada_Example1"
_PATH = f"/profile?id={_ID}"
_WAVES = Work(
    key="o2pnEi65bX",
    title="Waves in $H_2O$ &amp; Ice",
    published=date(2026, 5, 3),
    arxiv_id="2605.01234",
    abstract="We look at waves.",
    venue="ICLR 2026 poster",
)
#: The day that the imitation gives for every note.
_ENTERED = Published(2023, 11, 14)
_ADA = Scholar(
    key=_ID,
    name="Ada Maria Example",
    works=(
        Work(key="B1", title="Copied Ice", authors=("Ben Example",), year=2019, doi="10.48550/arXiv.1901.00001"),
        Work(key="U1", title="Undated", authors=(), venue="Submitted to ICLR 2027"),
        _WAVES,
    ),
)
_READ = ProfileReading(
    source="openreview",
    name="Ada Maria Example",
    metrics={"papers": 3},
    papers=(
        PaperReading(
            title="Copied Ice",
            authors=("Ben Example",),
            published=Published(2019),
            arxiv_id="1901.00001",
            doi="10.48550/arxiv.1901.00001",
            source_id="B1",
            url="https://openreview.net/forum?id=B1",
        ),
        PaperReading(
            title="Undated",
            authors_complete=False,
            category="Submitted to ICLR 2027",
            published=_ENTERED,
            source_id="U1",
            url="https://openreview.net/forum?id=U1",
        ),
        PaperReading(
            title="Waves in $H_2O$ & Ice",
            authors=("Ada Example", "Ben Example"),
            category="ICLR 2026 poster",
            published=Published(2026, 5, 3),
            abstract="We look at waves.",
            arxiv_id="2605.01234",
            source_id="o2pnEi65bX",
            url="https://openreview.net/forum?id=o2pnEi65bX",
        ),
    ),
    complete=True,
)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://openreview.net/profile?id=~Ada_Example1", _ID),
        ("https://www.openreview.net/profile/?id=%7EAda_Example1&referrer=%5Bthe%20x%5D#papers", _ID),
        ("https://api2.openreview.net/profiles?id=~Ada_Example1", _ID),
        ("https://api2.openreview.net/notes?content.authorids=~Ada_Example1&limit=1000", _ID),
        ("https://openreview.net/profile?id=~Dani%C3%ABl_M%C3%BCller-Li12", "~Daniël_Müller-Li12"),
        ("http://127.0.0.1:8099/profile?id=~Ada_Example1", _ID),
    ],
    ids=["human", "escaped", "api", "notes", "letters", "imitation"],
)
def test_a_profile_has_one_key_whatever_the_url(url: str, key: str) -> None:
    assert OPENREVIEW.profile_key(url) == key


@pytest.mark.parametrize(
    "url",
    [
        "https://openreview.net/",
        "https://openreview.net/forum?id=o2pnEi65bX",
        "https://openreview.net/group?id=ICLR.cc/2026/Conference",
        "https://openreview.net/profile?email=ada@example.org",
        "https://openreview.net/profile",
        "https://openreview.net/search?term=ada",
    ],
    ids=["start", "paper", "venue", "email", "own", "search"],
)
def test_what_is_no_profile_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ValueError, match=r"a profile is at https://openreview\.net/profile\?id="):
        OPENREVIEW.profile_key(url)


def test_a_profile_reads_as_shown() -> None:
    with OpenReviewSite([_ADA]) as site:
        assert read_through(OPENREVIEW, site.url + _PATH) == _READ
        assert [question.path for question in site.requests] == ["/profiles", "/notes"]


def test_a_site_that_challenges_programs_blocks_and_a_token_opens_it() -> None:
    with OpenReviewSite([_ADA], asks_for_token=True) as site:
        failure = ask(OPENREVIEW, site.url + _PATH)
        assert isinstance(failure, Failure)
        assert failure.outcome is Outcome.BLOCKED
        page = ask(OPENREVIEW, site.url + _PATH, SourceOptions(api_key="a-token"))
        assert isinstance(page, Page)
        assert OPENREVIEW.parse(page, OBSERVED_ON) == _READ
        assert all("a-token" not in str(question.query) for question in site.requests)


def _many(count: int) -> Scholar:
    works = tuple(Work(key=f"K{1000 + n}", title=f"Work Number {n}", venue="TMLR") for n in range(count))
    return replace(_ADA, works=works)


@pytest.mark.parametrize("counts", [True, False], ids=["counted", "not counted"])
@pytest.mark.parametrize(("count", "offsets"), [(250, ["0"]), (251, ["0", "250"]), (600, ["0", "250", "500"])])
def test_a_long_list_is_asked_for_page_by_page(counts: bool, count: int, offsets: list[str]) -> None:
    with OpenReviewSite([_many(count)], counts=counts) as site:
        reading = read_through(OPENREVIEW, site.url + _PATH)
        asked = [question.query["offset"] for question in site.requests[1:]]
    # Who is not told the count asks once more after a full page.
    assert asked == offsets if counts or count != 250 else asked == ["0", "250"]
    assert (len(reading.papers), reading.complete) == (count, True)


def test_a_list_beyond_all_requests_is_incomplete() -> None:
    site = OpenReviewSite([_many(40)], most_per_page=1)
    reading = OPENREVIEW.parse(asked_in_process(OPENREVIEW, site, _PATH), OBSERVED_ON)
    assert (len(reading.papers), reading.complete, reading.metrics) == (29, False, {})


def test_a_count_that_is_larger_than_the_list_ends_with_an_empty_page() -> None:
    answers = answers_of(asked_in_process(OPENREVIEW, OpenReviewSite([_ADA]), _PATH))
    notes = json.loads(answers[1].body) | {"count": 9}
    page = bundle([answers[0], _answer(notes), _answer({"notes": []})])
    assert violations(OPENREVIEW, page, observed_on=OBSERVED_ON, url=BASE + _PATH, tries=0) == []
    assert OPENREVIEW.parse(page, OBSERVED_ON) == replace(_READ, complete=False, metrics={})


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, Outcome.GONE), (429, Outcome.THROTTLED), (500, Outcome.UNREACHABLE)],
)
def test_an_error_is_an_error(status: int, outcome: Outcome) -> None:
    with OpenReviewSite([_ADA]) as site:
        site.fails(status, headers={"Retry-After": "30"})
        failure = ask(OPENREVIEW, site.url + _PATH)
    assert isinstance(failure, Failure)
    assert (failure.outcome, failure.retry_after_seconds) == (outcome, 30.0)


def test_a_profile_that_is_not_there_is_gone() -> None:
    with OpenReviewSite() as site:
        failure = ask(OPENREVIEW, site.url + _PATH)
    assert isinstance(failure, Failure)
    assert failure.outcome is Outcome.GONE


def _answer(document: object) -> Page:
    body = json.dumps(document).encode()
    return Page(url=f"{BASE}/notes", status=200, headers={"content-type": "application/json"}, body=body)


def _replaced(number: int, document: object) -> Page:
    answers = list(answers_of(asked_in_process(OPENREVIEW, OpenReviewSite([_ADA]), _PATH)))
    answers[number] = _answer(document)
    return bundle(answers)


def _reading_of(*notes: dict[str, Any]) -> ProfileReading:
    return OPENREVIEW.parse(_replaced(1, {"notes": list(notes), "count": len(notes)}), OBSERVED_ON)


def _content(**fields: Any) -> dict[str, Any]:
    return {"id": "S", "content": {"title": {"value": "Sparse"}, **{name: {"value": v} for name, v in fields.items()}}}


def _at(year: int, month: int, day: int, hour: int = 0) -> int:
    return round(datetime(year, month, day, hour, tzinfo=UTC).timestamp() * 1000)


_URL = "https://openreview.net/forum?id=S"
_SPARSE = PaperReading(title="Sparse", authors_complete=False, source_id="S", url=_URL)
_DBLP = {"invitations": ["DBLP.org/-/Record"]}


@pytest.mark.parametrize(
    ("said", "paper"),
    [
        (_content(), _SPARSE),
        ({"id": "S", "content": {"title": "Sparse", "authors": ["A. Bare"]}},
         replace(_SPARSE, authors=("A. Bare",), authors_complete=True)),
        (_content(authors=[{"fullname": "Ada Example", "username": "~Ada_Example1"}, {"fullname": "Ben"}]),
         replace(_SPARSE, authors=("Ada Example", "Ben"), authors_complete=True)),
        (_content(authors=["Jian Sun*", "Wei Wang0001", "123"]),
         replace(_SPARSE, authors=("Jian Sun", "Wei Wang", "123"), authors_complete=True)),
        (_content(pdf="http://arxiv.org/pdf/2501.06425v3"), replace(_SPARSE, arxiv_id="2501.06425", version=3)),
        (_content(html="https://doi.org/10.5555/A"), replace(_SPARSE, doi="10.5555/a")),
        (_content(pdf={"nested": 1}), _SPARSE),
        (_content() | {"externalIds": ["dblp:conf/x/Y26", "DOI:10.5555/B", "arxiv:2501.00001v2"]},
         replace(_SPARSE, doi="10.5555/b", arxiv_id="2501.00001", version=2)),
        (_content() | {"cdate": _at(2025, 9, 1, 8), "odate": _at(2025, 10, 2, 8), "pdate": _at(2025, 9, 18, 8)},
         replace(_SPARSE, published=Published(2025, 10, 2))),
        (_content() | _DBLP | {"odate": _at(2026, 4, 2, 8), "pdate": _at(2015, 3, 4)},
         replace(_SPARSE, published=Published(2015, 3, 4))),
        (_content() | _DBLP | {"cdate": _at(2020, 12, 31)}, replace(_SPARSE, published=Published(2020))),
        (_content() | {"tcdate": _at(2024, 1, 1, 12)}, replace(_SPARSE, published=Published(2024, 1, 1))),
        (_content() | {"forum": "S", "readers": ["everyone"]}, _SPARSE),
    ],
    ids=["sparse", "bare", "records of authors", "marks", "arxiv link", "doi link", "no link", "external ids",
         "public since", "copied", "last day", "true date", "forum"],
)  # fmt: skip
def test_oddities_of_notes(said: dict[str, Any], paper: PaperReading) -> None:
    assert _reading_of(said).papers == (paper,)


@pytest.mark.parametrize(
    "said",
    [
        {"forum": "another"},
        {"ddate": 1_700_000_000_000},
        {"readers": ["ICLR.cc/2027/Conference", "~Ada_Example1"]},
    ],
    ids=["reply", "deleted", "not public"],
)
def test_what_is_no_public_paper_is_passed_over(said: dict[str, Any]) -> None:
    reading = _reading_of(_content() | said)
    assert (reading.papers, reading.warnings, reading.complete) == ((), (), True)


def test_papers_without_a_title_are_left_out_with_a_warning() -> None:
    reading = _reading_of(_content(), {"id": "T", "content": {"title": {"value": " "}}})
    assert reading.papers == (_SPARSE,)
    assert reading.warnings == ("1 paper without a title is left out.",)


def test_more_notes_than_the_count_is_a_warning() -> None:
    reading = OPENREVIEW.parse(_replaced(1, {"notes": [_content()], "count": 0}), OBSERVED_ON)
    assert reading.warnings == ("The list changed while it was read: it names 0 notes and showed 1.",)


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([{"first": "Ada", "middle": "M.", "last": "Example"}], "Ada M. Example"),
        ([{"fullname": "Old"}, {"fullname": "Ada Example", "preferred": True}], "Ada Example"),
    ],
    ids=["parts", "preferred"],
)
def test_names(names: list[dict[str, Any]], shown: str) -> None:
    page = _replaced(0, {"profiles": [{"id": _ID, "content": {"names": names}}]})
    assert OPENREVIEW.parse(page, OBSERVED_ON).name == shown


@pytest.mark.parametrize(
    ("number", "document", "says"),
    [
        (0, {"name": "ProfileNotFoundError", "message": "Profile not found", "status": 404}, "is not a list"),
        (0, {"profiles": []}, "0 profiles instead of one"),
        (0, {"profiles": [{"id": _ID, "content": {"names": []}}]}, "a list with a name"),
        (0, {"profiles": [{"id": _ID, "content": {"names": [{"username": _ID}]}}]}, "fullname: is not text"),
        (1, {"name": "RateLimitError", "message": "Too many requests"}, "notes: is not a list"),
        (1, {"notes": [_content(authors="Ada, Ben")]}, "authors.value: is not a list"),
        (1, {"notes": [_content() | {"pdate": 1e300}]}, "pdate: is not a time in milliseconds"),
        (1, {"notes": [{"content": {"title": {"value": "T"}}, "forum": "x"}]}, "id: is not text"),
    ],
    ids=["error as profile", "none", "no names", "no name", "error as notes", "authors", "time", "no id"],
)
def test_what_is_no_answer_is_never_a_reading(number: int, document: object, says: str) -> None:
    with pytest.raises(ParseError, match=says):
        OPENREVIEW.parse(_replaced(number, document), OBSERVED_ON)


def test_a_profile_alone_is_none() -> None:
    page = answers_of(asked_in_process(OPENREVIEW, OpenReviewSite([_ADA]), _PATH))[0]
    with pytest.raises(ParseError, match="the notes are not there"):
        OPENREVIEW.parse(page, OBSERVED_ON)


_TITLES = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="<>&\u00ad"), min_size=1)
_WORKS = st.builds(
    Work,
    key=st.text("abcXYZ0189_-", min_size=1),
    title=_TITLES,
    authors=st.lists(st.sampled_from(["Ada Example", "Wei Li"]), max_size=3).map(tuple),
    published=st.none() | st.dates(min_value=date(1970, 1, 2)),
    venue=st.none() | st.sampled_from(["ICLR 2026 poster", "Submitted to TMLR"]),
    arxiv_id=st.none() | st.integers(0, 99999).map(lambda number: f"2401.{number:05d}"),
)


@given(st.lists(_WORKS, max_size=8, unique_by=lambda work: work.key), st.integers(1, 4))
def test_whatever_a_profile_shows_is_read(works: list[Work], most_per_page: int) -> None:
    site = OpenReviewSite([replace(_ADA, works=tuple(works))], most_per_page=most_per_page)
    reading = OPENREVIEW.parse(asked_in_process(OPENREVIEW, site, _PATH), OBSERVED_ON)
    assert {
        (paper.source_id, paper.title, paper.authors, paper.published, paper.category, paper.arxiv_id)
        for paper in reading.papers
    } == {
        (
            work.key,
            work.title,
            work.authors,
            Published(*work.published.timetuple()[:3]) if work.published else _ENTERED if work.venue else None,
            work.venue,
            work.arxiv_id,
        )
        for work in works
    }
    assert reading.complete


def test_it_keeps_what_every_source_promises() -> None:
    page = asked_in_process(OPENREVIEW, OpenReviewSite([_ADA]), _PATH)
    assert violations(OPENREVIEW, page, observed_on=OBSERVED_ON, url=BASE + _PATH, tries=300) == []


@pytest.mark.filterwarnings("default")
def test_the_published_client_reads_the_same_at_the_imitation() -> None:
    client_module = pytest.importorskip("openreview", reason="openreview-py is not installed")
    reply = note(replace(_WAVES, key="reply")) | {"forum": _WAVES.key}
    with OpenReviewSite([_many(3)], replies=[reply], most_per_page=2) as site:
        client = client_module.api.OpenReviewClient(baseurl=site.url)
        assert client.get_profile(_ID).content["names"][1]["fullname"] == "Ada Maria Example"
        notes = client.get_all_notes(content={"authorids": _ID})
        reading = read_through(OPENREVIEW, site.url + _PATH)
    assert [(one.id, one.content["title"]["value"]) for one in notes if one.forum == one.id] == [
        (paper.source_id, paper.title) for paper in reading.papers
    ]
