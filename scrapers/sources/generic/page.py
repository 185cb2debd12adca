"""A personal page: the first of these ways that finds papers is the way it is read.

    selectors for it │ JSON-LD │ microdata │ RDFa Lite │ citation_* tags ──> papers ──> ProfileReading

Nobody promises that such a page lists everything, so no reading is complete, and nothing is ever removed.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from urllib.parse import urljoin

from bs4 import BeautifulSoup

from scrapers.html_document import attribute, read_html, seen_text
from scrapers.parse_error import ParseError
from scrapers.sources.generic.citation_tags import papers_of_tags
from scrapers.sources.generic.found import Found
from scrapers.sources.generic.json_ld import items_of_json_ld
from scrapers.sources.generic.marked_up import items_of_microdata, items_of_rdfa
from scrapers.sources.generic.schema_org import Things
from scrapers.sources.generic.selected import name_selected, papers_selected
from scrapers.sources.generic.selectors import Selectors, selectors_of
from tracking.check import Page
from tracking.reading import ProfileReading

SOURCE = "generic"
PARSER = "generic/1"

_LONGEST_NAME = 300


def parse(page: Page, observed_on: date) -> ProfileReading:  # noqa: ARG001  -- a date without a year is none here
    """Read a page. Raises ParseError, which for a page without papers says what was looked for, and what to do."""
    soup = read_html(page)
    base = _base(soup, page.url)
    selectors = selectors_of(page)
    items, unreadable = items_of_json_ld(soup)
    things = [Things(items), Things(items_of_microdata(soup)), Things(items_of_rdfa(soup))]
    if selectors is None:
        papers, warnings = _marked_up(soup, things), _warnings("Scripts of JSON-LD that cannot be read", unreadable)
    else:
        selected = papers_selected(soup, selectors)
        papers, warnings = selected.papers, _warnings("Elements selected as papers, without a title", selected.untitled)
    return ProfileReading(
        source=SOURCE,
        name=_name(soup, things, selectors or {}),
        papers=tuple(dict.fromkeys(paper.reading(base) for paper in papers)),
        complete=False,
        warnings=warnings,
    )


def _marked_up(soup: BeautifulSoup, things: Sequence[Things]) -> Sequence[Found]:
    ways: list[Callable[[], list[Found]]] = [*(each.papers for each in things), partial(papers_of_tags, soup)]
    for way in ways:
        if papers := way():
            return papers
    raise ParseError(
        "no papers are marked up: there is no ScholarlyArticle of schema.org in JSON-LD, microdata or RDFa, and no "
        "citation_title tag; give CSS selectors for the page under sources.generic.selectors of the configuration",
        stage="papers",
    )


def _warnings(what: str, count: int) -> tuple[str, ...]:
    return (f"{what}: {count}.",) if count else ()


def _name(soup: BeautifulSoup, things: Sequence[Things], selectors: Selectors) -> str:
    name = name_selected(soup, selectors["name"]) if "name" in selectors else next(_names(soup, things), "")
    if not name or len(name) > _LONGEST_NAME:
        where = selectors.get("name", "schema.org Person, h1, title")
        raise ParseError("nobody is named", stage="name", where=where, excerpt=name)
    return name


def _names(soup: BeautifulSoup, things: Sequence[Things]) -> Iterator[str]:
    """Whose page it is, the best first."""
    yield from (name for each in things if (name := each.name()) is not None)
    headings = [text for heading in soup.select("h1") if (text := seen_text(heading))]
    if len(headings) == 1:
        yield headings[0]
    yield from (text for title in soup.select("head > title") if (text := seen_text(title)))


def _base(soup: BeautifulSoup, url: str) -> str:
    """What links are relative to."""
    tag = soup.select_one("base[href]")
    try:
        return urljoin(url, attribute(tag, "href")) if tag is not None else url
    except ValueError:
        return url
