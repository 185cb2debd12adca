"""What makes a rule tell less: its keys that can be said more strictly, step by step.

A knob has levels from 1 on, each stricter than the one before, and says for each what would stand in the file. Of its
levels the mildest is searched for that keeps within a budget: a few are rehearsed at once, then a few between the two
that enclose it.
"""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from itertools import count
from typing import Any

from alerts.delta import BySize, Comparison, Delta, Threshold, exact, is_number
from alerts.rules import Every, Rule

#: So many levels are rehearsed at once.
_AT_ONCE = 7
#: Steps of numbers go no further than this.
_STEPS_MAX = 1_000_000
_TENTH, _HUNDREDTH = Fraction(1, 10), Fraction(1, 100)
_COOLDOWNS = {"12h": timedelta(hours=12), "24h": timedelta(days=1)} | {
    f"{days}d": timedelta(days=days) for days in (2, 3, 7, 14, 30)
}
_PERIODS = (Every.INSTANT, Every.DAILY, Every.WEEKLY)


@dataclass(frozen=True, slots=True)
class Knob:
    """A key of a rule, such as ``cooldown`` or ``where.delta``."""

    key: str
    #: How many levels there are.
    levels: int
    #: What the file would say at a level.
    text: Callable[[int], str]


class Steps:
    """What is to be known of the items that a rule sends, however many these are."""

    def __init__(self) -> None:
        self.of_metrics = False
        #: Every metric that moved is a count.
        self.whole = True
        self.scores: set[float] = set()

    def add(self, items: Iterable[Mapping[str, Any]]) -> None:
        for item in items:
            if item["kind"].startswith("metric."):
                self.of_metrics = True
                self.whole = self.whole and isinstance(item["before"], int) and isinstance(item["after"], int)
            if is_number(score := item.get("score")):
                self.scores.add(score)


def knobs_of(rule: Rule, told: Steps) -> Iterator[Knob]:
    """What can be said more strictly of a rule that sends these items."""
    yield _listed("every", [period.value for period in _PERIODS[_PERIODS.index(rule.every) + 1 :]])
    if told.of_metrics:
        held = rule.cooldown
        yield _listed("cooldown", [text for text, span in _COOLDOWNS.items() if held is None or span > held])
        yield _delta_knob(rule.where.delta, Fraction(1) if told.whole else _HUNDREDTH)
    if rule.where.score is not None:
        yield _score_knob(rule.where.score, told.scores)


def _listed(key: str, texts: Sequence[str]) -> Knob:
    return Knob(key, len(texts), lambda level: texts[level - 1])


def _delta_knob(asked: Delta | None, grain: Fraction) -> Knob:
    """By steps of ``grain``, or as finely as it is written."""
    mildest = asked or Threshold(Comparison.AT_LEAST, Fraction(0), absolute=True)
    return Knob("where.delta", _levels(mildest, grain), lambda level: _written(_stricter(mildest, grain, level)))


def _score_knob(asked: Threshold, scores: Collection[float]) -> Knob:
    """The scores of what is told are the levels: between two of them nothing changes."""
    rises = _rises(asked)
    passed = sorted({exact(score) for score in scores}, reverse=not rises)
    texts = [
        _written(
            replace(asked, comparison=Comparison.AT_LEAST if rises else Comparison.AT_MOST, amount=Fraction(score))
        )
        for score in passed[1:]
    ]
    return _listed("where.score", texts)


def _rises(asked: Threshold) -> bool:
    """A greater amount asks for more."""
    return asked.comparison in (Comparison.AT_LEAST, Comparison.MORE_THAN)


def _levels(asked: Delta, grain: Fraction) -> int:
    if isinstance(asked, Threshold) and asked.absolute and not _rises(asked):
        # Nothing changes by less than nothing.
        return min(_STEPS_MAX, max(0, int(asked.amount / _grain(asked, grain)) - 1))
    return _STEPS_MAX


def _stricter(asked: Delta, grain: Fraction, level: int) -> Delta:
    match asked:
        case Threshold():
            step = _grain(asked, grain) * level
            return replace(asked, amount=asked.amount + (step if _rises(asked) else -step))
        case BySize():
            # Both by the same part: a tenth more for each level.
            return replace(asked, small=_scaled(asked.small, grain, level), large=_scaled(asked.large, grain, level))


def _grain(asked: Threshold, grain: Fraction) -> Fraction:
    """The step between two amounts: that in which it is written, or else that of its numbers."""
    usual = _TENTH if asked.percent else grain
    # An amount is written with nine decimals at most.
    written = next(unit for unit in (Fraction(1, 10**digits) for digits in count()) if asked.amount % unit == 0)
    return min(usual, written)


def _scaled(asked: Threshold, grain: Fraction, level: int) -> Threshold:
    grain = _grain(asked, grain)
    if asked.amount == 0:
        return replace(asked, amount=grain * level if _rises(asked) else -grain * level)
    exactly = asked.amount * (10 + level) / 10
    # Rounded away from zero: never milder than what was meant.
    grains = -(-abs(exactly) // grain)
    return replace(asked, amount=grain * grains * (1 if exactly > 0 else -1))


def _written(asked: Delta) -> str:
    """As `alerts.delta.parse_delta` reads it."""
    if isinstance(asked, BySize):
        return f"{_written(asked.large)}, below {asked.below}: {_written(asked.small)}"
    amount = f"{float(asked.amount):.9f}".rstrip("0").rstrip(".")
    return f"{'abs ' if asked.absolute else ''}{asked.comparison} {amount}{'%' if asked.percent else ''}"


#: Gives levels of a knob, is sent what each comes to, and ends with the mildest that keeps within the budget.
Search = Generator[list[int], Mapping[int, float], int | None]


def search(knob: Knob, budget: float) -> Search:
    """None: no level keeps within the budget. What a level comes to does not rise with the level."""
    low, high, first = 0, None, 1
    while high is None:
        levels = sorted({min(knob.levels, first << place) for place in range(_AT_ONCE)} - {0})
        low, high = _enclosed(levels, (yield levels) if levels else {}, budget, low)
        if high is None and first << (_AT_ONCE - 1) >= knob.levels:
            return None
        first <<= _AT_ONCE
    while high - low > 1:
        width = high - low
        levels = sorted({low + width * place // (_AT_ONCE + 1) for place in range(1, _AT_ONCE + 1)} - {low})
        low, within = _enclosed(levels, (yield levels), budget, low)
        high = high if within is None else within
    return high


def _enclosed(levels: Sequence[int], found: Mapping[int, float], budget: float, low: int) -> tuple[int, int | None]:
    """The strictest level that is over the budget below the mildest that is within it, and that."""
    for level in levels:
        if found[level] <= budget:
            return low, level
        low = level
    return low, None
