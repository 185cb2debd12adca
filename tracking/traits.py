"""What became of all that a page shows: the last page of a profile against the one before, trait by trait.

>>> fates(before, now)
{'complete list': <Fate.KEPT: 'kept'>, 'papers': <Fate.KEPT: 'kept'>, 'abstract': <Fate.LOST: 'lost'>, …}

A trait is a field of papers, a metric, or one of the page itself. One profile may lose a trait because its person
did something; that many lose the same one at once is the work of their source.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from operator import attrgetter

from tracking.diff import PAPER_FIELDS
from tracking.reading import PaperReading, ProfileReading
from tracking.titles import plain

#: Of the values that were shown, so many are there still where a trait is kept.
KEPT_SHARE = 0.7
#: A list that has grown to more than so many times its length, and a few, is not the list it was.
_GROWN = 1.5
_FEW_PAPERS = 5
#: A number that has risen to more than so many times what it was, and by more than that, is another number.
_LEAP = 1.5
_LEAP_MIN = 5
#: What a small number may fall by.
_SMALL_FALL = 1

PAPERS = "papers"
NAME = "name"
RESEARCH_FIELD = "research field"
COMPLETE = "complete list"
_METRIC = "metric "

#: Of papers: those that are measured, and differ every day; those that say how another field was read.
_NUMBERS = ("score", "citations", "version")
_REMARKS = ("authors_complete", "year_inferred")
_TEXTS = tuple(name for name in PAPER_FIELDS if name not in (*_NUMBERS, *_REMARKS))
#: Those that a paper may lack.
_FIELDS = {name: attrgetter(name) for name in (*_TEXTS, *_NUMBERS) if name != "title"}

#: Of which year a metric is: that year ends, the metric goes on.
_OF_YEAR = re.compile(r"(?<=_)\d{4}$")


class Fate(StrEnum):
    KEPT = "kept"
    LOST = "lost"
    """it is not shown any more, or of few papers"""
    CHANGED = "changed"
    """it is shown as before, and says something else"""
    GAINED = "gained"
    """it was not shown before"""


def fates(before: ProfileReading, now: ProfileReading) -> dict[str, Fate]:
    """By trait that either page shows. Where papers are lost, nothing is said of their fields."""
    found = {name: _of_texts([old], [new]) for name, old, new in _of_page(before, now)}
    found |= {trait: _of_metric(trait, before, now) for trait in sorted({*metric_traits(before), *metric_traits(now)})}
    found[PAPERS] = _of_list(len(before.papers), len(now.papers))
    if found[PAPERS] is not Fate.LOST:
        found |= {name: _of_texts(*_values(name, before, now)) for name in _TEXTS}
        found |= {name: _of_numbers(*_values(name, before, now)) for name in _NUMBERS}
    return {trait: fate for trait, fate in found.items() if fate is not None}


def page_traits(reading: ProfileReading) -> Iterator[str]:
    """The traits that a page shows or not, as a whole."""
    if reading.field is not None:
        yield RESEARCH_FIELD
    if reading.complete:
        yield COMPLETE
    yield from metric_traits(reading)


def metric_traits(reading: ProfileReading) -> set[str]:
    return {metric_trait(name) for name, value in reading.metrics.items() if value is not None}


def metric_trait(metric: str) -> str:
    """The trait of a metric, one for all years of it."""
    return _METRIC + _OF_YEAR.sub("…", metric)


def paper_traits(papers: Sequence[PaperReading]) -> Counter[str]:
    """The fields of which a page says something, with the number of its papers; the title always is."""
    return +Counter({name: sum(map(_is_shown, map(value_of, papers))) for name, value_of in _FIELDS.items()})


def is_of_pages(trait: str) -> bool:
    """True of a trait that a page has once; False of a field of papers."""
    return trait.startswith(_METRIC) or trait in (NAME, RESEARCH_FIELD, COMPLETE, PAPERS)


def _of_page(before: ProfileReading, now: ProfileReading) -> Iterator[tuple[str, object, object]]:
    yield NAME, plain(before.name), plain(now.name)
    yield RESEARCH_FIELD, before.field, now.field
    yield COMPLETE, before.complete or None, now.complete or None


def _of_list(before: int, now: int) -> Fate | None:
    if not before:
        return Fate.GAINED if now else None
    if not now or (before - now > 1 and now < KEPT_SHARE * before):
        return Fate.LOST
    return Fate.CHANGED if now > _GROWN * before + _FEW_PAPERS else Fate.KEPT


def _of_texts(before: Collection[object], now: Collection[object]) -> Fate | None:
    if before == now:
        return Fate.KEPT if any(map(_is_shown, before)) else None
    olds, news = (Counter(filter(_is_shown, values)) for values in (before, now))
    if not olds:
        return Fate.GAINED if news else None
    if (olds & news).total() >= KEPT_SHARE * olds.total():
        return Fate.KEPT
    return Fate.LOST if news.total() < KEPT_SHARE * olds.total() else Fate.CHANGED


def _of_numbers(before: Collection[float | None], now: Collection[float | None]) -> Fate | None:
    """Of the numbers of all papers together: each may move, one may be of another paper."""
    olds, news = ([value for value in values if value is not None] for values in (before, now))
    if not olds:
        return Fate.GAINED if news else None
    if len(news) < KEPT_SHARE * len(olds):
        return Fate.LOST
    return _of_amounts(sum(olds), sum(news))


def _of_metric(trait: str, before: ProfileReading, now: ProfileReading) -> Fate:
    olds, news = (
        {name: value for name, value in reading.metrics.items() if value is not None and metric_trait(name) == trait}
        for reading in (before, now)
    )
    if not olds:
        return Fate.GAINED
    if not news:
        return Fate.LOST
    if trait.endswith("…"):
        # What is of a year begins with next to nothing, and years go.
        return Fate.KEPT
    (old,), (new,) = olds.values(), news.values()
    return _of_amounts(old, new)


def _of_amounts(before: float, now: float) -> Fate:
    fallen = now < KEPT_SHARE * before and (before - now > _SMALL_FALL or before <= 1)
    leapt = now > _LEAP * before and now - before > _LEAP_MIN
    return Fate.CHANGED if fallen or leapt else Fate.KEPT


def _values(name: str, before: ProfileReading, now: ProfileReading) -> tuple[list[float | None], list[float | None]]:
    """The values of a field, of whatever type they are."""
    old, new = ([getattr(paper, name) for paper in reading.papers] for reading in (before, now))
    return old, new


def _is_shown(value: object) -> bool:
    return value not in (None, ())
