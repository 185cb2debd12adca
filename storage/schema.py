"""Which schema a database has, and bringing it to the one that this program speaks."""

from sqlalchemy import Connection, inspect, text

from storage.engine import Database
from storage.errors import NoDatabase, StoreError

#: The newest revision in ``migrations/versions``.
SCHEMA = "0014"


def open_schema(database: Database, *, create: bool, migrate: bool = True) -> None:
    """Make sure that the database has the schema of this program; migrate an older one.

    Raises StoreError when it cannot be opened, is newer than this program or belongs to another one, and, unless
    ``create``, when there is none: then no file comes into being either. Without ``migrate`` an older one is refused.
    """
    path = database.path
    if not create and path is not None and not path.is_file():
        raise NoDatabase(f"there is no database {database.name} yet: the first “scholarwatch run” makes it")
    if path is not None and not path.absolute().parent.is_dir():
        raise StoreError(f"database {database.name}: there is no folder {path.parent}")
    with database.reading() as connection:
        revision = _revision(connection, database)
    if revision == SCHEMA:
        return
    if revision is None and not create:
        raise NoDatabase(f"there is no database {database.name} yet: the first “scholarwatch run” makes it")
    if not migrate:
        advice = ": the next “scholarwatch run” brings it up to date" if str(revision) < SCHEMA else ""
        raise StoreError(f"database {database.name} has schema {revision}, and this program speaks {SCHEMA}{advice}")
    # Another process may be at it as well: the second one to get here finds the work done.
    with database.migrating() as connection:
        revision = _revision(connection, database)
        if revision != SCHEMA:
            # Alembic takes 0.3 s to import, which a reading command of an up-to-date database need not wait for.
            from storage.migrate import upgrade

            upgrade(connection, revision, database.name)


def _revision(connection: Connection, database: Database) -> str | None:
    """The revision of the schema, None where there are no tables."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        return str(revision)
    if tables:
        raise StoreError(f"database {database.name} holds another program's tables ({tables[0]}, …)")
    return None
