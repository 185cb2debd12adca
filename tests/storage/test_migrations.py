"""A database of an older schema is brought to the present one with everything that was in it."""

import hashlib
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from alembic import command
from sqlalchemy import JSON, Boolean, Connection, LargeBinary, String, column, insert, select, table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeEngine

from storage import tables
from storage.columns import UtcTime
from storage.engine import Database
from storage.errors import StoreError
from storage.migrate import configuration
from storage.readings import reading_to_bytes
from storage.store import Store
from tests.storage.builders import accepted, apply, day, event, paper, verdict, watch
from tests.storage.news import topics
from tracking.event import EventKind
from tracking.reading import PaperReading, ProfileReading, Published

ENGINES = PaperReading(title="On Engines", authors=("Mary Shaw",), abstract="Of engines.")
NOTES = PaperReading(
    title="On Notes",
    authors=("Mary Shaw", "Ada Lovelace"),
    authors_complete=False,
    published=Published(2026, 2, 1),
    year_inferred=True,
    has_code=False,
    score=98.1,
    citations=9_999_999_999,
)


@pytest.fixture
def opened(empty_database: str) -> Iterator[Database]:
    database = Database.at(empty_database)
    yield database
    database.engine.dispose()


def _insert(connection: Connection, into: str, /, **values: Any) -> None:
    kinds: dict[type, type[TypeEngine[Any]]] = {
        datetime: UtcTime, list: JSON, dict: JSON, bytes: LargeBinary, bool: Boolean, str: String,
    }  # fmt: skip
    columns = [column(field, kinds.get(type(value))) for field, value in values.items()]
    connection.execute(insert(table(into, *columns)).values(values))


def _paper_row(connection: Connection, paper_id: int, key: str, shown: PaperReading) -> None:
    facts = {name: getattr(shown, name) for name in ("title", "authors_complete", "year_inferred", "has_code", "score")}
    _insert(
        connection,
        "paper",
        id=paper_id,
        key=key,
        authors=list(shown.authors),
        institutions=list(shown.institutions),
        published=str(shown.published) if shown.published else None,
        citations=shown.citations,
        **facts,
    )


def _blob(connection: Connection, blob_id: int, body: bytes) -> None:
    compressed = zstandard.ZstdCompressor().compress(body)
    _insert(
        connection, "blob", id=blob_id, sha256=hashlib.sha256(body).digest(), size=len(body), encoding="zstd", depth=0,
        checksum=zlib.crc32(compressed), data=compressed,
    )  # fmt: skip


def _write_first_schema(database: Database) -> None:
    """Two profiles show the paper 1; the paper 2 has left the first of them; nobody has ever shown the paper 3."""
    with database.migrating() as connection:
        command.upgrade(configuration(connection), "0001")
        _insert(connection, "run", id=1, kind="track", now=day(0), started_at=day(0))
        _insert(connection, "run", id=2, kind="track", now=day(2), started_at=day(2))
        for number in (1, 2):
            reading = ProfileReading(source="scholarfeed", name=f"Person {number}", papers=(ENGINES,), complete=True)
            _insert(connection, "person", id=number, name=f"Person {number}", tags=[])
            _insert(
                connection, "profile", id=number, person_id=number, source="scholarfeed", key=str(number),
                url=f"https://example.org/author/{number}", revision=1, unsettled=False, accept_next=False,
                checked_at=day(2), outcome="ok",
            )  # fmt: skip
            _blob(connection, 2 * number - 1, f"<h1>Person {number}</h1>".encode())
            _blob(connection, 2 * number, reading_to_bytes(reading, ["arxiv:1"]))
            _insert(
                connection, "snapshot", id=number, profile_id=number, observed_at=day(2), recorded_at=day(2),
                confirmed_at=day(2), run_id=2, origin="live", parser="scholarfeed/1", complete=True,
                url=f"https://example.org/author/{number}", status=200, headers={"etag": "1"},
                page_id=2 * number - 1, reading_id=2 * number,
            )  # fmt: skip
        for paper_id, key, shown in ((1, "arxiv:1", ENGINES), (2, "fp:2", NOTES), (3, "fp:3", ENGINES)):
            _paper_row(connection, paper_id, key, shown)
        for text, paper_id in (("arxiv:1", 1), ("fp:1", 1), ("fp:2", 2), ("fp:3", 3)):
            _insert(connection, "alias", text=text, paper_id=paper_id)
        _insert(connection, "listing", profile_id=1, paper_id=1, since=day(0))
        _insert(connection, "listing", profile_id=1, paper_id=2, since=day(0), until=day(2), missed_at=day(2))
        _insert(connection, "listing", profile_id=2, paper_id=1, since=day(1), until=day(1.5))
        _insert(connection, "listing", profile_id=2, paper_id=1, since=day(2))
        about = {"cause": "source", "observed_at": day(2), "recorded_at": day(2), "run_id": 2}
        _insert(connection, "event", id="new", profile_id=2, kind="paper.new", paper_id=1, **about)
        _insert(connection, "event", id="moved", profile_id=1, kind="metric.changed", field="citations", **about)
        for event_id in ("new", "moved"):
            _insert(connection, "verdict", event_id=event_id, receiver="me", kind="sent", rules=["all"], why="asked")
        _insert(
            connection, "message", id="told", receiver="me", digest=False, created_at=day(2), attempts=1,
            next_try_at=day(2), delivered_at=day(2),
        )  # fmt: skip
        entry = {"receiver": "me", "rules": ["all"], "item": {"title": "On Engines"}, "digest": False}
        _insert(connection, "outbox", event_id="new", topic="paper.new/arxiv:1", message_id="told", **entry)
        _insert(connection, "outbox", event_id="moved", topic="moved", not_before=day(3), **entry)
        if database.path is None:
            # Rows whose ids were given have not moved the sequences.
            for name in ("run", "person", "profile", "blob", "snapshot", "paper"):
                connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 100)")


@pytest.fixture
def store(opened: Database, empty_database: str) -> Iterator[Store]:
    """What the first schema held, opened by the program of today."""
    _write_first_schema(opened)
    with Store.open(empty_database) as migrated:
        yield migrated


def test_what_is_known_of_each_profile_stays_known(store: Store) -> None:
    known = store.known([1, 2])
    first, second = known[1].papers, known[2].papers
    assert {key: (each.paper, each.listed) for key, each in first.items()} == {
        "arxiv:1": (ENGINES, True),
        "fp:2": (NOTES, False),
    }
    assert (first["fp:2"].missed_at, first["fp:2"].removed) == (day(2), False)
    assert {key: each.aliases for key, each in first.items()} == {"arxiv:1": {"arxiv:1", "fp:1"}, "fp:2": {"fp:2"}}
    assert {key: (each.paper, each.listed) for key, each in second.items()} == {"arxiv:1": (ENGINES, True)}
    assert second["arxiv:1"].aliases == {"arxiv:1", "fp:1"}


def test_papers_and_aliases_have_their_times(store: Store, opened: Database) -> None:
    assert store.status().papers == 2
    paper_columns, alias = tables.paper.c, tables.alias.c
    with opened.reading() as connection:
        first_shown = connection.execute(select(paper_columns.key, paper_columns.first_shown_at)).all()
        aliases = connection.execute(select(alias.profile_id, alias.text, alias.since)).all()
    assert sorted(tuple(row) for row in first_shown) == [("arxiv:1", day(0)), ("fp:2", day(0))]
    assert sorted(tuple(row) for row in aliases) == [
        (1, "arxiv:1", day(0)),
        (1, "fp:1", day(0)),
        (1, "fp:2", day(0)),
        (2, "arxiv:1", day(1)),
        (2, "fp:1", day(1)),
    ]


def test_events_tell_the_titles_that_their_papers_had(store: Store) -> None:
    titles = {each.id: (each.paper_key, each.paper_title) for each in store.events()}
    assert titles == {"new": ("arxiv:1", "On Engines"), "moved": (None, None)}


def test_what_was_told_stays_told_and_what_waits_goes_on_to_wait(store: Store) -> None:
    assert store.undelivered(day(2)) == []
    assert topics(store.undelivered(day(3))) == [("me", False, ["moved"])]


def test_the_history_goes_on(store: Store) -> None:
    """The paper that had left comes back; another profile's new paper was told before, with the first."""
    of = watch(store, "1")
    back = paper("fp:2", title="On Notes")
    apply(store, accepted(of, day(4), [paper("arxiv:1", title="On Engines"), back], new=[back]))
    returned = store.known([1])[1].papers["fp:2"]
    assert (returned.listed, returned.missed_at, returned.paper) == (True, None, back.paper)
    of = watch(store, "2")
    again = event(of, EventKind.PAPER_NEW, day(4), key="arxiv:1")
    apply(store, accepted(of, day(4), [], new=[], events=(again,)), verdicts=[verdict(again)])
    assert topics(store.undelivered(day(4))) == [("me", False, ["moved"])]


def test_who_was_checked_has_waited_since_then(store: Store, opened: Database) -> None:
    with opened.reading() as connection:
        assert connection.execute(select(tables.profile.c.asked_at)).scalars().all() == [day(2), day(2)]
    assert [each.profile_id for each in store.due(day(2), cadence=None)] == []


def test_of_one_profile_and_time_one_snapshot_counts(store: Store, opened: Database) -> None:
    def copy(**changed: Any) -> None:
        with opened.writing() as connection:
            row = connection.execute(select(tables.snapshot).where(tables.snapshot.c.id == 1)).one()._asdict()
            del row["id"]
            connection.execute(insert(tables.snapshot).values(row | changed))

    copy(superseded_at=day(3))
    copy(superseded_at=day(4))
    copy(observed_at=day(1))
    with pytest.raises(IntegrityError):
        copy()
    assert store.status().snapshots == 3


def test_a_database_whose_rows_refer_to_nothing_is_left_as_it_is(tmp_path: Path) -> None:
    """SQLite takes such rows where references are not watched."""
    path = str(tmp_path / "broken.db")
    database = Database.at(path)
    _write_first_schema(database)
    driver = database.engine.raw_connection()
    driver.cursor().execute("PRAGMA foreign_keys = OFF")
    driver.cursor().execute("INSERT INTO listing (profile_id, paper_id, since) VALUES (1, 99, 0)")
    driver.close()
    database.engine.dispose()
    for _ in range(2):
        with pytest.raises(StoreError, match=r"broken\.db: a row of listing refers to no row of paper"):
            Store.open(path)
