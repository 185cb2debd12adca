"""Tables of text, aligned in any terminal."""

import unicodedata
from collections.abc import Iterable, Sequence

from cli.output import say


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str | None]]) -> None:
    """Columns two spaces apart; an unknown or empty cell is a dash. No line is cut or wrapped."""
    lines = [columns, *([cell or "–" for cell in row] for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(columns))]
    for line in lines:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        say("  ".join(padded).rstrip())


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
