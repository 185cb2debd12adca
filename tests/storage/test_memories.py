"""What judging needs of the past: what was heard, how metrics went, which papers were news, whether the host is down."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event as listened
from sqlalchemy import update

from storage import tables
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, event, followed, paper, verdict, watch
from tests.storage.past import database_of
from tracking.alert import VerdictKind
from tracking.check import Outcome
from tracking.event import Cause, Event, EventKind
from tracking.host import Answered, AnswerKind, HostPolicy
from tracking.memory import Heard, Memory, Reach
from tracking.outage import HostHealth, edges

HOST = "example.org"
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _followed(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1"), followed("Mary Shaw", "2")], day(0))


def memory(store: Store, at: datetime, key: str = "1", **reach: timedelta) -> Memory:
    profile_id = watch(store, key).profile_id
    return store.memories({profile_id: HOST}, at, Reach(**reach))[profile_id]


def moves(store: Store, at: datetime, before: int, after: int, *receivers: tuple[str, VerdictKind]) -> Event:
    of = watch(store)
    one = event(of, EventKind.METRIC_CHANGED, at, field="citations", before=before, after=after)
    verdicts = [verdict(one, receiver, kind) for receiver, kind in receivers]
    apply(store, accepted(of, at, [], metrics={"citations": after}, events=(one,)), verdicts=verdicts)
    return one


def test_nothing_is_looked_at_beyond_its_reach(store: Store) -> None:
    moves(store, day(1), 10, 20, ("me", VerdictKind.SENT))
    assert memory(store, day(2)) == Memory()
    assert memory(store, day(2), "2", heard=WEEK, values=WEEK, news=WEEK) == Memory()
    assert memory(store, day(8.5), heard=WEEK).heard == ()


def test_what_a_receiver_hears_of_sooner_or_later(store: Store) -> None:
    kinds = [("digest", VerdictKind.DIGEST), ("me", VerdictKind.SENT), ("none", VerdictKind.NO_RULE)]
    one = moves(store, day(1), 10, 20, *kinds, ("still", VerdictKind.SILENCED))
    two = moves(store, day(2), 20, 30, ("me", VerdictKind.COOLDOWN))
    three = moves(store, day(3), 20, 30, ("me", VerdictKind.SENT))
    assert two.id != three.id
    heard = memory(store, day(4), heard=WEEK).heard
    assert [(each.event_id, each.receiver) for each in heard] == [
        (one.id, "digest"),
        (one.id, "me"),
        (three.id, "me"),
    ]
    assert heard[1] == Heard(
        event_id=one.id,
        receiver="me",
        rules=("new papers",),
        kind=EventKind.METRIC_CHANGED,
        field="citations",
        paper_key=None,
        before=10,
        after=20,
        observed_at=day(1),
    )


@pytest.mark.parametrize("taken_back", [True, False], ids=["superseded", "corrected"])
def test_what_does_not_hold_any_more_was_not_heard(store: Store, taken_back: bool) -> None:
    moves(store, day(1), 10, 20, ("me", VerdictKind.SENT))
    change = (
        update(tables.event).values(superseded_at=day(2))
        if taken_back
        else update(tables.outbox).values(corrected_at=day(2))
    )
    with database_of(store).writing() as connection:
        connection.execute(change)
    assert memory(store, day(3), heard=WEEK).heard == ()


def test_a_paper_bears_the_key_of_today(store: Store) -> None:
    of = watch(store)
    new = event(of, EventKind.PAPER_NEW, day(1), key="arxiv:1")
    old = event(of, EventKind.PAPER_LATE, day(1), key="k2")
    shown = [paper("arxiv:1"), paper("k2")]
    apply(store, accepted(of, day(1), shown, events=(new, old)), verdicts=[verdict(new)])
    with database_of(store).writing() as connection:
        connection.execute(update(tables.paper).where(tables.paper.c.key == "arxiv:1").values(key="fp:1"))
    found = memory(store, day(2), heard=WEEK, news=WEEK)
    assert [each.paper_key for each in found.heard] == ["fp:1"]
    assert found.news == {"fp:1": day(1)}


def test_a_paper_that_was_told_through_somebody_else_was_heard(store: Store) -> None:
    """By the same rules; what else a check that followed had told already was not told with this event."""
    of = watch(store)
    new = event(of, EventKind.PAPER_NEW, day(1), key="k1")
    moved = event(of, EventKind.METRIC_CHANGED, day(1), field="citations", before=1, after=2)
    told = [verdict(one, kind=VerdictKind.ALREADY_TOLD) for one in (new, moved)]
    apply(store, accepted(of, day(1), [paper("k1")], events=(new, moved)), verdicts=told)
    assert [(one.paper_key, one.rules) for one in memory(store, day(2), heard=WEEK).heard] == [("k1", ("new papers",))]


def test_papers_of_a_backfill_were_no_news(store: Store) -> None:
    of = watch(store)
    new = event(of, EventKind.PAPER_NEW, day(1), key="k1")
    filled = Event(**{name: getattr(new, name) for name in Event.__slots__} | {"cause": Cause.BACKFILL})
    apply(store, accepted(of, day(1), [paper("k1")], events=(filled,)))
    assert memory(store, day(2), news=WEEK).news == {}


def test_values_begin_with_the_one_that_held_then(store: Store) -> None:
    for number, value in ((0, 10), (2, 20), (4, 30), (10, 40)):
        moves(store, day(number), value - 10, value)
    assert memory(store, day(10.5), values=WEEK).values == {"citations": ((day(2), 20), (day(4), 30), (day(10), 40))}
    assert memory(store, day(11), values=WEEK).values == {"citations": ((day(4), 30), (day(10), 40))}
    assert memory(store, day(5), values=WEEK).values["citations"][0] == (day(0), 10)


def test_a_metric_that_is_not_shown(store: Store) -> None:
    moves(store, day(1), 0, 10)
    apply(store, accepted(watch(store), day(2), [], metrics={"citations": None}))
    assert memory(store, day(3), values=WEEK).values == {"citations": ((day(1), 10), (day(2), None))}


def test_a_host_that_is_told_to_be_down(store: Store) -> None:
    store.note_answers(HOST, HostPolicy(min_interval_seconds=0), [(Answered(kind=AnswerKind.FAILED), day(0.9))])
    apply(store, *(ended(watch(store, key), day(1), Outcome.UNREACHABLE) for key in "12"))
    health, checks = store.hosts_in_trouble()
    [edge] = edges(health.get(HOST, HostHealth(host=HOST)), checks)
    assert memory(store, day(1)).host_down_since is None
    run_id = store.begin_run("track", day(1))
    store.record_edges([(edge, edge.event(day(1)))], [], run_id=run_id, recorded_at=day(1))
    assert memory(store, day(2)).host_down_since == day(1)
    assert store.memories({1: "another.example.org"}, day(2), Reach())[1].host_down_since is None


@pytest.fixture
def statements(store: Store) -> Iterator[list[str]]:
    """Every statement that the store sends."""
    sent: list[str] = []
    engine = database_of(store).engine

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    listened.listen(engine, "before_cursor_execute", note)
    yield sent
    listened.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_long_history_is_not_walked(store: Store, statements: list[str]) -> None:
    """SQLite says how it finds the rows: none of the large tables is read from end to end."""
    store.memories({1: HOST}, day(1), Reach(heard=WEEK, values=WEEK, news=WEEK))
    asked = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(asked) == 4
    with database_of(store).reading() as connection:
        plans = [
            str(row.detail)
            for statement in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple([1] * statement.count("?")))
        ]
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
