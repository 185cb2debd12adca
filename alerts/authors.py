"""Whether somebody is among the authors of a paper."""

from collections.abc import Sequence
from functools import lru_cache

from tracking.titles import family_name, given_initial, plain


def named_authors(asked: Sequence[str], authors: Sequence[str]) -> list[str]:
    """The authors who may be meant by one of the names, as the list has them."""
    return [author for author in authors if any(may_be_one(name, author) for name in asked)]


@lru_cache(maxsize=1024)
def families_of(authors: tuple[str, ...]) -> frozenset[str]:
    """Their family names, as they are compared: where two lists share none, nobody is on both."""
    return frozenset(map(family_name, authors))


def may_be_one(one: str, other: str) -> bool:
    """True when two names can be of one person: the same family name, and given names that agree as far as written.

    >>> may_be_one("Lindqvist, B.", "Bo Lindqvist"), may_be_one("Bea Lindqvist", "Bo Lindqvist")
    (True, False)
    """
    family = family_name(one)
    if not family or family != family_name(other):
        return False
    first, second = _given(one), _given(other)
    if min(len(first), len(second)) <= 1:
        return first[:1] == second[:1] or not first or not second
    return first == second


@lru_cache(maxsize=8192)
def _given(author: str) -> str:
    """The first given name as far as it is written: ``ada``, ``a``, or nothing."""
    initial = given_initial(author)
    family, comma, given = author.partition(",")
    words = plain(given if comma else family).split()
    is_spelt_out = bool(words) and words[0].startswith(initial) and (bool(comma) or len(words[-1]) > 1)
    return words[0] if initial and is_spelt_out else initial
