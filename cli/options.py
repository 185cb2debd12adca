"""Options that many verbs share, each written once."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", metavar="FILE", help="The configuration (default: ./scholarwatch.yaml)."),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="FILE|URL",
        help="Another database than the configuration's: a file or postgresql+psycopg://…",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output, text for people on standard error.")]

_DURATION = re.compile(r"(\d{1,4})\s*([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}

#: Days can be added to and taken from any time within.
_YEARS = range(1990, 2200)


def moment(text: str) -> datetime:
    """A point in time as ISO 8601; without an offset it is UTC."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no date or time; write 2026-11-22, or 2026-11-22T08:00:00+01:00"
        ) from None
    if read.year not in _YEARS:
        raise typer.BadParameter(f"{text!r} is no time of a web page: years go from {_YEARS[0]} to {_YEARS[-1]}")
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def end_of_moment(text: str) -> datetime:
    """As `moment`, but a date alone is its last instant: what a day looked like when it was over."""
    read = moment(text)
    return read if len(text) > 10 else read.replace(hour=23, minute=59, second=59, microsecond=999_999)


def duration(text: str) -> timedelta:
    """``36h``, ``14d`` or ``2w``; more than nothing."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or not int(match[1]):
        raise typer.BadParameter(f"{text!r} is no length of time; write 36h, 14d or 2w")
    return int(match[1]) * _UNITS[match[2]]


Now = Annotated[
    datetime | None,
    typer.Option("--now", parser=moment, metavar="TIME", help="Act as of this time (ISO 8601; UTC without an offset)."),
]
At = Annotated[
    datetime | None,
    typer.Option("--at", parser=end_of_moment, metavar="TIME", help="As it was then (a date: at the end of that day)."),
]


def clock(now: datetime | None) -> datetime:
    """The one reading of the clock of a command."""
    return now or datetime.now(UTC)
