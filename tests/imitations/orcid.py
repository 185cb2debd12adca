"""An imitation of ORCID's public interface, version 3.0, as https://pub.orcid.org answers.

What it does was taken from the documentation, the published schemas and recorded answers of the real one: groups of
summaries whose display index is a number written as text, dates whose parts may be null, and errors with a code.
"""

import zlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tests.imitations.scholars import Imitation, Question, Scholar, Work, json_reply
from world.wire import Reply

_JSON = ("application/json", "application/vnd.orcid+json", "application/orcid+json")


class OrcidSite(Imitation):
    """Records by iD; some were merged into others, some deactivated by their owners. Names may be private."""

    def __init__(
        self,
        scholars: Iterable[Scholar] = (),
        *,
        merged: Mapping[str, str] | None = None,
        deactivated: Iterable[str] = (),
        private_names: Iterable[str] = (),
    ) -> None:
        super().__init__(scholars)
        self._merged = dict(merged or {})
        self._deactivated = frozenset(deactivated)
        self._private_names = frozenset(private_names)

    def reply(self, question: Question) -> Reply:
        if not question.headers.get("accept", "").startswith(_JSON):
            return _error(406, 9001, "HTTP 406 Not Acceptable")
        match question.path.strip("/").split("/"):
            case ["v3.0", orcid_id, ("person" | "works" | "record") as document]:
                return self._document(orcid_id, document)
            case _:
                return _error(404, 9001, "HTTP 404 Not Found")

    def _document(self, orcid_id: str, document: str) -> Reply:
        if orcid_id in self._merged:
            primary = self._merged[orcid_id]
            said = f"This account is deprecated. Please refer to account: https://orcid.org/{primary}."
            moved = _error(301, 9007, said)
            location = {"Location": f"{self.url}/v3.0/{primary}/{document}"}
            return Reply(status=301, headers={**moved.headers, **location}, body=moved.body)
        if orcid_id in self._deactivated:
            return _error(409, 9044, f"The ORCID record is deactivated. {orcid_id}")
        if orcid_id not in self.scholars:
            return _error(404, 9016, f"The resource was not found. ORCID iD {orcid_id} not found")
        scholar = self.scholars[orcid_id]
        person, works = self._person(scholar), works_document(scholar)
        match document:
            case "person":
                return json_reply(person)
            case "works":
                return json_reply(works)
        identifier = {"uri": f"https://orcid.org/{orcid_id}", "path": orcid_id, "host": "orcid.org"}
        return json_reply(
            {
                "orcid-identifier": identifier,
                "history": {"deactivation-date": None, "claimed": True},
                "person": person,
                "activities-summary": {"works": works, "path": f"/{orcid_id}/activities"},
                "path": f"/{orcid_id}",
            }
        )

    def _person(self, scholar: Scholar) -> dict[str, Any]:
        given, _, family = scholar.name.rpartition(" ")
        name = {
            "given-names": {"value": given or family},
            "family-name": {"value": family} if given else None,
            "credit-name": None,
            "visibility": "public",
            "path": scholar.key,
        }
        return {
            "last-modified-date": {"value": 1465949566770},
            "name": None if scholar.key in self._private_names else name,
            "biography": None,
            "path": f"/{scholar.key}/person",
        }


def works_document(scholar: Scholar) -> dict[str, Any]:
    groups = [_group(scholar.key, work) for work in scholar.works]
    return {"last-modified-date": None, "group": groups, "path": f"/{scholar.key}/works"}


def _group(orcid_id: str, work: Work) -> dict[str, Any]:
    external_ids = {"external-id": [_external_id(kind, value) for kind, value in _identifiers(work)]}
    title = {"title": {"value": work.title}, "subtitle": None, "translated-title": None}
    summary = {
        "put-code": put_code(work),
        "source": {"source-name": {"value": "Crossref"}},
        "title": title,
        "external-ids": external_ids,
        "url": None,
        "type": "journal-article",
        "publication-date": _date(work),
        "journal-title": {"value": work.venue} if work.venue else None,
        "visibility": "public",
        "path": f"/{orcid_id}/work/{put_code(work)}",
        "display-index": "1",
    }
    # What an organisation says of the same work, and the owner of the record does not prefer.
    other = {**summary, "put-code": put_code(work) + 1_000_000_000, "title": {**title, "title": {"value": "A DRAFT"}}}
    return {"external-ids": external_ids, "work-summary": [{**other, "display-index": "-1"}, summary]}


def put_code(work: Work) -> int:
    return zlib.crc32(work.key.encode()) % 1_000_000_000


def _identifiers(work: Work) -> list[tuple[str, str]]:
    found = [("doi", work.doi.upper())] if work.doi else []
    return found + ([("arxiv", f"arXiv:{work.arxiv_id}v{work.version}")] if work.arxiv_id else [])


def _external_id(kind: str, value: str) -> dict[str, Any]:
    return {
        "external-id-type": kind,
        "external-id-value": value,
        "external-id-normalized": {"value": value.lower(), "transient": True},
        "external-id-url": None,
        "external-id-relationship": "self",
    }


def _date(work: Work) -> dict[str, Any] | None:
    day = work.published or (date(work.year, 1, 1) if work.year else None)
    if day is None:
        return None
    known = {"month": {"value": f"{day:%m}"}, "day": {"value": f"{day:%d}"}} if work.published else {}
    return {"year": {"value": f"{day.year:04d}"}, "month": None, "day": None, **known}


def _error(status: int, code: int, said: str) -> Reply:
    return json_reply(
        {
            "response-code": status,
            "developer-message": f"{status} {said}",
            "user-message": said,
            "error-code": code,
            "more-info": "https://members.orcid.org/api/resources/troubleshooting",
        },
        status=status,
    )
