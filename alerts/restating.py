"""A rule of the configuration with one key said otherwise, as if the file had been changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from alerts.inheritance import Layers
from alerts.rules import Entry, RuleError, parse_entries
from alerts.setting import Setting
from alerts.subject import folded

_PART = "where."


@dataclass(frozen=True, slots=True)
class Restated:
    """``key`` is ``cooldown``, ``where.delta`` or the like, ``text`` what stands there now."""

    rule: str
    key: str
    text: str

    def as_written(self) -> dict[str, Any]:
        """What has to stand in the file, beside all else that is said of the rule."""
        return _nested(self.rule, {self.key: self.text})


def entry_of(layers: Layers, rule: str) -> Entry:
    """Where a rule is said first: for everybody, else for a tag or a person. Raises LookupError."""
    narrower = chain(layers.tags.values(), layers.people.values())
    for entry in chain(layers.broad, *narrower):
        if folded(entry.name) == folded(rule):
            return entry
    raise LookupError(rule)


def written(entry: Entry) -> dict[str, Any]:
    """The entry as it stands in the file, or would."""
    return _nested(entry.name, entry.written)


def _nested(name: str, keys: Mapping[str, object]) -> dict[str, Any]:
    values: dict[str, Any] = {"name": name}
    for key, value in keys.items():
        if key.startswith(_PART):
            values.setdefault("where", {})[key.removeprefix(_PART)] = value
        else:
            values[key] = value
    return values


def restated(layers: Layers, change: Restated) -> Layers:
    """The layers as the changed file would give them. Raises LookupError, and RuleError for what cannot stand there."""
    old = entry_of(layers, change.rule)
    [said] = parse_entries(Setting([change.as_written()], old.path[:-1], RuleError))
    new = replace(
        old,
        said={**old.said, **said.said},
        parts={**old.parts, **said.parts},
        written={**old.written, **said.written},
    )

    def changed(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        return tuple(new if entry is old else entry for entry in entries)

    return Layers(
        broad=changed(layers.broad),
        tags={tag: changed(entries) for tag, entries in layers.tags.items()},
        people={person: changed(entries) for person, entries in layers.people.items()},
    )
