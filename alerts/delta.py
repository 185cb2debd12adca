"""Conditions on numbers, as rules write them: ``>= 100``, ``>= 1%``, ``< 0``, ``abs >= 10``.

All arithmetic is exact: 0.29 on 1 is 29 %, not a little less.
"""

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeGuard

from alerts.figures import number

_CONDITION = re.compile(
    r"(?P<abs>abs\b)?\s*(?P<comparison>>=|<=|>|<)\s*"
    r"(?P<amount>[+-]?(?:\d{1,3}(?:[,_]\d{3})+|\d{1,15})(?:\.\d{1,9})?)\s*(?P<percent>%)?"
)


class Comparison(StrEnum):
    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    LESS_THAN = "<"

    @property
    def words(self) -> str:
        return self.name.replace("_", " ").lower()

    @property
    def holds(self) -> Callable[[Fraction, Fraction], bool]:
        return _OPERATORS[self]


_OPERATORS: dict[Comparison, Callable[[Fraction, Fraction], bool]] = {
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

    def asked_of(self, before: int | float, after: int | float) -> str | None:
        """What was asked, in words, when the step from ``before`` to ``after`` passes; None when it does not.

        A percentage is of ``before``; a step away from zero is more than any percentage.
        """
        step = exact(after) - exact(before)
        if self.absolute:
            step = abs(step)
        if self.percent and step != 0 and before == 0:
            passes = (step > 0) == (self.comparison in (Comparison.AT_LEAST, Comparison.MORE_THAN))
        else:
            size = step * 100 / abs(exact(before)) if self.percent and step != 0 else step
            passes = self.comparison.holds(size, self.amount)
        return f"{self.words} was asked" if passes else None

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

    def asked_of(self, before: int | float, after: int | float) -> str | None:
        """See `Threshold.asked_of`. A fraction is no count: it is held to the large threshold."""
        if not (isinstance(before, int) and isinstance(after, int) and before < self.below):
            return self.large.asked_of(before, after)
        asked = self.small.asked_of(before, after)
        return asked and f"{asked} below {number(self.below)}"


Delta = Threshold | BySize


def parse_delta(text: str) -> Threshold:
    """Read ``[abs] >=|>|<=|< NUMBER[%]``; the number may have a sign and thousands separators (``,`` or ``_``).

    Raises ValueError that says what is allowed.
    """
    match = _CONDITION.fullmatch(text.strip())
    if match is None:
        raise ValueError("must be like “>= 100”, “> 1%”, “< 0” or “abs >= 10”")
    amount = Fraction(match["amount"].replace(",", "").replace("_", ""))
    if match["abs"] and amount < 0:
        raise ValueError("a change without its sign is never below zero")
    return Threshold(Comparison(match["comparison"]), amount, bool(match["percent"]), bool(match["abs"]))


def parse_score(text: str) -> Threshold:
    """Read ``>=|>|<=|< NUMBER``. Raises ValueError that says what is allowed."""
    allowed = "must be like “>= 90” or “< 50.5”"
    try:
        threshold = parse_delta(text)
    except ValueError as error:
        raise ValueError(allowed) from error
    if threshold.percent or threshold.absolute:
        raise ValueError(allowed)
    return threshold


def exact(value: int | float) -> Fraction:
    """The number as it is written in decimals. Raises ValueError for one that is not finite."""
    return Fraction(repr(value))


def is_number(value: object) -> TypeGuard[int | float]:
    """A number that can be compared: an int or a finite float, no bool."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
