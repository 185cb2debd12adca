"""arXiv: which URLs are profiles, what is asked for, and what its feeds read as."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import arxiv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.conformance import violations
from scrapers.parse import parse_page, saved_page
from scrapers.parse_error import ParseError
from scrapers.source import Asked, SourceOptions
from scrapers.sources.arxiv import ARXIV
from tests.imitations.arxiv import ArxivSite
from tests.imitations.scholars import Scholar, Work
from tests.laws import tried
from tests.scrapers.real_pages import PAGES, needs_real_pages
from tests.scrapers.sources.whole_way import OBSERVED_ON, ask, read_through
from tracking.check import Failure, Outcome, Page
from tracking.reading import PaperReading, ProfileReading, Published

_ADA = Scholar(
    key="example_a_1",
    name="Ada Example",
    works=(
        Work(
            key="1",
            title="Waves in $H_2$O & Ice",
            published=date(2026, 5, 3),
            arxiv_id="2605.01234",
            version=2,
            doi="10.5555/Waves.1",
            abstract="We look at waves.",
        ),
        Work(key="2", title="Old Ice", year=2006, arxiv_id="astro-ph/0601001", authors=("Zoë O'Example Jr",)),
    ),
)
_PAPERS = (
    PaperReading(
        title="Waves in $H_2$O & Ice",
        authors=("Ada Example", "Ben Example"),
        category="cs.DL",
        published=Published(2026, 5, 3),
        abstract="We look at waves.",
        arxiv_id="2605.01234",
        version=2,
        doi="10.5555/waves.1",
        url="https://arxiv.org/abs/2605.01234",
    ),
    PaperReading(
        title="Old Ice",
        authors=("Zoë O'Example Jr",),
        category="cs.DL",
        published=Published(2006, 1, 1),
        arxiv_id="astro-ph/0601001",
        version=1,
        url="https://arxiv.org/abs/astro-ph/0601001",
    ),
)
_OF_A_QUERY = "The name is that of the query: papers of other people may be among those that it finds."
_ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
_OPENSEARCH = 'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'


@pytest.fixture
def site() -> Iterator[ArxivSite]:
    with ArxivSite([_ADA]) as site:
        yield site


def _page(body: str, url: str = "https://arxiv.org/a/example_a_1.atom2") -> Page:
    return Page(url=url, status=200, headers={"content-type": "application/atom+xml"}, body=body.encode())


def _author_feed(entries: str = "", title: str = "Ada Example's articles on arXiv") -> Page:
    return _page(f'<feed {_ATOM} xmlns:arxiv="http://arxiv.org/schemas/atom"><title>{title}</title>{entries}</feed>')


def _query_feed(entries: str = "", *, total: str = "1", query: str = "au:example_a", ids: str = "") -> Page:
    return _page(
        f"<feed {_ATOM} {_OPENSEARCH}>"
        f"<title>ArXiv Query: search_query={query}&amp;id_list={ids}&amp;start=0&amp;max_results=10</title>"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>"
    )


def _entry(inner: str = "", *, id: str = "http://arxiv.org/abs/2605.01234v1", title: str = "Waves") -> str:
    return f"<entry><id>{id}</id><title>{title}</title>{inner}</entry>"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://arxiv.org/a/warner_s_1", "warner_s_1"),
        ("http://www.arxiv.org/a/Warner_S_1/", "warner_s_1"),
        ("https://arxiv.org/a/warner_s_1.atom2", "warner_s_1"),
        ("https://arxiv.org/a/warner_s_1.atom?x=1#top", "warner_s_1"),
        ("https://arxiv.org/a/0000-0002-7970-785x.html", "0000-0002-7970-785X"),
        ("http://arxiv.org/a/http://orcid.org/0000-0002-7970-7855", "0000-0002-7970-7855"),
        ("https://export.arxiv.org/api/query?search_query=au:del_maestro&start=30", "query:au:del_maestro"),
        ("https://export.arxiv.org/api/query?search_query=au:bengio+AND+cat:cs.LG", "query:au:bengio AND cat:cs.LG"),
        ("https://arxiv.org/search/?query=Bengio%2C+Y&searchtype=author&size=50", "query:au:Bengio_Y"),
        ("https://arxiv.org/search?searchtype=author&query=Del+Maestro,+A", "query:au:Del_Maestro_A"),
        ('https://arxiv.org/search/?query="Yoshua Bengio"&searchtype=author', 'query:au:"Yoshua Bengio"'),
        ("https://arxiv.org/search/?query=Bengio&searchtype=author", "query:au:Bengio"),
        ("http://127.0.0.1:8080/a/example_a_1", "example_a_1"),
    ],
)
def test_profiles_are_found_in_urls(url: str, key: str) -> None:
    assert ARXIV.profile_key(url) == key


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("https://arxiv.org/abs/2401.01234v2", "a paper; an author's page of arXiv is like"),
        ("https://arxiv.org/list/cs.LG/recent", "no profile; an author's page of arXiv is like"),
        ("https://arxiv.org/a/", "no profile"),
        ("https://export.arxiv.org/api/query?id_list=2401.01234", "a list of papers"),
        ("https://export.arxiv.org/api/query?search_query=+", "what to search for"),
        ("https://arxiv.org/search/?query=waves&searchtype=all", "no search for an author"),
        (
            "https://arxiv.org/search/cs?searchtype=author&query=Bengio,+Y",
            r"follow https://arxiv\.org/search/\?query=Bengio%2C\+Y&searchtype=author",
        ),
        ("http://[x", "URL"),
    ],
)
def test_what_is_no_profile_is_refused_with_a_hint(url: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        ARXIV.profile_key(url)


@pytest.mark.parametrize(
    ("profile", "asked"),
    [
        ("https://arxiv.org/a/warner_s_1", "https://arxiv.org/a/warner_s_1.atom2"),
        ("https://arxiv.org/a/warner_s_1.html", "https://arxiv.org/a/warner_s_1.atom2"),
        ("https://arxiv.org/a/warner_s_1.atom", "https://arxiv.org/a/warner_s_1.atom"),
        (
            "https://arxiv.org/search/?query=Bengio%2C+Y&searchtype=author",
            "https://export.arxiv.org/api/query?search_query=au:Bengio_Y"
            "&start=0&max_results=100&sortBy=submittedDate&sortOrder=descending",
        ),
        (
            "http://127.0.0.1:81/api/query?search_query=au:%22A+B%22",
            "http://127.0.0.1:81/api/query?search_query=au:%22A%20B%22"
            "&start=0&max_results=100&sortBy=submittedDate&sortOrder=descending",
        ),
    ],
)
def test_where_is_asked(profile: str, asked: str) -> None:
    request = ARXIV.next_request(Asked(profile_url=profile, base=ARXIV.base_of(profile), options=SourceOptions()))
    assert request is not None
    assert request.url == asked


@pytest.mark.parametrize("form", ["", ".atom", ".atom2"])
def test_an_authors_feed_has_all_papers(site: ArxivSite, form: str) -> None:
    assert read_through(ARXIV, f"{site.url}/a/example_a_1{form}") == ProfileReading(
        source="arxiv", name="Ada Example", metrics={"papers": 2}, papers=_PAPERS, complete=True
    )


def test_a_query_finds_the_same_papers(site: ArxivSite) -> None:
    assert read_through(ARXIV, site.url + '/api/query?search_query=au:"Ada Example"') == ProfileReading(
        source="arxiv",
        name="Ada Example",
        metrics={"papers": 2},
        papers=_PAPERS,
        complete=True,
        warnings=(_OF_A_QUERY,),
    )


def _many(count: int) -> Scholar:
    """The scholar with a new paper every day."""
    first = date(2020, 1, 1)
    works = [
        Work(key=str(n), title=f"Wave {n}", arxiv_id=f"2001.{n:05d}", published=first + timedelta(days=n))
        for n in range(count)
    ]
    return replace(_ADA, works=tuple(works))


@pytest.mark.parametrize(
    ("count", "requests", "read"), [(0, 1, 0), (100, 1, 100), (101, 2, 101), (250, 3, 250), (1100, 10, 1000)]
)
def test_queries_are_read_page_by_page(site: ArxivSite, count: int, requests: int, read: int) -> None:
    site.show(_many(count))
    reading = read_through(ARXIV, f"{site.url}/api/query?search_query=au:Ada_Example")
    assert len(site.requests) == requests
    assert len({paper.arxiv_id for paper in reading.papers}) == len(reading.papers) == read
    assert reading.metrics == {"papers": count}
    assert reading.complete is (count == read)


def test_a_list_that_moves_while_it_is_read_is_not_complete(site: ArxivSite) -> None:
    """A paper appears between two pages: one stands on both, and the newest on none."""
    url = f"{site.url}/api/query?search_query=au:Ada_Example"
    site.show(_many(150))
    before = ask(ARXIV, url)
    site.show(_many(151))
    after = ask(ARXIV, url)
    assert isinstance(before, Page)
    assert isinstance(after, Page)
    body = before.body[: before.body.rindex(b"--scholarwatch-answer\r\n")]
    moved = replace(before, body=body + after.body[after.body.rindex(b"--scholarwatch-answer\r\n") :])
    reading = ARXIV.parse(moved, OBSERVED_ON)
    assert (len(reading.papers), reading.complete) == (150, False)
    assert reading.warnings[1] == "The list changed while it was read: it names 151 papers in the end and showed 150."


def test_an_empty_page_before_the_end_is_no_end(site: ArxivSite) -> None:
    """The interface gives such pages now and then."""
    profile = f"{site.url}/api/query?search_query=au:example_a"
    asked = Asked(profile_url=profile, base=site.url, options=SourceOptions(), answers=(_query_feed(total="7"),))
    with pytest.raises(ParseError, match="an empty page after 0 of 7 papers"):
        ARXIV.next_request(asked)


def test_the_published_client_reads_the_same_from_the_imitation(site: ArxivSite) -> None:
    client = arxiv.Client(page_size=2, delay_seconds=0, num_retries=0)
    client.query_url_format = site.url + "/api/query?{}"
    site.show(_many(5))
    search = arxiv.Search('au:"Ada Example"', max_results=None, sort_by=arxiv.SortCriterion.SubmittedDate)
    with client._session:
        results = list(client.results(search))
        with pytest.raises(arxiv.HTTPError) as refused:
            list(client.results(arxiv.Search("au:x"), offset=-1))
    assert refused.value.status == 400
    reading = read_through(ARXIV, f'{site.url}/api/query?search_query=au:"Ada Example"')
    assert [
        (
            result.get_short_id(),
            result.title,
            tuple(author.name for author in result.authors),
            str(result.published)[:10],
        )
        for result in results
    ] == [
        (f"{paper.arxiv_id}v{paper.version}", paper.title, paper.authors, str(paper.published))
        for paper in reading.papers
    ]
    assert {result.primary_category for result in results} == {"cs.DL"}


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (404, {}, Outcome.GONE),
        (429, {"Retry-After": "30"}, Outcome.THROTTLED),
        (500, {}, Outcome.UNREACHABLE),
        (503, {"Retry-After": "30"}, Outcome.THROTTLED),
    ],
)
def test_errors_are_outcomes(site: ArxivSite, status: int, headers: dict[str, str], outcome: Outcome) -> None:
    site.fails(status, headers=headers)
    answer = ask(ARXIV, f"{site.url}/a/example_a_1")
    assert isinstance(answer, Failure)
    assert answer.outcome is outcome
    assert answer.retry_after_seconds == (30 if headers else None)


def test_an_author_without_a_page_is_gone(site: ArxivSite) -> None:
    answer = ask(ARXIV, f"{site.url}/a/nobody_x_1")
    assert isinstance(answer, Failure)
    assert answer.outcome is Outcome.GONE


_ERROR = _entry("<summary>incorrect id format for abc</summary>", id="http://arxiv.org/api/errors#x", title="Error")


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (_query_feed(_ERROR), "feed: the interface answers with an error: 'incorrect id format for abc'"),
        (_author_feed(_entry(id="http://arxiv.org/list/cs")), "papers, entry 1: no arXiv id"),
        (_author_feed(_entry(title=" ")), "papers, entry 1, 2605.01234: no title"),
        (_author_feed(_entry("<published>soon</published>")), "entry 1, 2605.01234: no date of publication: 'soon'"),
        (_author_feed(_entry("<published>9999-12-31T23:59:59-01:00</published>")), "no date of publication"),
        (_author_feed(title="None's articles on arXiv"), "name: the title names neither an author nor a query"),
        (_author_feed(title="arXiv Search Results"), "neither an author nor a query"),
        (_query_feed(total="many"), "does not say how many papers"),
        (_query_feed(query=""), "neither an author nor a query"),
        (_query_feed(_entry() + _entry(id="http://arxiv.org/abs/2605.01235v1")), "finds 1 papers and shows 2"),
        (_page(f"<rss {_ATOM}/>"), "not an Atom feed"),
        (_page("Rate exceeded."), "not XML"),
        (_page("<!DOCTYPE html><html><body><h1>Ada Example's articles on arXiv</h1></body></html>"), "refused XML"),
    ],
)
def test_what_is_no_list_of_papers_is_refused(page: Page, reason: str) -> None:
    with pytest.raises(ParseError) as refused:
        ARXIV.parse(page, OBSERVED_ON)
    assert reason in str(refused.value)


def test_an_author_without_papers() -> None:
    assert ARXIV.parse(_author_feed(), OBSERVED_ON) == ProfileReading(
        source="arxiv", name="Ada Example", metrics={"papers": 0}, complete=True
    )


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<published>2013-05-07T22:42:52-04:00</published>", {"published": Published(2013, 5, 8)}),
        ("<published>2013-05-07</published>", {"published": Published(2013, 5, 7)}),
        ("<author><name>A, B,  C D</name></author>", {"authors": ("A", "B", "C D"), "authors_complete": True}),
        ("<author><name>A</name></author><author><name>B, C</name></author>", {"authors": ("A", "B, C")}),
        (
            "<author><name>A</name><a:affiliation>X</a:affiliation></author>"
            "<author><name>B</name><a:affiliation>X</a:affiliation><a:affiliation>Y</a:affiliation></author>",
            {"authors": ("A", "B"), "institutions": ("X", "Y")},
        ),
        ("<a:doi>10.1093/MNRAS/x, 10.1051/y</a:doi>", {"doi": "10.1093/mnras/x"}),
        ("<a:doi>https://doi.org/10.1093/x</a:doi>", {"doi": "10.1093/x"}),
        ("<a:doi>to appear</a:doi>", {"doi": None}),
        ("<summary>  One\n  two.\n\n</summary>", {"abstract": "One two."}),
        ('<a:primary_category term="math.GT"/>', {"category": "math.GT"}),
        # Encoded twice by somebody: shown as it came, since "\u00c4\u00a1" may be meant.
        ("<author><name>Jos\u00c3\u00a9</name></author>", {"authors": ("Jos\u00c3\u00a9",)}),
        ("<author><name>Jos\u00e9 Ra\u00fal</name></author>", {"authors": ("Jos\u00e9 Ra\u00fal",)}),
    ],
)
def test_what_an_entry_says(inner: str, expected: dict[str, object]) -> None:
    page = _author_feed(_entry(inner.replace("a:", "arxiv:")))
    (paper,) = ARXIV.parse(page, OBSERVED_ON).papers
    assert {name: getattr(paper, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("au:del_maestro", "del maestro"),
        ('au:"Ada Example"', "Ada Example"),
        ("au:_", "au:_"),
        ("au:a AND cat:cs.LG", "au:a AND cat:cs.LG"),
    ],
)
def test_the_name_of_a_query(query: str, name: str) -> None:
    assert ARXIV.parse(_query_feed(query=query, total="0"), OBSERVED_ON).name == name


_TEXT = (
    st.text(
        st.characters(exclude_categories=("C", "Z"), exclude_characters="\u00c2\u00c3,") | st.just(" "),
        min_size=1,
        max_size=30,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
_IDS = st.one_of(
    st.builds("{:04d}.{:05d}".format, st.integers(701, 9912), st.integers(0, 99999)),
    st.builds("{}/{:07d}".format, st.sampled_from(["astro-ph", "math", "q-bio"]), st.integers(0, 9_999_999)),
)
_WORKS = st.builds(
    Work,
    key=st.just("w"),
    title=_TEXT,
    authors=st.lists(_TEXT, min_size=1, max_size=3).map(tuple),
    published=st.dates(date(1991, 8, 1), date(2026, 11, 22)),
    arxiv_id=_IDS,
    version=st.integers(1, 40),
    abstract=st.none() | _TEXT,
)


@given(
    works=st.lists(_WORKS, max_size=6, unique_by=lambda work: work.arxiv_id), form=st.sampled_from(["atom", "atom2"])
)
@tried(15)
def test_whatever_an_author_has_is_read(works: list[Work], form: str) -> None:
    """The law: the imitation's feeds read back as what it shows."""
    with ArxivSite([replace(_ADA, works=tuple(works))]) as site:
        reading = read_through(ARXIV, f"{site.url}/a/example_a_1.{form}")
    assert reading.complete
    assert [
        (paper.arxiv_id, paper.version, paper.title, paper.authors, paper.abstract, str(paper.published))
        for paper in reading.papers
    ] == [(work.arxiv_id, work.version, work.title, work.authors, work.abstract, str(work.published)) for work in works]


@pytest.mark.parametrize("path", ["/a/example_a_1", "/api/query?search_query=au:Ada_Example"])
def test_damaged_answers_are_errors_or_readings(site: ArxivSite, path: str) -> None:
    if "query" in path:
        site.show(_many(120))
    page = ask(ARXIV, site.url + path)
    assert isinstance(page, Page)
    assert violations(ARXIV, page, observed_on=OBSERVED_ON, url=site.url + path, tries=150) == []


@needs_real_pages
def test_a_real_query() -> None:
    reading = ARXIV.parse(saved_page(PAGES / "arxiv" / "atom_q_testing_s0_m10.xml"), OBSERVED_ON)
    assert (reading.name, reading.metrics, reading.complete) == ("all:testing", {"papers": 214_881}, False)
    assert len(reading.papers) == 10
    assert reading.papers[0].published == Published(2022, 2, 24)
    assert [paper.version for paper in reading.papers[:3]] == [1, 1, 2]
    assert reading.papers[1].authors == (
        "Aurora Ram\u00c3\u00adrez",
        "Mario Berrios",
        "Jos\u00c3\u00a9 Ra\u00c3\u00bal Romero",
        "Robert Feldt",
    )
    assert all(paper.abstract and paper.category and paper.authors_complete for paper in reading.papers)


@needs_real_pages
def test_a_real_old_paper() -> None:
    (paper,) = ARXIV.parse(saved_page(PAGES / "arxiv" / "atom_id_astro-ph_0601001_s0_m100.xml"), OBSERVED_ON).papers
    assert (paper.arxiv_id, paper.version, paper.published) == ("astro-ph/0601001", 1, Published(2006, 1, 2))
    assert paper.institutions == ("Ohio State", "CfA", "Warsaw University Observatory")


@needs_real_pages
def test_a_real_empty_feed_and_a_real_error() -> None:
    empty = ARXIV.parse(saved_page(PAGES / "arxiv" / "atom_id_0000.0000_s0_m100.xml"), OBSERVED_ON)
    assert (empty.papers, empty.complete) == ((), True)
    answer = parse_page("arxiv", saved_page(PAGES / "arxiv" / "atom_id_abc_s0_m100.xml"), OBSERVED_ON)
    assert isinstance(answer, Failure)
    assert answer.outcome is Outcome.PARSE_FAILED
    assert "incorrect id format for abc" in answer.detail
