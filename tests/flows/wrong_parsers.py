"""Parsers that are wrong in one way each: the real one, and something done to what it read.

They are functions of a module, because a worker process finds a parser by its name.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from scrapers.parse import parse_page
from tracking.check import Failure, Outcome, Page, Parsed
from tracking.reading import PaperReading, ProfileReading, Published


def _with(source: str, page: Page, on: date, change: Callable[[ProfileReading], ProfileReading]) -> Parsed | Failure:
    answer = parse_page(source, page, on)
    return replace(answer, reading=change(answer.reading)) if isinstance(answer, Parsed) else answer


def _with_papers(source: str, page: Page, on: date, change: Callable[[PaperReading], PaperReading]) -> Parsed | Failure:
    return _with(
        source, page, on, lambda reading: replace(reading, papers=tuple(change(paper) for paper in reading.papers))
    )


def drops_the_last_paper(source: str, page: Page, on: date) -> Parsed | Failure:
    return _with(source, page, on, lambda reading: replace(reading, papers=reading.papers[:-1]))


def drops_the_first_paper(source: str, page: Page, on: date) -> Parsed | Failure:
    return _with(source, page, on, lambda reading: replace(reading, papers=reading.papers[1:]))


def takes_the_footer_for_a_paper(source: str, page: Page, on: date) -> Parsed | Failure:
    footer = PaperReading(title="About this site")
    return _with(source, page, on, lambda reading: replace(reading, papers=(*reading.papers, footer)))


def turns_the_list_around(source: str, page: Page, on: date) -> Parsed | Failure:
    return _with(source, page, on, lambda reading: replace(reading, papers=reading.papers[::-1]))


def swaps_authors(source: str, page: Page, on: date) -> Parsed | Failure:
    return _with_papers(source, page, on, lambda paper: replace(paper, authors=paper.authors[::-1]))


def forgets_et_al(source: str, page: Page, on: date) -> Parsed | Failure:
    return _with_papers(source, page, on, lambda paper: replace(paper, authors_complete=True))


def misses_the_score(source: str, page: Page, on: date) -> Parsed | Failure:
    return _with_papers(source, page, on, lambda paper: replace(paper, score=None))


def reads_a_score_everywhere(source: str, page: Page, on: date) -> Parsed | Failure:
    return _with_papers(source, page, on, lambda paper: replace(paper, score=paper.score or 0.0))


def is_a_year_late(source: str, page: Page, on: date) -> Parsed | Failure:
    def later(paper: PaperReading) -> PaperReading:
        assert paper.published is not None
        return replace(paper, published=replace(paper.published, year=paper.published.year + 1))

    return _with_papers(source, page, on, later)


def keeps_the_year_only(source: str, page: Page, on: date) -> Parsed | Failure:
    def coarse(paper: PaperReading) -> PaperReading:
        assert paper.published is not None
        return replace(paper, published=Published(paper.published.year))

    return _with_papers(source, page, on, coarse)


def cuts_titles(source: str, page: Page, on: date) -> Parsed | Failure:
    return _with_papers(source, page, on, lambda paper: replace(paper, title=paper.title[:5]))


def takes_the_abstract_for_the_title(source: str, page: Page, on: date) -> Parsed | Failure:
    return _with_papers(source, page, on, lambda paper: replace(paper, title=paper.abstract or "", abstract=None))


def loses_the_links(source: str, page: Page, on: date) -> Parsed | Failure:
    return _with_papers(source, page, on, lambda paper: replace(paper, arxiv_id=None, url=None))


def counts_one_more(source: str, page: Page, on: date) -> Parsed | Failure:
    def more(reading: ProfileReading) -> ProfileReading:
        return replace(reading, metrics={**reading.metrics, "citations": (reading.metrics["citations"] or 0) + 1})

    return _with(source, page, on, more)


def misses_the_novelty(source: str, page: Page, on: date) -> Parsed | Failure:
    def without(reading: ProfileReading) -> ProfileReading:
        return replace(reading, metrics={name: reading.metrics[name] for name in reading.metrics if name != "novelty"})

    return _with(source, page, on, without)


def says_half_a_name(source: str, page: Page, on: date) -> Parsed | Failure:
    return _with(source, page, on, lambda reading: replace(reading, name=reading.name.split()[0]))


def thinks_it_saw_all(source: str, page: Page, on: date) -> Parsed | Failure:
    return _with(source, page, on, lambda reading: replace(reading, complete=not reading.complete))


def stumbles(source: str, page: Page, on: date) -> Parsed | Failure:
    raise KeyError(f"{source} {on} {len(page.url)}")


def sees_a_captcha(source: str, page: Page, on: date) -> Parsed | Failure:
    return Failure(outcome=Outcome.BLOCKED, detail=f"a captcha of {source} on {on}", url=page.url)


def is_fine(source: str, page: Page, on: date) -> Parsed | Failure:
    """The real parser after an upgrade that changed nothing."""
    answer = parse_page(source, page, on)
    return replace(answer, parser="scholarfeed/99") if isinstance(answer, Parsed) else answer
