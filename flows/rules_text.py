"""The section ``rules`` of the configuration as its owner wrote it: looked at, tried out, and written anew.

    read_rules ──> text, seen          what stands in the file, and a mark of the whole file as it was then
    try_rules  ──> Settings            what would hold with another text in its place; nothing is written
    save_rules ──> Settings            the same, written, unless the file has changed since it was seen

Every other character of the file stays as it is.
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from alerts.restating import written
from flows.config.document import read_text
from flows.config.error import ConfigError
from flows.config.insert import NoPlaceError
from flows.config.replace import replace_text
from flows.config.section import Section, keys_of, section_of
from flows.config.whole import Settings
from flows.settings import settings_with

_SECTION = "rules"


class ChangedMeanwhile(ConfigError):  # noqa: N818 - it reads as what it says
    """The file is not as it was when its rules were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesText:
    """``text`` begins in ``first_line`` of the file; empty where it has no rules, and those hold that are built in."""

    text: str
    first_line: int
    #: Of the whole file as it was.
    seen: str


def read_rules(path: Path) -> RulesText:
    """Raises ConfigError where the file cannot be read, or its rules have no lines of their own."""
    whole = read_text(path)
    section = _section(whole, path)
    return RulesText(text=section.text.replace("\r\n", "\n"), first_line=section.first_line, seen=_mark(whole))


def built_in_rules(settings: Settings) -> str:
    """The rules that hold where the file has none, as it would say them."""
    entries = [written(one) for one in settings.layers.broad if not one.said.get("leftover")]
    text = yaml.safe_dump({_SECTION: entries}, sort_keys=False, allow_unicode=True, width=120)
    # Here a key is always a text, and needs no quotes.
    return text.replace("\n  'on':", "\n  on:")


def try_rules(path: Path, text: str) -> Settings:
    """The settings with this text as the section. Raises ConfigError, of a line of the file as it would be then."""
    return _tried(read_text(path), path, text)[1]


def save_rules(path: Path, text: str, *, seen: str) -> Settings:
    """Write this text as the section; an empty one takes it away, and the built-in rules hold.

    Raises ChangedMeanwhile, and ConfigError where the file would not be sound or cannot be written; it stays as it is
    then.
    """
    whole = read_text(path)
    if _mark(whole) != seen:
        raise ChangedMeanwhile("has changed since its rules were shown here, and was left as it is", file=str(path))
    changed, settings = _tried(whole, path, text)
    try:
        replace_text(path, changed)
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}", file=str(path)) from None
    return settings


def _tried(whole: str, path: Path, text: str) -> tuple[str, Settings]:
    section = _section(whole, path)
    changed = section.replaced(text)
    after = settings_with(changed, path)
    # Only now is it known to be YAML.
    if set(keys_of(text)) - {_SECTION}:
        raise ConfigError("is all that is edited here; the other sections stand elsewhere in the file", file=str(path),
                          line=section.first_line, path=(_SECTION,))  # fmt: skip
    if text.strip() and not keys_of(text):
        raise ConfigError(f"begin with a line “{_SECTION}:”", file=str(path), line=section.first_line, path=(_SECTION,))
    try:
        before = settings_with(whole, path)
    except ConfigError:
        # Somebody is about to mend it.
        return changed, after
    if replace(after, rules=before.rules, layers=before.layers) != before or (
        after.layers.people != before.layers.people or after.layers.tags != before.layers.tags
    ):
        raise ConfigError("this would change other sections, too; write it by hand", file=str(path), path=(_SECTION,))
    return changed, after


def _section(whole: str, path: Path) -> Section:
    try:
        return section_of(whole, _SECTION)
    except NoPlaceError as error:
        raise ConfigError(f"{error}; edit it by hand", file=str(path)) from None
    except yaml.YAMLError:
        # The parser of the whole says what is wrong, and where.
        settings_with(whole, path)
        raise


def _mark(whole: str) -> str:
    return hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()
