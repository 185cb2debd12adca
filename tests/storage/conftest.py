"""Every test of the store runs on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that has the tables and nothing in them."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    Store.open(str(path)).close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that has the tables and nothing in them."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        return str(shutil.copy(template, tmp_path / "scholarwatch.db"))
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database in which nothing is, not even a table."""
    if request.param == "sqlite":
        return str(tmp_path / "scholarwatch.db")
    url: str = request.getfixturevalue("new_postgres_database")()
    return url


@pytest.fixture
def store(request: pytest.FixtureRequest, database: str) -> Iterator[Store]:
    if "postgresql" in database:
        yield request.getfixturevalue("postgres_store")
        return
    with Store.open(database) as opened:
        yield opened
