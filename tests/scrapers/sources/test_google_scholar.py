"""Google Scholar: URLs to keys, pages to readings, and the whole way through an imitation of the site."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from protego import Protego

from scrapers.conformance import damaged, violations
from scrapers.parse import parse_page
from scrapers.parse_error import ParseError
from scrapers.source import Asked, SourceOptions
from scrapers.sources.google_scholar import GOOGLE_SCHOLAR
from tests.imitations.google_scholar import LANGUAGES, ROBOTS, SINCE, GoogleScholarSite, Layout, render
from tests.imitations.scholars import Scholar, Work, work
from tests.laws import tried
from tests.scrapers.real_pages import PAGES, needs_real_pages
from tests.scrapers.sources.whole_way import OBSERVED_ON, ask, read_through
from tracking.check import Failure, Outcome, Page, Parsed
from tracking.reading import PaperReading, ProfileReading, Published

HERE = Path(__file__).parent / "google_scholar"
USER = "AdaQuill0AAJ"
URL = f"https://scholar.google.com/citations?user={USER}"
ADA = Scholar(
    key=USER,
    name="Ada Quill (آدا)",
    works=(
        work(
            "Bees & <Trees>", key="u5HHmVD_uO8C", year=2026, citations=12, venue="arXiv preprint arXiv:2601.00001, 2026"
        ),
        work("Uncited", key="_FxGoFyzp5QC", authors=("A Quill", "B Ek", "...")),
    ),
    citations=112,
    h_index=3,
    i10_index=2,
    cited_by_year={2019: 5, 2022: 100, 2026: 7},
)


def saved(body: bytes, url: str = "") -> Page:
    return Page(url=url, status=200, headers={"content-type": "text/html"}, body=body)


def read(body: str | bytes, url: str = "") -> ProfileReading:
    return GOOGLE_SCHOLAR.parse(saved(body.encode() if isinstance(body, str) else body, url), OBSERVED_ON)


def view(paper_id: str) -> str:
    user = paper_id.partition(":")[0]
    return f"https://scholar.google.com/citations?view_op=view_citation&user={user}&citation_for_view={paper_id}"


def expected(scholar: Scholar, size: int, *, with_chart: bool = True) -> ProfileReading:
    """What the first ``size`` papers of a scholar must read as."""
    recent = sum(count for year, count in scholar.cited_by_year.items() if year >= SINCE)
    metrics: dict[str, int | float | None] = {}
    if scholar.citations is not None:
        metrics = {
            "citations": scholar.citations,
            "h_index": scholar.h_index,
            "i10_index": scholar.i10_index,
            f"citations_since_{SINCE}": recent,
            f"h_index_since_{SINCE}": scholar.h_index,
            f"i10_index_since_{SINCE}": scholar.i10_index,
        }
        if with_chart:
            metrics |= {f"citations_in_{year}": count for year, count in scholar.cited_by_year.items() if count}
    shown = scholar.works[:size]
    return ProfileReading(
        source="google_scholar",
        name=scholar.name,
        metrics=metrics,
        papers=tuple(expected_paper(scholar, each) for each in shown),
        complete=len(scholar.works) < size,
    )


def expected_paper(scholar: Scholar, shown: Work) -> PaperReading:
    names = tuple(name for name in shown.authors if name != "...")
    return PaperReading(
        title=shown.title,
        authors=names,
        authors_complete=bool(names) and names == shown.authors,
        published=Published(shown.year) if shown.year else None,
        arxiv_id="2601.00001" if shown.venue else None,
        source_id=f"{scholar.key}:{shown.key}",
        url=view(f"{scholar.key}:{shown.key}"),
        citations=shown.citations,
    )


@pytest.mark.parametrize(
    "url",
    [
        URL,
        f"https://scholar.google.com/citations?hl=en&user={USER}",
        f"https://scholar.google.de/citations?user={USER}&hl=de&oi=ao",
        f"http://scholar.google.co.uk/citations/?view_op=list_works&hl=en&user={USER}&sortby=pubdate",
        f"https://scholar.google.com.br/citations?hl=pt-BR&amp;user={USER}",
        f"{URL}&cstart=20&pagesize=100#d=gs_hdr_drw",
        f"http://127.0.0.1:8099/citations?user={USER}",
    ],
)
def test_keys(url: str) -> None:
    assert GOOGLE_SCHOLAR.profile_key(url) == USER


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (
            f"https://scholar.google.com/citations?view_op=view_citation&user={USER}&citation_for_view={USER}:x",
            "a paper",
        ),
        ("https://scholar.google.com/citations?view_op=search_authors&mauthors=quill", "no profile"),
        ("https://scholar.google.com/scholar?q=bees", "no profile"),
        ("https://scholar.google.com/", "no profile"),
        ("https://scholar.google.com/citations?hl=en", "an id of 12"),
        ("https://scholar.google.com/citations?user=ada@example.org", "an id of 12"),
    ],
)
def test_what_is_no_profile(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        GOOGLE_SCHOLAR.profile_key(url)


@pytest.mark.parametrize(
    "host", ["scholar.google.com", "scholar.google.de", "scholar.google.co.jp", "scholar.google.com.tr"]
)
def test_any_country_is_asked_at_one_place_for_one_page_that_robots_may_have(host: str) -> None:
    assert host in GOOGLE_SCHOLAR.hosts
    url = f"https://{host}/citations?hl=de&user={USER}"
    asked = Asked(profile_url=url, base=GOOGLE_SCHOLAR.base_of(url), options=SourceOptions())
    request = GOOGLE_SCHOLAR.next_request(asked)
    assert request is not None
    assert request.url == f"https://scholar.google.com/citations?user={USER}&hl=en&pagesize=100"
    robots = Protego.parse(ROBOTS)
    assert robots.can_fetch(request.url, "scholarwatch")
    assert not robots.can_fetch(f"{request.url}&cstart=0", "scholarwatch")
    assert GOOGLE_SCHOLAR.next_request(replace(asked, answers=(saved(b""),))) is None


def test_it_is_asked_only_when_the_owner_wants_it_and_slowly() -> None:
    assert not GOOGLE_SCHOLAR.on_by_default
    assert (GOOGLE_SCHOLAR.min_interval_seconds, GOOGLE_SCHOLAR.daily_budget) == (30, 200)


def test_the_owners_own_view_of_2014() -> None:
    reading = read((HERE / "owner_2014.html").read_bytes())
    assert reading == ProfileReading(
        source="google_scholar",
        name="Ada Quill (آدا)",
        metrics={
            "citations": 1290,
            "h_index": 3,
            "i10_index": 2,
            "citations_since_2009": 285,
            "h_index_since_2009": 2,
            "i10_index_since_2009": 0,
            "citations_in_2012": 4,
            "citations_in_2014": 38,
        },
        papers=(
            PaperReading(
                title="Bees & <Trees>: a new H2O",
                authors=("A Quill", "B Ek"),
                authors_complete=False,
                published=Published(2014),
                arxiv_id="1401.01234",
                version=2,
                source_id=f"{USER}:u5HHmVD_uO8C",
                url=view(f"{USER}:u5HHmVD_uO8C"),
                citations=1204,
            ),
            PaperReading(
                title="Editorial.",
                authors=("A Quill",),
                source_id=f"{USER}:_FxGoFyzp5QC",
                url=view(f"{USER}:_FxGoFyzp5QC"),
            ),
            PaperReading(
                title="A thing without an id", authors_complete=False, published=Published(1999), citations=48
            ),
            PaperReading(
                title="An old preprint",
                authors=("ATLAS Collaboration",),
                published=Published(1999),
                arxiv_id="hep-th/9901001",
                source_id=f"{USER}:zYLM7Y9cAGgC",
                url=view(f"{USER}:zYLM7Y9cAGgC"),
            ),
        ),
        complete=True,
        warnings=("1 of 5 rows have no title and were left out.", "1 of 4 papers have no id."),
    )


def test_the_layout_of_2013() -> None:
    reading = read((HERE / "cit_2013.html").read_bytes())
    assert reading == ProfileReading(
        source="google_scholar",
        name="Ada Quill",
        metrics={
            "citations": 187,
            "h_index": 4,
            "i10_index": 3,
            "citations_since_2008": 160,
            "h_index_since_2008": 4,
            "i10_index_since_2008": 2,
        },
        papers=(
            PaperReading(
                title="High‐dimensional bees",
                # "C D" may be the beginning of another name.
                authors=("A Quill", "B Ek"),
                authors_complete=False,
                published=Published(2005),
                source_id=f"{USER}:u5HHmVD_uO8C",
                url=view(f"{USER}:u5HHmVD_uO8C"),
                citations=97,
            ),
            PaperReading(
                title="Uncited bees",
                authors=("A Quill",),
                source_id=f"{USER}:0EnyYjriUFMC",
                url=view(f"{USER}:0EnyYjriUFMC"),
            ),
        ),
        complete=True,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", Layout)
def test_every_layout_reads_the_same_in_every_language(layout: Layout, language: str) -> None:
    reading = read(render(ADA, layout, language=language))
    assert reading == expected(ADA, 20, with_chart=layout is not Layout.CIT)


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize(
    ("works", "first", "size", "url", "complete"),
    [
        (3, 0, 20, "", True),
        (3, 0, 2, "", False),
        (3, 1, 20, "", False),
        (20, 0, 20, "", False),
        (20, 0, 100, f"{URL}&pagesize=100", True),
        (19, 0, 20, f"{URL}&pagesize=20", True),
        (2, 0, 2, f"{URL}&pagesize=2", False),
        (101, 0, 100, f"{URL}&pagesize=100", False),
        (3, 0, 20, f"{URL}&cstart=20", False),
    ],
)
def test_a_list_is_complete_when_nothing_may_be_elsewhere(
    layout: Layout, works: int, first: int, size: int, url: str, complete: bool
) -> None:
    many = replace(ADA, works=tuple(work(f"Bees {number}", year=2020) for number in range(works)))
    assert read(render(many, layout, first=first, size=size), url).complete is complete


def test_a_profile_that_nobody_has_cited_has_no_metrics_and_one_may_have_no_papers() -> None:
    fresh = Scholar(key=USER, name="Ada Quill", works=(work("Uncited", key="x"),))
    assert read(render(fresh, Layout.GSC)) == expected(fresh, 20)
    assert read(render(replace(fresh, works=()), Layout.GSC)) == expected(replace(fresh, works=()), 20)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('id="gsc_prf_in"', 'id="other"', "nobody is named"),
        (">Ada Quill (آدا)<", "><", "this is no name"),
        ("gsc_a_tr", "other", "papers: no papers are listed"),
        ("gsc_a_at", "other", "papers, .gsc_a_at: is not there"),
        ("gsc_a_y", "other", "papers, .gsc_a_y: is not there"),
        (">2026</span></td>", ">26</span></td>", "papers, row 1 of 2: is no year: '26'"),
        ("gs_ibl\">12<", "gs_ibl\">many<", "papers, row 1 of 2: is no number: 'many'"),
        ('class="gsc_rsb_std">112<', 'class="other">112<', "metrics, #gsc_rsb_st: the table of metrics has another shape"),
        ("gsc_rsb_std", "other", "the table of metrics has another shape"),
        (">112<", ">?<", "metrics, citations: is no number"),
        (">112<", ">8<", "cannot be in the order that they were in"),
        ('id="gsc_rsb_st"', 'id="other"', "papers are cited, and there are no metrics"),
        ("right:8px", "right:30px", "a bar stands over no year"),
        ("1–2", "1–1", "there are 2 rows"),
        ("</body></html>", "", "its end is missing"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_an_error(old: str, new: str, reason: str) -> None:
    page = render(ADA, Layout.GSC)
    assert old in page
    with pytest.raises(ParseError) as raised:
        read(page.replace(old, new))
    assert reason in str(raised.value)


def test_what_a_page_may_lack_and_still_be_read() -> None:
    page = render(ADA, Layout.GSC, size=1).replace('id="gsc_a_nn"', "")
    reading = read(page.replace('data-href="/citations?', 'data-href="http://[broken?'), "http://[broken")
    assert [paper.source_id for paper in reading.papers] == [None]
    assert not reading.complete


def test_titles_that_are_all_blank_are_no_list() -> None:
    blank = replace(ADA, works=tuple(replace(each, title="") for each in ADA.works))
    with pytest.raises(ParseError, match="no paper has a title"):
        read(render(blank, Layout.GSC))


def test_a_second_column_that_names_no_year_is_left_out() -> None:
    metrics = read(render(ADA, Layout.GSC).replace(f"Since {SINCE}", "Recently")).metrics
    assert [name for name in metrics if "since" in name] == []
    assert metrics["citations"] == 112


_NAMES = st.sampled_from(["A Quill", "李明", "J d'Arcy", "Ο Νίκος", "T van de Ven", "ATLAS Collaboration"])
_WORDS = st.sampled_from(["Bees", "a<b", "&amp;", "α-stable", "学習", "<script>", "«x»", "H₂O", "10×", "…", "No. 5"])
_WORKS = st.builds(
    Work,
    key=st.from_regex(r"[A-Za-z0-9_-]{12}", fullmatch=True),
    title=st.lists(_WORDS, min_size=1, max_size=5).map(" ".join),
    authors=st.lists(_NAMES, max_size=3).map(tuple).flatmap(lambda names: st.sampled_from([names, (*names, "...")])),
    year=st.none() | st.integers(1900, 2026),
    citations=st.none() | st.integers(1, 99),
    venue=st.none() | st.just("arXiv preprint arXiv:2601.00001, 2026"),
)
_SCHOLARS = st.builds(
    Scholar,
    key=st.just(USER),
    name=_NAMES,
    works=st.lists(_WORKS, min_size=1, max_size=6, unique_by=lambda each: each.key).map(tuple),
    citations=st.integers(10_000, 250_000),
    h_index=st.integers(0, 100),
    i10_index=st.integers(0, 900),
    cited_by_year=st.dictionaries(st.integers(2005, 2026), st.integers(0, 900), max_size=8),
)


@given(
    scholar=_SCHOLARS,
    layout=st.sampled_from(Layout),
    language=st.sampled_from(sorted(LANGUAGES)),
    size=st.integers(1, 10),
)
@tried(60, *HealthCheck)
def test_any_scholar_reads_back_as_the_same_facts(scholar: Scholar, layout: Layout, language: str, size: int) -> None:
    page = render(scholar, layout, size=size, language=language)
    reading = read(page, f"{URL}&pagesize={size}")
    assert reading == expected(scholar, size, with_chart=layout is not Layout.CIT)


@given(draw=st.randoms(use_true_random=False), layout=st.sampled_from(Layout))
@tried(80)
def test_a_damaged_page_is_an_error_or_a_reading(draw: Random, layout: Layout) -> None:
    page = damaged(saved(render(ADA, layout).encode(), URL), draw)
    try:
        reading = GOOGLE_SCHOLAR.parse(page, OBSERVED_ON)
    except ParseError:
        return
    assert reading.name


@pytest.mark.parametrize("layout", Layout)
def test_it_keeps_what_every_source_promises(layout: Layout) -> None:
    page = saved(render(ADA, layout).encode(), URL)
    assert violations(GOOGLE_SCHOLAR, page, observed_on=OBSERVED_ON, url=URL, tries=20) == []


def test_the_whole_way_takes_one_request() -> None:
    many = replace(
        ADA, works=tuple(work(f"Bees {number}", key=f"bees{number:03}xxxxx", year=2020) for number in range(130))
    )
    with GoogleScholarSite([ADA]) as site:
        assert read_through(GOOGLE_SCHOLAR, site.profile_url(USER)) == expected(ADA, 100)
        site.show(many)
        reading = read_through(GOOGLE_SCHOLAR, site.profile_url(USER))
        asked = [question for question in site.requests if question.path == "/citations"]
    assert (len(reading.papers), reading.complete) == (100, False)
    assert [dict(question.query) for question in asked] == [{"user": USER, "hl": "en", "pagesize": "100"}] * 2


@pytest.mark.parametrize(
    ("status", "headers", "body", "outcome"),
    [
        (404, {}, "", Outcome.GONE),
        (429, {"Retry-After": "3600"}, "", Outcome.THROTTLED),
        (500, {}, "", Outcome.UNREACHABLE),
        (200, {}, '<html><body><form id="gs_captcha_f"><h1>Please show you\'re not a robot</h1></form></body></html>', Outcome.BLOCKED),
        (200, {}, '<html><body><div id="gsc_sa_ccl"><h3 class="gs_ai_name">Ada</h3></div></body></html>', Outcome.PARSE_FAILED),
    ],
    ids=["404", "429", "500", "captcha", "search of authors"],
)  # fmt: skip
def test_what_is_no_profile_has_its_outcome(status: int, headers: dict[str, str], body: str, outcome: Outcome) -> None:
    with GoogleScholarSite([ADA]) as site:
        site.fails(status, headers={"Content-Type": "text/html"} | headers, body=body, times=9)
        answer = ask(GOOGLE_SCHOLAR, site.profile_url(USER))
    failure = parse_page("google_scholar", answer, OBSERVED_ON) if isinstance(answer, Page) else answer
    assert isinstance(failure, Failure)
    assert failure.outcome is outcome


REAL = PAGES / "google_scholar"


def real(name: str) -> Parsed | Failure:
    return parse_page("google_scholar", saved((REAL / name).read_bytes()), OBSERVED_ON)


@needs_real_pages
@pytest.mark.parametrize(
    ("name", "person", "metrics", "papers", "complete"),
    [
        ("fang_yggQMJMAAAAJ_2025.html", "Zhengru Fang (方政儒)", (1079, 17, 24, 1078, 17, 24), 20, False),
        ("schreij_Pm3O_58AAAAJ_2014.html", "Daniël Schreij", (290, 6, 5, 285, 6, 5), 15, True),
        ("kietzig_8daWuo4AAAAJ_2019_en.html", "Anne Kietzig", (1338, 17, 21, 1149, 16, 21), 2, False),
    ],
)
def test_real_pages(name: str, person: str, metrics: tuple[int, ...], papers: int, complete: bool) -> None:
    parsed = real(name)
    assert isinstance(parsed, Parsed)
    reading = parsed.reading
    assert (reading.name, len(reading.papers), reading.complete) == (person, papers, complete)
    assert tuple(reading.metrics.values())[:6] == metrics
    assert reading.warnings == ()
    assert all(paper.source_id and paper.authors for paper in reading.papers)


@needs_real_pages
@pytest.mark.parametrize(
    ("name", "first", "last", "undated", "uncited"),
    [
        ("fang_yggQMJMAAAAJ_2025.html", (2022, 152), (2024, 14), 0, 0),
        # Ten counts, which make up the 290: five rows show none.
        ("schreij_Pm3O_58AAAAJ_2014.html", (2014, 1), (None, None), 3, 5),
        ("kietzig_8daWuo4AAAAJ_2019_en.html", (2018, None), (2018, 1), 0, 1),
    ],
)
def test_real_rows(name: str, first: tuple[int, int], last: tuple[int, int], undated: int, uncited: int) -> None:
    parsed = real(name)
    assert isinstance(parsed, Parsed)
    rows = [(paper.published.year if paper.published else None, paper.citations) for paper in parsed.reading.papers]
    assert (rows[0], rows[-1]) == (first, last)
    assert [year for year, _ in rows].count(None) == undated
    assert [citations for _, citations in rows].count(None) == uncited


@needs_real_pages
@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("captcha_fangzr_2025-06.html", Outcome.BLOCKED),
        ("ruby2013_author_result_page.htm", Outcome.PARSE_FAILED),
    ],
)
def test_real_pages_that_are_no_profile(name: str, outcome: Outcome) -> None:
    failure = real(name)
    assert isinstance(failure, Failure)
    assert failure.outcome is outcome
