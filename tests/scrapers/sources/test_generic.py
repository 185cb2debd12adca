"""Personal pages: keys, the five ways in which papers stand on them, and the whole way."""

import json
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from scrapers.conformance import damaged, violations
from scrapers.parse import parse_page, parser_of, parser_with
from scrapers.parse_error import ParseError
from scrapers.reading_note import note_on, with_note
from scrapers.source import READING_HEADER, SourceOptions
from scrapers.sources.generic import GENERIC
from scrapers.sources.generic.found import Found, authors_in, date_in, year_in
from scrapers.sources.generic.selectors import note_for, note_of
from tests.imitations.personal_page import SELECTORS, Markup, PersonalPages, page_of, render
from tests.imitations.scholars import Scholar, Work, work
from tests.laws import tried
from tests.scrapers.sources.whole_way import OBSERVED_ON, ask, read_through
from tracking.check import Failure, Outcome, Page
from tracking.reading import PaperReading, ProfileReading, Published

URL = "https://www.example.edu/~ada"
ADA = Scholar(
    key="ada",
    name="Ada Quill",
    works=(
        work(
            "Bees & <Trees>",
            authors=("Ada Quill", "Bo Ek"),
            published=date(2026, 5, 12),
            doi="10.1234/bees.1",
            arxiv_id="2605.00001",
            abstract="What bees know of trees.",
        ),
        work("Uncited", authors=("Ada Quill",), year=2024),
    ),
)


def saved(body: str, selectors: dict[str, str] | None = None, url: str = URL) -> Page:
    page = Page(url=url, status=200, headers={"content-type": "text/html; charset=utf-8"}, body=body.encode())
    return page if selectors is None else with_note(page, note_of(selectors))


def read(body: str, selectors: dict[str, str] | None = None) -> ProfileReading:
    return GENERIC.parse(saved(body, selectors), OBSERVED_ON)


def papers(body: str, selectors: dict[str, str] | None = None) -> tuple[PaperReading, ...]:
    return read(f"<html><head><title>Ada Quill</title></head><body>{body}</body></html>", selectors).papers


def expected(scholar: Scholar, markup: Markup, base: str = URL) -> ProfileReading:
    shown = tuple(_expected_paper(each, markup, base) for each in scholar.works)
    return ProfileReading(source="generic", name=scholar.name, papers=shown, complete=False)


def _expected_paper(shown: Work, markup: Markup, base: str) -> PaperReading:
    published = shown.published
    day = Published(published.year, published.month, published.day) if published else None
    if markup is Markup.CLASSES and day:
        day = Published(day.year)
    page = page_of(shown)
    return PaperReading(
        title=shown.title,
        authors=shown.authors,
        authors_complete=bool(shown.authors),
        published=day or (Published(shown.year) if shown.year else None),
        abstract=shown.abstract if markup is not Markup.CLASSES else None,
        arxiv_id=shown.arxiv_id,
        doi=shown.doi,
        url=page if shown.doi else base[: base.index("/", 9)] + page,
    )


def selectors_for(markup: Markup) -> dict[str, str] | None:
    return SELECTORS if markup is Markup.CLASSES else None


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.example.edu/~ada/", "www.example.edu/~ada"),
        ("http://WWW.example.edu/~ada/index.html#papers", "www.example.edu/~ada"),
        ("https://ada.example.org", "ada.example.org"),
        ("https://ada.example.org/?utm_source=mail", "ada.example.org"),
        ("https://x.example.org/staff.php?id=7&lang=en", "x.example.org/staff.php?id=7&lang=en"),
        ("http://127.0.0.1:8099/~ada", "127.0.0.1:8099/~ada"),
        ("https://x.example.org:443/Ada/Publications", "x.example.org/Ada/Publications"),
        ("http://[::1]:8080/ada", "[::1]:8080/ada"),
    ],
)
def test_keys(url: str, key: str) -> None:
    assert GENERIC.profile_key(url) == key


@pytest.mark.parametrize("url", ["ada", "mailto:ada@example.org", "ftp://example.org/ada", "https:///ada", ""])
def test_what_is_no_page(url: str) -> None:
    with pytest.raises(ValueError, match="no page in this URL"):
        GENERIC.profile_key(url)


@pytest.mark.parametrize("markup", Markup)
def test_every_markup_reads_the_same(markup: Markup) -> None:
    assert read(render(ADA, markup), selectors_for(markup)) == expected(ADA, markup)


@pytest.mark.parametrize(
    ("document", "titles"),
    [
        ({"@type": "ScholarlyArticle", "name": "Bees"}, ["Bees"]),
        ([{"@type": ["Thing", "ScholarlyArticle"], "headline": "Bees"}], ["Bees"]),
        ({"@type": "https://schema.org/ScholarlyArticle", "schema:name": "Bees"}, ["Bees"]),
        ({"@type": "ScholarlyArticle", "name": {"@value": "Bees", "@language": "en"}}, ["Bees"]),
        ({"@type": "ScholarlyArticle", "name": ["<i>Apis</i> &amp; co", "Bienen"]}, ["Apis & co"]),
        ({"@graph": [{"@type": "Person", "subjectOf": [{"@type": "Thesis", "name": "Bees"}]}]}, ["Bees"]),
        ({"@type": "ItemList", "itemListElement": [{"item": {"@type": "Chapter", "name": "Bees"}}]}, ["Bees"]),
        ({"@type": "ScholarlyArticle", "name": "Bees", "citation": {"@type": "ScholarlyArticle", "name": "No"}}, ["Bees"]),
        ({"@type": "CollectionPage", "citation": {"@type": "ScholarlyArticle", "name": "No"}}, None),
        ({"@type": "BlogPosting", "name": "Bees"}, None),
        ({"@type": "ScholarlyArticle"}, None),
        ({"@type": "ScholarlyArticle", "name": " "}, None),
        ({"@type": 7, "name": ["x", 3]}, None),
    ],
)  # fmt: skip
def test_json_ld(document: object, titles: list[str] | None) -> None:
    body = f'<script type="application/ld+json">{json.dumps(document)}</script>'
    if titles is None:
        with pytest.raises(ParseError, match="no papers are marked up"):
            papers(body)
    else:
        assert [paper.title for paper in papers(body)] == titles


@pytest.mark.parametrize(
    ("said", "authors", "complete"),
    [
        ("Ada Quill", ("Ada Quill",), True),
        ("A. Quill, B. Ek and C. Ode", ("A. Quill", "B. Ek", "C. Ode"), True),
        ([{"name": "Ada Quill"}, "Bo Ek"], ("Ada Quill", "Bo Ek"), True),
        ({"givenName": "Ada", "familyName": "Quill"}, ("Ada Quill",), True),
        ({"@list": [{"name": "Ada Quill"}, {"name": "Bo Ek"}]}, ("Ada Quill", "Bo Ek"), True),
        ({"@type": "Role", "author": {"name": "Ada Quill"}}, ("Ada Quill",), True),
        ([{"@type": "Role", "author": "Ada Quill"}, True, {"name": True}], (), False),
        (["Quill, Ada"], ("Quill, Ada",), True),
        ([{"@id": "#me"}, {"@id": "#nobody"}], ("Me Myself",), False),
        (None, (), False),
        ({}, (), False),
        (7, (), False),
    ],
)
def test_authors_of_json_ld(said: object, authors: tuple[str, ...], complete: bool) -> None:
    me = {"@type": "Person", "@id": "#me", "name": "Me Myself"}
    document = json.dumps([me, {"@type": "ScholarlyArticle", "name": "Bees", "author": said}])
    (paper,) = papers(f'<script type="application/ld+json">{document}</script>')
    assert (paper.authors, paper.authors_complete) == (authors, complete)


@pytest.mark.parametrize(
    "script", ["{bad", "", "[" * 5000, "// <![CDATA[\n{]\n// ]]>", '{"a": NaN}{'], ids=lambda script: script[:9]
)
def test_json_ld_that_is_none_is_told(script: str) -> None:
    good = '<script type="application/ld+json"><!-- {"@type": "ScholarlyArticle", "name": "Bees"} --></script>'
    reading = read(f'<html><title>Ada</title>{good}<script type="application/ld+json">{script}</script></html>')
    assert [paper.title for paper in reading.papers] == ["Bees"]
    assert reading.warnings == ("Scripts of JSON-LD that cannot be read: 1.",)


def test_microdata_as_bibliographies_write_it() -> None:
    """Authors are typed and no items, the journal is an item and no property, dates are plain text."""
    body = """<span itemscope itemtype="http://schema.org/ScholarlyArticle"><span itemprop="name">A Book</span>
      (<span itemprop="author" itemtype="http://schema.org/Person">Ada Quill</span>,
      <span itemprop="author" itemtype="http://schema.org/Person">Bo Ek</span>),
      <span itemscope itemtype="http://schema.org/Periodical"><span itemprop="name">The Hive</span></span>,
      <span itemprop="datePublished">June 2009</span>, <a itemprop="sameAs" href="https://doi.org/10.1234/x">10.1234/x</a></span>"""
    assert papers(body) == (
        PaperReading(
            title="A Book",
            authors=("Ada Quill", "Bo Ek"),
            published=Published(2009),
            doi="10.1234/x",
            url="https://doi.org/10.1234/x",
        ),
    )


def test_links_are_relative_to_the_base_that_a_page_names() -> None:
    tags = '<meta name="citation_title" content="Bees"><meta name="citation_pdf_url" content="bees.pdf#page=2">'
    (paper,) = papers(f'<base href="/papers/">{tags}')
    assert paper.url == "https://www.example.edu/papers/bees.pdf"
    (paper,) = papers(f'<base href="http://[broken">{tags}')
    assert paper.url == "https://www.example.edu/bees.pdf"


@pytest.mark.parametrize("href", ["http://[broken", "mailto:ada@example.org", "#bees", ""])
def test_links_that_lead_nowhere(href: str) -> None:
    tags = f'<meta name="citation_title" content="Bees"><meta name="citation_pdf_url" content="{href}">'
    assert [paper.url for paper in papers(tags)] == [None]


def test_one_tag_may_name_all_authors() -> None:
    tags = '<meta name="citation_title" content="Bees"><meta name="citation_authors" content="Quill, Ada; Ek, Bo">'
    assert [paper.authors for paper in papers(tags)] == [("Quill, Ada", "Ek, Bo")]


def test_one_way_is_enough_and_json_ld_goes_before_the_others() -> None:
    tags = '<meta name="citation_title" content="From a tag">'
    script = '<script type="application/ld+json">{"@type": "ScholarlyArticle", "name": "From a script"}</script>'
    item = '<p itemscope itemtype="http://schema.org/ScholarlyArticle"><b itemprop="name">From an item</b></p>'
    assert [paper.title for paper in papers(tags + item + script)] == ["From a script"]
    assert [paper.title for paper in papers(tags + item)] == ["From an item"]
    assert [paper.title for paper in papers(tags + item, {"paper": "p"})] == ["From an item"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (
            '<script type="application/ld+json">{"@type": "Person", "name": "Ada Quill"}</script><h1>Home</h1>',
            "Ada Quill",
        ),
        (
            '<script type="application/ld+json">[{"@type": "Person", "name": "A Friend"}, {"@type": "ProfilePage",'
            ' "mainEntity": {"@type": "Person", "name": "Ada Quill"}}]</script>',
            "Ada Quill",
        ),
        ('<p itemscope itemtype="https://schema.org/Person"><b itemprop="name">Ada Quill</b></p>', "Ada Quill"),
        ("<h1>Ada <b>Quill</b></h1>", "Ada Quill"),
        ("<h1>Welcome</h1><h1>Papers</h1>", "The title"),
        ("<h1> </h1>", "The title"),
    ],
)
def test_whose_page_it_is(body: str, name: str) -> None:
    tags = '<title>The title</title><meta name="citation_title" content="Bees">'
    assert read(f"<html><head>{tags}</head><body>{body}</body></html>").name == name


def test_nobody_is_named() -> None:
    with pytest.raises(ParseError, match=r"name, schema\.org Person, h1, title: nobody is named"):
        read('<html><head><meta name="citation_title" content="Bees"></head><body></body></html>')


ENTRY = '<li><i class="t">Bees</i> <i class="a">Quill, A. and B. Ek</i> <i class="y">(2024)</i> <a href="/bees.pdf">pdf</a></li>'


@pytest.mark.parametrize(
    ("selectors", "body", "paper"),
    [
        ({"title": ".t"}, ENTRY, PaperReading(title="Bees", authors_complete=False)),
        ({}, ENTRY, PaperReading(title="Bees Quill, A. and B. Ek (2024) pdf", authors_complete=False, url="https://www.example.edu/bees.pdf")),
        ({"title": ".t", "authors": ".a"}, ENTRY, PaperReading(title="Bees", authors=("Quill, A.", "B. Ek"))),
        ({"title": ".t", "year": ".y"}, ENTRY, PaperReading(title="Bees", authors_complete=False, published=Published(2024))),
        ({"title": ".t", "link": "a"}, ENTRY, PaperReading(title="Bees", authors_complete=False, url="https://www.example.edu/bees.pdf")),
        ({"title": ".t"}, '<li><a href="p1"><b class="t">Bees</b></a></li>', PaperReading(title="Bees", authors_complete=False, url="https://www.example.edu/p1")),
        ({"title": ".t", "authors": ".a"}, '<li><b class="t">Bees</b><b class="a">Ek, Bo</b>, <b class="a">Ada Quill</b></li>', PaperReading(title="Bees", authors=("Ek, Bo", "Ada Quill"))),
        ({"title": ".t"}, '<li><b class="t">Bees</b><a href="https://doi.org/10.1/1">x</a><a href="https://dx.doi.org/10.1234/A%2FB">y</a></li>', PaperReading(title="Bees", authors_complete=False, doi="10.1234/a/b")),
        ({"title": ".t"}, '<li><b class="t">Bees</b><a href="https://doi.org/10.1234/a">x</a><a href="https://doi.org/10.1234/b">y</a></li>', PaperReading(title="Bees", authors_complete=False)),
        ({"title": ".t"}, '<li><b class="t">Bees</b><a href="https://arxiv.org/pdf/2401.00001v3">x</a><a href="https://doi.org/10.48550/arXiv.2401.00001v3">y</a></li>', PaperReading(title="Bees", authors_complete=False, arxiv_id="2401.00001", version=3, doi="10.48550/arxiv.2401.00001v3")),
        ({"title": ".t"}, '<li><b class="t">Bees<script>alert(1)</script> &lt;script&gt;</b><a href="javascript:x()">x</a></li>', PaperReading(title="Bees <script>", authors_complete=False)),
    ],
)  # fmt: skip
def test_selectors(selectors: dict[str, str], body: str, paper: PaperReading) -> None:
    assert papers(f"<ul>{body}</ul>", {"paper": "ul > li", **selectors}) == (paper,)


@pytest.mark.parametrize(
    ("selectors", "reason"),
    [
        ({"paper": "ol > li"}, "papers, ol > li: is not there"),
        ({"paper": "li", "title": "h3"}, "papers, h3: no paper has a title"),
        ({"paper": "li", "title": "i"}, "papers, i: is there several times in one paper"),
        ({"paper": "li", "title": ".t", "year": "i"}, "papers, i: is there several times in one paper"),
        ({"paper": "ul, li"}, "papers, ul, li: one paper stands within another"),
        ({"paper": "li", "name": "h1"}, "name, h1: is not there"),
        ({"paper": "li", "name": "i"}, "name, i: is there several times"),
    ],
)
def test_selectors_that_find_nothing_or_too_much(selectors: dict[str, str], reason: str) -> None:
    with pytest.raises(ParseError) as raised:
        papers(f"<ul>{ENTRY}</ul>", selectors)
    assert str(raised.value).startswith(reason)


def test_entries_without_a_title_are_counted() -> None:
    reading = read(f"<html><title>Ada</title><ul>{ENTRY}<li>more soon</li></ul></html>", {"paper": "li", "title": ".t"})
    assert reading.warnings == ("Elements selected as papers, without a title: 1.",)


@pytest.mark.parametrize(
    "note", ["", "{}", "[]", "7", '{"paper": 7}', '{"paper": "li["}', '{"paper": "li", "x": "y"}', "[" * 9000]
)
def test_a_note_that_nobody_wrote_is_an_error(note: str) -> None:
    page = replace(saved(f"<html><title>Ada</title>{ENTRY}</html>"), headers={READING_HEADER: note})
    with pytest.raises(ParseError, match="selectors: cannot be used"):
        GENERIC.parse(page, OBSERVED_ON)


@pytest.mark.parametrize(
    ("url", "chosen"),
    [
        ("https://www.example.edu/", "the host"),
        ("https://www.example.edu:8443/~adam", "the host"),
        ("https://www.example.edu/~ada/papers.html", "her part"),
        ("https://www.example.edu/~ada", "her part"),
        ("http://www.example.edu:8080/~ada", "the port"),
        ("https://example.edu/", None),
    ],
)
def test_the_selectors_of_the_longest_place_that_fits(url: str, chosen: str | None) -> None:
    places = {"www.example.edu": "the host", "www.example.edu/~ada": "her part", "www.example.edu:8080/": "the port", "www.example.edu:8080/~ada/": "the port"}  # fmt: skip
    options = SourceOptions(selectors={place: {"paper": selector} for place, selector in places.items()})
    assert note_for(url, options) == (None if chosen is None else note_of({"paper": chosen}))


def test_the_note_is_a_part_of_the_parser_and_a_site_cannot_write_one() -> None:
    page = saved(render(ADA, Markup.CLASSES), SELECTORS)
    assert note_on(page) == note_of(dict(reversed(SELECTORS.items())))
    assert parser_of(GENERIC, page) == parser_with(GENERIC, note_of(SELECTORS)) != GENERIC.parser
    assert parser_of(GENERIC, page).startswith("generic/1+")
    assert with_note(page, None).headers == saved("").headers


@pytest.mark.parametrize(
    ("text", "authors", "complete"),
    [
        ("Ada Quill", ("Ada Quill",), True),
        ("Ada Quill, Bo Ek, and Cy Ode.", ("Ada Quill", "Bo Ek", "Cy Ode."), True),
        ("Quill, A., Ek, B.-C., Ode, C. D. & Dee, E.", ("Quill, A.", "Ek, B.-C.", "Ode, C. D.", "Dee, E."), True),
        ("Quill A, Ek B", ("Quill A", "Ek B"), True),
        ("Quill, Ada Jane", ("Quill, Ada Jane",), True),
        ("Quill, Ek, Ode", ("Quill", "Ek", "Ode"), True),
        ("Quill, Ada; Ek, Bo and Ode, Cy", ("Quill, Ada", "Ek, Bo", "Ode, Cy"), True),
        ("Ada Quill, Bo Ek et al.", ("Ada Quill", "Bo Ek"), False),
        ("Ada Quill, Bo Ek, …", ("Ada Quill", "Bo Ek"), False),
        ("Ada Quill and others", ("Ada Quill",), False),
        ("Randall Sandall", ("Randall Sandall",), True),
        ("", (), False),
        (" , ", (), False),
    ],
)
def test_names_in_free_text(text: str, authors: tuple[str, ...], complete: bool) -> None:
    assert authors_in(text) == (authors, complete)


def test_years_and_dates_in_free_text() -> None:
    said = ["2024", "(in: Bees 12, 2024)", "to appear", "2023/2024", "12345", "1066", "2024 and 2024"]
    assert [str(year_in(text)) for text in said] == ["2024", "2024", "None", "None", "None", "None", "2024"]
    said = ["2024-05-12", "2024-05", "2024/05/12", "2024-05-12T10:00:00Z", "2024-13", "12 May 2024", "soon"]
    assert [str(date_in(text)) for text in said] == ["2024-05-12", "2024-05", "2024-05-12", "2024-05-12", "2024", "2024", "None"]  # fmt: skip


def test_two_works_among_the_links_of_one_paper_identify_neither() -> None:
    found = Found(title="Bees", identifiers=("https://arxiv.org/abs/2401.00001", "arXiv:2401.00002", "10.1234/a", "doi:10.1234/B"))  # fmt: skip
    assert found.reading(URL) == PaperReading(title="Bees", authors_complete=False)


def test_what_nobody_writes_on_a_page_of_his_own_is_refused_at_once() -> None:
    with pytest.raises(ParseError, match="too many for a personal page"):
        papers('<meta name="citation_title" content="Bees">' * 3001)
    with pytest.raises(ParseError, match="far too much"):
        papers(f'<script type="application/ld+json">{"{},"[1:] * 2_000_001}</script>')
    with pytest.raises(ParseError, match="no list of authors"):
        authors_in("A, " * 100_000)
    with pytest.raises(ParseError, match="nested deeper than"):
        papers("<b>" * 300)
    with pytest.raises(ParseError, match="attributes"):
        papers("<b " + " ".join(f"a{number}" for number in range(9000)) + ">")
    with pytest.raises(ParseError, match="characters in one text"):
        papers(f"<ul><li>{'x' * 200_001}</li></ul>", {"paper": "li"})


_WORDS = st.sampled_from(["Bees", "a<b", "R&D", "α-stable", "学習", "<3", "«x»", "H₂O", "10×", "No. 5", '"q"', "it's"])
_NAMES = st.sampled_from(["Ada Quill", "李明", "Jean d'Arcy", "Ο Νίκος", "T. van de Ven", "ATLAS Collaboration"])
_WORKS = st.builds(
    Work,
    key=st.from_regex(r"[a-z0-9]{6}", fullmatch=True),
    title=st.lists(_WORDS, min_size=1, max_size=5).map(lambda words: "On " + " ".join(words)),
    authors=st.lists(_NAMES, min_size=1, max_size=3, unique=True).map(tuple),
    published=st.none() | st.dates(date(1950, 1, 1), date(2026, 11, 22)),
    doi=st.none() | st.just("10.1234/bees.1"),
    arxiv_id=st.none() | st.just("2605.00001"),
    abstract=st.none() | st.just("What bees know."),
)
_SCHOLARS = st.builds(
    Scholar,
    key=st.just("ada"),
    name=_NAMES,
    works=st.lists(_WORKS, min_size=1, max_size=4, unique_by=lambda each: each.key).map(tuple),
)


@pytest.mark.parametrize("markup", Markup)
@given(scholar=_SCHOLARS)
@tried(20, *HealthCheck)
def test_any_scholar_reads_back_as_the_same_facts(markup: Markup, scholar: Scholar) -> None:
    reading = read(render(scholar, markup), selectors_for(markup))
    wanted = expected(scholar, markup)
    assert reading == replace(wanted, papers=tuple(dict.fromkeys(wanted.papers)))


@given(draw=st.randoms(use_true_random=False), markup=st.sampled_from(Markup))
@tried(80)
def test_a_damaged_page_is_an_error_or_a_reading(draw: Random, markup: Markup) -> None:
    page = damaged(saved(render(ADA, markup)), draw)
    try:
        reading = GENERIC.parse(with_note(page, note_for(URL, SourceOptions())), OBSERVED_ON)
    except ParseError:
        return
    assert not reading.complete


@pytest.mark.parametrize("markup", [markup for markup in Markup if markup is not Markup.CLASSES])
def test_it_keeps_what_every_source_promises(markup: Markup) -> None:
    assert violations(GENERIC, saved(render(ADA, markup)), observed_on=OBSERVED_ON, url=URL, tries=20) == []


@pytest.mark.parametrize("markup", Markup)
def test_the_whole_way(markup: Markup) -> None:
    with PersonalPages([ADA], markup=markup) as site:
        url = site.profile_url("ada")
        host = url.removeprefix("http://").partition("/")[0]
        options = SourceOptions(selectors={host: SELECTORS} if markup is Markup.CLASSES else {})
        assert read_through(GENERIC, url, options) == expected(ADA, markup, base=url)


@pytest.mark.parametrize(
    ("status", "headers", "body", "outcome"),
    [
        (404, {}, "", Outcome.GONE),
        (429, {"Retry-After": "3600"}, "", Outcome.THROTTLED),
        (500, {}, "", Outcome.UNREACHABLE),
        (200, {}, "<html><title>Just a moment...</title><body>Checking your browser</body></html>", Outcome.BLOCKED),
        (200, {READING_HEADER: note_of({"paper": "h1"})}, "<html><h1>Ada Quill</h1></html>", Outcome.PARSE_FAILED),
    ],
    ids=["404", "429", "500", "challenge", "nothing marked up, and a note of the site's own"],
)
def test_what_is_no_profile_has_its_outcome(status: int, headers: dict[str, str], body: str, outcome: Outcome) -> None:
    with PersonalPages([ADA]) as site:
        site.fails(status, headers={"Content-Type": "text/html"} | headers, body=body, times=9)
        answer = ask(GENERIC, site.profile_url("ada"))
    failure = parse_page("generic", answer, OBSERVED_ON) if isinstance(answer, Page) else answer
    assert isinstance(failure, Failure)
    assert failure.outcome is outcome


def test_a_page_without_markup_says_what_to_do() -> None:
    with pytest.raises(ParseError, match=r"CSS selectors for the page under sources\.generic\.selectors"):
        read("<html><h1>Ada Quill</h1></html>")
