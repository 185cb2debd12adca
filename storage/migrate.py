"""Alembic, driven from code: the scripts travel with this room, and there is no file to configure it.

A new revision is drafted with ``command.revision(configuration(connection), message, autogenerate=True)``, made
readable by hand, and named in `storage.schema.SCHEMA`; a test compares what it makes with the tables.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.errors import StoreError


def configuration(connection: Connection | None = None) -> Config:
    """What alembic's commands need; `migrations/env.py` takes the connection from it."""
    config = Config()
    folder = Path(__file__).with_name("migrations")
    # The value goes through configparser, to which a lone % is a syntax error.
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str | None, name: str) -> None:
    """Bring the schema from ``revision`` (None: no tables) to the newest, within the caller's transaction.

    Raises StoreError when this program does not know the revision; ``name`` is the database's, for the message.
    """
    config = configuration(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"database {name} has schema {revision}, which this program does not know: "
            "it was written by a newer Scholarwatch, or by another program"
        )
    command.upgrade(config, "head")
