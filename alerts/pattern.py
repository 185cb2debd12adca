"""Regular expressions of the configuration, searched in text that a site wrote.

A backtracking search can take longer than the age of the universe on the wrong text, and the text comes from outside.
So the text is bounded and the search has a time limit, which the standard library does not offer.

Many rules ask for the same words of the same text, and most of them are not there: each search is made once, and
plain words are looked for before.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import regex

_LONGEST_EXPRESSION = 500
_LONGEST_TEXT = 20_000
_SECONDS = 0.1

#: Plain words, perhaps whole ones, of which one must be there: ``reward|verifier``, ``\bbees\b``.
_WORDS = re.compile(r"(?:\\b)?[A-Za-z0-9 _,'-]+(?:\\b)?(?:\|(?:\\b)?[A-Za-z0-9 _,'-]+(?:\\b)?)*")
#: What an expression begins with, and what follows: ``topic`` of ``topic\s+\d``, ``bee`` of ``bees?``.
_BEGINNING = re.compile(r"(?:\\b)?([A-Za-z0-9 _,'-]*?)(?:.[*?{]|[^A-Za-z0-9 _,'-])")


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
        is_known, found = _search(self.expression, text)
        if not is_known:
            raise PatternTimeoutError(self.expression)
        return found


def parse_pattern(expression: str) -> Pattern:
    """Raises ValueError for an expression that is too long or no regular expression."""
    if len(expression) > _LONGEST_EXPRESSION:
        raise ValueError(f"the expression is longer than {_LONGEST_EXPRESSION} characters")
    try:
        _compiled(expression)
    except regex.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return Pattern(expression)


def rough_search(pattern: Pattern) -> Callable[[str], bool]:
    """What says quickly of most texts that they do not have a pattern: False; of others nothing is known."""
    words = _words(pattern.expression)

    def may_have(text: str) -> bool:
        # Outside of ASCII there are letters that are each other's upper and lower case in more than one way.
        if not text.isascii():
            return True
        lowered = _lowered(text)
        return any(word in lowered for word in words)

    return may_have if words else lambda _: True


@lru_cache(maxsize=1024)
def _search(expression: str, text: str) -> tuple[bool, str | None]:
    """Whether it is known, and what was found."""
    try:
        found = _compiled(expression).search(text[:_LONGEST_TEXT], timeout=_SECONDS)
    except TimeoutError:
        return False, None
    return True, found.group() if found else None


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> regex.Pattern[str]:
    return regex.compile(expression, regex.IGNORECASE)


def _words(expression: str) -> tuple[str, ...]:
    """The words in lower case of which one must be there; empty where the expression does not show any."""
    if _WORDS.fullmatch(expression) is not None:
        return tuple(word.replace(r"\b", "").lower() for word in expression.split("|"))
    # An alternative may begin otherwise, and a flag may change what the letters mean.
    beginning = None if "|" in expression or "(?" in expression else _BEGINNING.match(expression)
    return (beginning[1].lower(),) if beginning is not None and beginning[1] else ()


@lru_cache(maxsize=64)
def _lowered(text: str) -> str:
    return text.lower()
