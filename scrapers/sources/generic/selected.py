"""Papers where the selectors of whoever follows the page say that they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import Tag

from scrapers.html_document import attribute, many, one, seen_text
from scrapers.parse_error import ParseError
from scrapers.sources.generic.found import Found, authors_in, refuse_too_many, year_in
from scrapers.sources.generic.selectors import Selectors


@dataclass(frozen=True, slots=True)
class Selected:
    papers: Sequence[Found]
    #: Elements that are selected as papers, and have no title.
    untitled: int


def papers_selected(soup: BeautifulSoup, selectors: Selectors) -> Selected:
    """Raises ParseError for a selector that finds nothing at all, or too much in one paper."""
    entries = many(soup, selectors["paper"], stage="papers")
    refuse_too_many(len(entries))
    _refuse_papers_within_papers(entries, selectors["paper"])
    papers = [paper for entry in entries if (paper := _paper(entry, selectors)) is not None]
    if not papers:
        raise ParseError("no paper has a title", stage="papers", where=selectors.get("title", selectors["paper"]))
    return Selected(papers, untitled=len(entries) - len(papers))


def _refuse_papers_within_papers(entries: Sequence[Tag], selector: str) -> None:
    chosen = set(map(id, entries))
    for entry in entries:
        if any(id(around) in chosen for around in entry.parents):
            raise ParseError("one paper stands within another", stage="papers", where=selector)


def name_selected(soup: BeautifulSoup, selector: str) -> str:
    return seen_text(one(soup, selector, stage="name"))


def _paper(entry: Tag, selectors: Selectors) -> Found | None:
    title = _title(entry, selectors)
    if title is None or not (shown := seen_text(title)):
        return None
    authors, is_whole = _authors(entry, selectors)
    year = _at_most_one(entry, selectors["year"]) if "year" in selectors else None
    return Found(
        title=shown,
        authors=authors,
        authors_complete=is_whole,
        published=year_in(seen_text(year)) if year is not None else None,
        links=_links(entry, title, selectors),
        identifiers=_identifying(entry),
    )


def _title(entry: Tag, selectors: Selectors) -> Tag | None:
    """Without a selector of its own, the whole entry is the title."""
    return _at_most_one(entry, selectors["title"]) if "title" in selectors else entry


def _at_most_one(entry: Tag, selector: str) -> Tag | None:
    found = entry.select(selector, limit=2)
    if len(found) > 1:
        raise ParseError(
            "is there several times in one paper", stage="papers", where=selector, excerpt=seen_text(entry)
        )
    return found[0] if found else None


def _authors(entry: Tag, selectors: Selectors) -> tuple[tuple[str, ...], bool]:
    """One element holds all names, or each its own."""
    shown = [seen_text(found) for found in entry.select(selectors["authors"])] if "authors" in selectors else []
    if len(shown) == 1:
        return authors_in(shown[0])
    names = tuple(text.strip(" ,;") for text in shown if text.strip(" ,;"))
    return names, bool(names)


def _links(entry: Tag, title: Tag, selectors: Selectors) -> tuple[str, ...]:
    """Those of the paper's own page: as it is selected, else the one in its title, else around it."""
    chosen = entry.select(selectors["link"], limit=1) if "link" in selectors else []
    own = [*chosen, *title.select("a[href]", limit=1), *filter(None, (title.find_parent("a", href=True),))]
    return tuple(dict.fromkeys(href for link in own if (href := attribute(link, "href"))))


def _identifying(entry: Tag) -> tuple[str, ...]:
    """Links of an entry lead to its authors and its code as well, so they are asked for identifiers only."""
    return tuple(attribute(link, "href") for link in entry.select("a[href]"))
