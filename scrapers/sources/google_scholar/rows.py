"""The rows of a profile's list: one paper each."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from bs4.element import Tag

from scrapers.html_document import attribute, one, seen_text
from scrapers.identifiers import ArxivId
from scrapers.parse_error import ParseError
from scrapers.sources.google_scholar.layouts import Layout, number
from tracking.reading import PaperReading, Published

_CUT = re.compile(r"(,?)\s*(?:\.\.\.|…)$")
_YEAR = re.compile(r"\d{4}")
_ARXIV = re.compile(r"arXiv(?: preprint)?(?: |:)(?:arXiv:)?(\S+?),?(?=\s|$)", re.IGNORECASE)
_PAPER_ID = re.compile(r"[A-Za-z0-9_-]{12}:[A-Za-z0-9_-]{1,40}")
_VIEW = "https://scholar.google.com/citations?"


def read_row(row: Tag, layout: Layout, where: str) -> PaperReading | None:
    """One paper; None for a row whose title is blank. Raises ParseError for a row of another shape."""
    link = one(row, layout.title, stage="papers")
    title = seen_text(link)
    if not title:
        return None
    details = [seen_text(detail) for detail in row.select(layout.details)]
    authors, is_whole = _authors(details[0] if details else "")
    arxiv = _arxiv(details[1] if len(details) > 1 else "")
    paper_id = _paper_id(link)
    return PaperReading(
        title=title,
        authors=authors,
        authors_complete=is_whole,
        published=_year(seen_text(one(row, layout.year, stage="papers")), where),
        arxiv_id=arxiv.id if arxiv else None,
        version=arxiv.version if arxiv else None,
        source_id=paper_id,
        url=_url(paper_id),
        citations=_citations(row, layout, where),
    )


def _authors(text: str) -> tuple[tuple[str, ...], bool]:
    """The names, and whether that is all of them: a list that ends in dots may have been cut within a name."""
    cut = _CUT.search(text)
    names = [name.strip() for name in (text[: cut.start()] if cut else text).split(",")]
    if cut and not cut[1]:
        names.pop()
    return tuple(name for name in names if name), bool(text) and cut is None


def _year(text: str, where: str) -> Published | None:
    if not text:
        return None
    if _YEAR.fullmatch(text) is None or int(text) == 0:
        raise ParseError("is no year", stage="papers", where=where, excerpt=text)
    return Published(int(text))


def _citations(row: Tag, layout: Layout, where: str) -> int | None:
    """None where nobody is shown to cite it. An asterisk says that the count is of several papers made one."""
    text = seen_text(one(row, layout.citations, stage="papers"))
    return number(text.removesuffix("*").strip(), stage="papers", where=where)


def _arxiv(venue: str) -> ArxivId | None:
    """The id in "arXiv preprint arXiv:2401.01234, 2024"; one that is cut is none."""
    found = _ARXIV.search(venue)
    return ArxivId.read(found[1]) if found else None


def _paper_id(link: Tag) -> str | None:
    """``USER:ID`` in the link to the paper's own page, wherever the layout keeps that."""
    for name in ("data-href", "href"):
        try:
            query = parse_qs(urlsplit(attribute(link, name)).query)
        except ValueError:
            continue
        for found in query.get("citation_for_view", ()):
            if _PAPER_ID.fullmatch(found):
                return found
    return None


def _url(paper_id: str | None) -> str | None:
    if paper_id is None:
        return None
    user, _, _ = paper_id.partition(":")
    query = {"view_op": "view_citation", "user": user, "citation_for_view": paper_id}
    return _VIEW + urlencode(query, safe=":")
