"""One engine for SQLite and PostgreSQL, with the same promises on both.

>>> database = Database.at("scholarwatch.db")
>>> with database.reading() as connection: ...    # one consistent view, never blocked by a writer
>>> with database.writing() as connection: ...    # all or nothing, one writer at a time

One writer at a time is what SQLite does anyway. PostgreSQL is held to it with an advisory lock: identities of papers
are then resolved as if nobody else wrote, no two transactions can deadlock, and what the tests see on SQLite holds.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, ProgrammingError

from storage.errors import StoreError

_BUSY_SECONDS = 30
_BUSY_PAUSE_SECONDS = 0.02
_CACHE_KIB = 32 * 1024
#: Any number will do, as long as it stays the same in every version of the program.
_WRITER_LOCK = 0x5C01A0001
#: With nothing in it that need not be there.
_COMPACT_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Database:
    """An engine and the name by which a person knows it (without a password)."""

    engine: Engine
    name: str

    @classmethod
    def at(cls, database: str) -> "Database":
        """``scholarwatch.db``, a path, ``sqlite:///…`` or ``postgresql+psycopg://…``; nothing is opened yet.

        Raises StoreError for any other kind of address.
        """
        url = _url(database)
        if url.get_backend_name() == "sqlite":
            return cls(_sqlite_engine(url), str(url.database))
        return cls(_postgresql_engine(url), url.render_as_string(hide_password=True))

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        return Path(self.name) if self.engine.dialect.name == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state from beginning to end. Raises StoreError when the database fails."""
        with self._failures_named(), self.engine.connect() as connection:
            if self.path is None:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The only write transaction of the moment; others wait. Raises StoreError when the database fails."""
        with self._failures_named(), self.engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                if self.path is None:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _WRITER_LOCK})
                yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Like `writing`, for a change of the schema: SQLite rebuilds tables that others refer to.

        The references are then looked at once, at the end. Raises StoreError when one is broken.
        """
        if self.path is None:
            with self.writing() as connection:
                yield connection
            return
        with self._failures_named(), self.engine.connect() as connection:
            connection.execution_options(writes=True)
            with _references_unwatched(connection), connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    raise StoreError(f"database {self.name}: a row of {broken[0]} refers to no row of {broken[2]}")

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """A connection outside of any transaction, for what lasts as long as the connection does."""
        with self._failures_named(), self.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection

    @contextmanager
    def _failures_named(self) -> Iterator[None]:
        """Turn what the database could not do into a StoreError; what the program did wrong stays what it is."""
        try:
            yield
        except (IntegrityError, ProgrammingError):
            raise
        except DatabaseError as error:
            raise StoreError(f"database {self.name}: {error.orig}".strip()) from error


def _url(database: str) -> URL:
    if "://" not in database:
        return URL.create("sqlite", database=database)
    try:
        url = make_url(database)
        backend = url.get_backend_name()
    except ArgumentError as error:
        raise StoreError(f"not the address of a database: {database}") from error
    match backend:
        case "sqlite":
            if url.database in (None, "", ":memory:"):
                raise StoreError("a database in memory is gone with its process: name a file")
            return url.set(drivername="sqlite")
        case "postgresql":
            return url.set(drivername="postgresql+psycopg")
        case _:
            raise StoreError(f"neither SQLite nor PostgreSQL: {url.render_as_string(hide_password=True)}")


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, json_serializer=_COMPACT_JSON, connect_args={"timeout": _BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver would begin transactions by itself, later than they have to begin.
        connection.isolation_level = None
        # Its own knows ASCII alone: “ZOË” is somebody else to it than “Zoë”.
        connection.create_function("lower", 1, _lower, deterministic=True)
        _begin_wal(connection)
        for pragma in ("synchronous = NORMAL", "foreign_keys = ON", f"cache_size = -{_CACHE_KIB}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _begin_wal(connection: sqlite3.Connection) -> None:
    """Readers and the writer do not wait for each other. The file remembers it.

    When several processes do this to a new file at once, SQLite tells some of them at once that it is locked, whatever
    timeout was asked for.
    """
    began = perf_counter()
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or perf_counter() - began > _BUSY_SECONDS:
                raise
            sleep(_BUSY_PAUSE_SECONDS)


@contextmanager
def _references_unwatched(connection: Connection) -> Iterator[None]:
    """Within a transaction SQLite would not hear of it: this is said before one begins."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(url, json_serializer=_COMPACT_JSON, pool_pre_ping=True)
