"""A seal is the same for what was written and for what is read, and another for anything else."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from storage import tables
from storage.engine import Database
from storage.proven import sealed
from storage.seals import seal_of_entry, seal_of_event, seal_of_snapshot
from tests.storage.test_late import OF_ONE_STORE
from tracking.event import Cause, EventKind
from tracking.proof import Ground, Standing

AT = datetime(2026, 11, 22, 9, 30, 0, 250_000, tzinfo=UTC)
EVENT = {
    "id": "0123456789abcdef",
    "profile_id": 1,
    "kind": EventKind.PAPER_ENRICHED,
    "cause": Cause.ENRICHMENT,
    "paper_id": None,
    "paper_title": "On Ringe “ü”",
    "field": "score",
    "before": None,
    "after": 98.0,
    "since": None,
    "observed_at": AT,
    "recorded_at": AT,
    "run_id": 1,
}
SNAPSHOT = {
    "profile_id": 1,
    "observed_at": AT,
    "recorded_at": AT,
    "run_id": 1,
    "origin": "live",
    "parser": "scholarfeed/1",
    "complete": True,
    "url": "https://example.org/author/1",
    "status": 200,
    "headers": {"content-type": "text/html", "etag": '"1"'},
}
ENTRY = {"receiver": "me", "event_id": EVENT["id"], "rules": ["all"], "item": {"title": "On Rings", "score": 98.0}}


@pytest.fixture
def opened(database: str) -> Iterator[Database]:
    opened = Database.at(database)
    with opened.writing() as connection:
        connection.execute(insert(tables.person).values(id=1, tags=[]))
        connection.execute(
            insert(tables.profile).values(
                id=1, person_id=1, source="scholarfeed", key="1", url="", revision=0, unsettled=False, accept_next=False
            )
        )
        connection.execute(insert(tables.run).values(id=1, kind="track", now=AT, started_at=AT))
    yield opened
    opened.engine.dispose()


_plain_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(-1e15, 1e15),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
)


@given(before=_plain_values | st.lists(_plain_values), after=_plain_values)
@OF_ONE_STORE
def test_what_is_read_has_the_seal_of_what_was_written(opened: Database, before: Any, after: Any) -> None:
    written = EVENT | {"before": before, "after": after}
    with opened.writing() as connection:
        connection.execute(tables.event.delete())
        connection.execute(insert(tables.event).values(written))
        row = connection.execute(select(tables.event)).one()
    assert seal_of_event(row._asdict()) == seal_of_event(written)


@pytest.mark.parametrize("column", sorted(EVENT))
def test_every_column_of_an_event_matters(column: str) -> None:
    assert seal_of_event(EVENT | {column: _another(EVENT[column])}) != seal_of_event(EVENT)


@pytest.mark.parametrize("column", sorted([*SNAPSHOT, "place"]))
def test_every_column_of_a_snapshot_matters(column: str) -> None:
    changed = SNAPSHOT | {column: _another(SNAPSHOT.get(column))}
    assert seal_of_snapshot(changed, b"page", b"reading") != seal_of_snapshot(SNAPSHOT, b"page", b"reading")


@pytest.mark.parametrize(("page", "reading"), [(b"gage", b"reading"), (b"page", b"treading"), (b"reading", b"page")])
def test_so_do_the_contents_of_its_page_and_its_reading(page: bytes, reading: bytes) -> None:
    assert seal_of_snapshot(SNAPSHOT, page, reading) != seal_of_snapshot(SNAPSHOT, b"page", b"reading")


@pytest.mark.parametrize("column", sorted(ENTRY))
def test_every_column_of_what_was_told_matters(column: str) -> None:
    assert seal_of_entry(ENTRY | {column: _another(ENTRY[column])}) != seal_of_entry(ENTRY)


def _another(value: object) -> object:
    match value:
        case None:
            return "something"
        case bool():
            return not value
        case datetime():
            return value + timedelta(microseconds=1)
        case int() | float():
            return value + 1
        case dict():
            return value | {"more": None}
    return None


@pytest.mark.parametrize(
    "same",
    [
        EVENT | {"observed_at": AT.astimezone(timezone(timedelta(hours=9)))},
        EVENT | {"after": 98},
        dict(reversed(EVENT.items())),
        EVENT | {"superseded_at": AT, "seal": b"1"},
    ],
    ids=["the time in another zone", "a whole number", "the order of columns", "columns that move"],
)
def test_what_makes_no_difference(same: Mapping[str, Any]) -> None:
    assert seal_of_event(same) == seal_of_event(EVENT)


@pytest.mark.parametrize(
    ("seal", "standing"),
    [(seal_of_event(EVENT), Standing.HOLDS), (bytes(16), Standing.FAILS), (None, Standing.OPEN)],
    ids=["right", "wrong", "recorded before there were seals"],
)
def test_what_a_seal_says(seal: bytes | None, standing: Standing) -> None:
    assert sealed(seal, seal_of_event(EVENT), Ground.SEAL, "there", "as written").standing is standing
