"""An author of OpenAlex made up for the tests, and what she must read as."""

import json
from datetime import date
from typing import Any

from scrapers.bundle import bundle
from scrapers.source import SourceOptions
from tests.imitations.openalex import author_object
from tests.imitations.scholars import Scholar, Work
from tracking.check import Page
from tracking.reading import PaperReading, ProfileReading, Published

WITH_KEY = SourceOptions(api_key="s3cret")
ADA = Scholar(
    key="A1",
    name="Ada Example",
    h_index=7,
    i10_index=5,
    citations=311,
    cited_by_year={2026: 11, 2025: 60},
    affiliation="Example University",
    works=(
        Work(
            key="11",
            title="Waves in <i>H</i><sub>2</sub>O &amp; Ice",
            published=date(2026, 5, 3),
            doi="10.5555/Waves.1",
            arxiv_id="2605.01234",
            version=2,
            abstract="We look at waves and at waves in ice.",
            venue="Oceanography",
            citations=4,
        ),
        Work(key="12", title="Old Ice", year=2019, doi="10.48550/arXiv.1901.00001", authors=("Ben Example",)),
        Work(key="13", title="Undated", authors=()),
    ),
)
READ = ProfileReading(
    source="openalex",
    name="Ada Example",
    metrics={
        "h_index": 7,
        "i10_index": 5,
        "citations": 311,
        "papers": 3,
        "citations_in_2026": 11,
        "papers_in_2026": 1,
        "citations_in_2025": 60,
        "papers_in_2025": 0,
    },
    papers=(
        PaperReading(
            title="Waves in H2O & Ice",
            authors=("Ada Example", "Ben Example"),
            institutions=("Example University",),
            category="Oceanography",
            published=Published(2026, 5, 3),
            abstract="We look at waves and at waves in ice.",
            arxiv_id="2605.01234",
            version=2,
            doi="10.5555/waves.1",
            source_id="W11",
            url="https://doi.org/10.5555/Waves.1",
            citations=4,
        ),
        PaperReading(
            title="Old Ice",
            authors=("Ben Example",),
            published=Published(2019),
            arxiv_id="1901.00001",
            doi="10.48550/arxiv.1901.00001",
            source_id="W12",
            url="https://doi.org/10.48550/arXiv.1901.00001",
        ),
        PaperReading(title="Undated", authors_complete=False, source_id="W13", url="https://openalex.org/W13"),
    ),
    complete=True,
)


def many(count: int) -> Scholar:
    """An author of so many works."""
    works = tuple(Work(key=str(1000 + n), title=f"Work Number {n}", published=date(2020, 1, 2)) for n in range(count))
    return Scholar(key="A2", name="Max Example", works=works)


def document(value: Any) -> Page:
    """An answer that holds this."""
    return Page(url="https://api.openalex.org/", status=200, headers={}, body=json.dumps(value).encode())


def profile(*works: dict[str, Any], author: dict[str, Any] | None = None, **meta: Any) -> Page:
    """Ada with these works; ``author`` and ``meta`` say otherwise what is said of her and of the list."""
    meta = {"count": len(works), "page": 1} | meta
    return bundle([document(author_object(ADA) | (author or {})), document({"meta": meta, "results": list(works)})])
