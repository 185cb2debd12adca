"""The whole database as one file, whatever its kind.

    one read transaction → every row of every table → .FILE.….part → FILE

`storage.restoring` is the way back.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Self

from sqlalchemy import JSON, Connection, CursorResult, LargeBinary, Table, func, select, text
from sqlalchemy.types import TypeEngine

from storage.backup_file import BackupWriter, Form, Header, Section
from storage.columns import UtcTime
from storage.engine import Database
from storage.errors import BackupError
from storage.tables import Row

#: Called with the number of rows, and how many of them are done.
Progress = Callable[[int, int], None]

_REPORTED_EVERY = 1_000
#: Rows are read in parts of so many, or so few where each may hold a page.
_ROWS_AT_ONCE = 1_000
_LARGE_ROWS_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup as it was written or restored. ``schema`` is the revision of the tables in it."""

    path: Path
    created_at: datetime
    schema: str
    rows: int
    size_bytes: int

    @classmethod
    def of(cls, path: Path, header: Header) -> Self:
        return cls(
            path=path,
            created_at=header.created_at,
            schema=header.schema,
            rows=header.rows,
            size_bytes=path.stat().st_size,
        )


def back_up(database: Database, path: Path, *, now: datetime, progress: Progress | None = None) -> Backup:
    """Write all that the database holds at this moment to a new file, while others go on writing.

    The file is under its name only when it is whole. Raises BackupError where there is such a file already, OSError
    where none can be written.
    """
    if path.exists():
        raise BackupError(f"{path}: is there already; a backup does not take the place of another file")
    with _taking_name(path) as file, database.reading() as connection:
        header = _header(connection, now)
        writer = BackupWriter(file, header)
        done = 0
        for section in header.sections:
            with _stored_rows(connection, Row.metadata.tables[section.table]) as rows:
                for number in writer.write_rows(section, rows):
                    if progress is not None and (done + number) % _REPORTED_EVERY == 0:
                        progress(header.rows, done + number)
            done += section.rows
        writer.end()
    return Backup.of(path, header)


def _header(connection: Connection, now: datetime) -> Header:
    from importlib.metadata import version

    return Header(
        scholarwatch=version("scholarwatch"),
        schema=connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one(),
        created_at=now,
        sections=[
            Section(
                table=stored.name,
                columns={one.name: _form(one.type) for one in stored.columns},
                rows=connection.execute(select(func.count()).select_from(stored)).scalar_one(),
            )
            for stored in Row.metadata.sorted_tables
        ],
    )


def _form(kind: TypeEngine[Any]) -> Form:
    match kind:
        case UtcTime():
            return Form.TIME
        case LargeBinary():
            return Form.BYTES
        case JSON():
            return Form.JSON
        case _:
            return Form.PLAIN


def _stored_rows(connection: Connection, stored: Table) -> CursorResult[Any]:
    """The rows by their key, a few in memory at a time."""
    has_bytes = any(_form(one.type) is Form.BYTES for one in stored.columns)
    at_once = _LARGE_ROWS_AT_ONCE if has_bytes else _ROWS_AT_ONCE
    return connection.execute(select(stored).order_by(*stored.primary_key).execution_options(yield_per=at_once))


@contextmanager
def _taking_name(path: Path) -> Iterator[BinaryIO]:
    """A file beside ``path`` that gets its name when all is written, and on the disk."""
    folder = path.absolute().parent
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=folder)
    try:
        with open(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
