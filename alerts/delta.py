"""Conditions on numbers, as rules write them: ``>= 100``, ``> 1%``, ``abs >= 10``, ``>= 1%, below 1000: >= 10``.

All arithmetic is exact: 0.29 on 1 is 29 %, not a little less.
"""

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import TypeGuard

from alerts.figures import number

_CONDITION = re.compile(
    r"(?P<abs>abs\b)?\s*(?P<comparison>>=|<=|>|<)\s*"
    r"(?P<amount>[+-]?(?:\d{1,3}(?:[,_]\d{3})+|\d{1,15})(?:\.\d{1,9})?)\s*(?P<percent>%)?"
)
_BY_SIZE = re.compile(r"(?P<large>[^:]*),\s*below\s+(?P<size>\d{1,3}(?:[,_]\d{3})+|\d{1,15})\s*:(?P<small>[^:]*)")


class Comparison(StrEnum):
    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    LESS_THAN = "<"

    @property
    def words(self) -> str:
        return self.name.replace("_", " ").lower()

    def holds(self, one: int | Fraction, other: int | Fraction) -> bool:
        return _OPERATORS[self](one, other)


_OPERATORS: dict[Comparison, Callable[[int | Fraction, int | Fraction], bool]] = {
    Comparison.AT_LEAST: operator.ge,
    Comparison.MORE_THAN: operator.gt,
    Comparison.AT_MOST: operator.le,
    Comparison.LESS_THAN: operator.lt,
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """A comparison with a fixed amount; of a number, or of the step between two."""

    comparison: Comparison
    amount: Fraction
    percent: bool = False
    #: A fall counts like a rise.
    absolute: bool = False

    def holds_for(self, value: int | float) -> bool:
        """Whether a number passes."""
        return self.comparison.holds(exact(value), self.amount)

    def passes(self, before: int | float, after: int | float) -> bool:
        """Whether the step from ``before`` to ``after`` passes.

        A percentage is of ``before``; a step away from zero is more than any percentage.
        """
        step: int | Fraction = exact(after) - exact(before)
        if self.absolute and step < 0:
            step = -step
        amount = self.amount
        if not self.percent or step == 0:
            return self.comparison.holds(step * amount.denominator, amount.numerator)
        if before == 0:
            return (step > 0) == (self.comparison in (Comparison.AT_LEAST, Comparison.MORE_THAN))
        return self.comparison.holds(step * 100 * amount.denominator, amount.numerator * exact(abs(before)))

    def asked_of(self, before: int | float, after: int | float) -> str:  # noqa: ARG002 - `BySize` asks by it
        """What is asked of a step, in words."""
        return f"{self.words} was asked"

    @property
    def words(self) -> str:
        amount = number(float(self.amount)) + (" %" if self.percent else "")
        return f"{'a change of ' if self.absolute else ''}{self.comparison.words} {amount}"


@dataclass(frozen=True, slots=True)
class BySize:
    """One threshold for counts below a size, another for all other numbers."""

    below: int
    small: Threshold
    large: Threshold

    def passes(self, before: int | float, after: int | float) -> bool:
        """See `Threshold.passes`. A fraction is no count: it is held to the large threshold."""
        return self._of(before, after).passes(before, after)

    def asked_of(self, before: int | float, after: int | float) -> str:
        """See `Threshold.asked_of`."""
        threshold = self._of(before, after)
        asked = threshold.asked_of(before, after)
        return f"{asked} below {number(self.below)}" if threshold is self.small else asked

    def _of(self, before: int | float, after: int | float) -> Threshold:
        is_small = isinstance(before, int) and isinstance(after, int) and before < self.below
        return self.small if is_small else self.large


Delta = Threshold | BySize


def parse_delta(text: str) -> Delta:
    """Read ``[abs] >=|>|<=|< NUMBER[%]``; the number may have a sign and thousands separators (``,`` or ``_``).

    After ``, below SIZE:`` a second one may follow, for counts that were smaller than that. Raises ValueError that says
    what is allowed.
    """
    by_size = _BY_SIZE.fullmatch(text)
    if by_size is None:
        return _threshold(text)
    size = int(by_size["size"].replace(",", "").replace("_", ""))
    return BySize(below=size, small=_threshold(by_size["small"]), large=_threshold(by_size["large"]))


def _threshold(text: str) -> Threshold:
    match = _CONDITION.fullmatch(text.strip())
    if match is None:
        raise ValueError("must be like “>= 100”, “> 1%”, “< 0”, “abs >= 10” or “>= 1%, below 1000: >= 10”")
    amount = Fraction(match["amount"].replace(",", "").replace("_", ""))
    if match["abs"] and amount < 0:
        raise ValueError("a change without its sign is never below zero")
    return Threshold(Comparison(match["comparison"]), amount, bool(match["percent"]), bool(match["abs"]))


def parse_score(text: str) -> Threshold:
    """Read ``>=|>|<=|< NUMBER``. Raises ValueError that says what is allowed."""
    allowed = "must be like “>= 90” or “< 50.5”"
    try:
        threshold = _threshold(text)
    except ValueError as error:
        raise ValueError(allowed) from error
    if threshold.percent or threshold.absolute:
        raise ValueError(allowed)
    return threshold


def exact(value: int | float) -> int | Fraction:
    """The number as it is written in decimals. Raises ValueError for one that is not finite."""
    return value if isinstance(value, int) else _decimal(value)


@lru_cache(maxsize=4096)
def _decimal(value: float) -> Fraction:
    return Fraction(repr(value))


def is_number(value: object) -> TypeGuard[int | float]:
    """A number that can be compared: an int or a finite float, no bool."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
