"""An imitation of INSPIRE's interface, as https://inspirehep.net/api answers.

What it does was taken from its documentation, its published source and the tests of its clients: a search gives the
members that `fields` names, a summary of citations counts what a search finds, a merged author is a redirect.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.imitations.scholars import Imitation, Question, Scholar, Work, json_reply
from world.wire import Reply

_SIZE_MAX = 1000
_QUERY = re.compile(r"authors\.recid:(\d+)(?: and ac (\d+)->(\d+))?")


class InspireSite(Imitation):
    """Authors by number; ``merged`` are numbers of authors who are others now."""

    def __init__(
        self,
        scholars: Iterable[Scholar] = (),
        *,
        merged: Mapping[str, str] | None = None,
        most_per_page: int = _SIZE_MAX,
    ) -> None:
        super().__init__(scholars)
        self._merged = dict(merged or {})
        self._most_per_page = most_per_page

    def reply(self, question: Question) -> Reply:
        match question.path.strip("/").split("/"):
            case ["api", "authors", number]:
                return self._author(number)
            case ["api", "literature"]:
                return self._literature(question)
            case ["api", "literature", "facets"] if question.query.get("facet_name") == "citation-summary":
                return self._summary(question)
            case _:
                return _error(404, "The requested URL was not found on the server.")

    def _author(self, number: str) -> Reply:
        if number in self._merged:
            location = f"{self.url}/api/authors/{self._merged[number]}"
            return Reply(status=301, headers={"Location": location, "Content-Type": "application/json"})
        if number not in self.scholars:
            return _error(404, "PID does not exist.")
        scholar = self.scholars[number]
        metadata = {
            "control_number": int(number),
            "deleted": False,
            "name": {"value": _inverted(scholar.name), "preferred_name": scholar.name},
            "ids": [{"schema": "INSPIRE BAI", "value": f"{scholar.name.replace(' ', '.')}.1"}],
            "arxiv_categories": ["hep-th"],
            "stub": False,
        }
        return json_reply({"id": number, "metadata": metadata, "links": {}, "created": "2015-01-01T00:00:00+00:00"})

    def _found(self, question: Question) -> tuple[Scholar | None, list[Work]]:
        match = _QUERY.fullmatch(question.query.get("q", ""))
        scholar = self.scholars.get(match[1]) if match is not None else None
        if match is None or scholar is None:
            return None, []
        few, many = (int(match[2]), int(match[3])) if match[2] else (0, 1_000_000)
        works = [work for work in scholar.works if few <= len(work.authors) <= many]
        return scholar, sorted(works, key=lambda work: _earliest(work) or "", reverse=True)

    def _literature(self, question: Question) -> Reply:
        query = question.query
        size, number = int(query.get("size", "10")), int(query.get("page", "1"))
        if size > _SIZE_MAX:
            return _error(400, f"Maximum search size is {_SIZE_MAX}.")
        size = min(size, self._most_per_page)
        _, works = self._found(question)
        shown = works[(number - 1) * size : number * size]
        hits = [{"id": work.key, "metadata": _selected(record(work), query.get("fields"))} for work in shown]
        links = (
            {"next": f"https://inspirehep.net{question.path}?page={number + 1}"} if number * size < len(works) else {}
        )
        return json_reply({"hits": {"hits": hits, "total": len(works)}, "links": links})

    def _summary(self, question: Question) -> Reply:
        scholar, works = self._found(question)
        h_index = (scholar.h_index if scholar else None) or 0
        citations = float((scholar.citations if scholar else None) or 0)
        everything = {
            "doc_count": len(works),
            "citations_count": {"value": citations},
            "average_citations": {"value": citations / len(works) if works else None},
            "citation_buckets": {"buckets": [{"key": "0--0", "from": 0.0, "to": 1.0, "doc_count": 0}]},
        }
        summary = {
            "doc_count": len(works),
            "h-index": {"value": {"all": h_index, "published": h_index}},
            "citations": {"buckets": {"all": everything, "published": everything}},
        }
        return json_reply({"aggregations": {"citation_summary": summary}, "hits": {"total": {"value": len(works)}}})


def record(work: Work) -> dict[str, Any]:
    """The metadata of a paper, with all that a search could be asked for. Its key is a number."""
    said: dict[str, Any] = {
        "control_number": int(work.key),
        "titles": [{"title": work.title, "source": "arXiv"}],
        "authors": [{"full_name": _inverted(name), "ids": []} for name in work.authors],
        "first_author": {"full_name": _inverted(work.authors[0])} if work.authors else None,
        "author_count": len(work.authors),
        "citation_count": work.citations,
        "document_type": ["article"],
    }
    if (earliest := _earliest(work)) is not None:
        said["earliest_date"] = earliest
    if work.arxiv_id is not None:
        said["arxiv_eprints"] = [{"value": work.arxiv_id, "categories": ["hep-th", "gr-qc"]}]
    if work.doi is not None:
        said["dois"] = [{"value": work.doi, "source": "APS"}, {"value": work.doi, "source": "bibmatch"}]
    if work.abstract is not None:
        journal, eprint = ({"value": f"<p>{work.abstract}</p>", "source": source} for source in ("Springer", "arXiv"))
        said["abstracts"] = [{**journal, "value": "<p>Abridged.</p>"}, eprint]
    return {name: value for name, value in said.items() if value is not None}


def _selected(metadata: dict[str, Any], fields: str | None) -> dict[str, Any]:
    if fields is None:
        return metadata
    chosen: dict[str, Any] = {}
    for path in fields.split(","):
        name, _, member = path.partition(".")
        if name not in metadata:
            continue
        if not member:
            chosen[name] = metadata[name]
        elif isinstance(metadata[name], dict):
            chosen.setdefault(name, {})[member] = metadata[name][member]
        else:
            rows = chosen.setdefault(name, [{} for _ in metadata[name]])
            for row, whole in zip(rows, metadata[name], strict=True):
                row |= {member: whole[member]} if member in whole else {}
    return chosen


def _earliest(work: Work) -> str | None:
    if work.published is not None:
        return work.published.isoformat()
    return f"{work.year:04d}" if work.year is not None else None


def _inverted(name: str) -> str:
    given, _, family = name.rpartition(" ")
    return f"{family}, {given}" if given else family


def _error(status: int, message: str) -> Reply:
    return json_reply({"status": status, "message": message}, status=status)
