"""What the imitations of interfaces show: scholars and their works, the same truth whichever site tells it.

>>> ada = Scholar(key="1", name="Ada Example", works=(work("A New Thing", year=2026),))
>>> with OpenAlexSite([ada]) as site:      # an Imitation
...     ...                                # somebody asks site.url
...     site.show(replace(ada, citations=12))
...     site.fails(503, times=2, headers={"Retry-After": "30"})
"""

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from world.wire import Answer, Ask, Reply, Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One paper, with all that any source could say of it; None: it says nothing."""

    key: str
    title: str
    authors: tuple[str, ...] = ("Ada Example", "Ben Example")
    year: int | None = None
    published: date | None = None
    doi: str | None = None
    arxiv_id: str | None = None
    version: int = 1
    abstract: str | None = None
    venue: str | None = None
    citations: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scholar:
    """One profile; ``key`` is its key at the site that shows it. Metrics that are None are not known there."""

    key: str
    name: str
    works: tuple[Work, ...] = ()
    h_index: int | None = None
    i10_index: int | None = None
    citations: int | None = None
    #: Year: citations received in it.
    cited_by_year: Mapping[int, int] = field(default_factory=dict)
    affiliation: str | None = None


def work(title: str, *, year: int | None = None, key: str | None = None, **said: Any) -> Work:
    """A work for a story; its key follows from the title."""
    return Work(key=key or f"w{sum(map(ord, title)) * 7919 % 1_000_003}", title=title, year=year, **said)


@dataclass(frozen=True, slots=True)
class Question:
    """A request as an imitation looks at it."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


class Imitation:
    """An interface on 127.0.0.1 that shows scholars. A subclass says what is at which path."""

    def __init__(self, scholars: Iterable[Scholar] = (), *, port: int = 0) -> None:
        self.scholars = {scholar.key: scholar for scholar in scholars}
        self.requests: list[Question] = []
        self._failures: list[Reply] = []
        self._lock = threading.Lock()
        self._server = Server(self._answer, port=port)

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``"""
        return self._server.url

    def show(self, scholar: Scholar) -> None:
        """Show this scholar from now on, in the place of who had the key."""
        with self._lock:
            self.scholars[scholar.key] = scholar

    def fails(self, status: int, *, times: int = 1, headers: Mapping[str, str] | None = None, body: str = "") -> None:
        """Answer the next requests with this."""
        with self._lock:
            self._failures += [Reply(status=status, headers=headers or {}, body=body.encode())] * times

    def reply(self, question: Question) -> Reply:
        """What stands at a path."""
        raise LookupError(question.path)

    def _answer(self, ask: Ask) -> Answer:
        parts = urlsplit(ask.path)
        question = Question(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), ask.headers)
        with self._lock:
            self.requests.append(question)
            return self._failures.pop(0) if self._failures else self.reply(question)


def json_reply(document: object, *, status: int = 200, **headers: str) -> Reply:
    body = json.dumps(document, ensure_ascii=False).encode()
    return Reply(status=status, headers={"Content-Type": "application/json; charset=utf-8"} | headers, body=body)


def xml_reply(text: str, *, status: int = 200, content_type: str = "application/xml; charset=utf-8") -> Reply:
    return Reply(status=status, headers={"Content-Type": content_type}, body=text.encode())
