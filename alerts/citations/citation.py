"""A paper as a bibliography names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from tracking.reading import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    #: By which the paper is known here.
    paper_key: str
    title: str
    authors: tuple[str, ...] = ()
    authors_complete: bool = True
    published: Published | None = None
    arxiv_id: str | None = None
    doi: str | None = None
    url: str | None = None
    category: str | None = None
    abstract: str | None = None

    @classmethod
    def of(cls, facts: Mapping[str, Any], paper_key: str) -> Self:
        """From facts by the names that they have in items of messages and in tables that are exported."""
        return cls(
            paper_key=paper_key,
            title=facts["title"],
            authors=tuple(facts.get("authors") or ()),
            authors_complete=facts.get("authors_complete", True),
            published=Published.parse(facts["published"]) if facts.get("published") else None,
            arxiv_id=facts.get("arxiv_id"),
            doi=facts.get("doi"),
            url=facts.get("url"),
            category=facts.get("category"),
            abstract=facts.get("abstract"),
        )
