"""An imitation of Semantic Scholar's graph API: authors, and their papers, as https://api.semanticscholar.org answers.

What it does was taken from the documentation, the published client and saved answers: an id is always shown, what else
by ``fields``; ``next`` is the offset that follows, and is not there at the end; offset and limit stay below 10,000.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from tests.imitations.scholars import Imitation, Question, Scholar, Work, json_reply
from world.wire import Reply

_LIMIT_MAX = 1_000
_WITHIN = 10_000


class SemanticScholarSite(Imitation):
    """Authors by number. ``api_key`` is the one that is known; a request with another is forbidden."""

    def __init__(
        self,
        scholars: Iterable[Scholar] = (),
        *,
        most_per_page: int = _LIMIT_MAX,
        api_key: str | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(scholars, port=port)
        self.most_per_page = most_per_page
        self._api_key = api_key

    def reply(self, question: Question) -> Reply:
        if question.headers.get("x-api-key", self._api_key) != self._api_key:
            return json_reply({"message": "Forbidden"}, status=403)
        match question.path.strip("/").split("/"):
            case ["graph", "v1", "author", identifier, *_] if identifier not in self.scholars:
                return json_reply({"error": f"Author with id {identifier} not found"}, status=404)
            case ["graph", "v1", "author", identifier]:
                return _author(self.scholars[identifier], question)
            case ["graph", "v1", "author", identifier, "papers"]:
                return self._papers(self.scholars[identifier], question)
            case _:
                return json_reply({"message": "Missing Authentication Token"}, status=403)

    def _papers(self, scholar: Scholar, question: Question) -> Reply:
        offset, limit = int(question.query.get("offset", "0")), int(question.query.get("limit", "100"))
        if limit > _LIMIT_MAX:
            return json_reply({"error": "Unacceptable query params: [limit]"}, status=400)
        if offset + limit >= _WITHIN:
            return json_reply({"error": "offset + limit must be < 10000"}, status=400)
        wanted = _fields(question, default="title")
        known = paper_object(Work(key="1", title=""))
        if unknown := wanted - known.keys():
            return _unsupported(unknown)
        end = offset + min(limit, self.most_per_page)
        answer: dict[str, Any] = {"offset": offset}
        if end < len(scholar.works):
            answer["next"] = end
        answer["data"] = [_only(paper_object(work), {"paperId", *wanted}) for work in scholar.works[offset:end]]
        return json_reply(answer)


def _author(scholar: Scholar, question: Question) -> Reply:
    document = author_object(scholar)
    wanted = _fields(question, default="name")
    own = {name for name in wanted if not name.startswith("papers")}
    if unknown := own - document.keys():
        return _unsupported(unknown)
    answer = _only(document, {"authorId", *own})
    if len(own) < len(wanted):
        within = {name.removeprefix("papers.") for name in wanted - own} - {"papers"}
        answer["papers"] = [_only(paper_object(work), {"paperId", "title", *within}) for work in scholar.works]
    return json_reply(answer)


def _fields(question: Question, *, default: str) -> set[str]:
    return set(question.query.get("fields", default).split(","))


def _only(document: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name in names}


def _unsupported(names: Iterable[str]) -> Reply:
    return json_reply({"error": f"Unrecognized or unsupported fields: [{', '.join(sorted(names))}]"}, status=400)


def author_object(scholar: Scholar) -> dict[str, Any]:
    """An author as the interface shows one, without the papers."""
    return {
        "authorId": scholar.key,
        "externalIds": {},
        "url": f"https://www.semanticscholar.org/author/{scholar.key}",
        "name": scholar.name,
        "aliases": [scholar.name],
        "affiliations": [scholar.affiliation] if scholar.affiliation else [],
        "homepage": None,
        "paperCount": len(scholar.works),
        "citationCount": scholar.citations,
        "hIndex": scholar.h_index,
    }


def paper_id(work: Work) -> str:
    """The 40 hexadecimal digits that a work goes by."""
    return hashlib.sha1(work.key.encode(), usedforsecurity=False).hexdigest()


def paper_object(work: Work) -> dict[str, Any]:
    """A paper as the interface shows one."""
    identifiers: dict[str, Any] = {"CorpusId": 40363661}
    if work.doi:
        identifiers["DOI"] = work.doi.upper()
    if work.arxiv_id:
        identifiers["ArXiv"] = work.arxiv_id
    return {
        "paperId": paper_id(work),
        "externalIds": identifiers,
        "corpusId": 40363661,
        "publicationVenue": None,
        "url": f"https://www.semanticscholar.org/paper/{paper_id(work)}",
        "title": work.title,
        "abstract": work.abstract,
        "venue": work.venue or "",
        "year": work.published.year if work.published else work.year,
        "referenceCount": 0,
        "citationCount": work.citations,
        "influentialCitationCount": 0,
        "isOpenAccess": False,
        "openAccessPdf": None,
        "fieldsOfStudy": None,
        "s2FieldsOfStudy": [{"category": "Computer Science", "source": "s2-fos-model"}],
        "publicationTypes": None,
        "publicationDate": work.published.isoformat() if work.published else None,
        "journal": None,
        "citationStyles": {"bibtex": "@Misc{}"},
        "embedding": None,
        "tldr": None,
        "authors": [{"authorId": str(place), "name": name} for place, name in enumerate(work.authors, start=1)],
    }
