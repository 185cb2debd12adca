r"""Text for the fields of a BibTeX entry: what LaTeX would act on is written so that it is shown.

>>> escaped("100% of {x}_1 & $y$")
'100\\% of \\textbraceleft{}x\\textbraceright{}\\_1 \\& \\$y\\$'
"""

import re
from collections.abc import Sequence

from alerts.inert import inert

#: Braces count for BibTeX even after a backslash, so that they are written by name.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
    }
)
#: Printable ASCII without what ends or opens a field, or begins a command.
_VERBATIM = re.compile(r"[!#-\[\]-z|~]+")


def escaped(text: str) -> str:
    """The text on one line. Other scripts and accents stay as they are: UTF-8, as LaTeX reads it since 2018."""
    return inert(text).translate(_ESCAPES)


def escaped_title(text: str) -> str:
    """The same; words with capitals within are kept from styles that write titles small (``{BERT}``, ``{GPT-4}``)."""
    return " ".join(f"{{{escaped(word)}}}" if _has_own_case(word) else escaped(word) for word in inert(text).split())


def _has_own_case(word: str) -> bool:
    letters = [character for character in word if character.isalnum()]
    return any(letter.isupper() for letter in letters[1:])


def is_verbatim(text: str) -> bool:
    """True of an identifier that can stand in a field as it is, without being escaped."""
    return _VERBATIM.fullmatch(text) is not None


def names(authors: Sequence[str], *, complete: bool) -> str:
    """A list of names as BibTeX reads it; one that is cut ends with ``and others``. Empty when there are none."""
    written = [_name(author) for author in authors if inert(author)]
    return " and ".join([*written, "others"] if written and not complete else written)


def _name(author: str) -> str:
    """The name; in braces where BibTeX would take it for several, or for more parts than a name has."""
    text = inert(author)
    words = text.casefold().split()
    is_one = "and" in words or "others" in words or text.count(",") > 1
    return f"{{{escaped(text)}}}" if is_one else escaped(text)
