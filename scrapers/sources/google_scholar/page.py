"""Profile pages of Google Scholar, read by their ids and classes, whose language does not matter.

    page → elements → layout → name, metrics, rows → ProfileReading

One page is all that is asked for, so a list that goes on elsewhere is an incomplete reading: papers come into the
hundred that are shown, and fall out of them.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from scrapers.html_document import one, read_html, seen_text
from scrapers.parse_error import ParseError
from scrapers.sources.google_scholar.layouts import CIT, Layout, layout_of
from scrapers.sources.google_scholar.metrics import read_metrics
from scrapers.sources.google_scholar.rows import read_row
from tracking.check import Page
from tracking.reading import PaperReading, ProfileReading

SOURCE = "google_scholar"
PARSER = "google_scholar/1"

#: Rows on a page, when its URL does not say.
_PAGE_SIZES = (20, 100)
_LONGEST_NAME = 300
_NUMBERS = re.compile(r"\d{1,9}")


def parse(page: Page, observed_on: date) -> ProfileReading:  # noqa: ARG001  -- every date on it has its year
    """Read a profile page. Raises ParseError with the stage and the place that failed."""
    soup = read_html(page)
    layout = layout_of(soup)
    name = seen_text(one(soup, layout.name, stage="name"))
    if not name or len(name) > _LONGEST_NAME:
        raise ParseError("this is no name", stage="name", where=layout.name, excerpt=name)
    rows = soup.select(layout.row)
    read = [read_row(row, layout, f"row {position} of {len(rows)}") for position, row in enumerate(rows, 1)]
    papers = tuple(paper for paper in read if paper is not None)
    _refuse_a_list_without_papers(soup, rows, papers)
    metrics = read_metrics(soup, layout)
    if not metrics and any(paper.citations for paper in papers):
        raise ParseError("papers are cited, and there are no metrics", stage="metrics", where=layout.metrics)
    return ProfileReading(
        source=SOURCE,
        name=name,
        metrics=metrics,
        papers=papers,
        complete=_is_whole(soup, layout, page.url, len(rows)),
        warnings=tuple(_warnings(rows, papers)),
    )


def _refuse_a_list_without_papers(soup: BeautifulSoup, rows: Sequence[Tag], papers: Sequence[PaperReading]) -> None:
    """A profile may have no papers: then it says so, in the place of the first row."""
    if not papers and (rows or soup.select_one(".gsc_a_e") is None):
        raise ParseError("no paper has a title" if rows else "no papers are listed", stage="papers")


def _is_whole(soup: BeautifulSoup, layout: Layout, url: str, rows: int) -> bool:
    """True when the list begins and ends on this page. A page that is full may have a successor, whatever it says."""
    query = _query(url)
    if query.get("cstart", "0") != "0" or rows in _page_sizes(query):
        return False
    if layout is CIT:
        return soup.select_one('a[href*="cstart="]') is None
    return rows == 0 or (_is_all_shown(soup, rows) and _has_no_more(soup))


def _query(url: str) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    except ValueError:
        return {}


def _page_sizes(query: dict[str, str]) -> tuple[int, ...]:
    size = query.get("pagesize", "")
    return (int(size),) if _NUMBERS.fullmatch(size) else _PAGE_SIZES


def _has_no_more(soup: BeautifulSoup) -> bool:
    """True when the buttons for more are there, and cannot be pressed."""
    buttons = soup.select("#gsc_bpf_more, #gsc_bpf_next")
    return bool(buttons) and all("disabled" in button.attrs for button in buttons)


def _is_all_shown(soup: BeautifulSoup, rows: int) -> bool:
    """Whether the numbers that the page itself gives its rows, "Articles 1–20", are those of the rows that are here.

    Raises ParseError where there are more rows than numbers: then it is not known what the rows are.
    """
    shown = soup.select_one("#gsc_a_nn")
    numbers = [int(found) for found in _NUMBERS.findall(seen_text(shown))] if shown is not None else []
    if len(numbers) != 2:
        return True
    first, last = sorted(numbers)
    if rows > last - first + 1:
        raise ParseError(
            f"there are {rows} rows", stage="papers", where="#gsc_a_nn", excerpt=seen_text(shown) if shown else ""
        )
    return first == 1 and rows == last


def _warnings(rows: Sequence[Tag], papers: Sequence[PaperReading]) -> Iterator[str]:
    blank = len(rows) - len(papers)
    if blank:
        yield f"{blank} of {len(rows)} rows have no title and were left out."
    nameless = sum(paper.source_id is None for paper in papers)
    if nameless:
        yield f"{nameless} of {len(papers)} papers have no id."
