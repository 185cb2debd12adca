"""On which line a key stands: asked only when somebody has to be told."""

from collections.abc import Collection, Iterator, Sequence

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


def lines_of(text: str, paths: Collection[KeyPath]) -> dict[KeyPath, int]:
    """`line_of` each of these paths, of a text that is sound, in one reading."""
    lines = dict.fromkeys(paths, 1)
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            _note(event, events, [(path, path) for path in paths], lines)
    return lines


def _note(
    event: yaml.Event,
    events: Iterator[yaml.Event],
    wanted: Sequence[tuple[KeyPath, KeyPath]],
    lines: dict[KeyPath, int],
) -> None:
    """Note the lines of what lies in the node that ``event`` begins: whole paths, with what is left of them."""
    index = 0
    if not isinstance(event, yaml.CollectionStartEvent):
        return
    while not isinstance(start := next(events), yaml.CollectionEndEvent):
        if isinstance(event, yaml.MappingStartEvent):
            step: str | int | None = start.value if isinstance(start, yaml.ScalarEvent) else None
            value = next(events)
        else:
            step, value, index = index, start, index + 1
        inside = [(whole, left[1:]) for whole, left in wanted if left and left[0] == step]
        lines.update((whole, start_of(start).line + 1) for whole, _ in inside)
        if inside:
            _note(value, events, inside, lines)
        else:
            skip(value, events)
