"""Rules for everybody, narrowed by tag and by person: what holds for whom, and where each key of it comes from.

    built in or ``rules``  →  ``tags`` in their order  →  the person's own

A narrower rule of a known name says key by key, in ``where`` part by part, what is otherwise; one of a new name is
added.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from alerts.rules import Entry
from alerts.setting import KeyPath
from alerts.subject import folded

#: By which tags and which person rules are narrowed.
NarrowedBy = tuple[tuple[str, ...], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """What the configuration says of rules, for whom. Tags and people are named as names are compared."""

    broad: tuple[Entry, ...] = ()
    #: In the order of the section.
    tags: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    people: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Of all rules that there are for anybody, each once, as the broadest entry writes it."""
        names: dict[str, str] = {}
        for entry in (*self.broad, *chain(*self.tags.values(), *self.people.values())):
            names.setdefault(folded(entry.name), entry.name)
        return list(names.values())

    def narrowed_by(self, person: str, tags: Iterable[str]) -> NarrowedBy:
        """What narrows the rules of somebody; most people have nothing of it."""
        held = set(map(folded, tags)) if self.tags else set()
        name = folded(person) if self.people else ""
        return tuple(tag for tag in self.tags if tag in held), name if name in self.people else None

    def entries(self, by: NarrowedBy) -> tuple[Entry, ...]:
        """The narrower entries, in the order in which they apply."""
        tags, person = by
        own = self.people[person] if person is not None else ()
        return (*(entry for tag in tags for entry in self.tags[tag]), *own)


@dataclass(frozen=True, slots=True)
class Said:
    """A key of a rule as it is written, and where; an empty path: it is built in."""

    value: object
    path: KeyPath


def origins(entries: Iterable[Entry]) -> dict[str, dict[str, Said]]:
    """By name of a rule, as names are compared, and key, such as ``where.metric``: what was said of it last.

    The name itself is that of the broadest entry.
    """
    rules: dict[str, dict[str, Said]] = {}
    for entry in entries:
        keys = rules.setdefault(folded(entry.name), {"name": Said(entry.name, _place(entry, "name"))})
        keys |= {key: Said(value, _place(entry, key)) for key, value in entry.written.items()}
    return rules


def _place(entry: Entry, key: str) -> KeyPath:
    return (*entry.path, *key.split(".")) if entry.path else ()
