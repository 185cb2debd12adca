"""New papers on a profile, and what became of them on the way to a receiver."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage import tables
from storage.engine import Database
from storage.store import Store
from tests.storage.builders import accepted, apply, event, paper, verdict, watch
from tracking.alert import PendingMessage
from tracking.event import Event, EventKind


def news(store: Store, profile: str, at: datetime, *keys: str, **fields: Any) -> list[Event]:
    """New papers on a profile, with one verdict about each."""
    of = watch(store, profile)
    events = [event(of, EventKind.PAPER_NEW, at, key=key) for key in keys]
    intent = accepted(of, at, [paper(key) for key in keys], events=tuple(events))
    apply(store, intent, verdicts=[verdict(each, **fields) for each in events])
    return events


def verdicts(database: str) -> dict[tuple[str, str], str]:
    opened = Database.at(database)
    columns = tables.verdict.c
    with opened.reading() as connection:
        rows = connection.execute(select(columns.event_id, columns.receiver, columns.kind)).all()
    opened.engine.dispose()
    return {(row.event_id, row.receiver): row.kind for row in rows}


def topics(messages: Sequence[PendingMessage]) -> list[tuple[str, bool, list[str]]]:
    return [(each.receiver, each.digest, [entry.topic for entry in each.entries]) for each in messages]
