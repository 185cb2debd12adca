"""Marks that a metric passes once, ever: a step of the h-index, a round number of citations.

>>> mark_between("citations", 980, 1_204)
1000

A metric is measured against the highest value that it ever had, so that what falls and rises again passes nothing anew.
"""

from collections.abc import Callable
from math import floor

from tracking.check import KnownMetric

#: Below this a number of citations or papers is nothing to speak of.
_FIRST_ROUND = 10


def mark_between(metric: str, before: int | float, after: int | float) -> int | None:
    """The highest mark above ``before`` and not above ``after``; None: there is none, or the metric has no marks."""
    last_mark = _LAST_MARK.get(metric)
    mark = last_mark(floor(after)) if last_mark is not None else None
    return mark if mark is not None and mark > before else None


def _step(value: int) -> int | None:
    """1, 2, 3, …"""
    return value if value > 0 else None


def _step_of_tens(value: int) -> int | None:
    """1, 5, 10, 20, 30, …: what counts papers with ten citations goes up by one every few weeks later on."""
    return next((mark for mark in (value // 10 * 10, 5, 1) if 0 < mark <= value), None)


def _round_number(value: int) -> int | None:
    """10, 25, 50, 100, 250, 500, 1000, …"""
    if value < _FIRST_ROUND:
        return None
    power: int = 10 ** (len(str(value)) - 1)
    return next(mark for mark in (5 * power, 5 * power // 2, power) if mark <= value)


_LAST_MARK: dict[str, Callable[[int], int | None]] = {
    "h_index": _step,
    "i10_index": _step_of_tens,
    "citations": _round_number,
    "papers": _round_number,
}

#: The metrics that have marks. Counts of a year or since one begin anew, and scores and fractions go both ways.
MARKED = frozenset(_LAST_MARK)


def reach(highest: dict[str, KnownMetric], name: str, shown: KnownMetric) -> None:
    """Note a value of a metric in ``highest``, where it is the highest so far of a metric that has marks."""
    if name in MARKED and (name not in highest or highest[name].value < shown.value):
        highest[name] = shown
