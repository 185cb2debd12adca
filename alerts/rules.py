"""Rules: who wants to hear about which events.

>>> parse_rules([{"name": "new", "on": "paper.new", "where": {"title": "verifier"}, "notify": ["me"]}])[0].every
<Every.INSTANT: 'instant'>
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from alerts.duration import parse_duration
from alerts.setting import KeyPath, Setting, SettingError, suggestion
from alerts.subject import folded
from alerts.where import Where
from alerts.where_setting import idle_part, parse_parts, with_parts
from tracking.event import OPERATIONAL, EventKind

#: Stands in ``notify`` for every receiver there is.
EVERYONE = "*"


class RuleError(SettingError):
    """A rule cannot be used; ``path`` starts with ``rules``, ``tags`` or ``people``."""


class Every(StrEnum):
    """When a rule's events go out."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``notify`` names receivers, or is `EVERYONE` alone."""

    name: str
    on: frozenset[EventKind]
    where: Where = field(default_factory=Where)
    notify: tuple[str, ...] = (EVERYONE,)
    every: Every = Every.INSTANT
    #: So long after it has told of something it tells the same receiver nothing more of the same.
    cooldown: timedelta | None = None
    #: So long after a paper was new, it is looked at again when something of it changes.
    wait: timedelta | None = None
    disabled: bool = False
    #: On those of its kinds only that no other rule is on.
    leftover: bool = False

    def notifies(self, receiver: str) -> bool:
        return receiver in self.notify or EVERYONE in self.notify


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a list of rules: a whole rule, or what is said otherwise of a broader one of that name."""

    name: str
    #: Where it stands in the configuration; empty: it is built in.
    path: KeyPath
    #: By key, what it says of the rule; of ``where`` what each part says.
    said: Mapping[str, Any]
    parts: Mapping[str, Any]
    #: By key, as it is written; the parts of ``where`` as ``where.metric``.
    written: Mapping[str, object] = field(compare=False)

    def applied(self, broader: Rule | None) -> Rule:
        """The rule as this entry makes it, key by key; None: there is no broader one. Raises RuleError."""
        if broader is None and "on" not in self.said:
            broad = self.path[:1] == ("rules",)
            raise RuleError(self.path, "“on” is missing" + ("" if broad else f"; no broader rule is “{self.name}”"))
        rule = broader or Rule(name=self.name, on=frozenset())
        said = {"leftover": False, **self.said} if "on" in self.said else self.said
        rule = replace(rule, **said, where=with_parts(rule.where, self.parts))
        self._refuse_idle(rule)
        return rule

    def _refuse_idle(self, rule: Rule) -> None:
        """What no event of the rule can have would keep the rule silent for ever."""
        found = idle_part(rule.where, rule.on)
        if found is not None:
            keys, why = found
            raise RuleError((*self.path, *(("where", *keys) if keys[0] in self.parts else ("on",))), why)
        if rule.wait is not None and EventKind.PAPER_NEW not in rule.on:
            raise RuleError(
                (*self.path, "wait" if "wait" in self.said else "on"), "only new papers are waited for; “on” lacks them"
            )


def parse_rules(raw: object) -> tuple[Rule, ...]:
    """The rules of the configuration's ``rules`` key, given as plain YAML values.

    Whether the receivers that a rule names exist is not looked at. Raises RuleError.
    """
    return narrowed((), parse_entries(Setting(raw, ("rules",), RuleError)))


def narrowed(rules: Iterable[Rule], entries: Iterable[Entry]) -> tuple[Rule, ...]:
    """The rules as the entries make them, one after the other; those of new names come last. Raises RuleError."""
    by_name = {folded(rule.name): rule for rule in rules}
    for entry in entries:
        by_name[folded(entry.name)] = entry.applied(by_name.get(folded(entry.name)))
    return tuple(by_name.values())


def parse_entries(section: Setting, *, narrower: bool = False) -> tuple[Entry, ...]:
    """A list of rules. Raises RuleError.

    ``narrower``: a part of ``where``, a cooldown or a wait without a value takes away what a broader rule says.
    """
    names: set[str] = set()
    entries = []
    for setting in replace(section, error=RuleError).sequence():
        entry = _entry(setting, narrower)
        if folded(entry.name) in names:
            setting.child("name", entry.name).refuse(f"another rule is called “{entry.name}” too")
        names.add(folded(entry.name))
        entries.append(entry)
    return tuple(entries)


def _entry(setting: Setting, narrower: bool) -> Entry:
    keys = setting.mapping(known=("name", "where", *_READERS))
    if "name" not in keys:
        setting.refuse("“name” is missing")
    name = keys.pop("name").text()
    where = keys.pop("where", None)
    parts = parse_parts(where, may_be_empty=narrower) if where is not None else {}
    said = {
        key: None if narrower and key in _MAY_BE_EMPTY and one.value is None else _READERS[key](one)
        for key, one in keys.items()
    }
    return Entry(name=name, path=setting.path, said=said, parts=parts, written=dict(_written(setting)))


def _written(setting: Setting) -> Iterator[tuple[str, object]]:
    """The keys of an entry as they are written, in their order, without the name."""
    for key, one in setting.entries().items():
        if key == "where":
            yield from ((f"where.{part}", inner.value) for part, inner in one.entries().items())
        elif key != "name":
            yield key, one.value


def _kinds(setting: Setting) -> frozenset[EventKind]:
    return frozenset(_kind(kind) for kind in setting.one_or_more())


def _kind(setting: Setting) -> EventKind:
    name = setting.text()
    if name not in list(EventKind):
        setting.refuse(f"no such kind of event; {suggestion(name, list(EventKind))}")
    return EventKind(name)


def _every(setting: Setting) -> Every:
    name = setting.text()
    if name not in list(Every):
        setting.refuse(f"no such period; {suggestion(name, list(Every))}")
    return Every(name)


_READERS: Mapping[str, Callable[[Setting], Any]] = {
    "on": _kinds,
    "notify": Setting.texts,
    "every": _every,
    "cooldown": parse_duration,
    "wait": parse_duration,
    "disabled": Setting.flag,
}
_MAY_BE_EMPTY = ("cooldown", "wait")

# ---- what holds when the file says nothing


def _built_in(*raw: Mapping[str, object]) -> tuple[Entry, ...]:
    entries = parse_entries(Setting([dict(one) for one in raw], (), RuleError))
    return tuple(replace(entry, path=()) for entry in entries)


_DEFAULTS = _built_in(
    {"name": "new papers", "on": "paper.new"},
    {"name": "first looks", "on": "profile.baseline"},
    {"name": "metrics", "on": "metric.changed", "where": {"delta": ">= 1%, below 1000: >= 10"}, "every": "daily"},
    {"name": "milestones", "on": "metric.milestone"},
    {"name": "suspect pages", "on": "profile.suspect"},
    {"name": "changed layouts", "on": "source.drift"},
    {"name": "recounts", "on": "source.recount"},
    {"name": "hosts", "on": ["host.down", "host.back"]},
)
[_OPERATIONS] = _built_in({"name": "operations", "on": sorted(OPERATIONAL)})
_OPERATIONS = replace(_OPERATIONS, said={**_OPERATIONS.said, "leftover": True})

#: What holds when the configuration has no rules.
DEFAULT_RULES = narrowed((), (*_DEFAULTS, _OPERATIONS))


def broad_entries(section: Setting) -> tuple[Entry, ...]:
    """What holds for everybody: the built-in rules where the section has no value, none where it is an empty list.

    Beside rules of the file, what is told of the program's own work is built in; the file may say it otherwise.
    """
    if section.value is None:
        return (*_DEFAULTS, _OPERATIONS)
    entries = parse_entries(section)
    says_otherwise = any(folded(entry.name) == _OPERATIONS.name for entry in entries)
    return (_OPERATIONS, *entries) if says_otherwise else (*entries, _OPERATIONS) if entries else ()
