"""Good pages of every source of ours, as the imitations show them: nobody's papers, one, several, several answers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from scrapers.reading_note import with_note
from scrapers.registry import SOURCES
from scrapers.source import Source
from scrapers.sources.generic.selectors import note_of
from tests.imitations import google_scholar, personal_page
from tests.imitations.arxiv import ArxivSite
from tests.imitations.dblp import DblpSite, person_page, person_page_of_2015
from tests.imitations.inspire import InspireSite
from tests.imitations.openalex import OpenAlexSite
from tests.imitations.openreview import OpenReviewSite
from tests.imitations.orcid import OrcidSite
from tests.imitations.scholarfeed_api import ScholarFeedApiSite
from tests.imitations.scholars import Imitation, Scholar, Work
from tests.imitations.semantic_scholar import SemanticScholarSite
from tests.scrapers.made_up import shown_paper, shown_profile
from tests.scrapers.markups import HTML_MARKUPS, TEXT_COPIES
from tests.scrapers.sources.in_process import asked_in_process
from tracking.check import Page
from tracking.reading import Published

OBSERVED_ON = date(2026, 11, 22)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodPage:
    """``url`` is that of the profile on the source's own host."""

    source: Source
    what: str
    url: str
    page: Page

    def __str__(self) -> str:
        return f"{self.source.name}: {self.what}"


_WORKS = (
    Work(
        key="11",
        title="Waves in Ice & Water",
        published=date(2026, 5, 3),
        doi="10.5555/waves.1",
        arxiv_id="2605.01234",
        version=2,
        abstract="We look at waves, and at waves in ice.",
        venue="Oceanography",
        citations=4,
    ),
    Work(
        key="12",
        title="Old Ice",
        authors=("Ben Example", "Zoë d’Exémple", "Ada Example"),
        year=2019,
        arxiv_id="1901.00001",
        citations=0,
    ),
    Work(key="13", title="Ice, the Third", year=2018, doi="10.5555/ice.3", arxiv_id="1801.00003"),
)


def _scholar(key: str, *works: Work) -> Scholar:
    return Scholar(
        key=key,
        name="Ada Example",
        works=works,
        h_index=2,
        i10_index=0,
        citations=31,
        cited_by_year={2025: 20, 2026: 11},
        affiliation="Example University",
    )


def _many(count: int) -> tuple[Work, ...]:
    return tuple(
        Work(key=str(1000 + number), title=f"Ice, Part {number}", year=2000 + number % 20, arxiv_id=f"1901.{number:05}")
        for number in range(1, count + 1)
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """An imitation, the key of its one scholar, the path of a profile, and how many works take several answers."""

    site: type[Imitation]
    key: str
    path: str
    many: int


_SHOWN = {
    "openalex": _Shown(OpenAlexSite, "A1", "/A1", 150),
    "semantic_scholar": _Shown(SemanticScholarSite, "1", "/author/Ada-Example/1", 600),
    "arxiv": _Shown(ArxivSite, "example_a_1", "/search/?query=Ada+Example&searchtype=author", 150),
    "dblp": _Shown(DblpSite, "07/3228", "/pid/07/3228.html", 100),
    "orcid": _Shown(OrcidSite, "0000-0002-1825-0097", "/0000-0002-1825-0097", 100),
    "openreview": _Shown(OpenReviewSite, "~Ada_Example1", "/profile?id=~Ada_Example1", 300),
    "inspire": _Shown(InspireSite, "1010907", "/authors/1010907", 300),
    "scholarfeed_api": _Shown(ScholarFeedApiSite, "12345", "/author/12345", 60),
}


def _of_interfaces() -> Iterator[GoodPage]:
    for name, shown in _SHOWN.items():
        source = SOURCES[name]
        for what, works in (
            ("no papers", ()),
            ("one paper", _WORKS[:1]),
            ("three papers", _WORKS),
            ("many papers", _many(shown.many)),
        ):
            site = shown.site([_scholar(shown.key, *works)])
            page = asked_in_process(source, site, shown.path)
            yield GoodPage(source=source, what=what, url=f"https://{source.hosts[0]}{shown.path}", page=page)


def _of_other_forms() -> Iterator[GoodPage]:
    """Answers that are read too, and are not what is asked for today."""
    arxiv, dblp = SOURCES["arxiv"], SOURCES["dblp"]
    ada = _scholar("07/3228", *_WORKS)
    feed = asked_in_process(arxiv, ArxivSite([_scholar("example_a_1", *_WORKS)]), "/a/example_a_1")
    yield GoodPage(source=arxiv, what="the feed of an author", url="https://arxiv.org/a/example_a_1", page=feed)
    for what, render in (("page of today", person_page), ("page of 2015", person_page_of_2015)):
        url = "https://dblp.org/pid/07/3228.html"
        yield GoodPage(source=dblp, what=what, url=url, page=html_page(url, render(ada)))


def _of_pages() -> Iterator[GoodPage]:
    google, generic = SOURCES["google_scholar"], SOURCES["generic"]
    url = "https://scholar.google.com/citations?user=AdaExample-1&hl=en&pagesize=100"
    for what, works in (("no papers", ()), ("one paper", _WORKS[:1]), ("three papers", _WORKS)):
        # Only the layout of today says that there are none.
        for layout in google_scholar.Layout if works else [google_scholar.Layout.GSC]:
            markup = google_scholar.render(_scholar("AdaExample-1", *works), layout)
            yield GoodPage(source=google, what=f"{what}, {layout}", url=url, page=html_page(url, markup))
    url = "https://people.example.edu/~ada"
    for way in personal_page.Markup:
        page = html_page(url, personal_page.render(_scholar("ada", *_WORKS), way))
        if way is personal_page.Markup.CLASSES:
            page = with_note(page, note_of(personal_page.SELECTORS))
        yield GoodPage(source=generic, what=str(way), url=url, page=page)


def _of_scholarfeed() -> Iterator[GoodPage]:
    source = SOURCES["scholarfeed"]
    url = "https://www.scholarfeed.org/author/12345"
    papers = [
        shown_paper("Waves in Ice", authors=("Ada Example", "Ben Example"), cut=True, institutions=("example",)),
        shown_paper("Old Ice", category="CL", published=Published(2019, 1, 2), code=True, paragraphs=("Ice is old.",)),
        shown_paper("Ice, the Third", score=98.1, published=Published(2026, 5, 12), with_year=False),
    ]
    for count in (1, 3):
        metrics: dict[str, int | float | None] = {
            "h_index": 2,
            "papers": count,
            "citations": 31,
            "novelty": 0.5,
            "ai_score": 60,
        }
        profile = shown_profile(papers[:count], name="Ada Example", metrics=metrics)
        for markup in (*HTML_MARKUPS, *TEXT_COPIES):
            text = markup(profile)
            page = html_page(url, text)
            if markup in TEXT_COPIES:
                page = replace(page, headers={"content-type": "text/plain; charset=utf-8"})
            yield GoodPage(source=source, what=f"{count} papers, {markup.__name__}", url=url, page=page)


def html_page(url: str, text: str) -> Page:
    return Page(url=url, status=200, headers={"content-type": "text/html; charset=utf-8"}, body=text.encode())


@cache
def good_pages() -> tuple[GoodPage, ...]:
    return (*_of_interfaces(), *_of_other_forms(), *_of_pages(), *_of_scholarfeed())
