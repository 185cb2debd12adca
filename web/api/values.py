"""What requests hold beside plain words: times, names, ids; each refuses what is none."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema

#: A time as RFC 3339 writes it, its zone left out for UTC; or a day.
_TIME = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: No page is older, and none is from further on.
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)


def _time(value: object) -> datetime:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise ValueError("this is no date or time; write 2026-11-22, or 2026-11-22T08:00:00+01:00")
    # A plus that nobody has encoded arrives as a blank.
    read = datetime.fromisoformat(value.upper())
    if not _FIRST.year <= read.year <= _LAST.year:
        return _FIRST if read.year < _FIRST.year else _LAST
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _day(value: object) -> date:
    """Pydantic would take a number of seconds, too."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("this is no date; write 2026-11-22")
    return date.fromisoformat(value)


def _end_of(value: object) -> datetime:
    read = _time(value)
    is_day = isinstance(value, str) and len(value) == len("2026-11-22")
    return read.replace(hour=23, minute=59, second=59, microsecond=999_999) if is_day else read


_SCHEMA = WithJsonSchema(
    {
        "anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}],
        "examples": ["2026-11-22"],
    }
)

Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
#: A time; of a day its beginning, in UTC.
Since = Annotated[datetime, BeforeValidator(_time), _SCHEMA]
#: A time; of a day its end, in UTC.
Until = Annotated[datetime, BeforeValidator(_end_of), _SCHEMA]

_ACTING = r"\x00-\x1f\x7f-\x9f"
_SHOWN = f"[^{_ACTING}]"
#: What somebody typed; without the one character that PostgreSQL cannot keep.
Text = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
#: Something is in it, and no character that acts instead of showing.
Name = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=rf"^{_SHOWN}*[^\s{_ACTING}]{_SHOWN}*$")]
Id = Annotated[int, Path(ge=1, le=2**31 - 1)]


class Said(BaseModel):
    """What a request says; a key that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """What an answer holds; all of it is described."""

    model_config = ConfigDict(extra="forbid")


#: A time as it is printed elsewhere: ISO 8601 with its offset.
Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
#: What a page, a rule or a run holds; of any form.
Json = Any
