"""A new entry in the list ``people`` of a YAML text, and not one other character changed.

The text is not taken apart and written anew: comments, order, quotes, indentation and line ends stay as the owner has
them, and a file of 100,000 people takes a second.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from flows.config.marks import end_of, skip, start_of
from flows.config.scalar import read_scalar

_PLAIN_WORDS = re.compile(r"[^\W\d_][\w.'-]*( [\w.'-]+)*")
_PLAIN_URL = re.compile(r"https?://[\w./?&=%@+;~:-]*[\w/=-]", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """An entry as it is to stand in the file."""

    urls: tuple[str, ...]
    source: str | None = None
    name: str | None = None
    tags: tuple[str, ...] = ()


class NoPlaceError(Exception):
    """The text has no list of people that an entry can be put into."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the entry goes: between ``before`` and ``after``, instead of what stands from ``start`` to ``end``."""

    start: int
    end: int
    #: Of the entry's dash; None inside brackets.
    column: int | None
    before: str = ""
    after: str = ""


def insert_person(text: str, person: NewPerson) -> str:
    """The text with one more entry at the end of ``people``, which is made when it is not there.

    Raises NoPlaceError, and yaml.YAMLError for a broken text.
    """
    place = _place(text)
    if place.column is None:
        entry = _flow_entry(person)
    else:
        entry = "".join(" " * place.column + line + "\n" for line in _block_entry(person))
    inserted = place.before + entry + place.after
    if "\r\n" in text:
        inserted = inserted.replace("\n", "\r\n")
    return text[: place.start] + inserted + text[place.end :]


def _place(text: str) -> _Place:
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
    root = next((event for event in events if isinstance(event, yaml.NodeEvent)), None)
    if root is None:
        return _new_list(text, column=0)
    if not isinstance(root, yaml.MappingStartEvent):
        raise NoPlaceError("the file is no mapping")
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        value = next(events)
        if isinstance(key, yaml.ScalarEvent) and key.value == "people":
            column = None if root.flow_style else start_of(key).column + 2
            return _place_in(value, events, text, column)
        skip(value, events)
    if root.flow_style:
        inside = start_of(root).index + 1
        return _Place(inside, inside, None, "people: [", "], ")
    return _new_list(text, start_of(root).column)


def _new_list(text: str, column: int) -> _Place:
    line_end = "" if not text or text.endswith("\n") else "\n"
    before = f"{line_end}{' ' * column}people:\n"
    return _Place(len(text), len(text), column + 2, before)


def _place_in(value: yaml.Event, events: Iterator[yaml.Event], text: str, column: int | None) -> _Place:
    """Where in the value of ``people``; ``column`` is where the dashes of a new list go, None inside brackets."""
    start, end = start_of(value).index, end_of(value).index
    if isinstance(value, yaml.SequenceStartEvent) and value.anchor is None and value.tag is None:
        last = _end_of_last_item(value, events)
        if value.flow_style:
            return _Place(end, end, None) if last is None else _Place(last, last, None, ", ")
        return _after_line(text, last or end, start_of(value).column)
    if isinstance(value, yaml.ScalarEvent) and value.implicit[0] and read_scalar(value.value) is None:
        if column is None:
            return _Place(start, end, None, " [", "]")
        rest = _after_line(text, end, column)
        comment = text[end : rest.start].rstrip("\r\n")
        return _Place(start, rest.start, column, f"{comment}\n")
    raise NoPlaceError("“people” is no list of its own")


def _end_of_last_item(sequence: yaml.SequenceStartEvent, events: Iterator[yaml.Event]) -> int | None:
    """Where the text of the last item ends. The end of a block is no help: comments after it lie before that."""
    last = None
    brackets = [bool(sequence.flow_style)]
    while brackets:
        event = next(events)
        if isinstance(event, yaml.CollectionStartEvent):
            brackets.append(bool(event.flow_style))
        elif not isinstance(event, yaml.CollectionEndEvent) or (brackets.pop() and brackets):
            last = end_of(event).index
    return last


def _after_line(text: str, index: int, column: int) -> _Place:
    if text[index - 1] == "\n":
        return _Place(index, index, column)
    line_end = text.find("\n", index)
    if line_end < 0:
        return _Place(len(text), len(text), column, "\n")
    return _Place(line_end + 1, line_end + 1, column)


def _block_entry(person: NewPerson) -> list[str]:
    profiles = [_profile(url, person.source) for url in person.urls]
    if len(profiles) == 1 and person.name is None and not person.tags and person.source is None:
        return [f"- {profiles[0]}"]
    lines = []
    if person.name is not None:
        lines.append(f"name: {_scalar(person.name)}")
    if person.tags:
        lines.append(f"tags: [{_scalars(person.tags)}]")
    lines.append("profiles:")
    lines += [f"  - {profile}" for profile in profiles]
    return [("  " if index else "- ") + line for index, line in enumerate(lines)]


def _flow_entry(person: NewPerson) -> str:
    name = "" if person.name is None else f"name: {_scalar(person.name)}, "
    tags = f"tags: [{_scalars(person.tags)}], " if person.tags else ""
    profiles = ", ".join(_profile(url, person.source) for url in person.urls)
    return f"{{{name}{tags}profiles: [{profiles}]}}"


def _profile(url: str, source: str | None) -> str:
    return _scalar(url) if source is None else f"{{url: {_scalar(url)}, source: {_scalar(source)}}}"


def _scalars(texts: Sequence[str]) -> str:
    return ", ".join(_scalar(text) for text in texts)


def _scalar(text: str) -> str:
    """A text so that it is read back as itself, in quotes only where it needs them."""
    if _PLAIN_URL.fullmatch(text) or (_PLAIN_WORDS.fullmatch(text) and isinstance(read_scalar(text), str)):
        return text
    return json.dumps(text.replace("$", "$$"), ensure_ascii=False)
