"""Bylines: ``Ada Lovelace, Alan Turing et al. · acme, mit``, in one block or in one per name.

Names are kept as they are shown. What stands where a byline should be and reads like a sentence is no byline.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from scrapers.blocks import Block, Place

_OTHERS = re.compile(
    r"(?:(?:^|[,\s]+)(?:(?:and|&)\s+)?"
    r"(?:et\.?\s*al\b\.?|\+\s*\d+(?:\s+(?:more|others|authors))?|\d+\s+(?:more|others)|others)|[,\s]*(?:…|\.\.\.))$",
    re.IGNORECASE,
)
_CONTINUES = re.compile(r"[,·•;&]|et\.?\s*al\b|\+\s*\d|and\s", re.IGNORECASE)
_GOES_ON = (",", "·", "•", "&")
_LAST_NAME = re.compile(r"^(?:and|&)\s+")
_PARTICLES = re.compile(
    r"['’]\w+|a|al|and|bin|da|das|de|del|della|den|der|di|do|dos|du|e|el|et|for|ibn|la|las|le|los|of|on|the|ter|van|vom|von|y|zu|zur"
)
_WORDS_OF_AN_INSTITUTION, _WORDS_OF_A_NAME, _WORDS_OF_A_GROUP, _LONGEST_GROUP = 3, 7, 14, 140
#: Words in small letters, particles aside: more of them are a sentence.
_SMALL_WORDS_OF_A_NAME = 2
_LONGEST_SHORT_WORD = len("Prof.")
#: The doubt of words that could be a name, and are not written like one.
_MERELY_POSSIBLE = 4


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote a paper. ``doubt`` is 0 for what can be nothing else, up to 8 for what merely could be a byline."""

    authors: tuple[str, ...]
    complete: bool
    institutions: tuple[str, ...]
    doubt: int


class _Likeness(IntEnum):
    """How much a text is like a name."""

    NONE = 0
    #: It could be one, and is not written as one.
    PERHAPS = 1
    NAME = 2


def read_byline(text: str) -> Byline | None:
    """The byline that the whole text is, or None."""
    names, *rest = _apart_at_dots(text)
    shown, cut = _without_others(names.strip())
    authors = tuple(_LAST_NAME.sub("", name) if number else name for number, name in enumerate(_between_commas(shown)))
    likeness = min(map(_likeness, authors), default=_Likeness.NONE)
    if likeness is _Likeness.NONE:
        return None
    institutions = tuple(_between_commas(",".join(rest)))
    marked = cut or bool(institutions)
    if likeness is _Likeness.PERHAPS:
        doubt = _MERELY_POSSIBLE if marked else 2 * _MERELY_POSSIBLE
    else:
        doubt = 0 if marked else 1 if len(authors) > 1 else 2
    return Byline(authors, not cut, institutions, doubt)


def _without_others(names: str) -> tuple[str, bool]:
    """The names without ``et al.`` and the like at their end, and whether there was any."""
    # There is no comma in it, but before it.
    last_comma = len(names[: names.rfind(",") + 1].rstrip(", "))
    others = _OTHERS.search(names, last_comma)
    return (names, False) if others is None else (names[: others.start()], True)


def _apart_at_dots(text: str) -> list[str]:
    """The names, and the institutions behind each dot."""
    return text.replace("•", "·").split("·")


def _between_commas(text: str) -> list[str]:
    return [part for part in map(str.strip, text.split(",")) if part]


# People write with the same people: most names of a page stand there more than once.
@lru_cache(maxsize=8192)
def _likeness(text: str) -> _Likeness:
    if len(text) > _LONGEST_GROUP or _ends_a_sentence(text):
        return _Likeness.NONE
    words = text.split()
    small = [word for word in words if not _is_name_word(word)]
    if len(words) > _WORDS_OF_A_GROUP or len(small) > _SMALL_WORDS_OF_A_NAME:
        return _Likeness.NONE
    if len(small) == len(words) and not any(map(str.isalpha, text)):
        return _Likeness.NONE
    if small or len(words) > _WORDS_OF_A_NAME or (len(words) == 1 and text.endswith(".")):
        return _Likeness.PERHAPS
    return _Likeness.NAME


def _is_name_word(word: str) -> bool:
    """True for particles, and for a word with a letter that is not small; letters without a case are not."""
    if word[0].isupper() and word.isalpha():
        return True
    return any(letter.isalpha() and not letter.islower() for letter in word) or _PARTICLES.fullmatch(word) is not None


def _ends_a_sentence(text: str) -> bool:
    """A full stop after a short word with a capital, or after initials, ends a name: ``Jr.``, ``Q.``, ``M.-J.``."""
    if not text.endswith("."):
        return text.endswith(("!", "?", ":", ";"))
    word = text.split()[-1]
    return not word[0].isupper() or (len(word) > _LONGEST_SHORT_WORD and word.count(".") == 1)


def take_byline(blocks: Sequence[Block], title: Place) -> tuple[Byline, int] | None:
    """The byline that these blocks begin with, and how many of them it takes; None when they begin with none.

    Names may stand in blocks of their own on one line, or in an element that holds them and not the title.
    """
    if not blocks:
        return None
    text = _within(blocks[0])
    taken = 1
    while taken < len(blocks) and _goes_on(text, blocks[taken - 1], blocks[taken], title):
        block = blocks[taken]
        text += _between(text, block.text) + _within(block)
        taken += 1
    byline = read_byline(text)
    return (byline, taken) if byline is not None else None


def _goes_on(text: str, before: Block, block: Block, title: Place) -> bool:
    if block.control:
        return False
    if _is_one_with(text, block.text):
        return True
    if len(_apart_at_dots(text)) > 1:
        return not block.opens_line and _is_institution(block.text)
    if "," in before.text or _without_others(text)[1]:
        return False
    if block.opens_line and not _is_listed_with(before.place, block.place, title):
        return False
    return _are_names(before.text) and _are_names(block.text)


def _is_one_with(text: str, other: str) -> bool:
    """True when signs or words say that a byline goes on."""
    return text.endswith(_GOES_ON) or _CONTINUES.match(other) is not None


def _between(text: str, other: str) -> str:
    return " " if _is_one_with(text, other) else ", "


def _is_institution(text: str) -> bool:
    return len(text.split()) <= _WORDS_OF_AN_INSTITUTION and _likeness(text) is not _Likeness.NONE


def _are_names(text: str) -> bool:
    byline = read_byline(text)
    return byline is not None and byline.doubt < _MERELY_POSSIBLE


def _is_listed_with(one: Place, other: Place, title: Place) -> bool:
    """True when both stand in an element that the title is not in, each in one of its own."""
    list_of_names = one.common(other)
    return list_of_names not in (one, other) and not title.is_in(list_of_names)


def _within(block: Block) -> str:
    """The text of a block, with commas where only the borders of elements part its names."""
    if not block.cuts:
        return block.text
    pieces = [piece for piece in map(str.strip, block.pieces) if piece]
    names = [piece for piece in pieces if _likeness(piece) is _Likeness.NAME and len(piece.split()) > 1]
    if len(names) < 2 or "," in _apart_at_dots(block.text)[0]:
        return block.text
    text = pieces[0]
    for piece in pieces[1:]:
        text += _between(text, piece) + piece
    return text
