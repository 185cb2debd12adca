"""What a changed ``scholarwatch.yaml`` would do, before it does it. Nothing is fetched, nothing is written.

    who is followed, as stored ──╮
    the configuration kept last ─┼─ compare ─→ Plan
    the file as it is now ───────╯

`flows.yesterday.take_over` is what does it, with the next run or at once.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from alerts.rules import Entry
from flows.config.whole import Settings
from flows.settings import ConfigError, settings_of, values_of
from storage.store import Store
from tracking.following import ChangeKind, FollowChange, changes

#: Those of which no more is said than that they are otherwise.
_SECTIONS = ("cadence", "fetch", "sources", "watch")


class EntryChange(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """A key of a rule; before and after as JSON, None where it is not said."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    change: EntryChange
    #: ``everybody``, ``tag rl`` or ``Ada Example``.
    of: str
    rule: str
    keys: tuple[KeyChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverChange:
    """Of what changes, only the keys are named: what they say may be a secret."""

    change: EntryChange
    receiver: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    following: tuple[FollowChange, ...] = ()
    rules: tuple[RuleChange, ...] = ()
    receivers: tuple[ReceiverChange, ...] = ()
    #: Other sections that say something else: ``cadence``, ``fetch``, ``sources``, ``watch``.
    sections: tuple[str, ...] = ()
    #: There was a configuration to compare rules and receivers with.
    is_compared: bool = True

    @property
    def is_empty(self) -> bool:
        """There is nothing to do."""
        return not (self.following or self.rules or self.receivers or self.sections)

    def to_json(self) -> dict[str, Any]:
        return {
            "following": [
                {
                    "change": one.kind,
                    "person": one.person,
                    "profile": one.profile,
                    "before": one.before,
                    "after": one.after,
                }
                for one in self.following
            ],
            "rules": [
                {
                    "change": one.change,
                    "of": one.of,
                    "rule": one.rule,
                    "keys": [{"key": key.key, "before": key.before, "after": key.after} for key in one.keys],
                }
                for one in self.rules
            ],
            "receivers": [
                {"change": one.change, "receiver": one.receiver, "keys": list(one.keys)} for one in self.receivers
            ],
            "sections": list(self.sections),
            "compared": self.is_compared,
        }


def plan(store: Store, settings: Settings) -> Plan:
    """Compare the configuration with what holds."""
    following = tuple(changes(store.known_following(), settings.people))
    kept = store.kept_configuration()
    if kept is None or settings.keepable is None:
        return Plan(following=following, is_compared=False)
    try:
        # Both without the secrets that stand in them in clear: else each of those would be a change.
        before, after = (_read(text, settings) for text in (kept.text, settings.keepable))
    except ConfigError:
        # A variable that it names is gone, say. Then nobody knows what it said.
        return Plan(following=following, is_compared=False)
    return Plan(
        following=following,
        rules=tuple(_rules(before.settings, after.settings)),
        receivers=tuple(_receivers(before.settings, after.settings)),
        sections=tuple(name for name in _SECTIONS if before.root.get(name) != after.root.get(name)),
    )


def new_plan(settings: Settings) -> Plan:
    """Where there is no database yet: everybody is new."""
    following = (
        FollowChange(kind=ChangeKind.FOLLOWED, person=person.name or page.url, profile=page.url)
        for person in settings.people
        for page in person.profiles
    )
    return Plan(following=tuple(following), is_compared=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    settings: Settings
    root: Mapping[str, Any]


def _read(text: str, settings: Settings) -> _Read:
    path = settings.config_path
    root = values_of(text, path)
    return _Read(settings=settings_of(text, path, database=settings.database), root=root)


def _rules(before: Settings, after: Settings) -> Iterator[RuleChange]:
    old, new = _entries(before), _entries(after)
    for (of, rule), entry in new.items():
        former = old.get((of, rule))
        if former is None:
            yield RuleChange(change=EntryChange.ADDED, of=of, rule=rule, keys=tuple(_keys({}, entry)))
        elif keys := tuple(_keys(former, entry)):
            yield RuleChange(change=EntryChange.CHANGED, of=of, rule=rule, keys=keys)
    for (of, rule), entry in old.items():
        if (of, rule) not in new:
            yield RuleChange(change=EntryChange.REMOVED, of=of, rule=rule, keys=tuple(_keys(entry, {})))


def _entries(settings: Settings) -> dict[tuple[str, str], Mapping[str, Any]]:
    """What is said of each rule, by whose it is and its name."""
    layers = settings.layers
    said: dict[tuple[str, str], Mapping[str, Any]] = {}
    of: tuple[tuple[str, Sequence[Entry]], ...] = (
        ("everybody", layers.broad),
        *((f"tag {tag}", entries) for tag, entries in layers.tags.items()),
        *((person, entries) for person, entries in layers.people.items()),
    )
    for whose, entries in of:
        said |= {(whose, entry.name): entry.written for entry in entries}
    return said


def _keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[KeyChange]:
    for key in sorted(before.keys() | after.keys() - {"name"}):
        old, new = _json(before.get(key)), _json(after.get(key))
        if old != new and key != "name":
            yield KeyChange(key=key, before=old, after=new)


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _receivers(before: Settings, after: Settings) -> Iterator[ReceiverChange]:
    old = {receiver.name: json.loads(receiver.written or "{}") for receiver in before.receivers}
    new = {receiver.name: json.loads(receiver.written or "{}") for receiver in after.receivers}
    for name, keys in new.items():
        if name not in old:
            yield ReceiverChange(change=EntryChange.ADDED, receiver=name, keys=tuple(sorted(keys)))
        elif differ := tuple(
            sorted(key for key in keys.keys() | old[name].keys() if keys.get(key) != old[name].get(key))
        ):
            yield ReceiverChange(change=EntryChange.CHANGED, receiver=name, keys=differ)
    for name in old.keys() - new.keys():
        yield ReceiverChange(change=EntryChange.REMOVED, receiver=name)
