"""Semantic Scholar (semanticscholar.org): an author of the graph API, and the papers of that author page by page.

    /graph/v1/author/ID ──> /graph/v1/author/ID/papers?offset=0 ──> the ``next`` offset, until none is named

An answer that holds an author with all papers in it, as the API gives on request, reads the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode, urlsplit

from scrapers.bundle import answers_of
from scrapers.identifiers import ArxivId, read_doi
from scrapers.json_document import Json, read_json
from scrapers.listed_papers import gather_papers, items, read_published
from scrapers.parse_error import ParseError
from scrapers.readable import readable
from scrapers.source import Asked, Interface, Request, Source
from tracking.check import Page
from tracking.reading import PaperReading, ProfileReading

#: The interface allows 1,000, and answers of 10 MB; of papers with some hundred authors so many are small enough.
_PAGE_SIZE = 500
#: The interface shows no papers beyond.
_OFFSET_END = 9_999
#: More than any author or paper has of anything.
_ITEMS_MAX = 20_000
_AUTHOR_FIELDS = "name,paperCount,citationCount,hIndex"
_PAPER_FIELDS = "title,abstract,authors,year,publicationDate,externalIds,citationCount,url,s2FieldsOfStudy"
_AUTHOR_PATH = re.compile(r"/(?:graph/v1/author|v1/author|author(?:/[^/]+)?)/([0-9]+)(?:/papers)?/?")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)


def profile_key(url: str) -> str:
    """``2262347``. Raises ValueError for what is no author."""
    author = _AUTHOR_PATH.fullmatch(urlsplit(url).path)
    if author is None:
        example = "https://www.semanticscholar.org/author/A.-Turing/2262347"
        raise ValueError(f"no author of Semantic Scholar in {url}; an author's URL is like {example}")
    return author[1]


def next_request(asked: Asked) -> Request | None:
    """The author; then the papers, until the interface names no next one."""
    headers = {"x-api-key": asked.options.api_key} if asked.options.api_key else {}
    path = f"{asked.base}/graph/v1/author/{profile_key(asked.profile_url)}"
    if not asked.answers:
        return Request(url=f"{path}?{_query(fields=_AUTHOR_FIELDS)}", headers=headers)
    offset = 0
    if len(asked.answers) > 1:
        last = _read_list(asked.answers[-1])
        if last.next_offset is None:
            return None
        offset = last.next_offset
    limit = min(_PAGE_SIZE, _OFFSET_END - offset)
    if limit <= 0:
        return None
    query = _query(fields=_PAPER_FIELDS, offset=offset, limit=limit)
    return Request(url=f"{path}/papers?{query}", headers=headers)


def _query(**parts: str | int) -> str:
    return urlencode(parts, safe=",")


@dataclass(frozen=True, slots=True)
class _PaperList:
    """One page of the list of papers."""

    #: Papers before the first of this page.
    offset: int
    papers: tuple[Json, ...]
    #: Where the list goes on; None at its end.
    next_offset: int | None


def _read_list(page: Page) -> _PaperList:
    document = read_json(page, stage="papers")
    _refuse_error(document)
    offset, following = document["offset"].whole(), document["next"].whole_or_none()
    if document["data"].is_null:
        document["data"].refuse("a list")
    papers = items(document["data"], at_most=_ITEMS_MAX)
    if following is not None and following <= offset:
        document["next"].refuse("an offset further on")
    return _PaperList(offset, papers, following if papers else None)


def _refuse_error(document: Json) -> None:
    """The interface says ``error`` itself; the gateway before it says ``message``."""
    for name in ("error", "message"):
        if name in document:
            raise ParseError("the answer is an error", stage=document.stage, excerpt=str(document[name].value))


def parse(page: Page, observed_on: date) -> ProfileReading:  # noqa: ARG001  -- all dates are whole
    """Read an author and the papers. Raises ParseError.

    The reading is complete when the list went to its end and is not shorter than the author's own count, which is
    worked out on another day: a longer list is as the site is.
    """
    first, *pages = answers_of(page)
    author = read_json(first, stage="author")
    _refuse_error(author)
    author["authorId"].text()
    lists = _lists(author, [_read_list(answer) for answer in pages])
    listed = gather_papers(read_paper(paper) for one in lists for paper in one.papers)
    count = author["paperCount"].whole_or_none()
    warnings = list(listed.warnings)
    if count is not None and count != listed.rows:
        warnings.append(f"The profile counts {count} papers and lists {listed.rows}.")
    return ProfileReading(
        source=SEMANTIC_SCHOLAR.name,
        name=author["name"].text(),
        metrics={
            "h_index": author["hIndex"].whole_or_none(),
            "citations": author["citationCount"].whole_or_none(),
            "papers": count,
        },
        papers=listed.papers,
        complete=lists[-1].next_offset is None and listed.rows >= (count or 0),
        warnings=tuple(warnings),
    )


def _lists(author: Json, lists: Sequence[_PaperList]) -> Sequence[_PaperList]:
    """The pages of the list, without a gap, or the papers that the author's own answer holds."""
    if not lists and author["papers"].is_null:
        raise ParseError("no answer lists the papers", stage="papers")
    expected: int | None = 0
    for one in lists:
        if one.offset != expected:
            raise ParseError(f"papers {expected} to {one.offset} are not there", stage="papers")
        expected = one.next_offset
    return lists or [_PaperList(0, items(author["papers"], at_most=_ITEMS_MAX), None)]


def read_paper(paper: Json) -> PaperReading | None:
    """One paper of a list; None when it is unknown or has no title. Raises ParseError."""
    title = readable(paper["title"].text_or_none() or "")
    if not title:
        return None
    listed = items(paper["authors"], at_most=_ITEMS_MAX)
    authors = [name for author in listed if (name := author_name(author)) is not None]
    identifiers = paper["externalIds"]
    arxiv = _arxiv_id(identifiers)
    doi = identifiers["DOI"].text_or_none()
    identifier = paper["paperId"].text_or_none()
    return PaperReading(
        title=title,
        authors=tuple(authors),
        authors_complete=0 < len(authors) == len(listed),
        category=_field_of_study(paper),
        published=read_published(paper["publicationDate"], paper["year"]),
        abstract=readable(paper["abstract"].text_or_none() or "") or None,
        arxiv_id=arxiv.id if arxiv else None,
        version=arxiv.version if arxiv else None,
        doi=read_doi(doi) if doi else None,
        source_id=identifier,
        url=_url(paper, identifier),
        citations=paper["citationCount"].whole_or_none(),
    )


def author_name(author: Json) -> str | None:
    """None for an author who is not known, or has no name."""
    return author["name"].text_or_none()


def _arxiv_id(identifiers: Json) -> ArxivId | None:
    own = identifiers["ArXiv"].text_or_none()
    by_doi = _ARXIV_DOI.fullmatch(identifiers["DOI"].text_or_none() or "")
    return ArxivId.read(own or (by_doi[1] if by_doi else ""))


def _field_of_study(paper: Json) -> str | None:
    return next((field["category"].text_or_none() for field in paper["s2FieldsOfStudy"].each_or_none()), None)


def _url(paper: Json, identifier: str | None) -> str | None:
    url = paper["url"].text_or_none()
    if url is not None and url.startswith(("https://", "http://")):
        return url
    return None if identifier is None else f"https://www.semanticscholar.org/paper/{identifier}"


SEMANTIC_SCHOLAR = Source(
    name="semantic_scholar",
    title="Semantic Scholar",
    hosts=("www.semanticscholar.org", "semanticscholar.org", "api.semanticscholar.org"),
    parser="semantic_scholar/1",
    parse=parse,
    profile_key=profile_key,
    next_request=next_request,
    interface=Interface.API,
    base="https://api.semanticscholar.org",
    min_interval_seconds=1.0,
    daily_budget=5_000,
    trust=2,
    canary="https://www.semanticscholar.org/author/A.-Turing/2262347",
    offers="all papers with authors, dates, abstracts, DOIs, arXiv ids and citations; h-index, citations and papers",
    terms="https://www.semanticscholar.org/product/api/license",
)
