"""What was backed up from either kind of database is there again in either kind, or nothing is."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, inspect, select, update

from storage import tables
from storage.backup import Backup, back_up
from storage.backup_file import BackupWriter, Form, Header, Section
from storage.engine import Database
from storage.errors import BackupError, StoreError
from storage.restoring import restore
from storage.schema import SCHEMA
from storage.store import Store
from tests.forked import exit_code
from tests.storage.builders import accepted, apply, day, followed, paper, watch
from tests.storage.lived import live, rows_of


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database in which nothing is; the other database of a test may be of another kind."""
    if request.param == "sqlite":
        return str(tmp_path / "restored.db")
    new: Callable[[], str] = request.getfixturevalue("new_postgres_database")
    return new()


def _backed_up(database: str, path: Path) -> Backup:
    opened = Database.at(database)
    made = back_up(opened, path, now=day(99))
    opened.engine.dispose()
    return made


def _restored(path: Path, database: str, **options: Any) -> Backup:
    opened = Database.at(database)
    try:
        return restore(opened, path, **options)
    finally:
        opened.engine.dispose()


def _tables(database: str) -> list[str]:
    opened = Database.at(database)
    with opened.reading() as connection:
        names = inspect(connection).get_table_names()
    opened.engine.dispose()
    return names


def test_every_row_is_there_again(database: str, target: str, tmp_path: Path) -> None:
    live(database, days=10)
    path = tmp_path / "first.backup"
    made = _backed_up(database, path)
    reported: list[tuple[int, int]] = []
    assert _restored(path, target, progress=lambda *numbers: reported.append(numbers)) == made
    assert rows_of(target) == rows_of(database)
    assert reported[-1] == (made.rows, made.rows)
    with Store.open_existing(database) as before, Store.open_existing(target) as after:
        assert after.people() == before.people()
        assert after.person("Zoë 0 王") == before.person("Zoë 0 王")
        assert list(after.events()) == list(before.events())
        assert after.last_page(1) == before.last_page(1)


def test_life_goes_on_after_the_highest_ids(database: str, target: str, tmp_path: Path) -> None:
    live(database, days=3)
    path = tmp_path / "first.backup"
    _backed_up(database, path)
    _restored(path, target)
    for address in (database, target):
        with Store.open(address) as store:
            store.follow([followed("Mary Shaw", "new")], day(5))
            assert apply(store, accepted(watch(store, "new"), day(5), [paper("arxiv:new")])) == [True]
    after, expected = rows_of(target), rows_of(database)
    # How long a run lasted is in its row.
    assert [run[0] for run in after.pop("run")] == [run[0] for run in expected.pop("run")]
    assert after == expected


def test_a_base_may_come_after_what_stands_on_it(database: str, target: str, tmp_path: Path) -> None:
    """Content that was let go of and came again has an old id, and may stand on something new."""
    live(database, days=3)
    opened = Database.at(database)
    with opened.writing() as connection:
        first, last = connection.execute(select(func.min(tables.blob.c.id), func.max(tables.blob.c.id))).one()
        connection.execute(update(tables.blob).where(tables.blob.c.id == first).values(base_id=last))
    opened.engine.dispose()
    path = tmp_path / "first.backup"
    _backed_up(database, path)
    _restored(path, target)
    assert rows_of(target) == rows_of(database)


@pytest.mark.parametrize("length", [-1, -41, 1_000, 0], ids=["the last byte", "the checksum", "most of it", "all"])
def test_of_a_damaged_backup_nothing_is_restored(tmp_path: Path, length: int) -> None:
    source, path, target = str(tmp_path / "source.db"), tmp_path / "first.backup", tmp_path / "restored.db"
    live(source, days=3)
    _backed_up(source, path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(BackupError, match=r"first\.backup: "):
        _restored(path, str(target))
    assert not target.exists()


def test_a_database_with_something_in_it_is_left_alone(database: str, tmp_path: Path) -> None:
    live(database, days=3)
    path = tmp_path / "first.backup"
    _backed_up(database, path)
    before = rows_of(database)
    with pytest.raises(BackupError, match="is not empty"):
        _restored(path, database)
    assert rows_of(database) == before


def _restore_and_die(path: str, database: str) -> None:
    def die(total: int, done: int) -> None:
        if done > total // 2:
            os.kill(os.getpid(), signal.SIGKILL)

    restore(Database.at(database), Path(path), progress=die)


def test_a_restoring_that_is_killed_is_begun_again(tmp_path: Path, target: str) -> None:
    source, path = str(tmp_path / "source.db"), tmp_path / "first.backup"
    live(source, days=5)
    _backed_up(source, path)
    assert exit_code(_restore_and_die, str(path), target) == -signal.SIGKILL
    assert _tables(target) == []
    _restored(path, target)
    assert rows_of(target) == rows_of(source)


def _made_up(path: Path, schema: str, columns: dict[str, Form], rows: list[tuple[object, ...]]) -> Path:
    section = Section(table="person", columns=columns, rows=len(rows))
    with path.open("wb") as file:
        writer = BackupWriter(file, Header(scholarwatch="9.8.7", schema=schema, created_at=day(0), sections=[section]))
        assert sum(1 for _ in writer.write_rows(section, rows)) == len(rows)
        writer.end()
    return path


_PERSON = {"id": Form.PLAIN, "name": Form.PLAIN, "tags": Form.JSON}


def test_a_backup_of_the_first_tables_is_migrated(tmp_path: Path, target: str) -> None:
    path = _made_up(tmp_path / "old.backup", "0001", _PERSON, [(7, "Ada Lovelace", ["lab"])])
    _restored(path, target)
    assert rows_of(target)["person"] == [(7, "Ada Lovelace", ["lab"])]
    opened = Database.at(target)
    with opened.reading() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == SCHEMA
    opened.engine.dispose()


def test_newer_tables_are_refused_with_the_version_that_helps(tmp_path: Path) -> None:
    path, target = _made_up(tmp_path / "new.backup", "9999", _PERSON, []), tmp_path / "restored.db"
    with pytest.raises(BackupError, match=r"schema 9999.*up to .*Scholarwatch 9\.8\.7 or a newer one"):
        _restored(path, str(target))
    assert not target.exists()


def test_rows_that_refer_to_nothing_are_refused(tmp_path: Path, target: str) -> None:
    """As a file would have them that somebody has written himself."""
    path = tmp_path / "wrong.backup"
    columns = {
        "id": Form.PLAIN, "sha256": Form.BYTES, "size": Form.PLAIN, "encoding": Form.PLAIN, "base_id": Form.PLAIN,
        "depth": Form.PLAIN, "checksum": Form.PLAIN, "data": Form.BYTES,
    }  # fmt: skip
    section = Section(table="blob", columns=columns, rows=1)
    with path.open("wb") as file:
        writer = BackupWriter(file, Header(scholarwatch="9.8.7", schema=SCHEMA, created_at=day(0), sections=[section]))
        assert list(writer.write_rows(section, [(1, b"sha", 3, "zstd-difference", 99, 1, 0, b"")])) == [1]
        writer.end()
    with pytest.raises(StoreError, match="refers to no row"):
        _restored(path, target)
    assert _tables(target) == []
