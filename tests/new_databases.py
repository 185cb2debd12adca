"""New SQLite databases: files that have the tables and nothing in them, migrated once and copied since."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.store import Store


def new_sqlite(path: Path) -> str:
    """Write one to this path. Gives its address."""
    path.write_bytes(_migrated())
    return str(path)


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "new.db")
        Store.open(str(path)).close()
        return path.read_bytes()
