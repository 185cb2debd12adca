"""A history written into a store: check by check as the daily run does, or capture by capture in any order."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage import tables
from storage.engine import Database
from storage.store import Store
from tests.storage.builders import START, followed
from tracking.check import Page, Parsed, SameBytes
from tracking.decide import decide
from tracking.fold import Read
from tracking.late import Inserted, LateSighting
from tracking.view import ProfileState

Sightings = Sequence[tuple[datetime, Read]]


def page_of(read: Read) -> Page:
    """Bytes of its own for each page of a history; a page that comes again has them again."""
    body = f"{read.ref} ".encode() * 40
    return Page(url="https://example.org/author/1", status=200, headers={"content-type": "text/html"}, body=body)


def follow_one(store: Store) -> int:
    """Somebody with one profile; its id."""
    store.follow([followed("Ada", "1")], START)
    (profile,) = store.to_fill()
    return profile.profile_id


def check_daily(store: Store, sightings: Sightings) -> list[str]:
    """What the daily run does with these pages, oldest first; the ids of the runs."""
    runs = []
    for at, read in sightings:
        run_id = store.begin_run("track", at)
        (watch,) = store.due(at, cadence=None)
        known = store.known([watch.profile_id]).get(watch.profile_id)
        page = page_of(read)
        is_same = watch.body_sha256 == hashlib.sha256(page.body).digest()
        parsed = Parsed(page=page, reading=read.reading, parser=read.parser)
        finding = SameBytes(page=page) if is_same and not watch.unsettled and watch.parser == read.parser else parsed
        intent = decide(replace(watch, accept_next=True), finding, known, at)
        assert store.apply([(intent, [])], run_id=run_id, recorded_at=at) == [True]
        runs.append(run_id)
    return runs


def insert_late(store: Store, profile_id: int, sightings: Sightings) -> Inserted:
    """One run that brings these captures."""
    late = [
        LateSighting(
            observed_at=at,
            finding=Parsed(page=page_of(read), reading=read.reading, parser=read.parser),
            origin="pages",
            place=read.ref,
        )
        for at, read in sightings
    ]
    run_id = store.begin_run("backfill", START)
    return store.insert(profile_id, late, run_id=run_id, recorded_at=START)


def view(store: Store, times: Sequence[datetime]) -> dict[str, Any]:
    """What anybody can ask of the history: every day of it, every event, every series. Causes are no part of it."""
    return {
        "states": [_state(store, at) for at in sorted(times)],
        "events": [
            (one.id, one.kind, one.paper_key, one.paper_title, one.field, one.before, one.after, one.observed_at)
            for one in store.events()
        ],
        "rows": {name: _rows(store, name) for name in ("listing", "metric", "alias", "event")},
    }


def _state(store: Store, at: datetime) -> tuple[ProfileState, ...]:
    # When the profile was last checked is no matter of what it said.
    return tuple(
        replace(state, profile=replace(state.profile, profile_id=1, checked_at=None, outcome=None, detail=""))
        for state in store.person("Ada", at).profiles
    )


#: Columns that say what is so; the others, when and by which run it was recorded.
_FACTS = {
    "listing": ("since", "until", "missed_at", "removed_at", "last_shown"),
    "metric": ("name", "since", "until", "value"),
    "alias": ("text", "since"),
    "event": ("id", "field", "before", "after", "since", "observed_at"),
}


def _rows(store: Store, name: str) -> list[str]:
    """The rows of a table that count, under the keys of today."""
    table = tables.Row.metadata.tables[name]
    query = select(*(table.c[column] for column in _FACTS[name]))
    if "paper_id" in table.c:
        query = query.add_columns(tables.paper.c.key).outerjoin_from(
            table, tables.paper, tables.paper.c.id == table.c.paper_id
        )
    if "superseded_at" in table.c:
        query = query.where(table.c.superseded_at.is_(None))
    with database_of(store).reading() as connection:
        return sorted(repr(tuple(row)) for row in connection.execute(query))


def database_of(store: Store) -> Database:
    return store._database


def emptied(store: Store) -> Store:
    """The store with nothing in it but its tables."""
    with database_of(store).writing() as connection:
        for table in reversed(tables.Row.metadata.sorted_tables):
            if table.name == "blob":
                connection.execute(table.update().values(base_id=None))
            connection.execute(table.delete())
    return store
