"""Taking out of the archive what nothing refers to, and giving back the room that is free in the database."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, text

from storage import tables
from storage.engine import Database
from storage.errors import StoreError
from storage.references import references_to_blobs, referred_to

_DELETED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacuumed:
    """``blobs`` were deleted. The bytes are those of the database on disk."""

    blobs: int
    before_bytes: int
    after_bytes: int


def vacuum(database: Database) -> Vacuumed:
    """Delete the blobs that nothing refers to, and make the database as small as its kind can be made.

    SQLite's file shrinks, for which it is rewritten: for that while, others wait to write. PostgreSQL fills free room
    with what comes next, and gives back only what lies at the end of a table; nobody waits.
    """
    before_bytes = size_bytes(database)
    blobs = 0
    # What only deleted blobs stood on is free in the next turn.
    while unused := _unused(database):
        for start in range(0, len(unused), _DELETED_AT_ONCE):
            with database.writing() as connection:
                blobs += _delete(connection, unused[start : start + _DELETED_AT_ONCE])
    _give_back(database)
    return Vacuumed(blobs=blobs, before_bytes=before_bytes, after_bytes=size_bytes(database))


def size_bytes(database: Database) -> int:
    """Bytes on disk, of SQLite with what has not been moved into the file yet."""
    if database.path is None:
        with database.reading() as connection:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    parts = (database.path, database.path.with_name(f"{database.path.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def _unused(database: Database) -> list[int]:
    """The ids of blobs that no row of any table refers to."""
    used = [select(column) for column in references_to_blobs()]
    with database.reading() as connection:
        return list(connection.execute(select(tables.blob.c.id).except_(*used)).scalars())


def _delete(connection: Connection, blob_ids: Collection[int]) -> int:
    """Delete those of the blobs that are still unused; how many."""
    used = {blob_id for column in references_to_blobs() for blob_id in referred_to(connection, column, blob_ids)}
    statement = delete(tables.blob).where(tables.blob.c.id.in_(set(blob_ids) - used))
    return connection.execute(statement).rowcount


def _give_back(database: Database) -> None:
    if database.path is None:
        with database.session() as connection:
            connection.execute(text(f"VACUUM {tables.blob.name}"))
        return
    pooled = database.engine.raw_connection()
    try:
        # Not by way of the engine, which would begin a transaction.
        cursor = pooled.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise StoreError(f"database {database.name}: {error}") from error
    finally:
        pooled.close()
