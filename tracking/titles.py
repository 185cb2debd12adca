"""Titles and names in the form in which they are compared.

>>> normal_title("Über <i>Q</i>-Learning – Part II")
'uber q learning part 2'
>>> are_distinct_titles("Notes on sheaves I", "Notes on sheaves II")
True
"""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

_MARKUP = re.compile(r"<[^<>]{1,40}>|\\[a-zA-Z]+\s*|[${}\\]")
_WORD = re.compile(r"[^\W_]+")
_HAS_DIGIT = re.compile(r"\d")

#: Words that number the parts of a work, in one spelling. "i" and "v" number a part only at the end of a title
#: or after a part word; elsewhere they are letters ("I-frames", "V statistics").
_NUMERALS = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5",
    "1st": "1", "2nd": "2", "3rd": "3", "4th": "4", "5th": "5",
}  # fmt: skip
_LETTER_NUMERALS = {"i": "1", "v": "5", "x": "10"}
_PART_WORDS = {
    "part",
    "vol",
    "volume",
    "chapter",
    "section",
    "paper",
    "no",
    "number",
    "episode",
    "book",
    "pt",
}
#: Words that tell one work from its companion: an erratum is not the paper it corrects.
_COMPANIONS = {
    "erratum", "errata", "corrigendum", "correction", "addendum", "retraction", "supplement", "supplementary",
    "appendix", "reply", "comment", "response", "rejoinder", "part", "sequel",
}  # fmt: skip

_GENERIC = {
    "editorial", "preface", "introduction", "foreword", "erratum", "corrigendum", "correction", "errata", "index",
    "contents", "front matter", "back matter", "book review", "book reviews", "in memoriam", "obituary", "news",
    "acknowledgements", "abstracts", "discussion", "comment", "comments", "reply", "response", "rejoinder",
    "guest editorial", "guest editors introduction", "editors introduction", "table of contents", "announcement",
    "letter to the editor", "message from the editor", "from the editor", "conclusion", "conclusions", "untitled",
    "proceedings", "poster", "abstract", "introduction to the special issue", "supplementary material",
}  # fmt: skip


def plain(text: str) -> str:
    """Text without accents, case, markup and punctuation: words with one space between them."""
    bare = _MARKUP.sub(" ", text)
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(bare.casefold()))


@lru_cache(maxsize=8192)
def normal_title(title: str) -> str:
    """The title in plain words, numerals in digits; the text itself where it has no word at all."""
    words = plain(title).split()
    if not words:
        return " ".join(title.split())
    for position, word in enumerate(words):
        if word in _NUMERALS:
            words[position] = _NUMERALS[word]
        elif word in _LETTER_NUMERALS and position > 0:
            at_end = position == len(words) - 1
            if at_end or words[position - 1] in _PART_WORDS:
                words[position] = _LETTER_NUMERALS[word]
    return " ".join(words)


def is_generic_title(title: str) -> bool:
    """True for a title that many works bear ("Editorial"): alone it says nothing about identity."""
    return plain(title) in _GENERIC


def are_distinct_titles(one: str, other: str) -> bool:
    """True when two titles differ in a numeral, or in a word that marks a part or a companion of a work."""
    return _distinguishing_words(one) != _distinguishing_words(other)


@lru_cache(maxsize=8192)
def _distinguishing_words(title: str) -> tuple[str, ...]:
    words = normal_title(title).split()
    found = [word for word in words if _HAS_DIGIT.search(word) or word in _COMPANIONS]
    if words and len(words[-1]) == 1 and words[-1] not in found:
        # "…, Variant A": a letter at the end numbers as well.
        found.append(words[-1])
    return tuple(sorted(found))


def similarity(one: str, other: str) -> float:
    """How alike two texts are, 0..1, by insertions and deletions of characters."""
    return fuzz.ratio(one, other) / 100


@lru_cache(maxsize=8192)
def family_name(author: str) -> str:
    """The plain family name: what stands before a comma, else the last word."""
    before_comma, comma, _ = author.partition(",")
    if comma:
        return plain(before_comma)
    words = plain(author).split()
    return words[-1] if words else ""


def is_same_name(one: str, other: str) -> bool:
    """True when two spellings of a person's name differ only in accents, case, spacing or punctuation."""
    return plain(one) == plain(other)
