"""A manifest as a page for people, in Markdown: what Prefect shows with a flow run.

# Track of 2026-11-22 06:30 UTC: degraded

| outcomes | |
| --- | ---: |
| ok | 77 |
| blocked | 3 |
| **together** | **80** |

What is counted by parts stands in a table with its sum, what failed in one with a row for each. Text that a site or a
server wrote is code, in which nothing has a meaning.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from alerts.figures import counted, moment
from alerts.inert import inert
from flows.manifest import Manifest

#: Letters of which a URL may consist and still be no more than a link.
_LINK = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'*+,;=%-]+")
#: Said in the heading.
_IN_HEADING = ("kind", "now", "state")
#: Checks that another process had written: with the outcomes they are all that were due.
_BESIDE_OUTCOMES = "overtaken"
_LONGEST = 300


def markdown(manifest: Manifest) -> str:
    """The manifest as a page for people."""
    values = manifest.to_json()
    heading = f"# {values['kind'].capitalize()} of {_moment(values['now'])}: {values['state']}"
    return "\n".join([heading, *_facts(values), *_counts(values), *_lists(values)])


def _facts(values: Mapping[str, Any]) -> Iterator[str]:
    """What is one value each."""
    yield from ("", "| | |", "| --- | --- |")
    for name, value in values.items():
        if name not in _IN_HEADING and not isinstance(value, dict | list):
            yield f"| {_spaced(name)} | {_cell(value)} |"


def _counts(values: Mapping[str, Any]) -> Iterator[str]:
    """What is counted by parts, the most first, with the sum; what is said in words by parts, without."""
    for name, parts in values.items():
        if not isinstance(parts, dict) or not parts:
            continue
        if not all(isinstance(part, int) for part in parts.values()):
            yield from ("", f"| {_spaced(name)} | |", "| --- | --- |")
            yield from (f"| {_spaced(part)} | {_cell(value)} |" for part, value in parts.items())
            continue
        counts: dict[str, int] = dict(parts)
        if name == "outcomes" and values.get(_BESIDE_OUTCOMES):
            counts[_BESIDE_OUTCOMES] = values[_BESIDE_OUTCOMES]
        yield from ("", f"| {_spaced(name)} | |", "| --- | ---: |")
        for part, count in sorted(counts.items(), key=lambda pair: -pair[1]):
            yield f"| {_spaced(part) if name == 'outcomes' else _text(part)} | {count:,} |"
        yield f"| **together** | **{sum(counts.values()):,}** |"


def _lists(values: Mapping[str, Any]) -> Iterator[str]:
    """What is listed, a row for each, and how many there are beside."""
    for name, rows in values.items():
        if not isinstance(rows, list | tuple) or not rows:
            continue
        yield from ("", f"## {_spaced(name).capitalize()}", "")
        if all(isinstance(row, dict) for row in rows):
            yield from _table(rows)
        else:
            yield from (f"- {_cell(row)}" for row in rows)
        unlisted = values.get("failed", 0) - len(rows) if name == "failures" else 0
        if unlisted > 0:
            yield from ("", f"… and {counted(unlisted, 'other')}.")


def _table(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    yield _row(map(_spaced, columns))
    yield _row("---" for _ in columns)
    for row in rows:
        yield _row(_cell(row.get(name)) for name in columns)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: object) -> str:
    match value:
        case None | "":
            return "–"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,g}"
        case dict() | list():
            return _text(
                ", ".join(f"{name}: {part}" for name, part in value.items()) if isinstance(value, dict) else str(value)
            )
    text = str(value)
    return f"<{text}>" if _LINK.fullmatch(text) else _text(text)


def _text(text: str) -> str:
    """Text of somebody else, as code on one line; in a table, a bar needs its backslash there too."""
    line = " ".join(inert(text).replace("`", "'").split())
    short = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
    return f"`{short}`".replace("|", "\\|")


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _moment(written: str) -> str:
    return moment(datetime.fromisoformat(written))
