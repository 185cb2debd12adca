"""A backup back into a database, of either kind from either kind.

FILE, checked to its last byte → one write transaction: the tables of its time, its rows, the tables of today
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, LargeBinary, MetaData, column, func, insert, inspect, select, table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import AddConstraint, DropConstraint
from sqlalchemy.types import NullType, TypeEngine

from storage.backup import Backup, Progress
from storage.backup_file import BackupReader, Form, Header
from storage.columns import UtcTime
from storage.engine import Database
from storage.errors import BackupError
from storage.schema import SCHEMA

#: Rows are written in parts of so many, or fewer where they are large.
_ROWS_AT_ONCE = 1_000
_BYTES_AT_ONCE = 4 << 20


def restore(database: Database, path: Path, *, progress: Progress | None = None) -> Backup:
    """Bring what a backup holds into a database in which there is nothing, not even a table: all of it or nothing.

    A backup of older tables is restored into such, which are then migrated. Raises BackupError for a file that is
    damaged or no backup, for one of tables that this program does not know yet, and for a database that is not empty;
    OSError where the file can not be read.
    """
    with path.open("rb") as file:
        reader = BackupReader(path, file)
        _check_schema(path, reader.header)
        with database.migrating() as connection:
            _fill(connection, database.name, reader, progress)
    return Backup.of(path, reader.header)


def _fill(connection: Connection, name: str, reader: BackupReader, progress: Progress | None) -> None:
    there = inspect(connection).get_table_names()
    if there:
        raise BackupError(f"database {name} is not empty (it has the table “{there[0]}”): name a new one")
    _create(connection, reader.header.schema)
    with _references_checked_later(connection):
        _insert(connection, reader, progress)
    _continue_sequences(connection)
    _create(connection, "head")


def _check_schema(path: Path, header: Header) -> None:
    from alembic.script import ScriptDirectory

    from storage.migrate import configuration

    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if header.schema not in known:
        raise BackupError(
            f"{path}: its tables are those of schema {header.schema}, and this program knows those up to {SCHEMA}: "
            f"restore it with Scholarwatch {header.scholarwatch} or a newer one"
        )


def _create(connection: Connection, revision: str) -> None:
    """Make the tables of a revision out of none, or out of those of an older one."""
    from alembic import command

    from storage.migrate import configuration

    command.upgrade(configuration(connection), revision)


def _insert(connection: Connection, reader: BackupReader, progress: Progress | None) -> None:
    done = 0
    for section in reader.header.sections:
        into = table(section.table, *(column(name, _type(form)) for name, form in section.columns.items()))
        for rows in _batches(reader.rows(section)):
            connection.execute(insert(into), rows)
            done += len(rows)
            if progress is not None:
                progress(reader.header.rows, done)


def _batches(rows: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    taken_bytes = 0
    for line_bytes, row in rows:
        batch.append(row)
        taken_bytes += line_bytes
        if len(batch) >= _ROWS_AT_ONCE or taken_bytes >= _BYTES_AT_ONCE:
            yield batch
            batch, taken_bytes = [], 0
    if batch:
        yield batch


@contextmanager
def _references_checked_later(connection: Connection) -> Iterator[None]:
    """Let rows refer to rows of their own table that come after them, until all are there.

    SQLite does not look at references while it migrates, see `Database.migrating`. Raises BackupError.
    """
    reflected = MetaData()
    if connection.dialect.name == "postgresql":
        reflected.reflect(connection)
    circular = [
        constraint
        for each in reflected.sorted_tables
        for constraint in each.foreign_key_constraints
        if constraint.referred_table is each
    ]
    for constraint in circular:
        connection.execute(DropConstraint(constraint))
    try:
        yield
        for constraint in circular:
            connection.execute(AddConstraint(constraint))
    except IntegrityError as error:
        raise BackupError(f"a row of the backup refers to no row: {error.orig}") from error


def _continue_sequences(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that were restored; SQLite does by itself."""
    if connection.dialect.name == "sqlite":
        return
    reflected = MetaData()
    reflected.reflect(connection)
    for each in reflected.sorted_tables:
        if each.autoincrement_column is not None:
            key = each.autoincrement_column
            sequence = select(func.pg_get_serial_sequence(f'"{each.name}"', key.name)).scalar_subquery()
            connection.execute(select(func.setval(sequence, func.max(key))).having(func.max(key).is_not(None)))


def _type(form: Form) -> TypeEngine[Any]:
    match form:
        case Form.TIME:
            return UtcTime()
        case Form.BYTES:
            return LargeBinary()
        case Form.JSON:
            return JSON(none_as_null=True)
        case Form.PLAIN:
            return NullType()
