"""Scholar Feed (scholarfeed.org): author pages, read by what a reader of them sees.

>>> parse(saved_page(Path("someone.txt")), observed_on=date(2026, 11, 22)).name

    Page → blocks of visible text → header, first lines of papers, papers → ProfileReading

No HTML of the site is relied upon: any markup that shows the same text reads the same, and so does a text copy. The
count that the page names itself must be the number of papers read. What is not understood raises `ParseError`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from scrapers.blocks import Block, Link, PageText, join_blocks
from scrapers.identifiers import ArxivId, doi_in_url
from scrapers.page_text import read_page_text
from scrapers.parse_error import ParseError, shorten
from scrapers.sources.scholarfeed.cards import cards_of, links_of
from scrapers.sources.scholarfeed.grammar import Entry, Head, find_heads, is_furniture, read_entry
from scrapers.sources.scholarfeed.header import Header, read_header
from scrapers.sources.scholarfeed.islands import IslandPaper, papers_in
from scrapers.sources.scholarfeed.listed import choose_heads
from tracking.check import Page
from tracking.reading import PaperReading, ProfileReading

SOURCE = "scholarfeed"
PARSER = "scholarfeed/1"
HOSTS = ("www.scholarfeed.org", "scholarfeed.org")
#: The list shows no more papers than this, best ranked first.
LIST_CAP = 50

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
    text = read_page_text(page)
    heads = find_heads(text.blocks)
    header = read_header(text.blocks[: heads[0].start] if heads else text.blocks)
    count = _expected_count(header, heads)
    heads = choose_heads(heads, text.blocks, count)
    listed = _read_list(heads, text, header)
    base = urljoin(page.url or f"https://{HOSTS[0]}/", text.base)
    papers = [_paper(paper, _links(paper, text.blocks, base), observed_on) for paper in listed]
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


@dataclass(frozen=True, slots=True)
class _Listed:
    """A paper of the list: how it is written down, and its links."""

    entry: Entry
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class _Links:
    """What the links of a paper say: absolute URLs."""

    url: str | None
    arxiv: ArxivId | None
    doi: str | None


def _expected_count(header: Header, heads: Sequence[Head]) -> int:
    """How many papers the page itself says it shows."""
    if header.paper_count is not None:
        return header.paper_count
    metric = header.metrics.get("papers")
    if not heads or metric is None or metric > LIST_CAP:
        raise ParseError("no heading says how many papers are shown", stage="papers", where="above the list")
    return int(metric)


def _read_list(heads: Sequence[Head], text: PageText, header: Header) -> list[_Listed]:
    """Every paper of the list, in the order of the page."""
    blocks = text.blocks
    beginnings = [(head.start, head.end) for head in heads]
    cards = cards_of(blocks, beginnings, header.heading)
    ends = [*(head.start for head in heads[1:]), len(blocks)][: len(heads)]
    listed: list[_Listed] = []
    for head, end, card, links in zip(heads, ends, cards, links_of(cards, beginnings, text.links), strict=True):
        own = [block for block in blocks[head.end : end] if block.place.is_in(card.place)]
        entry = read_entry(head, own)
        if entry is None:
            raise ParseError(
                "a paper has no title or no byline",
                stage="byline",
                where=f"paper {len(listed) + 1} of {len(heads)}",
                excerpt=join_blocks([*blocks[head.start : head.end], *own]),
            )
        listed.append(_Listed(entry, links))
    return listed


def _links(listed: _Listed, blocks: Sequence[Block], base: str) -> _Links:
    """What the links of a paper say, that of its title first; those of its authors and its abstract are not its own."""
    entry = listed.entry
    hosts = frozenset({*HOSTS, urlsplit(base).hostname or ""})
    on_title: list[str] = []
    beside: list[str] = []
    for link in listed.links:
        url = _absolute(link.href, base)
        if url is None:
            continue
        if link.first <= entry.title_block < link.end:
            on_title.append(url)
        elif link.end <= link.first or link.first < entry.byline_block or is_furniture(blocks[link.first]):
            beside.append(url)
    identified = [(url, arxiv) for url in on_title + beside if (arxiv := ArxivId.in_url(url, hosts))]
    dois = [(url, doi) for url in on_title + beside if (doi := doi_in_url(url))]
    urls = [url for url, _ in identified if url in on_title] + on_title + [url for url, _ in [*identified, *dois]]
    return _Links(
        url=urls[0] if urls else None,
        arxiv=identified[0][1] if identified else None,
        doi=dois[0][1] if dois else None,
    )


def _absolute(href: str, base: str) -> str | None:
    """The URL without its fragment; None for what does not lead to another page."""
    if href.startswith("#"):
        return None
    try:
        url = urljoin(base, href.strip())
    except ValueError:
        return None
    return urldefrag(url).url if url.startswith(("https://", "http://")) else None


def _paper(listed: _Listed, links: _Links, observed_on: date) -> PaperReading:
    entry = listed.entry
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
        arxiv_id=links.arxiv.id if links.arxiv else None,
        version=links.arxiv.version if links.arxiv else None,
        doi=links.doi,
        url=links.url,
    )


def _with_islands(
    papers: Sequence[PaperReading], islands: Sequence[IslandPaper], observed_on: date
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
    ids = {island.arxiv for island in islands if island.arxiv}
    if paper.arxiv_id is None and len(ids) == 1:
        arxiv = ids.pop()
        paper = replace(paper, arxiv_id=arxiv.id, version=arxiv.version)
    dois = {island.doi for island in islands if island.doi}
    if paper.doi is None and len(dois) == 1:
        paper = replace(paper, doi=dois.pop())
    days = {island.published for island in islands if island.published}
    if paper.year_inferred and paper.published is not None and len(days) == 1:
        published = days.pop()
        same_day = (published.month, published.day) == (paper.published.month, paper.published.day)
        if same_day and published.earliest <= observed_on + timedelta(days=1):
            paper = replace(paper, published=published, year_inferred=False)
    return paper


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
