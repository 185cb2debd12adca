"""The few statements that this room writes again and again, for many rows at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, Table, bindparam, insert, update

#: A row of a result; its columns are attributes.
StoredRow = Row[*tuple[Any, ...]]
#: Both databases take more parameters in one statement; more do not make it faster.
_VALUES_MAX = 5_000


def rows_in(
    connection: Connection, query: Select[*tuple[Any, ...]], column: Column[Any], values: Iterable[Any]
) -> Iterator[StoredRow]:
    """The rows of the query whose column has one of the values; the order is the query's within parts only."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), _VALUES_MAX):
        yield from connection.execute(query.where(column.in_(distinct[start : start + _VALUES_MAX])))


def insert_rows(connection: Connection, table: Table, rows: Collection[Mapping[str, Any]]) -> None:
    """Insert the rows, which all name the same columns."""
    if rows:
        connection.execute(insert(table), list(rows))


def update_each(connection: Connection, table: Table, by: Collection[str], rows: Collection[Mapping[str, Any]]) -> None:
    """Update one row for each mapping, found by the columns ``by``, in all its other columns."""
    if not rows:
        return
    changed = next(iter(rows)).keys() - set(by)
    statement = update(table).values({name: bindparam(f"new_{name}") for name in sorted(changed)})
    for name in by:
        statement = statement.where(table.c[name] == bindparam(f"by_{name}"))
    connection.execute(
        statement,
        [{(f"by_{name}" if name in by else f"new_{name}"): value for name, value in row.items()} for row in rows],
    )
