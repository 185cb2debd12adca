"""DBLP: which URLs are persons, and what their XML and their pages of several years read as."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.conformance import violations
from scrapers.parse import parse_page, saved_page
from scrapers.parse_error import ParseError
from scrapers.source import Asked, SourceOptions
from scrapers.sources.dblp import DBLP
from scrapers.sources.dblp.record import shown_name
from tests.imitations.dblp import DblpSite, person_page, person_page_of_2015, person_xml
from tests.imitations.scholars import Scholar, Work
from tests.laws import tried
from tests.scrapers.sources.whole_way import OBSERVED_ON, ask, read_through
from tracking.check import Failure, Outcome, Page
from tracking.reading import PaperReading, ProfileReading, Published

_FIXTURES = Path(__file__).parent / "dblp"
_ADA = Scholar(
    key="99/1234-2",
    name="Ada Example",
    works=(
        Work(
            key="A26", title="Waves in Ice & Steam", year=2026, arxiv_id="2605.01234", doi="10.48550/arXiv.2605.01234"
        ),
        Work(key="A25", title="Are Waves Wet?", year=2025, doi="10.5555/Wave.17", authors=("Zoë Other", "Ada Example")),
        Work(key="B25", title="Undated", authors=("Ada Example",)),
    ),
)


def _paper(
    key: str,
    title: str,
    year: int | None,
    kind: str,
    *,
    authors: tuple[str, ...] = ("Ada Example",),
    doi: str | None = None,
    arxiv_id: str | None = None,
) -> PaperReading:
    return PaperReading(
        title=title,
        authors=authors,
        category=kind,
        published=Published(year) if year else None,
        arxiv_id=arxiv_id,
        doi=doi,
        source_id=key,
        url=f"https://dblp.org/rec/{key}",
    )


_TODAY = ProfileReading(
    source="dblp",
    name="Ada Example",
    metrics={"papers": 7},
    complete=True,
    warnings=("1 of 8 records are volumes that the person has edited: they are not papers.",),
    papers=(
        _paper(
            "journals/corr/abs-2605-01234",
            "Waves in H2O: A Study of Ice & Steam",
            2026,
            "informal",
            authors=("Ada Example", "Jürgen Müller"),
            arxiv_id="2605.01234",
            doi="10.48550/arxiv.2605.01234",
        ),
        _paper(
            "conf/wave/ExampleM25",
            "Are Waves Wet?",
            2025,
            "inproceedings",
            authors=("Jürgen Müller", "Ada Example"),
            doi="10.5555/wave.17",
        ),
        _paper("data/11/Example25", "A Thousand Waves", 2025, "data", doi="10.5281/zenodo.1234567"),
        _paper("reference/oc/Example21", "Waves, and so on ...", 2021, "reference"),
        _paper(
            "journals/tow/Example20",
            "Waves et al.",
            2020,
            "article",
            doi="10.5555/3333333.4444444",
            arxiv_id="1912.00001",
        ),
        _paper("phd/xx/Example06", "On Waves", 2006, "book"),
        _paper("journals/corr/cs-DL-0501001", "A Very Old Wave", 2005, "informal", arxiv_id="cs/0501001"),
    ),
)
_OF_2016 = ProfileReading(
    source="dblp",
    name="Ada Example",
    metrics={"papers": 2},
    complete=True,
    papers=(
        _paper(
            "journals/tow/ExampleM16",
            "Waves – a Survey",
            2016,
            "article",
            authors=("Ada Example", "Jürgen Müller"),
            doi="10.5555/tow.16",
        ),
        _paper("journals/corr/Example15", "Waves!", 2015, "informal", arxiv_id="1503.01234"),
    ),
)


@pytest.fixture
def site() -> Iterator[DblpSite]:
    with DblpSite([_ADA]) as site:
        yield site


def _page(body: str) -> Page:
    return Page(url="https://dblp.org/pid/99/1234-2.xml", status=200, headers={}, body=body.encode())


def _fixture(name: str, *changes: tuple[str, str]) -> Page:
    """A fixture with some of its text changed; what is to be changed must be there."""
    text = (_FIXTURES / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return _page(text)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://dblp.org/pid/07/3228", "07/3228"),
        ("https://dblp.org/pid/07/3228.html?view=by-type#top", "07/3228"),
        ("http://dblp.dagstuhl.de/pid/95/7448-1.xml", "95/7448-1"),
        ("https://dblp.org/pid/h/GeoffreyEHinton/", "h/GeoffreyEHinton"),
        ("https://dblp.uni-trier.de/pers/hd/h/Hinton:Geoffrey_E=", "pers/h/Hinton:Geoffrey_E="),
        ("http://dblp.uni-trier.de/pers/hd/p/Poor:H=_Vincent?q=H.%24+Vincent", "pers/p/Poor:H=_Vincent"),
        ("https://dblp.org/pers/h/Hinton:Geoffrey_E=.html", "pers/h/Hinton:Geoffrey_E="),
        ("https://dblp.org/pers/xx/l/Liu_0004:Yang.xml", "pers/l/Liu_0004:Yang"),
        ("https://dblp.org/pers/tb0/l/Liu_0004%3AYang", "pers/l/Liu_0004:Yang"),
        ("http://dblp.uni-trier.de/db/indices/a-tree/h/Hinton:Geoffrey_E=.html", "pers/h/Hinton:Geoffrey_E="),
        ("http://127.0.0.1:81/pid/1/2.xml", "1/2"),
    ],
)
def test_persons_are_found_in_urls(url: str, key: str) -> None:
    assert DBLP.profile_key(url) == key


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("https://dblp.org/rec/conf/kdd/X23.html", "is a paper; a person's page of DBLP is like"),
        ("https://dblp.org/db/conf/kdd/kdd2023.html", "is a journal, a conference or a series"),
        ("https://dblp.org/search?q=Hinton", "is a search"),
        ("https://dblp.org/", "is no person"),
        ("https://dblp.org/pid/", "is no person"),
        ("http://[x", "URL"),
    ],
)
def test_what_is_no_person_is_refused_with_a_hint(url: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        DBLP.profile_key(url)


@pytest.mark.parametrize(
    ("profile", "asked"),
    [
        ("https://dblp.uni-trier.de/pid/07/3228.html", "https://dblp.org/pid/07/3228.xml"),
        ("https://dblp.org/pers/hd/l/Liu_0004%3AYang", "https://dblp.org/pers/xx/l/Liu_0004:Yang"),
        ("http://127.0.0.1:81/pid/1/2", "http://127.0.0.1:81/pid/1/2.xml"),
    ],
)
def test_where_is_asked(profile: str, asked: str) -> None:
    request = DBLP.next_request(Asked(profile_url=profile, base=DBLP.base_of(profile), options=SourceOptions()))
    assert request is not None
    assert request.url == asked


@pytest.mark.parametrize(
    ("name", "reading"), [("today.xml", _TODAY), ("today.html", _TODAY), ("of_2016.html", _OF_2016)]
)
def test_xml_and_pages_of_several_years(name: str, reading: ProfileReading) -> None:
    assert DBLP.parse(saved_page(_FIXTURES / name), OBSERVED_ON) == reading


@pytest.mark.parametrize("path", ["/pid/99/1234-2", "/pid/99/1234-2.html", "/pers/hd/e/Example:Ada"])
def test_a_person_the_whole_way(site: DblpSite, path: str) -> None:
    reading = read_through(DBLP, site.url + path)
    assert [request.path for request in site.requests] == [
        "/pers/xx/e/Example:Ada" if "pers" in path else "/pid/99/1234-2.xml"
    ]
    assert reading == ProfileReading(
        source="dblp",
        name="Ada Example",
        metrics={"papers": 3},
        complete=True,
        papers=(
            _paper(
                "journals/corr/abs-2605-01234",
                "Waves in Ice & Steam",
                2026,
                "informal",
                authors=("Ada Example", "Ben Example"),
                arxiv_id="2605.01234",
                doi="10.48550/arxiv.2605.01234",
            ),
            _paper(
                "conf/made/A25",
                "Are Waves Wet?",
                2025,
                "inproceedings",
                authors=("Zoë Other", "Ada Example"),
                doi="10.5555/wave.17",
            ),
            _paper("conf/made/B25", "Undated", None, "inproceedings"),
        ),
    )


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (404, {}, Outcome.GONE),
        (410, {}, Outcome.GONE),
        (429, {"Retry-After": "30"}, Outcome.THROTTLED),
        (500, {}, Outcome.UNREACHABLE),
    ],
)
def test_errors_are_outcomes(site: DblpSite, status: int, headers: dict[str, str], outcome: Outcome) -> None:
    site.fails(status, headers=headers)
    answer = ask(DBLP, f"{site.url}/pid/99/1234-2")
    assert isinstance(answer, Failure)
    assert answer.outcome is outcome
    assert answer.retry_after_seconds == (30 if headers else None)


def test_a_person_who_is_not_there_is_gone(site: DblpSite) -> None:
    answer = ask(DBLP, f"{site.url}/pid/1/1")
    assert isinstance(answer, Failure)
    assert answer.outcome is Outcome.GONE


_HTML = "<html><head><title>{title}</title></head><body>{body}</body></html>"
_CUT_AT = '<div id="coauthor-section"'


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (
            _fixture("today.xml", ('<person key="homepages/99/1234-2"', '<person publtype="disambiguation" key="x"')),
            "name: several people have this name",
        ),
        (_fixture("today.xml", ('n="8"', 'n="7"')), "papers: 7 records are named and 8 shown"),
        (_fixture("today.xml", ('n="8"', 'n="some"')), "papers: no count of records: 'some'"),
        (_fixture("today.xml", ("<title>On Waves.</title>", "")), "papers, record 7, phd/xx/Example06: no title"),
        (_fixture("today.xml", ("<title>On Waves.</title>", "<title>.</title>")), "phd/xx/Example06: no title"),
        (_fixture("today.xml", ("<year>2006</year>", "<year>20x6</year>")), "phd/xx/Example06: no year: '20x6'"),
        (_fixture("today.xml", (' key="phd/xx/Example06"', "")), "papers, record 7: no key"),
        (_fixture("today.xml", ("</phdthesis>", "</phdthesis><article/>")), "record 7: 2 records in the place of one"),
        (
            _fixture("today.xml", ("<editor ", "<x "), ("</editor>", "</x>")),
            "record 4, conf/wave/2024: neither author nor editor",
        ),
        (_fixture("today.xml", ('name="Ada Example 0002"', 'name=""')), "name: not the XML of a person"),
        (_fixture("today.xml", ("</dblpperson>", "")), "page: not XML"),
        (_page('<dblpperson name="Ada Example"><dblpkey>conf/x/Y</dblpkey></dblpperson>'), "no records, and no count"),
        (_fixture("today.html", ("</html>", "")), "page: the page is cut"),
        (
            _fixture(
                "today.html",
                ('<div id="publ-section"', "<p>This is just a disambiguation page.</p><div id='publ-section'"),
            ),
            "name: several people have this name",
        ),
        (_fixture("today.html", ('class="this-person"', "")), "no person is marked"),
        (_fixture("today.html", ("On Waves.", "")), "phd/xx/Example06: no title"),
        (_fixture("today.html", ('id="phd/xx/Example06"', "")), "no key"),
        (_fixture("today.html", ("entry book toc", "entry toc")), "no kind of record"),
        (_fixture("today.html", ("<br> ", '<span class="title" itemprop="name">More</span>')), "two titles"),
        (_fixture("today.html", ('<nav class="publ"><ul>', '<nav><ul><li class="entry x" id="y">')), "within an entry"),
        (_fixture("today.html", ("On Waves.", "On Waves. " * 3000)), "are no title and no name"),
        (_page(_HTML.format(title="dblp: Author search for Ada", body="<ul><li>Ada</li></ul>")), "no publications"),
        (_page(_HTML.format(title="Ada", body="")), "name, span.name.primary, title: no name"),
        (_page("<b>" * 300_001 + "</html>"), "300002 tags are too many"),
        (_page(""), "the page is cut"),
        (_page("</html>"), "page: the page is empty"),
    ],
)
def test_what_is_no_person_is_never_read(page: Page, reason: str) -> None:
    with pytest.raises(ParseError) as refused:
        DBLP.parse(page, OBSERVED_ON)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("page", "warning"),
    [
        (_fixture("today.xml", ('n="8"', 'n="9"')), "9 records are named and 8 shown."),
        (_fixture("today.html", ("j1", "j4")), "11 records are named and 8 shown."),
        (_fixture("today.xml", ("phd/xx/Example06", "conf/wave/ExampleM25")), "8 records are named and 7 shown."),
    ],
    ids=["by the count of the XML", "by the labels of the page", "a record twice"],
)
def test_fewer_records_than_named_are_incomplete(page: Page, warning: str) -> None:
    reading = DBLP.parse(page, OBSERVED_ON)
    assert not reading.complete
    assert reading.metrics == {"papers": None}
    assert reading.warnings[0] == warning


def test_a_person_without_records() -> None:
    reading = DBLP.parse(_page('<dblpperson name="Ada Example" pid="1/2" n="0"><person/></dblpperson>'), OBSERVED_ON)
    assert reading == ProfileReading(source="dblp", name="Ada Example", metrics={"papers": 0}, complete=True)


def test_a_page_without_labels_is_read_too() -> None:
    labels = [(f'<div class="nr" id="{label}">[{label}]</div>', "") for label in ("i1", "j1")]
    assert DBLP.parse(_fixture("of_2016.html", *labels), OBSERVED_ON) == _OF_2016


def test_the_year_of_an_entry_may_stand_above_it() -> None:
    page = _fixture("of_2016.html", ('(<span itemprop="datePublished">2016</span>)', ""))
    assert DBLP.parse(page, OBSERVED_ON) == _OF_2016


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Wei Wang 0001", "Wei Wang"),
        ("Wei Wang", "Wei Wang"),
        ("Agent 007", "Agent 007"),
        ("2001 Ltd. Staff", "2001 Ltd. Staff"),
        ("X 0001 Y", "X 0001 Y"),
        ("0001", "0001"),
    ],
)
def test_homonym_numbers_are_not_shown(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_a_check_for_bots_is_an_outcome() -> None:
    body = "<html><head><title>Making sure you&#39;re not a bot!</title></head><body><p>Loading…</p></body></html>"
    answer = parse_page("dblp", _page(body), OBSERVED_ON)
    assert isinstance(answer, Failure)
    assert answer.outcome is Outcome.BLOCKED


_WORDS = st.text(st.characters(categories=("L", "N"), include_characters=" -,<>&"), min_size=1, max_size=30)
_TITLES = _WORDS.map(lambda text: " ".join(text.split())).filter(bool)
_NAMES = st.from_regex(r"[A-ZÀ-Ö][a-zà-ö]{1,8} [A-ZÀ-Ö][a-zà-ö]{1,8}", fullmatch=True)
_WORKS = st.builds(
    Work,
    key=st.integers(1, 10**6).map(str),
    title=_TITLES,
    authors=st.lists(_NAMES, max_size=3).map(lambda names: ("Ada Example", *names)),
    year=st.integers(1936, 2026),
    doi=st.none() | st.integers(1, 10**6).map("10.5555/{}".format),
    arxiv_id=st.none() | st.builds("{:04d}.{:05d}".format, st.integers(701, 9912), st.integers(0, 99999)),
)


@pytest.mark.parametrize("shown", [person_xml, person_page, person_page_of_2015])
@given(works=st.lists(_WORKS, min_size=1, max_size=6, unique_by=(lambda w: w.key, lambda w: w.arxiv_id or w.key)))
@tried(25)
def test_whoever_is_shown_reads_the_same_in_every_layout(shown: Callable[[Scholar], str], works: list[Work]) -> None:
    """The law: the imitation's documents read back as what it shows."""
    works.sort(key=lambda work: -(work.year or 0))
    reading = DBLP.parse(_page(shown(replace(_ADA, works=tuple(works)))), OBSERVED_ON)
    assert (reading.name, reading.complete, reading.metrics) == ("Ada Example", True, {"papers": len(works)})
    assert [
        (paper.title, paper.authors, str(paper.published), paper.doi, paper.arxiv_id) for paper in reading.papers
    ] == [(work.title, work.authors, str(work.year), work.doi, work.arxiv_id) for work in works]


@pytest.mark.parametrize("name", ["today.xml", "today.html", "of_2016.html"])
def test_damaged_documents_are_errors_or_readings(name: str) -> None:
    page = saved_page(_FIXTURES / name)
    assert violations(DBLP, page, observed_on=OBSERVED_ON, url="https://dblp.org/pid/99/1234-2", tries=150) == []
