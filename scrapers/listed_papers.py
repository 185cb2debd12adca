"""The papers of a list that comes in several answers of JSON, with what is odd about the list.

>>> listed = gather_papers(map(_paper, items(document["results"], at_most=1_000)))
>>> listed.rows == total, listed.papers, listed.warnings
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from scrapers.json_document import Json
from tracking.reading import PaperReading, Published


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPapers:
    """What a list holds, each paper once."""

    papers: tuple[PaperReading, ...]
    #: Entries of the list, those without a title included, each once.
    rows: int
    #: A sentence each.
    warnings: tuple[str, ...]


def gather_papers(listed: Iterable[PaperReading | None]) -> ListedPapers:
    """Put the entries of a list together; None is an entry without a title.

    An entry that stands on two answers moved while the list was read: by its ``source_id`` it is one.
    """
    papers: list[PaperReading] = []
    seen: set[str] = set()
    untitled = repeated = 0
    for paper in listed:
        if paper is None:
            untitled += 1
        elif paper.source_id is not None and paper.source_id in seen:
            repeated += 1
        else:
            papers.append(paper)
            seen.update(() if paper.source_id is None else (paper.source_id,))
    warnings = []
    if untitled:
        warnings.append(f"{_papers(untitled)} without a title {_are(untitled)} left out.")
    if repeated:
        warnings.append(f"{_papers(repeated)} {_are(repeated)} in the list twice.")
    return ListedPapers(papers=tuple(papers), rows=len(papers) + untitled, warnings=tuple(warnings))


def items(value: Json, *, at_most: int) -> tuple[Json, ...]:
    """The items of a list; none where it is null. A list longer than any real one is refused before it is walked."""
    if isinstance(value.value, list) and len(value.value) > at_most:
        value.refuse(f"a list of at most {at_most}")
    return tuple(value.each_or_none())


def read_published(day: Json, year: Json) -> Published | None:
    """The date of a paper: ``YYYY-MM-DD``, or shorter, where it is known, else the year alone. Raises ParseError."""
    text = day.text_or_none()
    try:
        if text is not None:
            return Published.parse(text)
        number = year.whole_or_none()
        return None if number is None else Published(number)
    except (ValueError, OverflowError):
        _refuse_date(day if text is not None else year)


def _refuse_date(value: Json) -> NoReturn:
    value.refuse("a date")


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count} papers"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
