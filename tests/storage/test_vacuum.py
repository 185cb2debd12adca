"""What nothing refers to goes, all else stays, and the file shrinks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, event, func, select

from storage import tables
from storage.archive import Content, load, pack, store
from storage.engine import Database
from storage.errors import StoreError
from storage.references import references_to_blobs
from storage.retention import retire_pages
from storage.store import Store
from storage.vacuum import size_bytes, vacuum
from tests.storage.builders import accepted, apply, day, followed, page, paper, watch
from tests.storage.lived import live, rows_of


@pytest.fixture
def opened(database: str) -> Iterator[Database]:
    opened = Database.at(database)
    yield opened
    opened.engine.dispose()


def test_every_column_that_holds_a_blob_is_known() -> None:
    names = {(column.table.name, column.name) for column in references_to_blobs()}
    assert names >= {("blob", "base_id"), ("snapshot", "page_id"), ("snapshot", "reading_id")}


def test_chains_that_nothing_stands_on_go(database: str, opened: Database) -> None:
    live(database, days=12, profiles=2)
    before = rows_of(database)
    body = bytes(1_000)
    with opened.writing() as connection:
        for number in range(6):
            base = Content.of(body)
            body = b"%d" % number + body
            store(connection, [pack(base, [])])
            store(connection, [pack(Content.of(body), [base])])
    assert len(rows_of(database)["blob"]) == len(before["blob"]) + 7
    assert vacuum(opened).blobs == 7
    assert rows_of(database) == before
    assert vacuum(opened).blobs == 0


def test_what_a_deleted_snapshot_showed_goes_unless_another_stands_on_it(database: str, opened: Database) -> None:
    live(database, days=12, profiles=1)
    snapshot, blob = tables.snapshot.c, tables.blob.c
    with opened.writing() as connection:
        connection.execute(delete(tables.snapshot).where(snapshot.observed_at < day(11)))
        last = connection.execute(select(snapshot.page_id, snapshot.reading_id)).one()
        bodies = load(connection, last)
    assert vacuum(opened).blobs > 10
    with opened.reading() as connection:
        assert load(connection, last) == bodies
        # Each of the two stands on its own, or at the end of a chain.
        assert connection.execute(select(func.count()).select_from(tables.blob)).scalar_one() <= 2 + 2 * 8
        assert connection.execute(select(func.count()).where(blob.base_id.not_in(select(blob.id)))).scalar_one() == 0


@pytest.mark.parametrize("transactions", [1, 2])
def test_what_a_run_shows_meanwhile_stays(database: str, opened: Database, transactions: int) -> None:
    """A page that nothing refers to comes again just before it is deleted."""
    again = page("of the past")
    with Store.open(database) as daily:
        daily.follow([followed("Ada Lovelace", "1")], day(0))
        with opened.writing() as connection:
            store(connection, [pack(Content.of(again.body), [])])
        left = transactions

        @event.listens_for(opened.engine, "checkin")
        def between_transactions(*_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                assert apply(daily, accepted(watch(daily), day(0), [paper("arxiv:1")], answer=again)) == [True]

        vacuum(opened)
        last = daily.last_page(1)
    assert left <= 0
    assert last is not None
    assert last.body == again.body


def test_the_room_of_pages_that_were_let_go_of_is_given_back(tmp_path: Path) -> None:
    path = tmp_path / "scholarwatch.db"
    live(str(path), days=60, profiles=1, told=False)
    opened = Database.at(str(path))
    retired = retire_pages(opened, day(60), now=day(60))
    vacuumed = vacuum(opened)
    assert retired.freed_bytes > 8_000
    assert vacuumed.before_bytes - vacuumed.after_bytes > retired.freed_bytes // 2
    assert vacuumed.after_bytes == size_bytes(opened) == path.stat().st_size
    opened.engine.dispose()


def test_a_database_that_can_not_be_rewritten_is_named(tmp_path: Path) -> None:
    path = tmp_path / "scholarwatch.db"
    live(str(path), days=2, profiles=1)
    opened = Database.at(str(path))
    # The engine gives this connection out again.
    pooled = opened.engine.raw_connection()
    pooled.cursor().execute("PRAGMA query_only = ON")
    pooled.close()
    with pytest.raises(StoreError, match=r"scholarwatch\.db: "):
        vacuum(opened)
    opened.engine.dispose()
