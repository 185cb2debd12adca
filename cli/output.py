"""What is printed: JSON for programs on standard output, text for people beside it.

Whatever a site wrote passes `inert` before a terminal sees it.
"""

import json
import re
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TextIO

from alerts.inert import inert

if TYPE_CHECKING:
    from rich.text import Text

_WORD = re.compile(r"[^ \n]+")


def print_json(value: object) -> None:
    """One JSON object on one line of standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def say(text: str, *, as_json: bool = False) -> None:
    """A sentence for people; beside JSON it goes to standard error."""
    print(inert_lines(text), file=people_stream(as_json=as_json))


def people_stream(*, as_json: bool) -> TextIO:
    """Where text for people goes."""
    return sys.stderr if as_json else sys.stdout


def inert_lines(text: str) -> str:
    """Text of several lines made harmless; lines and the spaces in them stay where they are."""
    return _WORD.sub(lambda word: inert(word.group()), text)


def print_table(columns: Iterable[str], rows: Iterable[Iterable[object]], *, title: str | None = None) -> None:
    """A table on standard output; numbers are aligned to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    # A pipe has no width: what reads it should get whole lines.
    Console(width=None if sys.stdout.isatty() else 200, highlight=False).print(table)


def _cell(value: object) -> "Text":
    from rich.text import Text

    match value:
        case None:
            return Text("–")
        case bool():
            return Text("yes" if value else "no")
        case int():
            return Text(f"{value:,}", justify="right")
        case float():
            return Text(f"{value:,g}", justify="right")
        case datetime():
            return Text(minute(value))
    return Text(inert(str(value)))


def minute(when: datetime | None) -> str:
    """A time for people, in UTC, to the minute."""
    return "never" if when is None else f"{when:%Y-%m-%d %H:%M}"


def iso(when: datetime | None) -> str | None:
    """A time for programs."""
    return None if when is None else when.isoformat()


def as_words(values: dict[str, Any]) -> str:
    """``{"ok": 3, "blocked": 1}`` as "3 ok, 1 blocked", the most first."""
    ordered = sorted(values.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{count:,} {name}" for name, count in ordered) or "none"
