"""A process is killed while it writes: after a restart there is all of the batch, or nothing."""

import os
import signal
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select
from sqlalchemy.engine import Engine

from storage import tables
from storage.engine import Database
from storage.store import Store
from tests.forked import exit_code, kill_at
from tests.storage import builders
from tests.storage.builders import accepted, day, followed, paper, verdict, watch
from tracking.event import EventKind

_EVERYTHING = {"blob": 4, "snapshot": 2, "paper": 3, "alias": 4, "listing": 4, "metric": 2, "event": 1, "outbox": 1}
_NOTHING = dict.fromkeys(_EVERYTHING, 0)


def _counts(database: str) -> dict[str, int]:
    opened = Database.at(database)
    with opened.reading() as connection:
        counts = {
            name: int(
                connection.execute(select(func.count()).select_from(tables.Row.metadata.tables[name])).scalar_one()
            )
            for name in _EVERYTHING
        }
    opened.engine.dispose()
    return counts


def _apply(store: Store, run_id: str) -> list[bool]:
    """Two first sights that share a paper."""
    first, second = watch(store, "1"), watch(store, "2")
    new = builders.event(first, EventKind.PAPER_NEW, day(0), key="arxiv:1")
    shared = paper("arxiv:0")
    return store.apply(
        [
            (accepted(first, day(0), [shared, paper("arxiv:1")], metrics={"citations": 1}, events=(new,)), [verdict(new)]),
            (accepted(second, day(0), [shared, paper("arxiv:2")], metrics={"citations": 2}), []),
        ],
        run_id=run_id,
        recorded_at=day(0),
    )  # fmt: skip


def _apply_and_die(database: str, run_id: str, at: str) -> None:
    """Die before the statement that writes to a table for the first time, before the commit, or after it."""
    with Store.open(database) as store:

        @event.listens_for(Engine, "before_cursor_execute")
        def before_statement(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.startswith((f"INSERT INTO {at} ", f"UPDATE {at} ")):
                os.kill(os.getpid(), signal.SIGKILL)

        if at == "commit":
            kill_at(commit=1)
        _apply(store, run_id)
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("profile", _NOTHING),
        ("paper", _NOTHING),
        ("blob", _NOTHING),
        ("snapshot", _NOTHING),
        ("event", _NOTHING),
        ("outbox", _NOTHING),
        ("commit", _NOTHING),
        ("nowhere", _EVERYTHING),
    ],
)
def test_all_or_nothing(database: str, at: str, expected: dict[str, int]) -> None:
    with Store.open(database) as store:
        store.follow([followed("Ada Lovelace", "1"), followed("Mary Shaw", "2")], day(0))
        run_id = store.begin_run("track", day(0))
        assert exit_code(_apply_and_die, database, run_id, at) == -signal.SIGKILL
        assert _counts(database) == expected
        is_needed = expected is _NOTHING
        # The same run again: its state is that of an undisturbed one.
        assert len(store.due(day(0), cadence=None)) == (2 if is_needed else 0)
        if is_needed:
            assert _apply(store, run_id) == [True, True]
        assert _counts(database) == _EVERYTHING
        assert len(store.undelivered(day(0))) == 1
