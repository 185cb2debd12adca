"""A paper as a page tells of it, whatever the way; and what free text says of names, years and identifiers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from scrapers.html_document import absolute_url
from scrapers.identifiers import ArxivId, doi_in_url, read_doi
from scrapers.parse_error import ParseError
from tracking.reading import PaperReading, Published

_CUT = re.compile(r"[\s,;]{0,5}(?:\bet\s+al\b\.?|\b(?:and|&)\s+others\b|\.\.\.|…)[\s.]{0,5}$", re.IGNORECASE)
#: What ends a list is at its end.
_LONGEST_CUT = 30
_AND = re.compile(r",?\s+(?:and|&)\s+", re.IGNORECASE)
#: "J.", "J. K.", "J.-P.", "JK": what stands behind a family name and a comma.
_INITIALS = re.compile(r"[^\W\d_]\.(?:[\s-]{0,2}[^\W\d_]\.){0,4}|[A-Z]{1,3}")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?(?![\d-])")
#: Nobody lists more on one page.
_MOST_PAPERS = 3_000
_ARXIV_DOI = "10.48550/arxiv."
#: In characters; the largest collaborations have three thousand authors.
_LONGEST_BYLINE = 200_000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One paper.

    ``links`` are of its own pages, perhaps relative, the best first; ``identifiers`` are DOIs, arXiv ids, URLs that may
    hold one, or something else.
    """

    title: str
    authors: tuple[str, ...] = ()
    authors_complete: bool = False
    published: Published | None = None
    abstract: str | None = None
    links: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()

    def reading(self, base: str) -> PaperReading:
        """The paper as a reading; ``base`` is what links are relative to.

        Where several works are linked, it is not known which of them is the paper: it then has no identifier.
        """
        urls = [url for link in self.links if (url := absolute_url(link, base)) is not None]
        arxiv = _only(set(self._arxiv_ids(urls)))
        dois = set(self._dois(urls))
        doi = _only({doi for doi in dois if not doi.startswith(_ARXIV_DOI)} or dois)
        return PaperReading(
            title=self.title,
            authors=self.authors,
            authors_complete=self.authors_complete,
            published=self.published,
            abstract=self.abstract,
            arxiv_id=arxiv.id if arxiv else None,
            version=arxiv.version if arxiv else None,
            doi=doi,
            url=urls[0] if urls else None,
        )

    def _dois(self, urls: list[str]) -> Iterator[str]:
        for text in self.identifiers:
            yield from filter(None, (read_doi(text),))
        for url in (*urls, *self.identifiers):
            yield from filter(None, (doi_in_url(url),))

    def _arxiv_ids(self, urls: list[str]) -> Iterator[ArxivId]:
        for text in self.identifiers:
            plain = (read_doi(text) or text).removeprefix(_ARXIV_DOI)
            yield from filter(None, (ArxivId.read(plain),))
        for url in (*urls, *self.identifiers):
            yield from filter(None, (ArxivId.in_url(url, frozenset()),))


def refuse_too_many(papers: int) -> None:
    """Raises ParseError for more than anybody lists."""
    if papers > _MOST_PAPERS:
        raise ParseError(f"{papers} papers are too many for a personal page", stage="papers")


def _only(found: set[_T]) -> _T | None:
    return found.pop() if len(found) == 1 else None


def authors_in(text: str) -> tuple[tuple[str, ...], bool]:
    """The names in "A. Author, B. Author and C. Author", and whether those are all of them.

    Where there are semicolons, they part names; else commas do, but not that between a family name and initials.
    Raises ParseError for what is much longer than the longest list.
    """
    if len(text) > _LONGEST_BYLINE:
        raise ParseError("this is no list of authors", stage="authors", excerpt=text)
    cut = _CUT.search(text, max(0, len(text) - _LONGEST_CUT))
    split = _at_semicolons if ";" in text else _at_commas
    names = [name for part in _AND.split((text[: cut.start()] if cut else text).strip()) for name in split(part)]
    found = tuple(name for name in (each.strip(" ,;:") for each in names) if name)
    return found, bool(found) and cut is None


def _at_semicolons(text: str) -> list[str]:
    return text.split(";")


def _at_commas(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 2 and all(parts) and " " not in parts[0]:
        # One word before the only comma: "Quill, Ada Jane".
        return [text]
    names: list[str] = []
    for part in parts:
        if names and "," not in names[-1] and _INITIALS.fullmatch(part):
            names[-1] += f", {part}"
        else:
            names.append(part)
    return names


def year_in(text: str) -> Published | None:
    """The one year of four digits in the text; None where there is none, or several."""
    year = _only(set(_YEAR.findall(text)))
    return Published(int(year)) if year else None


def date_in(text: str) -> Published | None:
    """``2024``, ``2024-05``, ``2024/05/12``, also with a time behind it; else the year, as `year_in`."""
    found = _DAY.match(text.strip().replace("/", "-"))
    try:
        return Published.parse(found[0]) if found else year_in(text)
    except ValueError:
        return year_in(text)
