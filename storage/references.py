"""Who refers to a blob, as the tables themselves say: a new table with a foreign key is seen without being named."""

from collections.abc import Collection

from sqlalchemy import Column, Connection, select

from storage import tables
from storage.statements import rows_in


def references_to_blobs() -> list[Column[int]]:
    """The columns, of any table, that hold the id of a blob."""
    return [
        key.parent
        for table in tables.Row.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is tables.blob.c.id
    ]


def referred_to(connection: Connection, column: Column[int], blob_ids: Collection[int]) -> set[int]:
    """Those of the blobs that the column names in some row."""
    return {blob_id for (blob_id,) in rows_in(connection, select(column).distinct(), column, blob_ids)}
