"""A YAML file as plain values, and the line of every key that an error has to name.

    document = read_document(Path("scholarwatch.yaml"), environment)
    document.root                                             # {"people": [...], ...}
    raise document.error(SettingError(("people", 0), "..."))  # scholarwatch.yaml:3: people[0]: ...

Read as YAML 1.2 reads it: only ``true`` and ``false`` are booleans, ``22:00`` and ``2026-03-01`` are texts. A key is
always a text, so the ``on`` of a rule is no boolean. A key written twice is an error. ``${NAME}`` in a value stands for
a variable of the environment, ``$$`` for a dollar sign.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from alerts.setting import SettingError
from flows.config.compose import Composer
from flows.config.error import ConfigError, RepeatError
from flows.config.lines import line_of

#: What YAML allows to stand in a file: https://yaml.org/spec/1.2.2/#51-character-set.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read: ``root`` holds only dict, list, str, int, float, bool and None."""

    name: str
    text: str = field(repr=False)
    root: Any = field(repr=False)

    def error(self, refusal: SettingError) -> ConfigError:
        """What a section's reader refused, with the file and the line."""
        message = refusal.message
        if isinstance(refusal, RepeatError):
            message += f", in line {line_of(self.text, refusal.first)}"
        line = line_of(self.text, refusal.path)
        return ConfigError(message, file=self.name, line=line, path=refusal.path)


def read_document(path: Path, environment: Mapping[str, str], *, only: str | None = None) -> Document:
    """Read one file, or ``only`` one key of its root; the root of an empty file is None.

    Raises ConfigError with file and line.
    """
    return parse_document(read_text(path), str(path), environment, only=only)


def read_text(path: Path) -> str:
    """The text of a file, its line ends as they are. Raises ConfigError when it cannot be read or is not UTF-8."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError("there is no such file; `scholarwatch init` writes one", file=str(path)) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=str(path)) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Counted in what was decoded: the mark at the beginning of the file is not part of it.
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8: the byte 0x{error.object[error.start]:02x} stands here"
        raise ConfigError(message, file=str(path), line=line) from None


def parse_document(text: str, name: str, environment: Mapping[str, str], *, only: str | None = None) -> Document:
    """`read_document`, of the text of a file called ``name``."""
    try:
        return Document(name, text, Composer(text, name, environment, only=only).compose())
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(text, name, error) from None
    except yaml.YAMLError:
        raise _unprintable(text, name) from None


def _not_yaml(text: str, name: str, error: yaml.MarkedYAMLError) -> ConfigError:
    lines = [*text.split("\n"), ""]
    found, begun = error.problem_mark, error.context_mark
    problem = error.problem or "cannot be read"
    # Behind the end of the text there is nothing to show: what was left open is.
    mark = found if found is not None and (lines[found.line].strip() or begun is None) else begun
    assert mark is not None  # libyaml marks every error but that of an unprintable character
    if begun is not None and begun.line != mark.line:
        problem += f" {error.context}, which begins in line {begun.line + 1}"
    offending = lines[mark.line].rstrip()
    if "\t" in offending[: len(offending) - len(offending.lstrip())]:
        problem = "a tab indents this line, YAML takes spaces"
    elif "${" in offending:
        problem += ' (inside brackets "${NAME}" needs its quotes)'
    excerpt = repr(offending.strip()[:80])
    return ConfigError(f"not YAML: {problem}", file=name, line=mark.line + 1, column=mark.column + 1, excerpt=excerpt)


def _unprintable(text: str, name: str) -> ConfigError:
    """libyaml refuses such characters before it knows where it is."""
    found = _UNPRINTABLE.search(text)
    start = found.start() if found else 0
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    character = text[start : start + 1]
    return ConfigError(f"not YAML: the character {character!r} stands here", file=name, line=line, column=column)
