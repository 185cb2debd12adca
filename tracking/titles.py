r"""Titles and names in the form in which they are compared.

>>> normal_title("Über <i>Q</i>-Learning – Part II")
'uber q learning part 2'
>>> are_distinct_titles("Notes on sheaves I", "Notes on sheaves II")
True
>>> is_same_title("On a caf\ufffd", "On a café")
True
"""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

_MARKUP = re.compile(r"<[^<>]{1,40}>|\\[a-zA-Z]+\s*|[${}\\]")
_WORD = re.compile(r"[^\W_]+")
#: A beginning that is as long as this is not had by chance.
_CUT_MIN = 20
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
#: Those that mark a work about another work, whatever else its title says.
_ABOUT_ANOTHER = _COMPANIONS - {"part", "sequel"} | {"comments", "replies", "corrigenda", "corrections", "errata"}

_GENERIC = {
    "editorial", "preface", "introduction", "foreword", "erratum", "corrigendum", "correction", "errata", "index",
    "contents", "front matter", "back matter", "book review", "book reviews", "in memoriam", "obituary", "news",
    "acknowledgements", "abstracts", "discussion", "comment", "comments", "reply", "response", "rejoinder",
    "guest editorial", "guest editors introduction", "editors introduction", "table of contents", "announcement",
    "letter to the editor", "message from the editor", "from the editor", "conclusion", "conclusions", "untitled",
    "proceedings", "poster", "abstract", "introduction to the special issue", "supplementary material",
}  # fmt: skip

#: Letters that are no accented ones and that sources without them write in these.
_SPELT_OUT = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "æ": "ae", "Æ": "Ae", "œ": "oe", "ı": "i"}
)

#: What stands where a byte could not be decoded: some character that is not ASCII, hence no digit and no Latin letter.
UNDECODED = "\ufffd"
#: Takes its place while words are made out: a letter that no title has.
_STAND_IN = "ʘ"
_ALONE = re.compile(rf" {_STAND_IN}+ ")

#: What follows a name and is no name: DBLP's number of a namesake, and a rank among relatives.
_NAMESAKE = re.compile(r"\s\d{4}$")
_RANKS = {"jr", "sr", "ii", "iii", "iv"}
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\s]+")


def plain(text: str) -> str:
    """Text without accents, case, markup and punctuation: words with one space between them."""
    bare = _MARKUP.sub(" ", text)
    if not bare.isascii():
        decomposed = unicodedata.normalize("NFKD", bare.translate(_SPELT_OUT))
        bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(_WORD.findall(bare.casefold()))


#: Of titles, which are asked about several times each.
_plain_title = lru_cache(maxsize=8192)(plain)


@lru_cache(maxsize=8192)
def normal_title(title: str) -> str:
    """The title in plain words, numerals in digits; the text itself where it has no word at all."""
    words = _plain_title(title).split()
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
    return _plain_title(title) in _GENERIC


def is_about_another_work(title: str) -> bool:
    """True for an erratum, a comment, a reply and the like: it shares most of its title with what it is about."""
    return not _ABOUT_ANOTHER.isdisjoint(_plain_title(title).split())


def is_same_title(one: str, other: str) -> bool:
    """True when two titles are one in plain words; what could not be decoded is any one character, but no digit."""
    if normal_title(one) == normal_title(other):
        return True
    if UNDECODED not in one and UNDECODED not in other:
        return False
    first, second = (normal_title(title.replace(UNDECODED, _STAND_IN)) for title in (one, other))
    return _may_read(first, second) or _may_read(second, first)


def _may_read(damaged: str, title: str) -> bool:
    """True when each stand-in of the one may be a character of the other, or punctuation, which normal titles lack."""
    # A dash that was lost between two words leaves two spaces, where the normal title has one.
    places = {0}
    for character in _ALONE.sub(lambda lost: _STAND_IN * len(lost[0]), damaged):
        if character == _STAND_IN:
            places |= {place + 1 for place in places if place < len(title) and not title[place].isdigit()}
        else:
            places = {place + 1 for place in places if title.startswith(character, place)}
    return len(title) in places


def are_distinct_titles(one: str, other: str) -> bool:
    """True when two titles differ in a numeral, or in a word that marks a part or a companion of a work."""
    if _distinguishing_words(one) == _distinguishing_words(other) or is_same_title(one, other):
        return False
    return not _is_cut_after_a_letter(one, other)


def _is_cut_after_a_letter(one: str, other: str) -> bool:
    """True when one title ends with the first letter of a word of the other: that letter numbers nothing."""
    cut, whole = sorted((normal_title(one), normal_title(other)), key=len)
    return (
        len(cut) >= _CUT_MIN and cut[-2] == " " and whole.startswith(cut) and whole[len(cut) : len(cut) + 1].isalpha()
    )


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
    """The last word of the plain family name: what stands before a comma, else the last word that is no initial.

    It is the same for ``Aäron van den Oord``, ``van den Oord, A.`` and ``A van den Oord``. A name in Chinese, Japanese
    or Korean script is taken whole: it does not say where the family name ends.
    """
    words = _name_words(author.partition(",")[0])
    full = [word for word in words if len(word) > 1] or words
    return full[-1] if full else ""


@lru_cache(maxsize=8192)
def given_initial(author: str) -> str:
    """The first letter of the given names, in plain form; empty where none is shown or it can not be told."""
    family, comma, given = author.partition(",")
    if comma:
        words = [word for word in _name_words(given) if word not in _RANKS]
        if words:
            return words[0][0]
    words = _name_words(family)
    if len(words) < 2:
        return ""
    # "Agarwal R": the initial stands last.
    return words[-1] if len(words[-1]) == 1 and len(words[0]) > 1 else words[0][0]


def _name_words(name: str) -> list[str]:
    if _EAST_ASIAN.fullmatch(name):
        return ["".join(name.split())]
    # A letter that could not be decoded stood within a word: it ends none.
    words = plain(_NAMESAKE.sub("", name.strip()).replace("\N{REPLACEMENT CHARACTER}", "")).split()
    while len(words) > 1 and words[-1] in _RANKS:
        words.pop()
    return words


def is_same_name(one: str, other: str) -> bool:
    """True when two spellings of a person's name differ only in accents, case, spacing or punctuation."""
    return plain(one) == plain(other)
