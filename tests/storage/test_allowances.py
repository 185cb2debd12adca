"""What may go out to a receiver at one time: nothing, so many messages a day, one digest in a period."""

from datetime import datetime

import pytest
from sqlalchemy import select

from storage import tables
from storage.engine import Database
from storage.store import Store
from tests.storage.builders import day, followed
from tests.storage.news import news, topics, verdicts
from tracking.alert import Allowance, VerdictKind


@pytest.fixture(autouse=True)
def _followed(store: Store) -> None:
    store.follow([followed(f"Person {key}", key) for key in ("1", "2", "3", "4")], day(0))


def allowed(began: float, *, cap: int | None = None, closed: bool = False) -> dict[str, Allowance]:
    """Of the receiver ``me``, in the period that begins then and lasts a day."""
    period = {"period_began_at": day(began), "next_digest_at": day(began + 1)}
    return {"me": Allowance(cap=cap, closed=closed, **period)}


def digest(store: Store, profile: str, at: datetime, key: str, *, of: datetime | None = None) -> None:
    """Something for the digest of a time, found then or at ``at``."""
    news(store, profile, at, key, kind=VerdictKind.DIGEST, not_before=of or at)


def why(database: str, event_id: str) -> str:
    opened = Database.at(database)
    with opened.reading() as connection:
        found: str = connection.execute(
            select(tables.verdict.c.why).where(tables.verdict.c.event_id == event_id)
        ).scalar_one()
    opened.engine.dispose()
    return found


def test_to_who_is_closed_nothing_goes_out_and_nothing_is_put_together(store: Store) -> None:
    news(store, "1", day(0), "arxiv:1")
    store.undelivered(day(0))
    news(store, "2", day(0), "arxiv:2")
    news(store, "3", day(0), "arxiv:3", receiver="log")
    assert topics(store.undelivered(day(0), allowed(0, closed=True))) == [("log", False, ["paper.new/arxiv:3"])]
    news(store, "4", day(0.1), "arxiv:4")
    opened = [each for each in store.undelivered(day(0.1), allowed(0)) if each.receiver == "me"]
    assert topics(opened) == [
        ("me", False, ["paper.new/arxiv:1"]),
        ("me", False, ["paper.new/arxiv:2", "paper.new/arxiv:4"]),
    ]


def test_what_is_beyond_the_cap_waits_for_the_digest(store: Store, database: str) -> None:
    (one,) = news(store, "1", day(0), "arxiv:1")
    assert len(store.undelivered(day(0), allowed(0, cap=2))) == 1
    (two,) = news(store, "2", day(0.1), "arxiv:2")
    assert len(store.undelivered(day(0.1), allowed(0, cap=2))) == 2
    (three,) = news(store, "3", day(0.2), "arxiv:3")
    assert len(store.undelivered(day(0.2), allowed(0, cap=2))) == 2
    assert verdicts(database) == {(one.id, "me"): "sent", (two.id, "me"): "sent", (three.id, "me"): "capped"}
    assert why(database, one.id) == "it is new"
    assert why(database, three.id) == (
        "it is new; 2 messages went out at once within 24 hours, as many as may: it waits for the digest"
    )
    assert len(store.undelivered(day(0.9), allowed(0, cap=2))) == 2
    assert topics(store.undelivered(day(1), allowed(1, cap=2)))[2:] == [("me", True, ["paper.new/arxiv:3"])]


def test_a_day_after_the_first_there_is_room_again_and_a_digest_takes_none(store: Store) -> None:
    news(store, "1", day(0), "arxiv:1")
    store.undelivered(day(0), allowed(0, cap=1))
    digest(store, "2", day(0.5), "arxiv:2")
    store.undelivered(day(0.5), allowed(0, cap=1))
    news(store, "3", day(1), "arxiv:3")
    assert topics(store.undelivered(day(1), allowed(1, cap=1)))[2:] == [("me", False, ["paper.new/arxiv:3"])]


def test_what_was_told_is_not_put_off_but_leaves(store: Store, database: str) -> None:
    news(store, "1", day(0), "arxiv:1", not_before=day(0))
    (again,) = news(store, "2", day(0), "arxiv:1", not_before=day(0.1))
    store.undelivered(day(0), allowed(0, cap=1))
    store.undelivered(day(0.1), allowed(0, cap=1))
    assert verdicts(database)[again.id, "me"] == "already_told"


def test_a_cap_of_one_receiver_is_not_that_of_another(store: Store) -> None:
    news(store, "1", day(0), "arxiv:1")
    store.undelivered(day(0), allowed(0, cap=1))
    news(store, "2", day(0.1), "arxiv:2", receiver="log")
    assert ("log", False, ["paper.new/arxiv:2"]) in topics(store.undelivered(day(0.1), allowed(0, cap=1)))


def test_there_is_one_digest_in_a_period(store: Store) -> None:
    digest(store, "1", day(0), "arxiv:1")
    assert len(store.undelivered(day(0.1), allowed(0))) == 1
    digest(store, "2", day(0.2), "arxiv:2", of=day(0))
    assert len(store.undelivered(day(0.9), allowed(0))) == 1
    assert topics(store.undelivered(day(1), allowed(1)))[1:] == [("me", True, ["paper.new/arxiv:2"])]


def test_but_for_what_was_asked_for_in_between(store: Store) -> None:
    """As `backfill --notify` does."""
    digest(store, "1", day(0), "arxiv:1")
    store.undelivered(day(0.1), allowed(0))
    digest(store, "2", day(0.2), "arxiv:2")
    assert topics(store.undelivered(day(0.2), allowed(0)))[1:] == [("me", True, ["paper.new/arxiv:2"])]


def test_a_digest_that_fails_is_not_repeated_by_the_next(store: Store) -> None:
    digest(store, "1", day(0), "arxiv:1")
    (failing,) = store.undelivered(day(0), allowed(0))
    store.failed(failing.id, day(0), "no connection", day(1.2))
    digest(store, "2", day(1), "arxiv:2")
    assert topics(store.undelivered(day(1), allowed(1))) == [("me", True, ["paper.new/arxiv:2"])]
    assert topics(store.undelivered(day(1.2), allowed(1))) == [
        ("me", True, ["paper.new/arxiv:1"]),
        ("me", True, ["paper.new/arxiv:2"]),
    ]


def test_what_was_read_anew_is_told_again_only_when_the_digest_was_given_up(store: Store) -> None:
    run = store.begin_run("track", day(0))
    store.end_run(run, {"absorbed": 7})
    digest(store, "1", day(0), "arxiv:1")
    (first,) = store.undelivered(day(0), allowed(0))
    assert store.absorbed("me", day(1)) == 0
    store.failed(first.id, day(0.5), "no connection", day(1))
    assert store.absorbed("me", day(1)) == 0
    store.failed(first.id, day(1), "no connection", None)
    assert store.absorbed("me", day(1)) == 7
