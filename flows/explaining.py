"""Which rules hold for whom, and where the configuration says each key of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from alerts.inheritance import Said, origins
from alerts.rules import Entry
from alerts.setting import KeyPath
from alerts.subject import folded
from flows.config.document import read_text
from flows.config.error import key_text
from flows.config.lines import lines_of
from flows.config.whole import Settings
from storage.errors import StoreError, UnknownPerson
from storage.store import Store
from tracking.view import FollowedPerson, PersonView

_NEAR = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidKey:
    """A key of a rule as it is written. Without a line, it is built in."""

    #: ``on``, ``where.metric``
    key: str
    value: object
    #: ``rules[0]``, ``tags.students.rules[1]``, ``people[3].rules[0]``, or ``built in``.
    section: str
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedRule:
    name: str
    disabled: bool
    keys: tuple[SaidKey, ...]


def explain(settings: Settings, person: str, tags: Iterable[str]) -> list[ExplainedRule]:
    """The rules that hold for somebody, in their order. Raises ConfigError when the file cannot be read any more."""
    tags = tuple(tags)
    layers = settings.layers
    said = origins((*layers.broad, *layers.entries(layers.narrowed_by(person, tags))))
    lines = _lines(settings, said.values())
    rules = settings.rules_for(person, tags)
    return [
        ExplainedRule(name=rule.name, disabled=rule.disabled, keys=_keys(said[folded(rule.name)], lines))
        for rule in rules
    ]


def written_rules(settings: Settings) -> list[tuple[str, ExplainedRule]]:
    """Every entry of every list of rules as it is written, and whom it is for: ``everybody``, ``tag …``, a person."""
    layers = settings.layers
    written = [("everybody", entry) for entry in layers.broad]
    written += [(f"tag {tag}", entry) for tag, entries in layers.tags.items() for entry in entries]
    names = {folded(person.name): person.name for person in settings.people if person.name is not None}
    written += [(names[name], entry) for name, entries in layers.people.items() for entry in entries]
    said = [origins([entry])[folded(entry.name)] for _, entry in written]
    lines = _lines(settings, said)
    return [(whom, _entry_as_written(entry, keys, lines)) for (whom, entry), keys in zip(written, said, strict=True)]


def _entry_as_written(entry: Entry, keys: Mapping[str, Said], lines: Mapping[KeyPath, int]) -> ExplainedRule:
    return ExplainedRule(name=entry.name, disabled=bool(entry.said.get("disabled")), keys=_keys(keys, lines))


def _lines(settings: Settings, rules: Iterable[Mapping[str, Said]]) -> Mapping[KeyPath, int]:
    paths = {said.path for keys in rules for said in keys.values()} - {()}
    return lines_of(read_text(settings.config_path), paths) if paths else {}


def _keys(keys: Mapping[str, Said], lines: Mapping[KeyPath, int]) -> tuple[SaidKey, ...]:
    return tuple(
        SaidKey(key=key, value=said.value, section=_section(said.path, key), line=lines.get(said.path))
        for key, said in keys.items()
    )


def _section(path: KeyPath, key: str) -> str:
    return key_text(path[: -len(key.split("."))]) if path else "built in"


def as_written(value: object) -> str:
    """A value of a rule as it stands in the file, on one line."""
    match value:
        case None:
            return "taken away"
        case bool():
            return "true" if value else "false"
        case list():
            return f"[{', '.join(map(as_written, value))}]"
        case dict():
            return f"{{{', '.join(f'{key}: {as_written(one)}' for key, one in value.items())}}}"
        case _:
            return str(value)


# ---- who is meant


def find_followed(settings: Settings, asked: str) -> tuple[str, tuple[str, ...]]:
    """The name and the tags of somebody whom the configuration follows, by a name, or a profile's URL or key.

    Somebody without a name there is known by that of the page, once it was read. Raises UnknownPerson.
    """
    meant = _meant(settings.people, asked)
    if not meant and (known := _stored(settings, asked)) is not None:
        profiles = {(profile.source, profile.key) for profile in known.profiles}
        meant = [one for one in settings.people if any((each.source, each.key) in profiles for each in one.profiles)]
    if len(meant) != 1:
        names = [one.name or one.profiles[0].url for one in meant]
        raise UnknownPerson(asked, names[:_NEAR], ambiguous=len(meant) > 1)
    [person] = meant
    return person.name or _name_on_the_page(settings, person), person.tags


def _meant(people: Sequence[FollowedPerson], asked: str) -> list[FollowedPerson]:
    """An exact name goes before a profile, and that before a part of a name."""
    name = folded(asked)
    ways: tuple[Callable[[FollowedPerson], bool], ...] = (
        lambda one: one.name is not None and folded(one.name) == name,
        lambda one: any(asked in (each.url, each.key, f"{each.source}/{each.key}") for each in one.profiles),
        lambda one: one.name is not None and name in folded(one.name),
    )
    return next((found for way in ways if (found := list(filter(way, people)))), [])


def _name_on_the_page(settings: Settings, person: FollowedPerson) -> str:
    url = person.profiles[0].url
    try:
        known = _stored(settings, url)
    except UnknownPerson:
        known = None
    return known.name if known is not None else url


def _stored(settings: Settings, asked: str) -> PersonView | None:
    """Whom the store knows by this name; None: there is no store yet. Raises UnknownPerson."""
    try:
        with Store.open_existing(settings.database) as store:
            return store.person(asked).person
    except UnknownPerson:
        raise
    except StoreError:
        return None
