"""An author of OpenAlex and the works, read.

The list of works counts itself (``meta.count``); the author's own ``works_count`` is a metric, worked out on another
day, and often not the same.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from scrapers.bundle import answers_of
from scrapers.json_document import Json
from scrapers.listed_papers import gather_papers, items
from scrapers.parse_error import ParseError
from scrapers.sources.openalex.answers import read_author, read_list
from scrapers.sources.openalex.work import read_work
from tracking.check import Page
from tracking.reading import PaperReading, ProfileReading

SOURCE = "openalex"
PARSER = "openalex/1"


def parse(page: Page, observed_on: date) -> ProfileReading:
    """Read an author and the works as they were on a day. Raises ParseError.

    The reading is complete when all works that the list counts are there.
    """
    first, *pages = answers_of(page)
    author = read_author(first)
    if not pages:
        raise ParseError("no answer lists the works", stage="papers")
    lists = [read_list(answer) for answer in pages]
    works = [work for one in lists for work in one.works]
    papers = [read_work(work) for work in works]
    total = max(one.total for one in lists)
    listed = gather_papers(papers)
    if listed.rows > total:
        raise ParseError(f"the list counts {total} works and shows {listed.rows}", stage="papers")
    warnings = [*listed.warnings, *_warnings(works, papers, observed_on)]
    if listed.rows < total:
        warnings.append(f"{listed.rows} of {total} works were read.")
    return ProfileReading(
        source=SOURCE,
        name=author["display_name"].text(),
        metrics=_metrics(author),
        papers=listed.papers,
        complete=listed.rows == total,
        warnings=tuple(warnings),
    )


def _metrics(author: Json) -> dict[str, int | float | None]:
    stats = author["summary_stats"]
    metrics: dict[str, int | float | None] = {
        "h_index": stats["h_index"].whole_or_none(),
        "i10_index": stats["i10_index"].whole_or_none(),
        "citations": author["cited_by_count"].whole_or_none(),
        "papers": author["works_count"].whole_or_none(),
    }
    for row in items(author["counts_by_year"], at_most=1_000):
        year = row["year"].whole()
        if f"citations_in_{year}" in metrics:
            row["year"].refuse("a year that is counted once")
        metrics[f"citations_in_{year}"] = row["cited_by_count"].whole_or_none()
        metrics[f"papers_in_{year}"] = row["works_count"].whole_or_none()
    return metrics


def _warnings(works: Sequence[Json], papers: Sequence[PaperReading | None], observed_on: date) -> Iterator[str]:
    """What is odd and may be right, in sentences; ``papers[i]`` is what ``works[i]`` reads as."""
    read = [(work, paper) for work, paper in zip(works, papers, strict=True) if paper is not None]
    if dois := sum(paper.doi is None and not work["doi"].is_null for work, paper in read):
        yield f"{dois} of the DOIs cannot be read."
    if abstracts := sum(paper.abstract is None and bool(work["abstract_inverted_index"].value) for work, paper in read):
        yield f"{abstracts} of the abstracts cannot be read."
    ahead = observed_on + timedelta(days=366)
    if dates := sum(paper.published is not None and paper.published.earliest > ahead for _, paper in read):
        yield f"{dates} of the works are dated more than a year ahead."
