"""On which line a key stands: asked only when an error has to name it."""

from collections.abc import Iterator

import yaml

from alerts.setting import KeyPath
from flows.config.marks import skip, start_of


def line_of(text: str, path: KeyPath) -> int:
    """The line, from 1, of the deepest part of ``path`` that the YAML text has; 1 when it has none of it.

    Of a key that is written twice, the first. The text needs to be sound only up to there.
    """
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            return _descend(event, events, path, 0) + 1
    return 1


def _descend(event: yaml.Event, events: Iterator[yaml.Event], path: KeyPath, line: int) -> int:
    if not path:
        return line
    if isinstance(event, yaml.MappingStartEvent):
        return _in_mapping(events, path, line)
    if isinstance(event, yaml.SequenceStartEvent):
        return _in_sequence(events, path, line)
    return line


def _in_mapping(events: Iterator[yaml.Event], path: KeyPath, line: int) -> int:
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        value = next(events)
        if isinstance(key, yaml.ScalarEvent) and key.value == path[0]:
            return _descend(value, events, path[1:], start_of(key).line)
        skip(value, events)
    return line


def _in_sequence(events: Iterator[yaml.Event], path: KeyPath, line: int) -> int:
    index = 0
    while not isinstance(item := next(events), yaml.SequenceEndEvent):
        if index == path[0]:
            return _descend(item, events, path[1:], start_of(item).line)
        skip(item, events)
        index += 1
    return line
