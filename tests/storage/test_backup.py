"""A backup holds one state of the whole database, is under its name only when whole, and reads as it was written."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from storage.backup import Backup, back_up
from storage.backup_file import BackupReader, BackupWriter, Form, Header, Section
from storage.engine import Database
from storage.errors import BackupError
from storage.schema import SCHEMA
from storage.store import Store
from storage.tables import Row
from tests.forked import exit_code
from tests.storage.builders import day, followed
from tests.storage.lived import live, rows_of

_SECTION = Section(table="person", columns={"id": Form.PLAIN, "name": Form.PLAIN}, rows=2)
_HEADER = Header(scholarwatch="0.1.0", schema="0001", created_at=day(0), sections=[_SECTION])


def _file() -> bytes:
    file = BytesIO()
    writer = BackupWriter(file, _HEADER)
    assert list(writer.write_rows(_SECTION, [(1, "Zoë"), (2, None)])) == [1, 2]
    writer.end()
    return file.getvalue()


WHOLE = _file()


def _read(folder: Path, written: bytes) -> tuple[Header, list[dict[str, object]]]:
    path = folder / "some.backup"
    path.write_bytes(written)
    with path.open("rb") as file:
        reader = BackupReader(path, file)
        return reader.header, [row for _, row in reader.rows(reader.header.sections[0])]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("backups")


@pytest.fixture
def opened(database: str) -> Iterator[Database]:
    opened = Database.at(database)
    yield opened
    opened.engine.dispose()


def test_a_file_reads_as_it_was_written(folder: Path) -> None:
    assert _read(folder, WHOLE) == (_HEADER, [{"id": 1, "name": "Zoë"}, {"id": 2, "name": None}])


def test_other_tools_can_show_the_lines() -> None:
    with zstandard.ZstdDecompressor().stream_reader(WHOLE, read_across_frames=True) as content:
        assert content.read().decode().splitlines()[1:] == ['[1,"Zoë"]', "[2,null]"]


def _is_refused(folder: Path, written: bytes) -> bool:
    try:
        _read(folder, written)
    except BackupError as error:
        return "some.backup: " in str(error)
    return False


def test_a_flipped_bit_anywhere_is_refused(folder: Path) -> None:
    for place in range(len(WHOLE)):
        damaged = bytearray(WHOLE)
        damaged[place] ^= 1 << place % 8
        assert _is_refused(folder, bytes(damaged)), place


def test_a_file_cut_anywhere_is_refused(folder: Path) -> None:
    assert [length for length in range(len(WHOLE)) if not _is_refused(folder, WHOLE[:length])] == []


@given(st.binary(min_size=1, max_size=50))
def test_a_file_with_something_after_it_is_refused(folder: Path, more: bytes) -> None:
    with pytest.raises(BackupError, match="damaged or not whole"):
        _read(folder, WHOLE + more)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b"", "no backup of Scholarwatch"),
        (b"SQLite format 3\x00" + bytes(4096), "no backup of Scholarwatch"),
        (zstandard.compress(random.Random(0).randbytes(100)), "damaged or not whole"),
    ],
    ids=["empty", "a database", "another zstd file"],
)
def test_another_file_is_refused(folder: Path, written: bytes, reason: str) -> None:
    with pytest.raises(BackupError, match=reason):
        _read(folder, written)


def test_a_backup_says_what_is_in_it(opened: Database, database: str, tmp_path: Path) -> None:
    live(database, days=4)
    path = tmp_path / "first.backup"
    made = back_up(opened, path, now=day(9))
    rows = rows_of(database)
    assert made == Backup(
        path=path,
        created_at=day(9),
        schema=SCHEMA,
        rows=sum(len(each) for each in rows.values()),
        size_bytes=path.stat().st_size,
    )
    with path.open("rb") as file:
        header = BackupReader(path, file).header
    assert {section.table: section.rows for section in header.sections} == {
        table.name: len(rows[table.name]) for table in Row.metadata.sorted_tables
    }
    assert os.listdir(tmp_path).count("first.backup") == 1
    assert not list(tmp_path.glob(".*.part"))


def test_another_file_is_left_as_it_is(opened: Database, tmp_path: Path) -> None:
    path = tmp_path / "precious"
    path.write_text("a thesis")
    with pytest.raises(BackupError, match="precious: is there already"):
        back_up(opened, path, now=day(0))
    assert path.read_text() == "a thesis"


def test_a_folder_that_is_not_there_is_named(opened: Database, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        back_up(opened, tmp_path / "nowhere" / "first.backup", now=day(0))


def test_what_is_written_meanwhile_is_not_in_it(opened: Database, database: str, tmp_path: Path) -> None:
    """Whenever a part has been read, somebody else follows another person."""
    live(database, days=3)
    with Store.open(database) as store:
        store.follow([followed(f"Person {number}", str(number)) for number in range(1_500)], day(9))
    before = rows_of(database)
    path, news = tmp_path / "first.backup", []

    def follow(_total: int, done: int) -> None:
        news.append(done)
        with Store.open(database) as store:
            store.follow([followed(f"Late {done}", f"late-{done}")], day(10))

    back_up(opened, path, now=day(9), progress=follow)
    assert news
    assert len(rows_of(database)["person"]) == len(before["person"]) + len(news)
    with path.open("rb") as file:
        reader = BackupReader(path, file)
        held = {
            section.table: [tuple(row.values()) for _, row in reader.rows(section)]
            for section in reader.header.sections
        }
    plain = ("person", "run", "alias", "listing")
    assert {name: held[name] for name in plain} == {name: before[name] for name in plain}


def _back_up_and_die(database: str, path: str) -> None:
    def die(_total: int, _done: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    back_up(Database.at(database), Path(path), now=day(0), progress=die)


def test_a_backup_that_is_killed_has_no_name(database: str, tmp_path: Path) -> None:
    with Store.open(database) as store:
        store.follow([followed(f"Person {number}", str(number)) for number in range(600)], day(0))
    path = tmp_path / "first.backup"
    assert exit_code(_back_up_and_die, database, str(path)) == -signal.SIGKILL
    assert not path.exists()


def test_a_backup_that_fails_leaves_nothing(database: str, opened: Database, tmp_path: Path) -> None:
    with Store.open(database) as store:
        store.follow([followed(f"Person {number}", str(number)) for number in range(600)], day(0))
    folder = tmp_path / "backups"
    folder.mkdir()

    def interrupt(_total: int, _done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(opened, folder / "first.backup", now=day(0), progress=interrupt)
    assert list(folder.iterdir()) == []


def test_a_backup_takes_little_memory(tmp_path: Path) -> None:
    """Of 40 MB of pages that do not compress."""
    code = (
        "import random, resource, sys\n"
        "from pathlib import Path\n"
        "from storage.archive import Content, pack, store\n"
        "from storage.backup import back_up\n"
        "from storage.engine import Database\n"
        "from storage.store import Store\n"
        "from tests.storage.builders import day\n"
        "Store.open(sys.argv[1]).close()\n"
        "database = Database.at(sys.argv[1])\n"
        "for number in range(40):\n"
        "    with database.writing() as connection:\n"
        "        store(connection, [pack(Content.of(random.Random(number).randbytes(1_000_000)), [])])\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "back_up(database, Path(sys.argv[2]), now=day(0))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "scholarwatch.db"), str(tmp_path / "first.backup")]
    grown_kilobytes = int(subprocess.run(words, check=True, capture_output=True, text=True, timeout=300).stdout)
    assert (tmp_path / "first.backup").stat().st_size > 40_000_000
    assert grown_kilobytes < 30_000
