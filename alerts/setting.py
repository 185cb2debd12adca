"""Strict reading of plain YAML values, each of which knows its key path.

>>> rule = Setting({"name": "x", "evry": "daily"}, ("rules", 0), SettingError)
>>> rule.mapping(known=("name", "every"))
Traceback (most recent call last):
alerts.setting.SettingError: rules[0].evry: unknown key; did you mean “every”?
"""

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from typing import NoReturn

KeyPath = tuple[str | int, ...]


class SettingError(ValueError):
    """A value of the configuration cannot be used. ``path`` is its key path from the document's root.

    The message says what is wrong and what is allowed; it never repeats a value that may be a secret.
    """

    def __init__(self, path: KeyPath, message: str) -> None:
        super().__init__(f"{_dotted(path)}: {message}")
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class Setting:
    """A value of the configuration, its key path, and the error to raise when it is not what it must be."""

    value: object
    path: KeyPath
    error: type[SettingError]

    def refuse(self, message: str) -> NoReturn:
        """Raise the error of this setting."""
        raise self.error(self.path, message)

    def child(self, key: str | int, value: object) -> "Setting":
        return Setting(value, (*self.path, key), self.error)

    def mapping(self, known: Collection[str], later: Collection[str] = ()) -> "dict[str, Setting]":
        """The settings by key. Keys of ``later`` are refused as not available yet, others that are not known too."""
        settings = self.entries()
        for key, setting in settings.items():
            if key in later:
                setting.refuse("not available yet")
            if key not in known:
                setting.refuse(f"unknown key; {suggestion(key, known)}")
        return settings

    def entries(self) -> "dict[str, Setting]":
        """The settings by key, whatever the keys are."""
        if not isinstance(self.value, dict):
            self.refuse(f"must be a mapping of keys to values, not {_named(self.value)}")
        for key in self.value:
            if not isinstance(key, str):
                self.refuse(f"the key {key!r} must be text: put it in quotes")
        return {key: self.child(key, value) for key, value in self.value.items()}

    def sequence(self) -> "list[Setting]":
        if not isinstance(self.value, list):
            self.refuse(f"must be a list, not {_named(self.value)}")
        return [self.child(position, value) for position, value in enumerate(self.value)]

    def text(self) -> str:
        """Text that is not blank, without the blanks around it."""
        if not isinstance(self.value, str):
            self.refuse(f"must be text, not {_named(self.value)}; put it in quotes")
        if not self.value.strip():
            self.refuse("must not be empty")
        return self.value.strip()

    def one_or_more(self) -> "list[Setting]":
        """The settings of a list that is not empty; a single value stands for a list of one."""
        if not isinstance(self.value, list):
            return [self]
        if not self.value:
            self.refuse("must name at least one")
        return self.sequence()

    def texts(self) -> tuple[str, ...]:
        """One text, or a list of texts that is not empty."""
        return tuple(setting.text() for setting in self.one_or_more())

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.refuse(f"must be true or false, not {_named(self.value)}")
        return self.value

    def count(self, least: int) -> int:
        """A whole number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or self.value < least:
            self.refuse(f"must be a whole number, {least:,} or more")
        return self.value


def suggestion(word: str, known: Collection[str]) -> str:
    """“did you mean …?”, or all that is allowed when nothing known is near."""
    near = difflib.get_close_matches(word, known, n=1)
    if near:
        return f"did you mean “{near[0]}”?"
    return f"allowed: {', '.join(known)}"


def _named(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return f"a {type(value).__name__}"


def _dotted(path: KeyPath) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".") or "(the whole file)"
