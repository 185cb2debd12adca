"""One byte of a stored value becomes another, behind the back of the program; and back again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Column, and_, bindparam, cast, select, update
from sqlalchemy.types import JSON, String

from storage import tables
from storage.engine import Database
from tests.storage.copied import unwatched

#: What a proof rests on, by table. The other columns move as time goes on, and nothing is told by them.
GROUND = {
    "blob": ("sha256", "size", "encoding", "checksum", "data"),
    "snapshot": (
        "profile_id", "observed_at", "recorded_at", "confirmed_at", "run_id", "origin", "place", "parser", "complete",
        "url", "status", "headers", "page_id", "reading_id", "seal",
    ),
    "event": (
        "id", "profile_id", "kind", "cause", "paper_id", "paper_title", "field", "before", "after", "since",
        "observed_at", "recorded_at", "run_id", "seal",
    ),
    "listing": ("profile_id", "paper_id", "since", "until", "missed_at", "removed_at", "last_shown"),
    "metric": ("profile_id", "name", "since", "until", "value"),
    "alias": ("profile_id", "text", "paper_id", "since"),
    "outbox": ("receiver", "event_id", "rules", "item", "seal"),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A value that is not NULL, and where it stands."""

    table: str
    column: str
    row: dict[str, Any]
    value: Any

    @property
    def is_json(self) -> bool:
        return isinstance(tables.Row.metadata.tables[self.table].c[self.column].type, JSON)

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of {self.row}"


def cells(database: Database, table: str, column: str) -> list[Cell]:
    """All of a column; of snapshots only those that count have times that matter."""
    of = tables.Row.metadata.tables[table]
    query = select(*of.primary_key.columns, _raw(of.c[column]).label("flipped")).order_by(*of.primary_key.columns)
    if column in ("confirmed_at", "observed_at") and table == "snapshot":
        query = query.where(of.c.superseded_at.is_(None))
    if table == "blob":
        query = query.where(of.c.encoding != "retired")
    with database.reading() as connection:
        rows = connection.execute(query).all()
    keys = [one.name for one in of.primary_key.columns]
    return [
        Cell(table, column, dict(zip(keys, row, strict=False)), row.flipped) for row in rows if row.flipped is not None
    ]


def _raw(column: Column[Any]) -> Any:
    """JSON as the text that it is stored as."""
    return cast(column, String) if isinstance(column.type, JSON) else column


@contextmanager
def flipped(database: Database, cell: Cell, draw: Random) -> Iterator[None]:
    """Within, the value is another."""
    other = _other(cell.value, draw)
    while cell.is_json and database.path is None and not _is_json(other):
        # PostgreSQL looks at what it is given.
        other = _other(cell.value, draw)
    _write(database, cell, cell.row, other)
    try:
        yield
    finally:
        row = {name: other if name == cell.column else value for name, value in cell.row.items()}
        _write(database, cell, row, cell.value)


def _other(value: Any, draw: Random) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value ^ 1 << draw.randrange(4)
        case float():
            return value + draw.choice((0.25, -1.0, 2.0))
        case datetime():
            return value + timedelta(microseconds=1 << draw.randrange(24))
        case bytes():
            place = draw.randrange(len(value))
            return value[:place] + bytes([value[place] ^ 1 << draw.randrange(8)]) + value[place + 1 :]
        case str():
            place = draw.randrange(len(value))
            return value[:place] + chr(ord(value[place]) ^ 1 << draw.randrange(5)) + value[place + 1 :]
    raise TypeError(f"no byte of {value!r}")


def _is_json(value: str) -> bool:
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _write(database: Database, cell: Cell, row: dict[str, Any], value: Any) -> None:
    of = tables.Row.metadata.tables[cell.table]
    column = of.c[cell.column]
    new: Any = bindparam("new", value, type_=String() if cell.is_json else column.type)
    if cell.is_json and database.path is None:
        new = cast(new, column.type)
    change = update(of).where(and_(*(of.c[name] == key for name, key in row.items()))).values({cell.column: new})
    with unwatched(database) as connection:
        assert connection.execute(change).rowcount == 1
