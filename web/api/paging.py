"""Lists piece by piece. A cursor says behind which row the next piece begins; what is in it is nobody's business.

It names the row by what orders it, and not how many rows came before: what is added meanwhile moves nothing.
"""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import HTTPException, Query
from pydantic import BaseModel, ConfigDict

LIMIT_MAX = 500

Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX, description="So many at once.")]
Cursor = Annotated[str | None, Query(max_length=2_000, description="What the last answer gave as `next`.")]


Item = TypeVar("Item")
Row = TypeVar("Row")


class PageOf(BaseModel, Generic[Item]):
    """A piece of a list."""

    model_config = ConfigDict(extra="forbid")

    items: list[Item]
    #: What to ask for as ``cursor`` to have those behind; null: there are none now.
    next: str | None


def written(of: str, *place: str | float) -> str:
    """The cursor behind the row of this place in the list that is called ``of``."""
    return base64.urlsafe_b64encode(json.dumps([of, *place], ensure_ascii=False).encode()).decode().rstrip("=")


def read(cursor: str | None, of: str, *kinds: type) -> tuple[Any, ...] | None:
    """The place that `written` was given; of each part the type is as said. Refuses a cursor of another list."""
    if cursor is None:
        return None
    try:
        padded = (cursor + "=" * (-len(cursor) % 4)).encode("ascii")
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        json.dumps(parts, ensure_ascii=False, allow_nan=False).encode()
        name, *place = parts
        if name != of or len(place) != len(kinds):
            raise ValueError(of)
        return tuple(_part(part, kind) for part, kind in zip(place, kinds, strict=True))
    except (ValueError, TypeError, RecursionError):
        raise HTTPException(422, "cursor: there is no such place in this list.") from None


def _part(part: object, kind: type) -> object:
    if kind is datetime and isinstance(part, str):
        at = datetime.fromisoformat(part)
        if at.tzinfo is None or not 1 < at.year < 9999:
            raise ValueError(part)
        return at.astimezone(UTC)
    match part:
        case str() if kind is str and "\0" not in part:
            return part
        case int() if kind is int and not isinstance(part, bool) and abs(part) < 2**31:
            return part
    raise TypeError(part)


def page(
    of: str,
    rows: Sequence[Row],
    limit: int,
    place: Callable[[Row], tuple[str | float, ...]],
    shown: Callable[[Row], dict[str, Any]],
) -> dict[str, Any]:
    """The answer, of rows of which one more than ``limit`` was asked for."""
    last = rows[limit - 1] if len(rows) > limit else None
    return {
        "items": [shown(row) for row in rows[:limit]],
        "next": None if last is None else written(of, *place(last)),
    }


def behind(
    rows: Iterable[Row], place: Callable[[Row], tuple[Any, ...]], after: tuple[Any, ...] | None, limit: int
) -> list[Row]:
    """Of rows that are all in memory those behind a place, by their places; one more than ``limit``."""
    further = [row for row in rows if after is None or place(row) > after]
    return sorted(further, key=place)[: limit + 1]
