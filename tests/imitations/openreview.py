"""An imitation of version 2 of OpenReview's interface, as https://api2.openreview.net answers.

What it does was taken from its published client and that client's tests: values of a note's content are wrapped,
times are milliseconds, a count comes with the first page only, pages go by offset or after the last note.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tests.imitations.scholars import Imitation, Question, Scholar, Work, json_reply
from world.wire import Reply

_LIMIT_MAX = 1000
_TOKEN = "Bearer a-token"


class OpenReviewSite(Imitation):
    """Profiles by id. ``asks_for_token``: nobody who has not logged in is answered."""

    def __init__(
        self,
        scholars: Iterable[Scholar] = (),
        *,
        asks_for_token: bool = False,
        most_per_page: int = _LIMIT_MAX,
        counts: bool = True,
        replies: Iterable[dict[str, Any]] = (),
    ) -> None:
        super().__init__(scholars)
        self._asks_for_token = asks_for_token
        self._most_per_page = most_per_page
        self._counts = counts
        #: Notes besides the papers, as they stand.
        self._replies = list(replies)

    def reply(self, question: Question) -> Reply:
        if self._asks_for_token and question.headers.get("authorization") != _TOKEN:
            return _error(403, "ChallengeRequiredError", "Please complete the challenge to continue.")
        match question.path:
            case "/profiles":
                return self._profiles(question)
            case "/notes":
                return self._notes(question)
            case _:
                return _error(404, "NotFoundError", f"The path {question.path} does not exist")

    def _profiles(self, question: Question) -> Reply:
        scholar = self.scholars.get(question.query.get("id", ""))
        if scholar is None:
            return _error(404, "ProfileNotFoundError", "Profile not found")
        first, _, last = scholar.name.rpartition(" ")
        names = [
            {"first": "Former", "middle": None, "last": last, "username": "~Former_Name1"},
            {"fullname": scholar.name, "first": first, "last": last, "preferred": True, "username": scholar.key},
        ]
        content = {"names": names, "homepage": "https://ada.example", "history": []}
        return json_reply({"profiles": [{"id": scholar.key, "state": "Active Institutional", "content": content}]})

    def _notes(self, question: Question) -> Reply:
        query = question.query
        scholar = self.scholars.get(query.get("content.authorids", ""))
        limit, offset = int(query.get("limit", "1000")), int(query.get("offset", "0"))
        if limit > _LIMIT_MAX:
            return _error(400, "ValidationError", f"limit must be <= {_LIMIT_MAX}")
        found = [note(work) for work in scholar.works] + self._replies if scholar is not None else []
        ordered = sorted(found, key=lambda one: one["tcdate"])
        if "after" in query:
            offset = 1 + [one["id"] for one in ordered].index(query["after"])
        shown = ordered[offset : offset + min(limit, self._most_per_page)]
        counted = {"count": len(found)} if self._counts and offset == 0 else {}
        return json_reply({"notes": shown, **counted})


def note(work: Work) -> dict[str, Any]:
    """A submission; of a work without a venue, a record that was copied from DBLP."""
    copied = work.venue is None
    link = f"https://doi.org/{work.doi}" if work.doi else None
    content = {
        "title": work.title,
        "authors": list(work.authors),
        "authorids": [f"~{name.replace(' ', '_')}1" for name in work.authors],
        "abstract": work.abstract,
        "venue": work.venue,
        "venueid": "dblp.org/journals/CORR/2025" if copied else "Example.cc/2026/Conference",
        "html": link,
        "pdf": "/pdf/0123456789abcdef.pdf",
        "_bibtex": f"@inproceedings{{{work.key}}}",
    }
    said: dict[str, Any] = {
        "id": work.key,
        "forum": work.key,
        "invitations": ["DBLP.org/-/Record" if copied else "Example.cc/2026/Conference/-/Submission"],
        "externalIds": [f"arxiv:{work.arxiv_id}"] if work.arxiv_id else [],
        "readers": ["everyone"],
        "signatures": ["Example.cc"],
        "tcdate": 1_700_000_000_000 + sum(map(ord, work.key)),
        "content": {name: {"value": value} for name, value in content.items() if value is not None},
    }
    if work.published is not None:
        said["pdate"] = _milliseconds(datetime(*work.published.timetuple()[:3], 12, tzinfo=UTC))
    elif work.year is not None:
        said["cdate"] = _milliseconds(datetime(work.year, 1, 1, tzinfo=UTC))
    return said


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _error(status: int, name: str, message: str) -> Reply:
    body = {"name": name, "message": message, "status": status, "details": {"path": "id", "reqId": "2026-1"}}
    return json_reply(body, status=status)
