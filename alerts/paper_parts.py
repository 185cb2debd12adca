"""The parts of a condition that look at a paper."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from alerts.authors import families_of, named_authors
from alerts.case import Case
from alerts.delta import Threshold, is_number
from alerts.figures import joined, lasting, number
from alerts.inert import shortened
from alerts.part import Part, Truth, Words, either, one_of, there
from alerts.pattern import Pattern, PatternTimeoutError, rough_search
from alerts.where import Where
from tracking.reading import PaperReading, Published
from tracking.titles import plain

_LONGEST_QUOTE = 60
_NO_PAPER = PaperReading(title="")


def paper_parts(where: Where) -> Iterator[Part]:
    """Those that a condition names itself; the patterns, which take longest, come last."""
    if where.category:
        yield one_of("category", where.category, _category, of_paper=True)
    if where.has_code is not None:
        yield _has_code(where.has_code)
    if where.score is not None:
        yield _score(where.score)
    if where.published_within is not None:
        yield _published(where.published_within)
    if where.institution:
        yield _institution(where.institution)
    if where.coauthor:
        yield _coauthor(where.coauthor)
    if where.title is not None:
        yield _search("title", where.title, _title)
    if where.abstract is not None:
        yield _search("abstract", where.abstract, lambda case: _paper(case).abstract)


def _paper(case: Case) -> PaperReading:
    """One that shows nothing where the event is about none."""
    return case.event.paper or _NO_PAPER


def _category(case: Case) -> Words | None:
    category = _paper(case).category
    return None if category is None else (category,)


def _title(case: Case) -> str | None:
    return case.event.paper.title if case.event.paper else case.event.paper_title


def _has_code(asked: bool) -> Part:
    def holds(case: Case) -> Truth:
        held = _paper(case).has_code
        return None if held is None else held is asked

    return Part(
        holds=holds,
        found=lambda _: "with code" if asked else "without code",
        lacks=lambda _: ("it has no code" if asked else "it has code", ""),
        unknown="it is not known whether it has code",
        of_paper=True,
    )


def _score(asked: Threshold) -> Part:
    def holds(case: Case) -> Truth:
        score = _paper(case).score
        return asked.holds_for(score) if is_number(score) else None

    def score(case: Case) -> str:
        return number(_paper(case).score or 0)

    return Part(
        holds=holds,
        found=lambda case: f"score {score(case)}, {asked.words} was asked",
        lacks=lambda case: (f"the score is {score(case)}", asked.words),
        unknown="the score is not known",
        of_paper=True,
    )


def _published(within: timedelta) -> Part:
    def published(case: Case) -> Published | None:
        return _paper(case).published

    def holds(case: Case) -> Truth:
        date = published(case)
        return None if date is None else date.latest >= (case.event.observed_at - within).date()

    return Part(
        holds=holds,
        found=lambda case: f"published {published(case)}, within {lasting(within)} was asked",
        lacks=lambda case: (f"it was published {published(case)}", f"within {lasting(within)}"),
        unknown="the day of its publication is not known",
        of_paper=True,
    )


def _institution(asked: Words) -> Part:
    """A name fits where its words stand one after the other in that of an institution."""
    wanted = [f" {plain(name)} " for name in asked]

    def fits(name: str) -> bool:
        words = f" {plain(name)} "
        return any(name in words for name in wanted)

    def holds(case: Case) -> Truth:
        shown = _paper(case).institutions
        return any(map(fits, shown)) if shown else None

    return Part(
        holds=holds,
        found=lambda case: f"institution {joined(list(filter(fits, _paper(case).institutions)))}",
        lacks=lambda case: (there("institution", _paper(case).institutions), either(asked)),
        unknown="the institutions are not known",
        of_paper=True,
    )


def _coauthor(asked: Words) -> Part:
    families = families_of(tuple(asked))

    def found(case: Case) -> list[str]:
        return named_authors(asked, _paper(case).authors)

    def holds(case: Case) -> Truth:
        paper = _paper(case)
        if not families.isdisjoint(families_of(paper.authors)) and found(case):
            return True
        return False if paper.authors and paper.authors_complete else None

    return Part(
        holds=holds,
        found=lambda case: f"coauthor {joined(found(case))}",
        lacks=lambda _: (f"{either(asked)} is not among the authors", ""),
        unknown=f"not all authors are known, and {either(asked)} is not among those who are",
        of_paper=True,
    )


def _search(name: str, pattern: Pattern, text: Callable[[Case], str | None]) -> Part:
    """A search that takes too long counts as found: a paper too many is the smaller harm."""
    may_have = rough_search(pattern)

    def holds(case: Case) -> Truth:
        searched = text(case)
        if searched is None:
            return None
        if not may_have(searched):
            return False
        try:
            return pattern.find(searched) is not None
        except PatternTimeoutError:
            return True

    def found(case: Case) -> str:
        try:
            quoted = pattern.find(text(case) or "")
        except PatternTimeoutError:
            quoted = None
        if quoted is None:
            return f"{name} perhaps has “{pattern.expression}”, which took too long to find out"
        return f"{name} has “{shortened(quoted, _LONGEST_QUOTE)}”"

    return Part(
        holds=holds,
        found=found,
        lacks=lambda _: (f"the {name} has no “{shortened(pattern.expression, _LONGEST_QUOTE)}”", ""),
        unknown=f"the {name} is not known",
        of_paper=True,
    )
