"""What an Atom feed of arXiv says. An error comes as a feed too, with one entry: it is never a paper."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element

from scrapers.bundle import answers_of
from scrapers.identifiers import ArxivId, read_doi
from scrapers.parse_error import ParseError
from scrapers.xml_document import read_xml, text_of
from tracking.check import Page
from tracking.reading import PaperReading, ProfileReading, Published

SOURCE = "arxiv"

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"

_AUTHOR_TITLE = re.compile(r"(?P<name>.+)['’]s articles on arXiv")
_QUERY_TITLE = re.compile(r"arxiv query:\s*search_query=(.*?)&id_list=(.*?)&start=.*", re.IGNORECASE)
#: Of a feed, in characters.
_LONGEST_TITLE = 4000
#: A paper has a DOI or two.
_LONGEST_DOIS = 2000
_ONE_AUTHOR = re.compile(r'au:\s*(?:"([^"]+)"|([^\s"():]+))')


@dataclass(frozen=True, slots=True)
class Feed:
    """One answer. ``total`` is how many papers a query finds; the feed of an author does not say, it has them all."""

    name: str
    total: int | None
    papers: tuple[PaperReading, ...]


def parse(page: Page, observed_on: date) -> ProfileReading:  # noqa: ARG001  -- the dates of a feed have their year
    """Read the feed of an author, or all pages of a query. Raises ParseError."""
    feeds = [read_feed(answer) for answer in answers_of(page)]
    papers = {paper.arxiv_id: paper for feed in reversed(feeds) for paper in reversed(feed.papers)}
    total = feeds[-1].total
    return ProfileReading(
        source=SOURCE,
        name=feeds[0].name,
        metrics={"papers": len(papers) if total is None else total},
        papers=tuple(reversed(papers.values())),
        complete=total is None or len(papers) == total,
        warnings=tuple(_warnings(feeds, len(papers))),
    )


def read_feed(page: Page) -> Feed:
    """Read one answer. Raises ParseError, also for a feed that tells of an error."""
    root = read_xml(page, stage="feed")
    if root.tag != f"{_ATOM}feed":
        raise ParseError("not an Atom feed", stage="feed", excerpt=f"<{root.tag}>")
    entries = root.findall(f"{_ATOM}entry")
    for entry in entries[:1]:
        _refuse_error(entry)
    name, is_authors = _name(text_of(root.find(f"{_ATOM}title")) or "")
    total = None if is_authors else _total(root)
    if total is not None and len(entries) > total:
        raise ParseError(f"the query finds {total} papers and shows {len(entries)}", stage="papers")
    papers = [_paper(entry, f"entry {n}", authors_joined=is_authors) for n, entry in enumerate(entries, start=1)]
    return Feed(name, total, tuple(papers))


def _warnings(feeds: Sequence[Feed], shown: int) -> Iterator[str]:
    total = feeds[-1].total
    if total is not None:
        yield "The name is that of the query: papers of other people may be among those that it finds."
    if any(feed.total != total for feed in feeds):
        yield f"The list changed while it was read: it names {total} papers in the end and showed {shown}."


def _refuse_error(entry: Element) -> None:
    identifier = text_of(entry.find(f"{_ATOM}id")) or ""
    if "/api/errors" in identifier:
        said = text_of(entry.find(f"{_ATOM}summary")) or identifier
        raise ParseError("the interface answers with an error", stage="feed", excerpt=said)


def _name(title: str) -> tuple[str, bool]:
    """Whose papers these are by the title of the feed, and whether it is the feed of an author identifier."""
    title = title[:_LONGEST_TITLE]
    author = _AUTHOR_TITLE.fullmatch(title)
    # The site writes "None" when its own look-up of the author failed.
    if author is not None and author["name"] != "None":
        return author["name"], True
    query = _QUERY_TITLE.fullmatch(title)
    name = None if query is None else _name_of_query(query[1].strip()) or query[2].strip()
    if not name:
        raise ParseError("the title names neither an author nor a query", stage="name", excerpt=title)
    return name, False


def _name_of_query(text: str) -> str:
    """``del maestro`` for ``au:del_maestro``; of any other query its text."""
    author = _ONE_AUTHOR.fullmatch(text)
    if author is None:
        return text
    return " ".join((author[1] or author[2].replace("_", " ")).split()) or text


def _total(root: Element) -> int:
    text = text_of(root.find(_TOTAL)) or ""
    if re.fullmatch(r"[0-9]{1,9}", text) is None:
        raise ParseError("the feed does not say how many papers the query finds", stage="feed", excerpt=text)
    return int(text)


def _paper(entry: Element, where: str, *, authors_joined: bool) -> PaperReading:
    """``authors_joined``: all names may stand in one element, with commas between them."""
    identifier = text_of(entry.find(f"{_ATOM}id")) or ""
    arxiv = ArxivId.in_url(identifier, frozenset())
    if arxiv is None:
        raise ParseError("no arXiv id", stage="papers", where=where, excerpt=identifier)
    title = text_of(entry.find(f"{_ATOM}title"))
    if title is None:
        raise ParseError("no title", stage="papers", where=f"{where}, {arxiv.id}")
    authors = [name for author in entry.findall(f"{_ATOM}author") if (name := text_of(author.find(f"{_ATOM}name")))]
    if authors_joined and len(authors) == 1:
        authors = [name for part in authors[0].split(",") if (name := part.strip())]
    category = entry.find(f"{_ARXIV}primary_category")
    return PaperReading(
        title=title,
        authors=tuple(authors),
        authors_complete=bool(authors),
        institutions=tuple(_institutions(entry)),
        category=None if category is None else category.get("term", "").strip() or None,
        published=_published(text_of(entry.find(f"{_ATOM}published")), f"{where}, {arxiv.id}"),
        abstract=text_of(entry.find(f"{_ATOM}summary")),
        arxiv_id=arxiv.id,
        version=arxiv.version,
        doi=_doi(text_of(entry.find(f"{_ARXIV}doi"))),
        url=f"https://arxiv.org/abs/{arxiv.id}",
    )


def _institutions(entry: Element) -> list[str]:
    named = (text_of(place) for place in entry.findall(f"{_ATOM}author/{_ARXIV}affiliation"))
    return list(dict.fromkeys(place for place in named if place is not None))


def _published(text: str | None, where: str) -> Published | None:
    """The day, in UTC, of the first version; a few very old papers have none."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        day = (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        raise ParseError("no date of publication", stage="papers", where=where, excerpt=text) from None
    return Published(day.year, day.month, day.day)


def _doi(text: str | None) -> str | None:
    """The first of the DOIs that its authors have named; some name a URL, some two."""
    if text is None or len(text) > _LONGEST_DOIS:
        return None
    for part in text.split():
        doi = read_doi(re.sub(r"^https?://(?:dx\.)?doi\.org/", "", part.rstrip(",;"), flags=re.IGNORECASE))
        if doi is not None:
            return doi
    return None
