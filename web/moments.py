"""Times as an address has them, and places in a list."""

import base64
import json
from datetime import UTC, date, datetime, time, tzinfo

from fastapi import HTTPException

from tracking.directory import Cursor, Order

#: Days can be added to and taken from any time within.
_YEARS = range(1990, 2200)


def end_of_day(text: str, zone: tzinfo) -> datetime | None:
    """The last instant of a day (``2026-03-01``) in the reader's zone; None for nothing. Refuses what is no day."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise HTTPException(400, f"“{text[:40]}” is no date; one is written 2026-03-01.") from None
    if day.year not in _YEARS:
        raise HTTPException(400, f"“{text}” is no day of a web page.")
    return datetime.combine(day, time(23, 59, 59, 999_999), zone).astimezone(UTC)


def behind(text: str) -> tuple[datetime, str] | None:
    """What `place_behind` wrote: a time, and the id of what was of it."""
    if not text:
        return None
    try:
        at, thing = _decoded(text)
        return datetime.fromisoformat(str(at)).astimezone(UTC), str(thing)
    except (ValueError, TypeError):
        raise HTTPException(400, "There is no such place in the list.") from None


def place_behind(at: datetime, thing: str | int) -> str:
    """As a parameter of an address."""
    return _encoded([at.isoformat(), str(thing)])


def cursor_of(text: str, order: Order) -> Cursor | None:
    """What `cursor_text` wrote of a list in this order."""
    if not text:
        return None
    try:
        place, person_id = _decoded(text)
        if not isinstance(person_id, int):
            raise TypeError(text)
        match order, place:
            case Order.NAME, str():
                return Cursor(place, person_id)
            case Order.CHANGED, str():
                return Cursor(datetime.fromisoformat(place).isoformat(), person_id)
            case Order.METRIC, int() | float():
                return Cursor(place, person_id)
        raise TypeError(text)
    except (ValueError, TypeError):
        raise HTTPException(400, "There is no such place in the list.") from None


def cursor_text(cursor: Cursor) -> str:
    return _encoded([cursor.place, cursor.person_id])


def _encoded(parts: list[object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts, ensure_ascii=False).encode()).decode().rstrip("=")


def _decoded(text: str) -> tuple[object, ...]:
    padded = text + "=" * (-len(text) % 4)
    parts = json.loads(base64.urlsafe_b64decode(padded.encode("ascii", "replace")))
    if not isinstance(parts, list):
        raise TypeError(text)
    return tuple(parts)
