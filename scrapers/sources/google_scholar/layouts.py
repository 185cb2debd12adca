"""The layouts that profile pages have had, by the ids and classes in them: those are the same in every language.

Until the spring of 2014 names began with ``cit-``, since then with ``gsc_``.
"""

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup

from scrapers.parse_error import ParseError

USER = re.compile(r"[A-Za-z0-9_-]{12}")

_NUMBER = re.compile(r"\d{1,12}|\d{1,3}(?:[.,'’\u066c\s]\d{3}){1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """CSS selectors; those from ``title`` on are within a row."""

    name: str
    metrics: str
    #: Of the columns of the metrics.
    heading: str
    metric: str
    row: str
    title: str
    #: The authors, and then where it was published.
    details: str
    citations: str
    year: str


CIT = Layout(
    name="#cit-name-display",
    metrics="table#stats",
    heading="tr.cit-headerrow td.cit-borderleft",
    metric="td.cit-data",
    row="tr.cit-table.item",
    title="a.cit-dark-large-link",
    details="span.cit-gray",
    citations="#col-citedby",
    year="#col-year",
)
GSC = Layout(
    name="#gsc_prf_in",
    metrics="#gsc_rsb_st",
    heading=".gsc_rsb_sth",
    metric=".gsc_rsb_std",
    row="tr.gsc_a_tr",
    title=".gsc_a_at",
    details=".gs_gray",
    citations=".gsc_a_ac",
    year=".gsc_a_y",
)


def layout_of(soup: BeautifulSoup) -> Layout:
    """The layout of a profile page. Raises ParseError for a page that names nobody."""
    for layout in (GSC, CIT):
        if soup.select_one(layout.name) is not None:
            return layout
    raise ParseError("this is no profile: nobody is named", stage="name", where=f"{GSC.name}, {CIT.name}")


def number(text: str, *, stage: str, where: str) -> int | None:
    """A count in the digits of any script, grouped or not; None for an empty cell. Raises ParseError."""
    if not text:
        return None
    if _NUMBER.fullmatch(text) is None:
        raise ParseError("is no number", stage=stage, where=where, excerpt=text)
    return int(re.sub(r"\D", "", text))
