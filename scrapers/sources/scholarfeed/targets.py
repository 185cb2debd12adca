"""Where the links of a paper lead, and what that says of it: an address, an arXiv id, a DOI."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from scrapers.blocks import Block, Link
from scrapers.identifiers import ArxivId, WebAddress, doi_at
from scrapers.sources.scholarfeed.grammar import Entry, is_furniture

#: A path that stays as it is when it is made absolute, as most links of a page have: no dots alone, nothing escaped.
_PLAIN_PATH = re.compile(r"(?:/[\w~-][\w~.-]*)+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Targets:
    """What the links of a paper say: absolute URLs."""

    url: str | None
    arxiv: ArxivId | None
    doi: str | None


class LinkReader:
    """Reads the links of a page, all of them relative to ``base``; papers stand on it and on ``hosts``."""

    def __init__(self, base: str, hosts: Iterable[str]) -> None:
        self._base = base
        self._hosts = frozenset({*hosts, urlsplit(base).hostname or ""})
        self._root = address_of("/", base)

    def targets(self, entry: Entry, links: Sequence[Link], blocks: Sequence[Block]) -> Targets:
        """What the links of a paper say, that of its title first; those of authors and abstract are not its own."""
        on_title: list[WebAddress] = []
        beside: list[WebAddress] = []
        for link in links:
            if link.first <= entry.title_block < link.end:
                own = on_title
            elif link.end <= link.first or link.first < entry.byline_block or is_furniture(blocks[link.first]):
                own = beside
            else:
                continue
            address = self.address(link.href)
            if address is not None:
                own.append(address)
        everywhere = on_title + beside
        identified = [(one, arxiv) for one in everywhere if (arxiv := ArxivId.at(one, self._hosts))]
        dois = [(one, doi) for one in everywhere if (doi := doi_at(one))]
        first = [one for one, _ in identified if one in on_title] + on_title + [one for one, _ in [*identified, *dois]]
        return Targets(
            url=first[0].url if first else None,
            arxiv=identified[0][1] if identified else None,
            doi=dois[0][1] if dois else None,
        )

    def address(self, href: str) -> WebAddress | None:
        """Where a link leads, as `address_of`."""
        if self._root is not None and _PLAIN_PATH.fullmatch(href):
            return WebAddress(self._root.url + href[1:], self._root.host, href)
        return address_of(href, self._base)


def address_of(href: str, base: str) -> WebAddress | None:
    """The address without its fragment; None for what does not lead to another page."""
    if href.startswith("#"):
        return None
    try:
        url = urljoin(base, href.strip())
    except ValueError:
        return None
    return WebAddress.of(urldefrag(url).url) if url.startswith(("https://", "http://")) else None
