"""YAML text to plain values, straight from libyaml's events.

A tree of nodes with marks would cost several times as much on a file of 100,000 people.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from flows.config.error import ConfigError
from flows.config.lines import line_of
from flows.config.marks import skip, start_of
from flows.config.scalar import read_scalar

_REFERENCE = re.compile(r"\$\$|\$\{([^}]*)\}")
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STRING_TAG = "tag:yaml.org,2002:str"
#: The configuration needs six levels; the limit keeps a broken file from exhausting the stack.
_DEEPEST = 50


class Composer:
    """Builds the values of one document, and knows at which key it is.

    ``name`` is what errors call the file; ``environment`` is what ``${NAME}`` may stand for. With ``only``, every other
    key of the root is passed over unread.
    """

    def __init__(self, text: str, name: str, environment: Mapping[str, str], *, only: str | None = None) -> None:
        self._text = text
        self._name = name
        self._environment = environment
        self._only = only
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._anchors: dict[str, Any] = {}
        self._path: list[str | int] = []

    def compose(self) -> Any:
        """The root: dict, list, str, int, float, bool and None only. Raises ConfigError and yaml.YAMLError."""
        root = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._error(event, "a second document begins here; one file holds one configuration")
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event)
        return root

    def _node(self, event: yaml.Event) -> Any:
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            value = self._collection(event)
        else:
            return self._alias(event)
        # Only now: an anchor that is used inside itself would make an endless value.
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _alias(self, event: yaml.Event) -> Any:
        anchor = event.anchor if isinstance(event, yaml.AliasEvent) else None
        if anchor not in self._anchors:
            raise self._error(event, f"no value that ends before this line is anchored as &{anchor}")
        return self._anchors[anchor]

    def _collection(self, event: yaml.CollectionStartEvent) -> dict[str, Any] | list[Any]:
        if len(self._path) >= _DEEPEST:
            raise self._error(event, f"nested deeper than {_DEEPEST} levels")
        if event.tag is not None:
            raise self._error(event, f"the tag {event.tag} is not read here")
        return self._mapping() if isinstance(event, yaml.MappingStartEvent) else self._sequence()

    def _mapping(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        path = self._path
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event)
            path.append(key)
            if key in values:
                first = line_of(self._text, tuple(path))
                raise self._error(event, f"written twice; line {first} has it already")
            if self._only is not None and len(path) == 1 and key != self._only:
                skip(next(self._events), self._events)
            else:
                values[key] = self._node(next(self._events))
            path.pop()
        return values

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._error(event, "a key must be a text")
        if event.value == "<<" and event.implicit[0]:
            raise self._error(event, "merge keys (<<) are not read here; write the keys out")
        return str(event.value)

    def _sequence(self) -> list[Any]:
        values: list[Any] = []
        path = self._path
        path.append(0)
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            path[-1] = len(values)
            values.append(self._node(event))
        path.pop()
        return values

    def _scalar(self, event: yaml.ScalarEvent) -> str | int | float | bool | None:
        if event.tag not in (None, "!", _STRING_TAG):
            raise self._error(event, f"the tag {event.tag} is not read here")
        text: str = event.value
        value = read_scalar(text) if event.implicit[0] else text
        if isinstance(value, str) and "$" in value:
            return _REFERENCE.sub(lambda reference: self._resolve(reference, event), value)
        return value

    def _resolve(self, reference: re.Match[str], event: yaml.Event) -> str:
        name = reference[1]
        if name is None:
            return "$"
        if not _VARIABLE_NAME.fullmatch(name):
            raise self._error(event, f"{reference[0]} names no variable; write $$ for a dollar sign")
        if name not in self._environment:
            raise self._error(event, f"the environment has no variable {name}")
        return self._environment[name]

    def _error(self, event: yaml.Event, message: str) -> ConfigError:
        line = start_of(event).line + 1
        return ConfigError(message, file=self._name, line=line, path=tuple(self._path))
