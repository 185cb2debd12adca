"""Scholar Feed (scholarfeed.org): author pages, read by what a reader of them sees.

>>> parse(saved_page(Path("someone.txt")), observed_on=date(2026, 11, 22)).name

    Page → blocks of visible text → header, first lines of papers, papers → ProfileReading

No HTML of the site is relied upon: any markup that shows the same text reads the same, and so does a text copy. The
count that the page names itself must be the number of papers read. What is not understood raises `ParseError`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from scrapers.blocks import Link, PageText, join_blocks
from scrapers.page_text import read_page_text
from scrapers.parse_error import ParseError, shorten
from scrapers.sources.scholarfeed.cards import cards_of, links_of
from scrapers.sources.scholarfeed.grammar import Entry, Head, find_heads, read_entry
from scrapers.sources.scholarfeed.header import Header, read_header
from scrapers.sources.scholarfeed.islands import IslandPaper, papers_in
from scrapers.sources.scholarfeed.listed import choose_heads
from scrapers.sources.scholarfeed.targets import LinkReader, Targets
from tracking.check import Page
from tracking.reading import PaperReading, ProfileReading

SOURCE = "scholarfeed"
PARSER = "scholarfeed/1"
HOSTS = ("www.scholarfeed.org", "scholarfeed.org")
#: The list shows no more papers than this, best ranked first.
LIST_CAP = 50

_Said = TypeVar("_Said")
_AUTHOR_PATH = re.compile(r"/(?:authors?|a|u|users?|profiles?|p|researchers?|scholar)/([^/]+)/?", re.IGNORECASE)


def profile_key(url: str) -> str:
    """The key of the profile at this URL: ``12345`` of ``/author/12345``, else the whole path with its query.

    Raises ValueError for a URL without a path: that is no profile.
    """
    parts = urlsplit(url)
    author = _AUTHOR_PATH.fullmatch(parts.path)
    if author is not None:
        return author[1]
    path = parts.path.strip("/")
    if not path:
        raise ValueError(f"no profile in this URL: {url}")
    query = sorted(
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not name.startswith("utm_")
    )
    return f"{path}?{urlencode(query)}" if query else path


def parse(page: Page, observed_on: date) -> ProfileReading:
    """Read an author page as it was on a day. Raises ParseError with the stage that failed and an excerpt.

    The reading is complete when all papers of the profile are on the page: the profile's own count is not larger than
    the list, and the list is not exactly as long as the site's limit.
    """
    return read_text(read_page_text(page), page.url, observed_on)


def read_text(text: PageText, url: str, observed_on: date) -> ProfileReading:
    """As `parse`, for an author page whose visible text is known and that came from this URL."""
    heads = find_heads(text.blocks)
    header = read_header(text.blocks[: heads[0].start] if heads else text.blocks)
    count = _expected_count(header, heads)
    heads = choose_heads(heads, text.blocks, count)
    listed = _read_list(heads, text, header)
    reader = LinkReader(_base(text, url or f"https://{HOSTS[0]}/"), HOSTS)
    papers = [_paper(entry, reader.targets(entry, links, text.blocks), observed_on) for entry, links in listed]
    papers = _with_islands(papers, papers_in(text.islands), observed_on)
    metric = header.metrics.get("papers")
    return ProfileReading(
        source=SOURCE,
        name=header.name,
        field=header.field,
        metrics=header.metrics,
        papers=tuple(papers),
        complete=count != LIST_CAP and (metric is None or metric <= count),
        warnings=tuple(_warnings(header, papers, observed_on)),
    )


def _base(text: PageText, url: str) -> str:
    """What the links of a page are relative to. A base that is no URL counts for nothing, as in browsers."""
    try:
        return urljoin(url, text.base)
    except ValueError:
        return url


def _expected_count(header: Header, heads: Sequence[Head]) -> int:
    """How many papers the page itself says it shows."""
    if header.paper_count is not None:
        return header.paper_count
    metric = header.metrics.get("papers")
    if not heads or metric is None or metric > LIST_CAP:
        raise ParseError("no heading says how many papers are shown", stage="papers", where="above the list")
    return int(metric)


def _read_list(heads: Sequence[Head], text: PageText, header: Header) -> list[tuple[Entry, Sequence[Link]]]:
    """Every paper of the list with its links, in the order of the page."""
    blocks = text.blocks
    beginnings = [(head.start, head.end) for head in heads]
    cards = cards_of(blocks, beginnings, header.heading)
    listed: list[tuple[Entry, Sequence[Link]]] = []
    for head, card, links in zip(heads, cards, links_of(cards, beginnings, text.links), strict=True):
        entry = read_entry(head, card.blocks)
        if entry is None:
            raise ParseError(
                "a paper has no title or no byline",
                stage="byline",
                where=f"paper {len(listed) + 1} of {len(heads)}",
                excerpt=join_blocks([*blocks[head.start : head.end], *card.blocks]),
            )
        listed.append((entry, links))
    return listed


def _paper(entry: Entry, targets: Targets, observed_on: date) -> PaperReading:
    published, year_inferred = entry.head.day.published(observed_on)
    return PaperReading(
        title=entry.title,
        authors=entry.byline.authors,
        authors_complete=entry.byline.complete,
        institutions=entry.byline.institutions,
        category=entry.head.category,
        published=published,
        year_inferred=year_inferred,
        has_code=entry.head.has_code,
        score=entry.head.score,
        abstract=entry.abstract,
        arxiv_id=targets.arxiv.id if targets.arxiv else None,
        version=targets.arxiv.version if targets.arxiv else None,
        doi=targets.doi,
        url=targets.url,
    )


def _with_islands(
    papers: Sequence[PaperReading], islands: Iterable[IslandPaper], observed_on: date
) -> list[PaperReading]:
    """The papers with what the page's scripts add to them: only what the visible text lacks, never another value."""
    by_title: dict[str, list[IslandPaper]] = {}
    for island in islands:
        by_title.setdefault(island.title, []).append(island)
    shown = Counter(paper.title for paper in papers)
    return [
        _enrich(paper, by_title.get(paper.title, ()), observed_on) if shown[paper.title] == 1 else paper
        for paper in papers
    ]


def _enrich(paper: PaperReading, islands: Sequence[IslandPaper], observed_on: date) -> PaperReading:
    """Records that disagree among each other add nothing."""
    if paper.arxiv_id is None and (arxiv := _agreed(island.arxiv for island in islands)):
        paper = replace(paper, arxiv_id=arxiv.id, version=arxiv.version)
    if paper.doi is None and (doi := _agreed(island.doi for island in islands)):
        paper = replace(paper, doi=doi)
    if paper.year_inferred and paper.published is not None and (published := _agreed(i.published for i in islands)):
        same_day = (published.month, published.day) == (paper.published.month, paper.published.day)
        if same_day and published.earliest <= observed_on + timedelta(days=1):
            paper = replace(paper, published=published, year_inferred=False)
    return paper


def _agreed(said: Iterable[_Said | None]) -> _Said | None:
    """What all say that say anything; None where they disagree."""
    found = {one for one in said if one is not None}
    return found.pop() if len(found) == 1 else None


def _warnings(header: Header, papers: Sequence[PaperReading], observed_on: date) -> Iterator[str]:
    """What is odd and may be right, in sentences, always in the same order."""
    h_index, metric = header.metrics.get("h_index"), header.metrics.get("papers")
    if h_index is not None and h_index > len(papers):
        yield f"The h-index, {h_index}, is larger than the number of papers shown, {len(papers)}."
    if metric is not None and metric != len(papers):
        yield f"The profile counts {metric} papers and shows {len(papers)}."
    for title, times in Counter(paper.title for paper in papers).items():
        if times > 1:
            yield f"{times} papers have the same title: {shorten(title)}"
    for paper in papers:
        if paper.published is not None and paper.published.earliest > observed_on + timedelta(days=1):
            yield f"Published after the day of the page, on {paper.published}: {shorten(paper.title)}"
