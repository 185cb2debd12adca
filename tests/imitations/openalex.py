"""An imitation of OpenAlex's interface: authors, and lists of their works, as https://api.openalex.org answers.

What it does was taken from the documentation and the published source of the real one: `select` names members of the
outermost object only; a cursor is opaque, is wanted without a page number, and only where there is a key; the last
page has none; a list shows at most 100 authors of a work; an author who was merged into another is a redirect.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from tests.imitations.scholars import Imitation, Question, Scholar, Work, json_reply
from world.wire import Reply

_RECENT_YEARS = 10
_AUTHORS_LISTED = 100
_PER_PAGE_MAX = 100
_SITE = "https://openalex.org"


class OpenAlexSite(Imitation):
    """Authors by key (``A1``), by ORCID iD, and by keys that were merged into others."""

    def __init__(
        self,
        scholars: Iterable[Scholar] = (),
        *,
        orcids: Mapping[str, str] | None = None,
        merged: Mapping[str, str] | None = None,
        most_per_page: int = _PER_PAGE_MAX,
        port: int = 0,
    ) -> None:
        super().__init__(scholars, port=port)
        self.orcids = dict(orcids or {})
        self.merged = dict(merged or {})
        self.most_per_page = most_per_page

    def reply(self, question: Question) -> Reply:
        match question.path.strip("/").split("/", 1):
            case ["authors", identifier]:
                return self._author(identifier, question)
            case ["works"]:
                return self._works(question)
            case _:
                return Reply(status=404, headers={"Content-Type": "text/html"}, body=_NOT_FOUND.encode())

    def _author(self, identifier: str, question: Question) -> Reply:
        key = self.orcids.get(identifier.removeprefix("orcid:"), identifier.upper())
        if key in self.merged:
            return Reply(status=301, headers={"Location": f"{self.url}/authors/{self.merged[key]}"})
        if key not in self.scholars:
            return Reply(status=404, headers={"Content-Type": "text/html"}, body=_NOT_FOUND.encode())
        return _selected(author_object(self.scholars[key]), question) or json_reply(author_object(self.scholars[key]))

    def _works(self, question: Question) -> Reply:
        query = question.query
        name, _, key = query.get("filter", "").partition(":")
        if name not in ("author.id", "authorships.author.id"):
            return _error(400, "Invalid query parameters error.", f"{name} is not a valid field.")
        per_page = int(query.get("per-page", query.get("per_page", "25")))
        if not 1 <= per_page <= _PER_PAGE_MAX:
            return _error(400, "Pagination error.", "per-page parameter must be between 1 and 100")
        cursor, number = query.get("cursor"), int(query.get("page", "1"))
        if cursor is not None and "page" in query:
            return _error(400, "Pagination error.", "Cannot use page parameter with cursor.")
        if cursor is not None and "authorization" not in question.headers:
            return _error(401, "API key required", "Cursor paging requires an API key.")
        scholar = self.scholars.get(key.rsplit("/", 1)[-1].upper())
        works = [] if scholar is None else sorted(scholar.works, key=_day, reverse="desc" in query.get("sort", "desc"))
        size = min(per_page, self.most_per_page)
        start = (number - 1) * size if cursor is None else _decoded(cursor)
        shown = works[start : start + size]
        results = [work_object(work, scholar) for work in shown if scholar is not None]
        meta: dict[str, Any] = {
            "count": len(works),
            "db_response_time_ms": 7,
            "page": number if cursor is None else None,
            "per_page": size,
            "groups_count": None,
        }
        if cursor is not None:
            meta |= {"next_cursor": _encoded(start + size) if len(shown) == size else None}
        return _listed(meta, results, question)


_NOT_FOUND = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
_LIMITS = {"X-RateLimit-Limit": "10000", "X-RateLimit-Remaining": "9990", "X-RateLimit-Reset": "3600"}


def _error(status: int, error: str, message: str) -> Reply:
    return json_reply({"error": error, "message": message}, status=status)


def _limited(document: dict[str, Any]) -> Reply:
    reply = json_reply(document)
    return replace(reply, headers={**reply.headers, **_LIMITS})


def _selected(document: dict[str, Any], question: Question) -> Reply | None:
    """The members that are asked for, or the complaint about one that is none; None where all are wanted."""
    names = question.query.get("select")
    if names is None:
        return None
    wrong = [name for name in names.split(",") if name not in document]
    if wrong:
        return _error(400, "Invalid query parameters error.", f"{wrong[0]} is not a valid select field.")
    return _limited({name: document[name] for name in names.split(",")})


def _listed(meta: dict[str, Any], results: list[dict[str, Any]], question: Question) -> Reply:
    wanted = question.query.get("select", "").split(",")
    if wanted != [""]:
        results = [{name: result[name] for name in result if name in wanted} for result in results]
    return _limited({"meta": meta, "results": results, "group_by": []})


def _encoded(start: int) -> str:
    return base64.b64encode(json.dumps(f"[{start}]").encode()).decode()


def _decoded(cursor: str) -> int:
    return 0 if cursor == "*" else int(json.loads(base64.b64decode(cursor)).strip("[]"))


def _day(work: Work) -> date:
    return work.published or date(work.year or 1, 1, 1)


def author_object(scholar: Scholar) -> dict[str, Any]:
    """An author as the interface shows one, with the members that matter here."""
    years = sorted(scholar.cited_by_year, reverse=True)[:_RECENT_YEARS]
    return {
        "id": f"{_SITE}/{scholar.key}",
        "orcid": None,
        "display_name": scholar.name,
        "display_name_alternatives": [scholar.name],
        "works_count": len(scholar.works),
        "cited_by_count": scholar.citations,
        "summary_stats": {
            "2yr_mean_citedness": 1.5,
            "h_index": scholar.h_index,
            "i10_index": scholar.i10_index,
        },
        "ids": {"openalex": f"{_SITE}/{scholar.key}"},
        "last_known_institutions": [_institution(scholar.affiliation)] if scholar.affiliation else [],
        "counts_by_year": [
            {
                "year": year,
                "works_count": sum(_day(work).year == year for work in scholar.works),
                "oa_works_count": 0,
                "cited_by_count": scholar.cited_by_year[year],
            }
            for year in years
        ],
        "updated_date": "2026-11-20T01:03:41.562229",
    }


def work_id(work: Work) -> str:
    """``W123``, of a work whose key is ``123`` or ``w123``."""
    return f"W{work.key.removeprefix('w')}"


def work_object(work: Work, scholar: Scholar) -> dict[str, Any]:
    """A work as a list shows one; a date that is known by its year alone is its first of January."""
    day = work.published or (date(work.year, 1, 1) if work.year else None)
    url = f"https://doi.org/{work.doi}" if work.doi else None
    on_arxiv = f"http://arxiv.org/abs/{work.arxiv_id}v{work.version}" if work.arxiv_id else None
    places = [_location(place) for place in (url, on_arxiv) if place is not None]
    shown = work.authors[:_AUTHORS_LISTED]
    listed: dict[str, Any] = {
        "id": f"{_SITE}/{work_id(work)}",
        "doi": url,
        "title": work.title,
        "display_name": work.title,
        "publication_year": day.year if day else None,
        "publication_date": day.isoformat() if day else None,
        "ids": {"openalex": f"{_SITE}/{work_id(work)}"} | ({"doi": url} if url else {}),
        "language": "en",
        "primary_location": places[0] if places else None,
        "type": "article",
        "authorships": [
            _authorship(place, name, len(work.authors), scholar) for place, name in enumerate(shown, start=1)
        ],
        "cited_by_count": work.citations,
        "is_retracted": False,
        "primary_topic": _topic(work.venue) if work.venue else None,
        "locations": places,
        "abstract_inverted_index": inverted(work.abstract) if work.abstract else None,
    }
    return listed | ({"is_authors_truncated": True} if len(work.authors) > _AUTHORS_LISTED else {})


def _authorship(place: int, name: str, count: int, scholar: Scholar) -> dict[str, Any]:
    at = scholar.affiliation if name == scholar.name else None
    return {
        "author_position": "first" if place == 1 else "last" if place == count else "middle",
        "author": {"id": f"{_SITE}/A{place}", "display_name": name, "orcid": None},
        "institutions": [_institution(at)] if at else [],
        "countries": [],
        "is_corresponding": False,
        "raw_author_name": name,
        "raw_affiliation_strings": [],
    }


def _institution(name: str) -> dict[str, Any]:
    return {"id": f"{_SITE}/I1", "display_name": name, "ror": None, "country_code": "CH", "type": "education"}


def _topic(name: str) -> dict[str, Any]:
    part = {"id": f"{_SITE}/subfields/1", "display_name": name}
    return {"id": f"{_SITE}/T1", "display_name": name, "score": 0.9, "subfield": part, "field": part, "domain": part}


def _location(url: str) -> dict[str, Any]:
    return {"is_oa": True, "landing_page_url": url, "pdf_url": None, "source": None, "license": None, "version": None}


def inverted(text: str) -> dict[str, list[int]]:
    """A text by its words: where each stands."""
    index: dict[str, list[int]] = {}
    for position, word in enumerate(text.split()):
        index.setdefault(word, []).append(position)
    return index
