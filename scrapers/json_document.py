"""Strict reading of JSON answers: every value knows its path, and is what the caller says or a ParseError.

>>> author = read_json(page, stage="author")
>>> author["display_name"].text()
>>> author["summary_stats"]["h_index"].whole_or_none()
>>> [work["title"].text_or_none() for work in author["results"].each()]
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from scrapers.parse_error import ParseError
from tracking.check import Page

#: Deeper than any answer of a source, and far from what the interpreter bears.
_DEPTH_MAX = 60
#: Commas and brackets: each stands for a value, and the fullest 5 MB that any source sends have 350,000.
_SIGNS_MAX = 500_000
#: What no database takes as text: NUL, and half a character.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
#: No count of papers or citations comes near, and every store holds it exactly.
_WHOLE_MAX = 2**53


@dataclass(frozen=True, slots=True)
class Json:
    """A value of a JSON document. A member that is not there is null."""

    value: Any
    stage: str
    path: str = ""

    def __getitem__(self, name: str) -> "Json":
        """The member of an object; null where the object lacks it or is null itself."""
        if self.value is None:
            return Json(None, self.stage, f"{self.path}.{name}".lstrip("."))
        return Json(self._object().get(name), self.stage, f"{self.path}.{name}".lstrip("."))

    def __contains__(self, name: str) -> bool:
        return isinstance(self.value, dict) and name in self.value

    @property
    def is_null(self) -> bool:
        return self.value is None

    def members(self) -> "Iterator[tuple[str, Json]]":
        """The members of an object that must be there, in its order."""
        for name, value in self._object().items():
            yield name, Json(value, self.stage, f"{self.path}.{name}".lstrip("."))

    def each(self) -> "Iterator[Json]":
        """The items of a list that must be there."""
        if not isinstance(self.value, list):
            self.refuse("a list")
        for index, item in enumerate(self.value):
            yield Json(item, self.stage, f"{self.path}[{index}]")

    def each_or_none(self) -> "Iterator[Json]":
        """The items of a list; none where it is null."""
        return iter(()) if self.value is None else self.each()

    def text(self) -> str:
        """Text that is not blank, with single blanks between its words and none around it."""
        text = self.text_or_none()
        if text is None:
            self.refuse("text")
        return text

    def text_or_none(self) -> str | None:
        """As `text`; None for null and for blank text."""
        if self.value is None:
            return None
        if not isinstance(self.value, str):
            self.refuse("text")
        return " ".join(_NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", self.value).split()) or None

    def whole(self) -> int:
        """A whole number that is not negative."""
        number = self.whole_or_none()
        if number is None:
            self.refuse("a number")
        return number

    def whole_or_none(self) -> int | None:
        """A whole number that is not negative; None for null."""
        if self.value is None:
            return None
        is_whole = isinstance(self.value, float) and self.value.is_integer()
        if isinstance(self.value, bool) or not (isinstance(self.value, int) or is_whole):
            self.refuse("a whole number, 0 or more")
        if not 0 <= self.value <= _WHOLE_MAX:
            self.refuse("a whole number, 0 or more, and of this world")
        return int(self.value)

    def number_or_none(self) -> float | None:
        """Any finite number; None for null."""
        if self.value is None:
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self.refuse("a number")
        try:
            return float(self.value)
        except OverflowError:
            self.refuse("a number")

    def flag_or_none(self) -> bool | None:
        if self.value is not None and not isinstance(self.value, bool):
            self.refuse("true or false")
        return self.value

    def refuse(self, wanted: str) -> NoReturn:
        """Raise ParseError: here should be what is ``wanted``."""
        raise ParseError(
            f"is not {wanted}", stage=self.stage, where=self.path or "the whole", excerpt=repr(self.value)[:400]
        )

    def _object(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            self.refuse("an object")
        return self.value


def read_json(page: Page, *, stage: str) -> Json:
    """The JSON document that a page is. Raises ParseError; ``stage`` is what the document is to the reader."""
    signs = sum(map(page.body.count, (b",", b"[", b"{")))
    if signs > _SIGNS_MAX:
        raise ParseError(f"{signs} commas and brackets are too many for an answer", stage=stage)
    try:
        value = json.loads(page.body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        # json.JSONDecodeError and UnicodeDecodeError are ValueErrors; so is a number of thousands of digits.
        reason = str(error) if isinstance(error, ValueError) else "nested too deeply"
        excerpt = page.body[:200].decode("utf-8", "replace")
        raise ParseError(f"not JSON: {reason}", stage=stage, excerpt=excerpt) from None
    if _depth_exceeds(value, _DEPTH_MAX):
        raise ParseError("not JSON: nested too deeply", stage=stage)
    return Json(value, stage)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _depth_exceeds(value: object, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True
