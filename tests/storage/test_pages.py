"""The accepted snapshots come with the pages they were read from, all of them once and in order."""

import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from storage import archive, tables
from storage.engine import Database
from storage.errors import ArchiveError
from storage.pages import StoredSnapshots
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, followed, page, paper, watch
from tracking.check import Outcome
from tracking.stored import StoredSnapshot

#: More than are read at once.
DAYS = 75
WAVES, BEES = paper("fp:waves"), paper("arxiv:2401.00001", arxiv_id="2401.00001")


@pytest.fixture
def opened(database: str) -> Iterator[Database]:
    opened = Database.at(database)
    yield opened
    opened.engine.dispose()


def body(key: str, number: int) -> str:
    """Pages of one profile differ by their last word."""
    chosen = random.Random(key)
    return " ".join(f"{chosen.getrandbits(30):x}" for _ in range(300)) + f" {number}"


def look(store: Store, key: str, number: int, at: datetime | None = None) -> None:
    of = watch(store, key)
    shown = (WAVES,) if number == 0 else (WAVES, BEES)
    new = shown if number == 0 else (BEES,) if number == 1 else ()
    answer = page(body(key, number), etag=f'"{number}"')
    apply(
        store,
        accepted(
            of, at or day(number), shown, new=new, metrics={"citations": number}, name=f"Ada {key}", answer=answer
        ),
    )


def follow(store: Store, *people: tuple[str, ...]) -> None:
    store.follow([followed(name, *keys) for name, *keys in people], day(0))


def chosen(database: Database, **choice: Any) -> list[tuple[str, int]]:
    """The profile's key and the day of each."""
    return [
        (snapshot.profile_key, (snapshot.observed_at - day(0)).days)
        for snapshot in StoredSnapshots(database=database, **choice)
    ]


def test_a_snapshot_is_given_as_it_was_stored(store: Store, opened: Database) -> None:
    follow(store, ("Ada Lovelace", "1"))
    for number in range(3):
        look(store, "1", number)
    [_, second, _] = StoredSnapshots(database=opened)
    assert isinstance(second, StoredSnapshot)
    assert second.profile_id == watch(store).profile_id
    assert (second.person, second.source, second.profile_key) == ("Ada Lovelace", "scholarfeed", "1")
    assert (second.observed_at, second.parser) == (day(1), "scholarfeed/1")
    assert second.keys == ("fp:waves", "arxiv:2401.00001")
    assert second.reading.name == "Ada 1"
    assert second.reading.metrics == {"citations": 1}
    assert second.reading.papers == (WAVES.paper, BEES.paper)
    assert second.page == page(body("1", 1), etag='"1"')


def test_every_snapshot_comes_once_by_profile_and_time(store: Store, opened: Database) -> None:
    follow(store, ("Ada Lovelace", "1"), ("Grace Hopper", "2"))
    for number in range(DAYS):
        look(store, "1", number)
        if number < 3:
            look(store, "2", number)
    everything = [("1", number) for number in range(DAYS)] + [("2", number) for number in range(3)]
    assert chosen(opened) == everything
    assert StoredSnapshots(database=opened).count() == len(everything)
    for snapshot in StoredSnapshots(database=opened):
        assert snapshot.page is not None
        assert snapshot.page.body.decode() == body(snapshot.profile_key, (snapshot.observed_at - day(0)).days)
        assert snapshot.reading.metrics == {"citations": (snapshot.observed_at - day(0)).days}


def test_snapshots_can_be_chosen(store: Store, opened: Database) -> None:
    follow(store, ("Ada Lovelace", "1", "2"), ("Grace Hopper", "3"))
    for key in ("1", "2", "3"):
        for number in range(3):
            look(store, key, number)
    choices: list[tuple[dict[str, Any], list[tuple[str, int]]]] = [
        ({}, [("1", 0), ("1", 1), ("1", 2), ("2", 0), ("2", 1), ("2", 2), ("3", 0), ("3", 1), ("3", 2)]),
        ({"since": day(1)}, [("1", 1), ("1", 2), ("2", 1), ("2", 2), ("3", 1), ("3", 2)]),
        ({"until": day(0)}, [("1", 0), ("2", 0), ("3", 0)]),
        ({"since": day(1), "until": day(1.5)}, [("1", 1), ("2", 1), ("3", 1)]),
        ({"since": day(3)}, []),
        ({"person_id": 1}, [("1", 0), ("1", 1), ("1", 2), ("2", 0), ("2", 1), ("2", 2)]),
        ({"person_id": 2, "until": day(1)}, [("3", 0), ("3", 1)]),
        ({"person_id": 7}, []),
        ({"source": "scholarfeed", "since": day(2)}, [("1", 2), ("2", 2), ("3", 2)]),
        ({"source": "elsewhere"}, []),
    ]
    for choice, expected in choices:
        assert chosen(opened, **choice) == expected, choice
        assert StoredSnapshots(database=opened, **choice).count() == len(expected), choice


def test_people_who_are_not_followed_any_more_are_among_them(store: Store, opened: Database) -> None:
    follow(store, ("Ada Lovelace", "1"))
    look(store, "1", 0)
    follow(store)
    assert chosen(opened) == [("1", 0)]


def test_checks_that_brought_no_snapshot_are_not(store: Store, opened: Database) -> None:
    follow(store, ("Ada Lovelace", "1"))
    apply(store, ended(watch(store), day(0), Outcome.BLOCKED))
    assert chosen(opened) == []
    assert StoredSnapshots(database=opened).count() == 0


def test_what_was_superseded_does_not_come(store: Store, opened: Database) -> None:
    follow(store, ("Ada Lovelace", "1"))
    for number in range(3):
        look(store, "1", number)
    with opened.writing() as connection:
        second = tables.snapshot.c.observed_at == day(1)
        connection.execute(update(tables.snapshot).where(second).values(superseded_at=day(2)))
    assert chosen(opened) == [("1", 0), ("1", 2)]
    assert StoredSnapshots(database=opened).count() == 2


def test_a_page_that_was_let_go_of_is_none(store: Store, opened: Database) -> None:
    follow(store, ("Ada Lovelace", "1"))
    look(store, "1", 0)
    look(store, "1", 1, at=day(40))
    with opened.writing() as connection:
        newest = select(tables.snapshot).where(tables.snapshot.c.observed_at == day(40))
        row = connection.execute(newest).one()
        body = archive.load(connection, [row.reading_id])[row.reading_id]
        archive.rewrite(connection, row.reading_id, archive.pack(archive.Content.of(body), []))
        archive.retire(connection, [row.page_id], day(50).date())
    first, second = StoredSnapshots(database=opened)
    assert first.page is not None
    assert second.page is None
    assert second.reading.metrics == {"citations": 1}


def test_a_damaged_page_is_not_given_out(store: Store, opened: Database) -> None:
    follow(store, ("Ada Lovelace", "1"))
    look(store, "1", 0)
    with opened.writing() as connection:
        connection.execute(update(tables.blob).values(checksum=tables.blob.c.checksum + 1))
    with pytest.raises(ArchiveError, match="is damaged"):
        list(StoredSnapshots(database=opened))


def test_the_store_can_be_written_while_snapshots_are_read(store: Store, opened: Database) -> None:
    """What is recorded behind the place that was reached is not seen, and what lies ahead is."""
    follow(store, ("Ada Lovelace", "1"), ("Grace Hopper", "2"))
    for number in range(40):
        look(store, "1", number)
    read = iter(StoredSnapshots(database=opened))
    begun = [next(read).profile_key]
    look(store, "2", 0)
    assert begun + [snapshot.profile_key for snapshot in read] == ["1"] * 40 + ["2"]
