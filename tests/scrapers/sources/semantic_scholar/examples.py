"""An author of Semantic Scholar made up for the tests, and what he must read as."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from scrapers.bundle import bundle
from tests.imitations.scholars import Scholar, Work
from tests.imitations.semantic_scholar import author_object, paper_id
from tracking.check import Page
from tracking.reading import PaperReading, ProfileReading, Published

BEN = Scholar(
    key="42",
    name="B. Example",
    h_index=7,
    citations=311,
    works=(
        Work(
            key="11",
            title="Waves in <i>H</i><sub>2</sub>O &amp; Ice.",
            published=date(2026, 5, 3),
            doi="10.5555/waves.1",
            arxiv_id="2605.01234",
            abstract="We look at\n waves.",
            citations=4,
        ),
        Work(key="12", title="Old Ice", year=2019, doi="10.48550/arxiv.1901.00001", authors=("Ben Example",)),
        Work(key="13", title="Undated", authors=()),
    ),
)


def _url(key: str) -> str:
    return f"https://www.semanticscholar.org/paper/{_id(key)}"


def _id(key: str) -> str:
    return paper_id(Work(key=key, title=""))


READ = ProfileReading(
    source="semantic_scholar",
    name="B. Example",
    metrics={"h_index": 7, "citations": 311, "papers": 3},
    papers=(
        PaperReading(
            title="Waves in H2O & Ice.",
            authors=("Ada Example", "Ben Example"),
            category="Computer Science",
            published=Published(2026, 5, 3),
            abstract="We look at waves.",
            arxiv_id="2605.01234",
            doi="10.5555/waves.1",
            source_id=_id("11"),
            url=_url("11"),
            citations=4,
        ),
        PaperReading(
            title="Old Ice",
            authors=("Ben Example",),
            category="Computer Science",
            published=Published(2019),
            arxiv_id="1901.00001",
            doi="10.48550/arxiv.1901.00001",
            source_id=_id("12"),
            url=_url("12"),
        ),
        PaperReading(
            title="Undated",
            authors_complete=False,
            category="Computer Science",
            source_id=_id("13"),
            url=_url("13"),
        ),
    ),
    complete=True,
)


def many(count: int) -> Scholar:
    """An author of so many papers."""
    works = tuple(Work(key=str(n), title=f"Paper Number {n}", authors=("M. Example",)) for n in range(count))
    return Scholar(key="43", name="M. Example", works=works)


def document(value: Any) -> Page:
    """An answer that holds this."""
    return Page(url="https://api.semanticscholar.org/", status=200, headers={}, body=json.dumps(value).encode())


def profile(*papers: Mapping[str, Any] | None, author: Mapping[str, Any] | None = None, **papers_said: Any) -> Page:
    """Ben with these papers; ``author`` and ``papers_said`` say otherwise what is said of him and of the list."""
    own = {**author_object(BEN), "paperCount": len(papers), **(author or {})}
    return bundle([document(own), document({"offset": 0, "data": list(papers), **papers_said})])
