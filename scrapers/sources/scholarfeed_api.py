"""Scholar Feed's public interface (api.scholarfeed.org): the same authors as its pages, as data.

    /api/v1/public/authors/{id}                        name, field, metrics
    /api/v1/public/authors/{id}/papers?limit=50&page=N papers, best ranked first

Its terms mean it for a personal follow list: a hundred calls a day without a key. Null is unknown, never zero.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from scrapers.bundle import answers_of
from scrapers.identifiers import ArxivId, read_doi
from scrapers.json_document import Json, read_json
from scrapers.listed_papers import gather_papers, items, read_published
from scrapers.parse_error import ParseError
from scrapers.readable import readable
from scrapers.source import Asked, Interface, Request, Source
from tracking.check import Page
from tracking.reading import PaperReading, ProfileReading, Published

_BASE = "https://api.scholarfeed.org"
#: Where the pages of the same authors are.
_PAGE_HOSTS = ("www.scholarfeed.org", "scholarfeed.org")
_PAGE_SIZE = 50
#: No list of the interface is longer.
_ROWS_MAX = 1_000
_MEMBERS_MAX = 5_000
_PATH = re.compile(
    r"(?:/api/v1/public)?/(?:authors?|a|u|users?|profiles?|p|researchers?|scholar)/(\d{1,18})(?:/papers)?/?"
)


def profile_key(url: str) -> str:
    """The number of an author, in the URL of the interface or of the author's page. Raises ValueError."""
    match = _PATH.fullmatch(urlsplit(url).path)
    if match is None:
        raise ValueError(
            f"no author's number in this URL: {url}; the interface has authors at {_BASE}/api/v1/public/authors/12345"
        )
    return match[1]


def next_request(asked: Asked) -> Request | None:
    """The author, then the pages of the list until they end. Raises ParseError."""
    author = f"/api/v1/public/authors/{profile_key(asked.profile_url)}"
    if not asked.answers:
        return _request(asked, author)
    pages = asked.answers[1:]
    if pages and _is_last(pages[-1]):
        return None
    return _request(asked, f"{author}/papers?limit={_PAGE_SIZE}&page={len(pages) + 1}")


def parse(page: Page, observed_on: date) -> ProfileReading:  # noqa: ARG001  -- every date has its year
    """Read the answers about one author. Raises ParseError."""
    answer, *pages = answers_of(page)
    author = read_json(answer, stage="author")
    name = author["name"].text()
    metrics = {
        "h_index": author["h_index"].whole_or_none(),
        "papers": author["total_papers"].whole_or_none(),
        "citations": author["total_citations"].whole_or_none(),
    }
    if not pages:
        raise ParseError("the papers are not there", stage="papers")
    listed = gather_papers(_paper(row) for one in pages for row in _rows(one))
    total = _total(pages)
    return ProfileReading(
        source=SCHOLAR_FEED_API.name,
        name=name,
        field=_category(author["primary_field"]),
        metrics=metrics,
        papers=listed.papers,
        complete=listed.rows >= total if total is not None else _is_last(pages[-1]),
        warnings=(*listed.warnings, *_warnings(metrics["papers"], total, listed.rows)),
    )


def _request(asked: Asked, path: str) -> Request:
    base = _BASE if urlsplit(asked.base).hostname in _PAGE_HOSTS else asked.base
    headers = {"Accept": "application/json"}
    if asked.options.api_key is not None:
        headers["Authorization"] = f"Bearer {asked.options.api_key}"
    return Request(url=base + path, headers=headers)


def _rows(answer: Page) -> tuple[Json, ...]:
    papers = read_json(answer, stage="papers")["papers"]
    if papers.is_null:
        papers.refuse("a list")
    return items(papers, at_most=_ROWS_MAX)


def _is_last(answer: Page) -> bool:
    """Whether the page is not full; the site may show fewer papers a page than it was asked for, and then says so."""
    limit = read_json(answer, stage="papers")["limit"].whole_or_none()
    return len(_rows(answer)) < min(limit or _PAGE_SIZE, _PAGE_SIZE)


def _total(pages: Sequence[Page]) -> int | None:
    """As the last page says it; null when the site did not count."""
    return read_json(pages[-1], stage="papers")["total"].whole_or_none()


def _paper(row: Json) -> PaperReading:
    identifier = row["arxiv_id"].text()
    arxiv = ArxivId.read(identifier)
    authors = tuple(author.text() for author in items(row["authors"], at_most=_MEMBERS_MAX))
    count = row["n_authors"].whole_or_none()
    title = readable(row["title"].text())
    if not title:
        row["title"].refuse("text")
    return PaperReading(
        title=title,
        authors=authors,
        # The number of authors is given where the list is cut.
        authors_complete=bool(authors) and (count is None or count == len(authors)),
        institutions=tuple(one.text() for one in items(row["institution_tags"], at_most=_MEMBERS_MAX)),
        category=_category(row["primary_category"])
        or next(map(_category, items(row["categories"], at_most=_MEMBERS_MAX)), None),
        published=_published(row),
        has_code=row["has_code"].flag_or_none(),
        arxiv_id=arxiv.id if arxiv else None,
        version=arxiv.version if arxiv else None,
        doi=read_doi(row["doi"].text_or_none() or ""),
        source_id=arxiv.id if arxiv else identifier,
        url=f"https://www.scholarfeed.org/paper/{arxiv.id}" if arxiv else None,
        citations=row["citation_count"].whole_or_none(),
    )


def _category(value: Json) -> str | None:
    """``cs.LG`` and ``cond-mat.mes-hall`` as the pages write them: LG, MES-HALL."""
    text = value.text_or_none()
    return text.rpartition(".")[2].upper() or None if text is not None else None


def _published(row: Json) -> Published | None:
    day = row["published_date"]
    # Some dates come with a time.
    text, _, _ = (day.text_or_none() or "").partition("T")
    return read_published(replace(day, value=text or None), row["year"])


def _warnings(metric: int | None, total: int | None, shown: int) -> Iterator[str]:
    if metric is not None and metric != shown:
        yield f"The profile counts {metric} papers and shows {shown}."
    if total is not None and shown > total:
        yield f"The list changed while it was read: it names {total} papers and showed {shown}."


SCHOLAR_FEED_API = Source(
    name="scholarfeed_api",
    title="Scholar Feed (API)",
    hosts=("api.scholarfeed.org",),
    parser="scholarfeed_api/1",
    parse=parse,
    profile_key=profile_key,
    next_request=next_request,
    interface=Interface.API,
    base=_BASE,
    min_interval_seconds=2.0,
    # What the site allows without a key.
    daily_budget=100,
    offers="every paper of an author with authors, arXiv id, code and citations; h-index, papers, citations",
    terms="https://www.scholarfeed.org/terms",
)
