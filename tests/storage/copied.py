"""What is in one database, in another one of either kind."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, func, select, text

from storage import tables
from storage.engine import Database
from storage.statements import insert_rows


def copy_rows(one: str, other: str) -> None:
    """Every row of a database into another one, in which there is none; what comes next there gets new numbers."""
    original, copy = Database.at(one), Database.at(other)
    with original.reading() as rows, unwatched(copy) as connection:
        for table in tables.Row.metadata.sorted_tables:
            insert_rows(connection, table, [row._asdict() for row in rows.execute(select(table))])
            key = table.autoincrement_column
            if copy.path is None and key is not None:
                sequence = func.pg_get_serial_sequence(f'"{table.name}"', key.name)
                connection.execute(select(func.setval(sequence, func.max(key))).having(func.max(key).is_not(None)))
    original.engine.dispose()
    copy.engine.dispose()


@contextmanager
def unwatched(database: Database) -> Iterator[Connection]:
    """A transaction in which no reference is checked."""
    if database.path is None:
        with database.writing() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
        return
    with database.engine.connect() as connection:
        # Within a transaction SQLite would not hear of it.
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            yield connection
        driver.execute("PRAGMA foreign_keys = ON")
