"""An imitation of Scholar Feed's public interface, as https://api.scholarfeed.org answers.

What it does was taken from its published client: papers come with a page and a limit, the total may be null, the
number of authors is there only where their list is cut, an error has a word and a sentence.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tests.imitations.scholars import Imitation, Question, Scholar, Work, json_reply
from world.wire import Reply

_LIMIT_MAX = 50
_AUTHORS_MAX = 3
_PATH = re.compile(r"/api/v1/public/authors/(\d+)(/papers)?")


class ScholarFeedApiSite(Imitation):
    """Authors by number; ``calls_left`` is what is left of the day's hundred for who has no key."""

    def __init__(
        self,
        scholars: Iterable[Scholar] = (),
        *,
        most_per_page: int = _LIMIT_MAX,
        counts: bool = True,
        calls_left: int = 100,
    ) -> None:
        super().__init__(scholars)
        self._most_per_page = most_per_page
        self._counts = counts
        self._calls_left = calls_left

    def reply(self, question: Question) -> Reply:
        if "authorization" not in question.headers:
            if self._calls_left == 0:
                message = "Anonymous use is limited to 100 calls a day."
                refusal = json_reply({"error": "rate_limited", "message": message}, status=429)
                return replace(refusal, headers={**refusal.headers, "Retry-After": "3600"})
            self._calls_left -= 1
        match = _PATH.fullmatch(question.path)
        scholar = self.scholars.get(match[1]) if match is not None else None
        if match is None or scholar is None:
            return json_reply({"detail": "Author not found"}, status=404)
        reply = json_reply(self._papers(scholar, question) if match[2] else author_object(scholar))
        quota = {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": str(self._calls_left)}
        return replace(reply, headers={**reply.headers, **quota})

    def _papers(self, scholar: Scholar, question: Question) -> dict[str, Any]:
        page = int(question.query.get("page", "1"))
        limit = min(int(question.query.get("limit", "20")), _LIMIT_MAX, self._most_per_page)
        shown = scholar.works[(page - 1) * limit : page * limit]
        return {
            "papers": [paper_object(work) for work in shown],
            "total": len(scholar.works) if self._counts else None,
            "page": page,
            "limit": limit,
        }


def author_object(scholar: Scholar) -> dict[str, Any]:
    return {
        "id": int(scholar.key),
        "name": scholar.name,
        "h_index": scholar.h_index,
        "total_papers": len(scholar.works),
        "total_citations": scholar.citations,
        "primary_field": "cs.LG",
        "rank": None,
        "author_rank_score": None,
        "years_active": 4,
        "top_papers": [paper_object(work) for work in scholar.works[:10]],
    }


def paper_object(work: Work) -> dict[str, Any]:
    said: dict[str, Any] = {
        "arxiv_id": work.arxiv_id,
        "title": work.title,
        "authors": list(work.authors[:_AUTHORS_MAX]),
        "categories": ["cs.LG", "stat.ML"],
        "has_code": False,
        "github_url": None,
        "citation_count": work.citations,
        "impact_pct": None,
        "llm_novelty_score": 0.4,
        "llm_summary": "One sentence by a machine.",
        "venue_name": work.venue,
        "year": work.published.year if work.published else work.year,
        "rank_score": 0.5,
    }
    if work.published is not None:
        said["published_date"] = work.published.isoformat()
    if len(work.authors) > _AUTHORS_MAX:
        said["n_authors"] = len(work.authors)
    return said
