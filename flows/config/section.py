"""One section of a YAML file as its owner wrote it, and another text in its place; not one other character changed.

The text of a section is its key, its value and the comments in it, whole lines of the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from flows.config.insert import NoPlaceError
from flows.config.marks import end_of, skip, start_of

#: Lines of comment behind a value that are indented belong to it, with the empty lines before them.
_COMMENTS_OF_IT = re.compile(r"(?:(?:[ \t]*\r?\n)*[ \t]+#[^\n]*(?:\n|\Z))*")


@dataclass(frozen=True, slots=True)
class Section:
    """Whole lines of a text; empty where the section is not there, at the place where it would go."""

    name: str
    before: str
    text: str
    after: str

    @property
    def first_line(self) -> int:
        """The line of the file, from 1, in which the section begins."""
        return self.before.count("\n") + 1

    def replaced(self, text: str) -> str:
        """The whole text with another in the place of the section; an empty one takes it away."""
        lines = text.replace("\r\n", "\n").strip("\n")
        lines = f"{lines}\n" if lines.strip() else ""
        if lines and self.before and not self.before.endswith("\n"):
            lines = f"\n{lines}"
        if "\r\n" in self.before + self.text + self.after:
            lines = lines.replace("\n", "\r\n")
        return self.before + lines + self.after


def section_of(text: str, name: str) -> Section:
    """Where a section stands. Raises NoPlaceError where it has no lines of its own, and yaml.YAMLError."""
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    root = next((event for event in events if isinstance(event, yaml.NodeEvent)), None)
    if root is None:
        return Section(name, text, "", "")
    if not isinstance(root, yaml.MappingStartEvent) or root.flow_style:
        raise NoPlaceError("the file is no list of sections, each on lines of its own")
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        value = next(events)
        if isinstance(key, yaml.ScalarEvent) and key.value == name:
            begin = start_of(key).index - start_of(key).column
            end = _end_of_lines(text, _end_of(value, events))
            return Section(name, text[:begin], text[begin:end], text[end:])
        skip(value, events)
    return Section(name, text, "", "")


def keys_of(text: str) -> list[str]:
    """The keys at the root of a text that stands by itself; none where it is no mapping. Raises yaml.YAMLError."""
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    root = next((event for event in events if isinstance(event, yaml.NodeEvent)), None)
    keys = []
    if isinstance(root, yaml.MappingStartEvent):
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            keys.append(key.value if isinstance(key, yaml.ScalarEvent) else "")
            skip(key, events)
            skip(next(events), events)
    return keys


def _end_of(value: yaml.Event, events: Iterator[yaml.Event]) -> int:
    """Where the text of a value ends. The end of a block is no help: comments after it lie before that."""
    last = end_of(value).index
    depth = 0
    event = value
    while True:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if not isinstance(event, yaml.CollectionEndEvent) or end_of(event).index == start_of(event).index + 1:
            last = end_of(event).index
        if depth == 0:
            return last
        event = next(events)


def _end_of_lines(text: str, index: int) -> int:
    """Behind the line in which the place is, and the comments below that belong to it."""
    if text[index - 1] != "\n":
        line_end = text.find("\n", index)
        index = len(text) if line_end < 0 else line_end + 1
    comments = _COMMENTS_OF_IT.match(text, index)
    assert comments is not None  # it matches nothing, too
    return comments.end()
