"""``citation_*`` tags in the head of a page, as Google Scholar and Zotero read them: each title begins a paper."""

from collections import defaultdict

from bs4 import BeautifulSoup

from scrapers.html_document import attribute
from scrapers.readable import readable
from scrapers.sources.generic.found import Found, authors_in, date_in, refuse_too_many

_PREFIX = "citation_"
_DATES = ("publication_date", "date", "online_date", "year")
_LINKS = ("abstract_html_url", "public_url", "fulltext_html_url", "pdf_url")
_IDENTIFIERS = ("doi", "arxiv_id")


def papers_of_tags(soup: BeautifulSoup) -> list[Found]:
    """The papers in the order of the page."""
    papers: list[defaultdict[str, list[str]]] = []
    for tag in soup.select('meta[name^="citation_" i]'):
        name, content = attribute(tag, "name").lower().removeprefix(_PREFIX), readable(attribute(tag, "content"))
        if name == "title" and content:
            papers.append(defaultdict(list))
        if papers and content:
            papers[-1][name].append(content)
    refuse_too_many(len(papers))
    return [_paper(said) for said in papers]


def _paper(said: defaultdict[str, list[str]]) -> Found:
    authors, is_whole = _authors([*said["author"], *said["authors"]])
    dates = [text for name in _DATES for text in said[name]]
    return Found(
        title=said["title"][0],
        authors=authors,
        authors_complete=is_whole,
        published=date_in(dates[0]) if dates else None,
        abstract=next(iter(said["abstract"]), None),
        links=tuple(text for name in _LINKS for text in said[name]),
        identifiers=tuple(text for name in _IDENTIFIERS for text in said[name]),
    )


def _authors(texts: list[str]) -> tuple[tuple[str, ...], bool]:
    """One tag for each, the family name first or last; or one tag for all, parted by semicolons."""
    if len(texts) == 1 and ";" in texts[0]:
        return authors_in(texts[0])
    return tuple(texts), bool(texts)
