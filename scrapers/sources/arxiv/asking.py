"""Which URLs of arXiv are profiles, and what is asked for them.

https://arxiv.org/a/warner_s_1                        ──> /a/warner_s_1.atom2, one feed with all papers
https://arxiv.org/search/?query=…&searchtype=author   ──> /api/query?search_query=au:…, the newest first, in pages
https://export.arxiv.org/api/query?search_query=…     ──> the same
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from scrapers.parse_error import ParseError
from scrapers.source import Asked, Request
from scrapers.sources.arxiv.feed import read_feed

HOSTS = ("arxiv.org", "www.arxiv.org", "export.arxiv.org")
#: Where arXiv wants programs to ask.
_QUERY_BASE = "https://export.arxiv.org"
_PAGE_SIZE = 100
#: A query that finds more papers than these requests show is no person; the newest come first.
_REQUESTS_MAX = 10

_AUTHOR_PATH = re.compile(
    r"/a/(?:https?:/{1,2}orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dx]|[a-z]+(?:_[a-z]+)*_\d+)"
    r"(\.(?:atom2?|html|json|js))?/?",
    re.IGNORECASE | re.ASCII,
)
_PAPER_PATH = re.compile(r"/(?:abs|pdf|html|format|src)/")


@dataclass(frozen=True, slots=True)
class _Author:
    """An author identifier or an ORCID iD, and the form of feed that the URL names, if any."""

    id: str
    form: str

    @property
    def key(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class _Query:
    """What the interface is asked to search for: ``au:del_maestro``."""

    text: str

    @property
    def key(self) -> str:
        return f"query:{self.text}"


def profile_key(url: str) -> str:
    """``warner_s_1`` or an ORCID iD for an author's page, ``query:au:del_maestro`` for a query. Raises ValueError."""
    return _profile(url).key


def next_request(asked: Asked) -> Request | None:
    """The one feed of an author; or the pages of a query until all its papers are there, or too many for a person."""
    match _profile(asked.profile_url):
        case _Author(id, form):
            path = f"/a/{id}.atom" if form == ".atom" else f"/a/{id}.atom2"
            return None if asked.answers else Request(url=asked.base + path)
        case _Query(text):
            start = _next_start(asked)
            return None if start is None else Request(url=_query_url(asked.base, text, start))


def _next_start(asked: Asked) -> int | None:
    """How many papers the answers so far show; None when that is all, or enough."""
    shown = 0
    for answer in asked.answers:
        feed = read_feed(answer)
        if feed.total is None:
            raise ParseError("the answer does not say how many papers the query finds", stage="feed")
        if not feed.papers and shown < feed.total:
            raise ParseError(f"an empty page after {shown} of {feed.total} papers", stage="feed")
        shown += len(feed.papers)
        if shown >= feed.total:
            return None
    return shown if len(asked.answers) < _REQUESTS_MAX else None


def _query_url(base: str, text: str, start: int) -> str:
    parameters = {
        "search_query": text,
        "start": start,
        "max_results": _PAGE_SIZE,
        "sortBy": "submittedDate",
        "sortOrder": "descending",
    }
    origin = _QUERY_BASE if urlsplit(base).hostname in HOSTS else base
    return f"{origin}/api/query?{urlencode(parameters, quote_via=quote, safe=':')}"


def _profile(url: str) -> _Author | _Query:
    """What the URL leads to. Raises ValueError, with a sentence of what to follow instead."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    author = _AUTHOR_PATH.fullmatch(path)
    if author is not None:
        # The last sign of an ORCID iD may be an X, and only there are capitals.
        return _Author(author[1].lower() if "_" in author[1] else author[1].upper(), (author[2] or "").lower())
    parameters = {name: text for name, value in parse_qsl(parts.query) if (text := " ".join(value.split()))}
    if path.rstrip("/") == "/api/query":
        return _interface_query(url, parameters)
    if path == "/search" or path.startswith("/search/"):
        return _searched_author(url, path, parameters)
    what = "a paper" if _PAPER_PATH.match(path) else "no profile"
    raise ValueError(f"{url} is {what}; an author's page of arXiv is like https://arxiv.org/a/warner_s_1")


def _interface_query(url: str, parameters: Mapping[str, str]) -> _Query:
    if "id_list" in parameters:
        raise ValueError(f"{url} is a list of papers, not a profile; name what to search for: search_query=au:…")
    if "search_query" not in parameters:
        raise ValueError(f"{url} does not name what to search for: search_query=au:…")
    return _Query(parameters["search_query"])


def _searched_author(url: str, path: str, parameters: Mapping[str, str]) -> _Query:
    name = " ".join(parameters.get("query", "").replace('"', " ").split())
    if parameters.get("searchtype") != "author" or not name:
        raise ValueError(f"{url} is no search for an author: it needs query=… and searchtype=author")
    if path.rstrip("/") != "/search":
        everywhere = f"https://arxiv.org/search/?{urlencode({'query': name, 'searchtype': 'author'})}"
        raise ValueError(f"{url} searches one archive only; follow {everywhere}")
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and given:
        return _Query(f"au:{family}_{given}".replace(" ", "_"))
    return _Query(f'au:"{name}"' if " " in name else f"au:{name}")
