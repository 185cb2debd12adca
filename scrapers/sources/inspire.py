"""INSPIRE (inspirehep.net): authors of high-energy physics, their papers and citations.

    /api/authors/{id}            name
    /api/literature/facets       h-index and citations, as the author's page shows them
    /api/literature, in full     every paper with its first author and the number of its authors
    /api/literature, ac 1->10    all authors of the papers that have few: a collaboration's would be megabytes each

A name is written "Witten, Edward" and read as "Edward Witten".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode, urlsplit

from scrapers.bundle import answers_of
from scrapers.identifiers import ArxivId, read_doi
from scrapers.json_document import Json, read_json
from scrapers.listed_papers import gather_papers, items
from scrapers.parse_error import ParseError
from scrapers.readable import readable
from scrapers.source import Asked, Interface, Request, Source
from tracking.check import Page
from tracking.reading import PaperReading, ProfileReading, Published

_PAGE_SIZE = 250
#: What the interface shows at most at once, whatever it is asked for.
_HITS_MAX = 1_000
#: No list within a record is longer, of those that are asked for.
_MEMBERS_MAX = 1_000
#: Up to this many authors are asked for by name.
_FEW_AUTHORS = 10
_PAPER_FIELDS = (
    "control_number,titles.title,first_author.full_name,author_count,earliest_date,preprint_date,arxiv_eprints,"
    "dois.value,citation_count,abstracts.value,abstracts.source"
)
_AUTHOR_FIELDS = "control_number,authors.full_name"
_PATH = re.compile(r"(?:/api)?/authors/(\d{1,10})/?")


def profile_key(url: str) -> str:
    """The number of an author, ``1010907``. Raises ValueError."""
    match = _PATH.fullmatch(urlsplit(url).path)
    if match is None:
        raise ValueError(f"no author in this URL: {url}; an author's page is at https://inspirehep.net/authors/1010907")
    return match[1]


def next_request(asked: Asked) -> Request | None:
    """The author, the summary, the papers, and then the authors of papers that have few. Raises ParseError."""
    key = profile_key(asked.profile_url)
    papers = f"authors.recid:{key}"
    if not asked.answers:
        return _request(asked.base, f"authors/{key}", {})
    author, *rest = asked.answers
    if not rest:
        _check_author(author, key)
        return _request(asked.base, "literature/facets", {"facet_name": "citation-summary", "q": papers})
    return _list_request(asked.base, papers, rest[1:])


def parse(page: Page, observed_on: date) -> ProfileReading:  # noqa: ARG001  -- every date has its year
    """Read the answers about one author. Raises ParseError."""
    answers = answers_of(page)
    if len(answers) < 3:
        raise ParseError("a summary and a list of papers belong to an author", stage="author")
    author = read_json(answers[0], stage="author")["metadata"]
    listing = _Listing.of(answers[2:])
    authors = dict(_authors_of_few(answers[2 + listing.pages :]))
    listed = gather_papers(_paper(hit["metadata"], authors) for hit in listing.hits)
    warnings = list(listed.warnings)
    if listed.rows > listing.total:
        warnings.append(
            f"The list changed while it was read: it names {listing.total} papers and showed {listed.rows}."
        )
    return ProfileReading(
        source=INSPIRE.name,
        name=_author_name(author),
        field=", ".join(one.text() for one in items(author["arxiv_categories"], at_most=_MEMBERS_MAX)) or None,
        metrics={"papers": listing.total, **_metrics(answers[1])},
        papers=listed.papers,
        complete=listed.rows >= listing.total,
        warnings=tuple(warnings),
    )


@dataclass(frozen=True, slots=True)
class _Listing:
    """The pages of one search, as far as they are there."""

    hits: list[Json]
    total: int
    pages: int
    #: None: that is all.
    next_page: int | None

    @classmethod
    def of(cls, answers: Sequence[Page]) -> "_Listing":
        """Read pages until the search is exhausted; answers behind that are of another search."""
        hits: list[Json] = []
        total = 0
        for number, answer in enumerate(answers, start=1):
            found = read_json(answer, stage="papers")["hits"]
            total = found["total"].whole()
            rows = items(found["hits"], at_most=_HITS_MAX)
            hits += rows
            if len(hits) >= total:
                return cls(hits, total, number, None)
            if not rows:
                raise ParseError(f"an empty page after {len(hits)} of {total} papers", stage="papers")
        return cls(hits, total, len(answers), len(answers) + 1)


def _list_request(base: str, papers: str, pages: Sequence[Page]) -> Request | None:
    listing = _Listing.of(pages)
    query, fields = papers, _PAPER_FIELDS
    if listing.next_page is None and listing.total:
        listing = _Listing.of(pages[listing.pages :])
        query, fields = f"{papers} and ac 1->{_FEW_AUTHORS}", _AUTHOR_FIELDS
    if listing.next_page is None:
        return None
    parameters = {"q": query, "sort": "mostrecent", "size": _PAGE_SIZE, "page": listing.next_page, "fields": fields}
    return _request(base, "literature", parameters)


def _request(base: str, path: str, parameters: Mapping[str, object]) -> Request:
    query = f"?{urlencode(parameters, quote_via=quote, safe=':,')}" if parameters else ""
    return Request(url=f"{base}/api/{path}{query}", headers={"Accept": "application/json"})


def _check_author(answer: Page, key: str) -> None:
    """A record that was merged into another is answered with the other one."""
    found = str(read_json(answer, stage="author")["metadata"]["control_number"].whole())
    if found != key:
        raise ParseError(
            f"the author was merged into another: follow https://inspirehep.net/authors/{found}",
            stage="author",
            where="metadata.control_number",
        )


def _author_name(author: Json) -> str:
    if author["deleted"].flag_or_none():
        raise ParseError("the author's record was deleted", stage="author", where="metadata.deleted")
    name = author["name"]
    return name["preferred_name"].text_or_none() or _spoken(name["value"].text())


def _metrics(answer: Page) -> dict[str, int | None]:
    summary = read_json(answer, stage="summary")["aggregations"]["citation_summary"]
    everything = summary["citations"]["buckets"]["all"]
    return {
        "h_index": summary["h-index"]["value"]["all"].whole(),
        "citations": everything["citations_count"]["value"].whole(),
    }


def _authors_of_few(answers: Sequence[Page]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The authors of papers that have few, by the number of the paper."""
    for hit in _Listing.of(answers).hits:
        names = tuple(
            _spoken(one["full_name"].text()) for one in items(hit["metadata"]["authors"], at_most=_MEMBERS_MAX)
        )
        yield hit["metadata"]["control_number"].whole(), names


def _paper(record: Json, authors: Mapping[int, tuple[str, ...]]) -> PaperReading | None:
    """None for a record without a title."""
    number = record["control_number"].whole()
    title = next((text for one in items(record["titles"], at_most=_MEMBERS_MAX) if (text := _text(one["title"]))), None)
    if title is None:
        return None
    eprint = next(iter(items(record["arxiv_eprints"], at_most=_MEMBERS_MAX)), None)
    dois = [doi for one in items(record["dois"], at_most=_MEMBERS_MAX) if (doi := read_doi(one["value"].text()))]
    arxiv = (ArxivId.read(eprint["value"].text()) if eprint is not None else None) or next(
        (found for doi in dois if (found := ArxivId.in_url(f"https://doi.org/{doi}", frozenset()))), None
    )
    named = authors.get(number, ())
    if not named and (first := record["first_author"]["full_name"].text_or_none()) is not None:
        named = (_spoken(first),)
    return PaperReading(
        title=title,
        authors=named,
        authors_complete=bool(named) and record["author_count"].whole_or_none() == len(named),
        category=next((one.text() for one in items(eprint["categories"], at_most=_MEMBERS_MAX)), None)
        if eprint is not None
        else None,
        published=_published(record),
        abstract=_abstract(record["abstracts"]),
        arxiv_id=arxiv.id if arxiv else None,
        doi=dois[0] if dois else None,
        source_id=str(number),
        url=f"https://inspirehep.net/literature/{number}",
        citations=record["citation_count"].whole_or_none(),
    )


def _published(record: Json) -> Published | None:
    for name in ("earliest_date", "preprint_date"):
        text = record[name].text_or_none()
        if text is not None:
            try:
                return Published.parse(text)
            except ValueError:
                record[name].refuse("a date")
    return None


def _abstract(abstracts: Json) -> str | None:
    """That of arXiv where there are several."""
    found = sorted(items(abstracts, at_most=_MEMBERS_MAX), key=lambda one: one["source"].text_or_none() != "arXiv")
    return next((text for one in found if (text := _text(one["value"]))), None)


def _text(value: Json) -> str | None:
    return readable(value.text_or_none() or "") or None


def _spoken(name: str) -> str:
    """ "Witten, Edward" as "Edward Witten", "Smith, John, Jr." as "John Smith Jr."."""
    family, *given = (part.strip() for part in name.split(","))
    return " ".join(filter(None, (*given[:1], family, *given[1:]))) or name


INSPIRE = Source(
    name="inspire",
    title="INSPIRE",
    hosts=("inspirehep.net", "www.inspirehep.net"),
    parser="inspire/1",
    parse=parse,
    profile_key=profile_key,
    next_request=next_request,
    interface=Interface.API,
    base="https://inspirehep.net",
    # Fifteen requests in five seconds are allowed.
    min_interval_seconds=1.0,
    daily_budget=5_000,
    trust=3,
    canary="https://inspirehep.net/authors/999108",
    offers="every paper of an author with authors, abstract, DOI, arXiv id and citations; h-index and citations",
    terms="https://inspirehep.net/help/knowledge-base/terms-of-use/",
)
