"""Opening: what comes into being, what is refused, and that the migrations make exactly the tables."""

import os
import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from storage.engine import Database
from storage.errors import StoreError
from storage.migrate import configuration
from storage.schema import SCHEMA
from storage.store import Store
from storage.tables import Row
from tests.storage.builders import START, followed
from tests.storage.processes import together


def test_the_newest_migration_is_the_schema_of_the_program() -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == SCHEMA


def test_migrations_make_the_tables_of_the_program(database: str) -> None:
    opened = Database.at(database)
    with opened.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Row.metadata)
    opened.engine.dispose()
    assert differences == []


def test_migrations_make_sqlite_tables_to_the_letter(tmp_path: Path) -> None:
    """Alembic's comparison sees neither WITHOUT ROWID nor the condition of an index."""
    migrated, declared = Database.at(str(tmp_path / "migrated.db")), Database.at(str(tmp_path / "declared.db"))
    Store.open(migrated.name).close()
    with declared.writing() as connection:
        Row.metadata.create_all(connection)
    statements = text("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE '%alembic%' ORDER BY name")
    found = []
    for one in (migrated, declared):
        with one.reading() as connection:
            found.append({name: _words(sql) for name, sql in connection.execute(statements)})
        one.engine.dispose()
    assert found[0] == found[1]


def test_the_order_that_migrations_once_had_leads_to_the_same(empty_database: str) -> None:
    old = Database.at(empty_database)
    with old.writing() as connection:
        command.upgrade(configuration(connection), "0012")
        columns = "recorded_at, kind, cause, superseded_at"
        connection.execute(text(f"CREATE INDEX ix_event_recorded_at_kind_cause_superseded_at ON event ({columns})"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0013'"))
    Store.open(empty_database).close()
    with old.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == SCHEMA
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    old.engine.dispose()


def _words(sql: str | None) -> list[str]:
    """The parts of a statement, whatever their order: alembic quotes more names."""
    return sorted(part.strip() for part in re.split(r"[,\n]", (sql or "").replace('"', "")) if part.strip())


def test_an_open_database_is_reopened_without_alembic(database: str) -> None:
    code = (
        "import sys; from storage.store import Store; Store.open_existing(sys.argv[1]).status();"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, database], check=False).returncode == 0


def test_a_database_is_opened_twice_without_harm(database: str) -> None:
    with Store.open(database) as first, Store.open(database) as second:
        first.follow([followed("Ada Lovelace", "1")], START)
        assert second.people() == first.people()


def test_processes_that_open_a_new_database_at_once_all_succeed(empty_database: str) -> None:
    assert together(_open_and_count, [(empty_database,)] * 4) == [0] * 4


def _open_and_count(database: str) -> int:
    with Store.open(database) as store:
        return store.status().profiles


def test_a_new_file_may_be_touched_by_several_at_once(tmp_path: Path) -> None:
    """SQLite does not wait by itself when several connections switch one file to its write-ahead log."""
    barrier = Barrier(3, timeout=120)

    def touch() -> int:
        for number in range(150):
            database = Database.at(str(tmp_path / f"{number}.db"))
            barrier.wait()
            with database.reading() as connection:
                connection.execute(text("SELECT 1"))
            database.engine.dispose()
        return 150

    with ThreadPoolExecutor(3) as threads:
        assert [touched.result() for touched in [threads.submit(touch) for _ in range(3)]] == [150] * 3


def test_reading_needs_a_database(empty_database: str) -> None:
    with pytest.raises(StoreError, match="there is no database"):
        Store.open_existing(empty_database)
    assert not Path(empty_database).exists()


def test_a_newer_schema_is_refused(empty_database: str) -> None:
    Store.open(empty_database).close()
    opened = Database.at(empty_database)
    with opened.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.engine.dispose()
    with pytest.raises(StoreError, match="schema 9999"):
        Store.open(empty_database)


def test_who_only_watches_migrates_nothing(empty_database: str) -> None:
    with pytest.raises(StoreError, match="there is no database"):
        Store.open_current(empty_database)
    Store.open(empty_database).close()
    Store.open_current(empty_database).close()
    opened = Database.at(empty_database)
    for revision, advice in (("0001", ": the next “scholarwatch run” brings it up to date"), ("9999", "")):
        with opened.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
        with pytest.raises(StoreError, match=f"has schema {revision}, and this program speaks {SCHEMA}{advice}$"):
            Store.open_current(empty_database)
        with opened.reading() as connection:
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == revision
    opened.engine.dispose()


def test_tables_of_another_program_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE flow_run (id TEXT)")
    connection.close()
    with pytest.raises(StoreError, match=r"another program's tables \(flow_run"):
        Store.open(str(path))


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Citations of the week, kept by hand. " * 200)
    with pytest.raises(StoreError, match=r"notes\.txt.*not a database"):
        Store.open(str(path))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no folder"):
        Store.open(str(tmp_path / "missing" / "scholarwatch.db"))


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StoreError, match=r"127\.0\.0\.1") as caught:
        Store.open("postgresql+psycopg://ada:secret@127.0.0.1:1/scholarwatch")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("mysql://localhost/papers", "neither SQLite nor PostgreSQL"),
        ("oracle://", "neither SQLite nor PostgreSQL"),
        ("://", "not the address of a database"),
        ("sqlite://", "name a file"),
        ("sqlite:///:memory:", "name a file"),
    ],
)
def test_an_address_that_can_not_be_used_says_why(address: str, reason: str) -> None:
    with pytest.raises(StoreError, match=reason):
        Store.open(address)


@pytest.mark.parametrize("form", ["{path}", "sqlite:///{path}", "sqlite+pysqlite:///{path}"])
def test_a_file_may_be_a_path_or_a_url(tmp_path: Path, form: str) -> None:
    path = tmp_path / "scholar watch.db"
    Store.open(form.format(path=path)).close()
    assert path.is_file()


def test_a_plain_postgresql_url_means_the_driver_that_is_installed(postgres_database: str) -> None:
    with Store.open(postgres_database.replace("postgresql+psycopg", "postgresql")) as store:
        assert store.people() == []


def test_closing_leaves_one_file(tmp_path: Path) -> None:
    """What SQLite keeps beside the database while it is open is moved into it."""
    with Store.open(str(tmp_path / "scholarwatch.db")):
        pass
    assert os.listdir(tmp_path) == ["scholarwatch.db"]
