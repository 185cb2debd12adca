"""Records in the scripts of a page: JSON-LD, ``__NEXT_DATA__``, the stream of a Next.js App Router page.

They are not seen by a reader. They may add to what is seen: an identifier, a year.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scrapers.identifiers import ArxivId, doi_in_url, read_doi
from scrapers.page_text import visible
from tracking.reading import Published

_STREAMED = re.compile(r"self\.__next_f\.push\(\s*(\[.*\])\s*\)\s*;?\s*", re.DOTALL)
_STREAM_ROW = re.compile(r"[0-9a-f]*:[A-Z]?")
_TITLES = ("title", "headline", "name")
_ARXIV = ("arxiv_id", "arxivId", "arxiv")
_DAYS = ("published_date", "publishedDate", "datePublished", "published_at", "publishedAt", "published")
_DOIS = ("doi", "DOI")
_URLS = ("url", "@id", "sameAs", "identifier")


@dataclass(frozen=True, slots=True)
class IslandPaper:
    """What a record in a script says about the paper of that title."""

    title: str
    arxiv: ArxivId | None = None
    published: Published | None = None
    doi: str | None = None


def papers_in(scripts: Sequence[str]) -> list[IslandPaper]:
    """Every record in the scripts that has a title and something to add. What is no JSON is passed over."""
    papers = (_paper(record) for value in _values(scripts) for record in _records(value))
    return [paper for paper in papers if paper is not None]


def _values(scripts: Sequence[str]) -> Iterator[Any]:
    stream: list[str] = []
    for script in scripts:
        text = script.strip()
        streamed = _STREAMED.fullmatch(text)
        if streamed is not None:
            chunk = _json(streamed[1])
            if isinstance(chunk, list) and len(chunk) == 2 and isinstance(chunk[1], str):
                stream.append(chunk[1])
        elif text[:1] in ("{", "["):
            yield _json(text)
    for row in "".join(stream).split("\n"):
        start = _STREAM_ROW.match(row)
        if start is not None:
            yield _json(row[start.end() :])


def _json(text: str) -> Any:
    """The value, or None for what is no JSON or nested too deeply to be worth reading."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _records(value: Any) -> Iterator[Mapping[str, Any]]:
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            yield inner
            waiting.extend(inner.values())
        elif isinstance(inner, list):
            waiting.extend(inner)


def _paper(record: Mapping[str, Any]) -> IslandPaper | None:
    title = next(_texts(record, _TITLES), None)
    if title is None:
        return None
    urls = list(_texts(record, _URLS))
    arxiv = next(filter(None, map(ArxivId.read, _texts(record, _ARXIV))), None) or next(
        filter(None, (ArxivId.in_url(url, frozenset()) for url in urls)), None
    )
    published = next(filter(None, map(_day, _texts(record, _DAYS))), None)
    doi = next(filter(None, map(read_doi, _texts(record, _DOIS))), None) or next(
        filter(None, map(doi_in_url, urls)), None
    )
    if arxiv is None and published is None and doi is None:
        return None
    return IslandPaper(visible(title), arxiv, published, doi)


def _texts(record: Mapping[str, Any], names: Sequence[str]) -> Iterator[str]:
    for name in names:
        value = record.get(name)
        yield from (text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str) and text)


def _day(text: str) -> Published | None:
    """The day of an ISO 8601 date or time, None for what is no whole day."""
    try:
        published = Published.parse(text[:10])
    except ValueError:
        return None
    return published if published.day is not None else None
