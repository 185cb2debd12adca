"""Texts that grew up to the 5 MB that an answer may have."""

from collections.abc import Callable, Iterator
from functools import partial

SIZE = 5_000_000

#: What a text grows from, over and over; what is too long when it is escaped is cut.
TEXTS = {
    "letters": "a",
    "commas": "a,",
    "words": "a ",
    "blanks": " ",
    "lines": "a\n",
    "digits": "1",
    "dots": "a. ",
    "semicolons": "a;",
    "opened": "<",
    "tags": "<i>",
    "entities": "&amp;",
    "dashes": "a-",
    "slashes": "/",
    "accents": "é",
}
_BEFORE = {"arXiv": "https://arxiv.org/abs/", "DOI": "https://doi.org/10.1234/", "number": "10.1234/"}


def texts(size: int) -> Iterator[tuple[str, Callable[[], str]]]:
    """Each of so many bytes, with its name; made when it is wanted."""
    for name, unit in TEXTS.items():
        yield name, partial(_text, "", unit, size)
    for name, start in _BEFORE.items():
        yield f"letters after {name}", partial(_text, start, "a", size)
        yield f"slashes after {name}", partial(_text, start, "a/", size)


def _text(start: str, unit: str, size: int) -> str:
    return start + unit * ((size - len(start)) // len(unit.encode()))
