"""Records in the scripts of a page: JSON-LD, ``__NEXT_DATA__``, the stream of a Next.js App Router page.

They are not seen by a reader. They may add to what is seen: an identifier, a year.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from scrapers.identifiers import ArxivId, doi_in_url, read_doi
from scrapers.page_text import visible
from tracking.reading import Published

_STREAMED = re.compile(r"self\.__next_f\.push\(\s*(\[.*\])\s*\)\s*;?\s*", re.DOTALL)
_STREAM_ROW = re.compile(r"[0-9a-f]*:[A-Z]?")
_Read = TypeVar("_Read")
_TITLES = ("title", "headline", "name")
_ARXIV = ("arxiv_id", "arxivId", "arxiv")
_DAYS = ("published_date", "publishedDate", "datePublished", "published_at", "publishedAt", "published")
_DOIS = ("doi", "DOI")
_URLS = ("url", "@id", "sameAs", "identifier")


@dataclass(frozen=True, slots=True)
class IslandPaper:
    """A record in a script with the title of a paper. What else it says is looked up when it is asked for."""

    title: str
    record: Mapping[str, Any]

    @property
    def arxiv(self) -> ArxivId | None:
        return _first(ArxivId.read, _texts(self.record, _ARXIV)) or _first(_arxiv_in, _texts(self.record, _URLS))

    @property
    def published(self) -> Published | None:
        return _first(_day, _texts(self.record, _DAYS))

    @property
    def doi(self) -> str | None:
        return _first(read_doi, _texts(self.record, _DOIS)) or _first(doi_in_url, _texts(self.record, _URLS))


def papers_in(scripts: Sequence[str]) -> Iterator[IslandPaper]:
    """Every record in the scripts that has a title. What is no JSON is passed over."""
    for value in _values(scripts):
        for record in _records(value):
            titles = _texts(record, _TITLES)
            if titles:
                yield IslandPaper(visible(titles[0]), record)


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


def _texts(record: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """The texts that a record has by any of these names, alone or in a list."""
    texts: list[str] = []
    for name in names:
        value = record.get(name)
        if value:
            texts += [
                text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str) and text
            ]
    return texts


def _first(read: Callable[[str], _Read | None], texts: Sequence[str]) -> _Read | None:
    """What comes of the first text that can be read."""
    for text in texts:
        found = read(text)
        if found is not None:
            return found
    return None


def _arxiv_in(url: str) -> ArxivId | None:
    return ArxivId.in_url(url, frozenset())


def _day(text: str) -> Published | None:
    """The day of an ISO 8601 date or time, None for what is no whole day."""
    try:
        published = Published.parse(text[:10])
    except ValueError:
        return None
    return published if published.day is not None else None
