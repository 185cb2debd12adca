"""Regular expressions of the configuration, searched in text that a site wrote.

A backtracking search can take longer than the age of the universe on the wrong text, and the text comes from outside.
So the text is bounded and the search has a time limit, which the standard library does not offer.
"""

from dataclasses import dataclass
from functools import lru_cache

import regex

_LONGEST_EXPRESSION = 500
_LONGEST_TEXT = 20_000
_SECONDS = 0.1


class PatternTimeoutError(Exception):
    """The search was given up: whether the text has the pattern is not known."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that is searched without regard to case."""

    expression: str

    def find(self, text: str) -> str | None:
        """The first place in the first 20,000 characters that fits, None when there is none.

        Raises PatternTimeoutError when that took more than a tenth of a second.
        """
        try:
            found = _compiled(self.expression).search(text[:_LONGEST_TEXT], timeout=_SECONDS)
        except TimeoutError as error:
            raise PatternTimeoutError(self.expression) from error
        return found.group() if found else None


def parse_pattern(expression: str) -> Pattern:
    """Raises ValueError for an expression that is too long or no regular expression."""
    if len(expression) > _LONGEST_EXPRESSION:
        raise ValueError(f"the expression is longer than {_LONGEST_EXPRESSION} characters")
    try:
        _compiled(expression)
    except regex.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return Pattern(expression)


@lru_cache(maxsize=256)
def _compiled(expression: str) -> regex.Pattern[str]:
    return regex.compile(expression, regex.IGNORECASE)
