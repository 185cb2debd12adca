"""libyaml's events: where they are, and how to pass over what they begin."""

from collections.abc import Iterator
from typing import Protocol

import yaml


class Mark(Protocol):
    """A place in a text; all counts are of characters, from 0."""

    index: int
    line: int
    column: int


def start_of(event: yaml.Event) -> Mark:
    """Where the first character of the event is."""
    assert event.start_mark is not None  # libyaml marks every event
    return event.start_mark


def end_of(event: yaml.Event) -> Mark:
    """The place behind the event; behind a block that is where the next thing begins, comments skipped."""
    assert event.end_mark is not None
    return event.end_mark


def skip(event: yaml.Event, events: Iterator[yaml.Event]) -> None:
    """Read on to the end of the node that ``event`` begins."""
    depth = 0
    while True:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth == 0:
            return
        event = next(events)
