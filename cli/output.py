"""What is printed: JSON for programs on standard output, text for people beside it.

Whatever a site wrote passes `inert` before a terminal sees it, and whatever is printed `redacted`.
"""

import io
import json
import re
import sys
from datetime import datetime
from typing import TextIO

# Also for the verbs, which print with them.
from alerts.figures import as_words as as_words
from alerts.figures import counted as counted
from alerts.figures import moment
from alerts.figures import spaced as spaced
from alerts.inert import escaped_json, inert
from flows.redaction import redacted, redacted_values

_WORD = re.compile(r"[^ \n]+")


def replace_what_cannot_be_encoded() -> None:
    """Let text for people hold question marks where the terminal's encoding lacks a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def print_json(value: object) -> None:
    """One JSON object on one line of standard output, the same value in any encoding."""
    is_unicode = (getattr(sys.stdout, "encoding", None) or "").lower().startswith("utf")
    print(escaped_json(json.dumps(redacted_values(value), ensure_ascii=not is_unicode)))


def say(text: str, *, as_json: bool = False) -> None:
    """A sentence for people; beside JSON it goes to standard error."""
    print(_inert_lines(text), file=people_stream(as_json=as_json))


def complain(text: str) -> None:
    """What went wrong, on standard error."""
    print(_inert_lines(f"scholarwatch: {text}"), file=sys.stderr)


def people_stream(*, as_json: bool) -> TextIO:
    """Where text for people goes."""
    return sys.stderr if as_json else sys.stdout


def _inert_lines(text: str) -> str:
    """Text of several lines made harmless; lines and the spaces in them stay where they are."""
    return "\n".join(
        line if line.isprintable() else _WORD.sub(lambda word: inert(word.group()), line)
        for line in redacted(text).split("\n")
    )


def minute(when: datetime | None) -> str:
    """A time for people: ``2026-11-22 08:00 UTC``."""
    return "never" if when is None else moment(when)
