"""Every test of the store runs on SQLite and on PostgreSQL; of many cases, the ordinary run tries each on one of them."""

from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

import pytest

from storage.store import Store
from tests.new_databases import new_sqlite


class _Renewed:
    """A path at which there is a new file for each test, and a store that has compiled its statements."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / "scholarwatch.db"
        self.store = Store.open(new_sqlite(self.path))

    def renew(self) -> str:
        self.store.close()
        rmtree(self._folder)
        self._folder.mkdir()
        return new_sqlite(self.path)


@pytest.fixture(scope="session")
def _renewed_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Renewed]:
    renewed = _Renewed(tmp_path_factory.mktemp("sqlite"))
    yield renewed
    renewed.store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The address of a database that has the tables and nothing in them."""
    if request.param == "sqlite":
        renewed: _Renewed = request.getfixturevalue("_renewed_sqlite")
        return renewed.renew()
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
def store(request: pytest.FixtureRequest, database: str) -> Store:
    """A store of that database, which other tests will use after: it keeps nothing but connections and statements."""
    if database.startswith("postgresql"):
        shared: Store = request.getfixturevalue("postgres_store")
        return shared
    renewed: _Renewed = request.getfixturevalue("_renewed_sqlite")
    return renewed.store
