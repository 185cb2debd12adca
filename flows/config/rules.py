"""The sections ``rules`` and ``tags``, and the rules of people: what holds for whom.

tags: {students: {rules: [{name: citations, where: {delta: ">= 10"}}, {name: new papers, disabled: true}]}}
"""

from collections.abc import Collection, Iterable

from alerts.inheritance import Layers
from alerts.rules import EVERYONE, Entry, RuleError, broad_entries, narrowed, parse_entries
from alerts.setting import Setting, suggestion
from alerts.subject import folded
from flows.config.people import Followed


def parse_layers(rules: Setting, tags: Setting, followed: Followed, receivers: Collection[str]) -> Layers:
    """Read the sections, and look whether every rule is sound for everybody who has it. Raises SettingError."""
    layers = Layers(broad=broad_entries(rules), tags=_of_tags(tags), people=followed.rules)
    for entry in _entries(layers):
        _refuse_unknown_receivers(entry, receivers)
    broad = narrowed((), layers.broad)
    for entries in layers.tags.values():
        narrowed(broad, entries)
    combinations = {layers.narrowed_by(person.name or "", person.tags): None for person in followed.people}
    for by in combinations:
        narrowed(broad, layers.entries(by))
    return layers


def _of_tags(section: Setting) -> dict[str, tuple[Entry, ...]]:
    if section.value is None:
        return {}
    tags: dict[str, tuple[Entry, ...]] = {}
    for tag, setting in section.entries().items():
        if folded(tag) in tags:
            setting.refuse("the same tag as one above: they are compared without regard to case")
        keys = setting.mapping(known=("rules",))
        if "rules" not in keys:
            setting.refuse("says nothing; write rules: [{name: …}]")
        tags[folded(tag)] = parse_entries(keys["rules"], narrower=True)
    return tags


def _entries(layers: Layers) -> Iterable[Entry]:
    yield from layers.broad
    for entries in (*layers.tags.values(), *layers.people.values()):
        yield from entries


def _refuse_unknown_receivers(entry: Entry, receivers: Collection[str]) -> None:
    for name in entry.said.get("notify", ()):
        if name != EVERYONE and name not in receivers:
            raise RuleError((*entry.path, "notify"), f"no receiver is called “{name}”; {suggestion(name, receivers)}")
