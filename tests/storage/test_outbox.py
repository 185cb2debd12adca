"""What waits to be delivered: told once, by messages whose ids never change."""

import os
import signal
from time import sleep

import pytest

from storage.errors import StoreError
from storage.store import Store
from tests.forked import exit_code
from tests.storage.builders import accepted, apply, day, event, followed, paper, verdict, watch
from tests.storage.news import news, topics, verdicts
from tests.storage.processes import together
from tracking.alert import OutboxEntry, PendingMessage, VerdictKind
from tracking.event import EventKind


@pytest.fixture(autouse=True)
def _followed(store: Store) -> None:
    store.follow([followed(f"Person {key}", key, tags=("rl",)) for key in ("1", "2", "3")], day(0))


def test_a_message_holds_what_a_receiver_is_to_hear(store: Store) -> None:
    (new,) = news(store, "1", day(0), "arxiv:1")
    (message,) = store.undelivered(day(0))
    assert message == PendingMessage(
        id=message.id,
        receiver="me",
        created_at=day(0),
        digest=False,
        attempts=0,
        entries=(
            OutboxEntry(
                topic="paper.new/arxiv:1",
                event_id=new.id,
                rules=("new papers",),
                item={"kind": "paper.new", "paper_key": "arxiv:1"},
                person_key="scholarfeed/1",
                tags=("rl",),
            ),
        ),
    )


def test_a_message_waits_until_it_is_delivered_and_has_one_id(store: Store, database: str) -> None:
    """Scenario 5: whoever dies before the send sends the same message after a restart."""
    news(store, "1", day(0), "arxiv:1", "arxiv:2")
    first = store.undelivered(day(0))
    with Store.open(database) as restarted:
        assert restarted.undelivered(day(1)) == first
        restarted.delivered(first[0].id, day(1))
    assert store.undelivered(day(2)) == []


def test_what_comes_later_is_another_message(store: Store) -> None:
    news(store, "1", day(0), "arxiv:1")
    (first,) = store.undelivered(day(0))
    news(store, "2", day(1), "arxiv:2")
    messages = store.undelivered(day(1))
    assert messages[0] == first
    assert topics(messages) == [("me", False, ["paper.new/arxiv:1"]), ("me", False, ["paper.new/arxiv:2"])]


def test_receivers_and_digests_have_messages_of_their_own(store: Store) -> None:
    of = watch(store)
    new = event(of, EventKind.PAPER_NEW, day(0), key="arxiv:1")
    moved = event(of, EventKind.METRIC_CHANGED, day(0), field="citations", before=1, after=9)
    apply(
        store,
        accepted(of, day(0), [paper("arxiv:1")], events=(new, moved)),
        verdicts=[
            verdict(new, "me"),
            verdict(new, "log"),
            verdict(moved, "me", VerdictKind.DIGEST),
            verdict(moved, "log", VerdictKind.NO_RULE),
        ],
    )
    assert sorted(topics(store.undelivered(day(0)))) == [
        ("log", False, ["paper.new/arxiv:1"]),
        ("me", False, ["paper.new/arxiv:1"]),
        ("me", True, [moved.id]),
    ]


def test_nothing_goes_out_before_its_time(store: Store) -> None:
    news(store, "1", day(0), "arxiv:1", not_before=day(0.5))
    assert store.undelivered(day(0.4)) == []
    assert len(store.undelivered(day(0.5))) == 1


def test_three_people_with_one_paper_are_one_message(store: Store) -> None:
    """Scenario 29: one topic with three entries, to be worded as one item."""
    for profile in ("1", "2", "3"):
        news(store, profile, day(0), "arxiv:1")
    assert topics(store.undelivered(day(0))) == [("me", False, ["paper.new/arxiv:1"] * 3)]


def test_what_was_told_is_not_told_again_through_another_person(store: Store, database: str) -> None:
    (first,) = news(store, "1", day(0), "arxiv:1")
    store.undelivered(day(0))
    (second,) = news(store, "2", day(1), "arxiv:1")
    assert verdicts(database) == {(first.id, "me"): "sent", (second.id, "me"): "already_told"}
    assert len(store.undelivered(day(1))) == 1


def test_another_receiver_still_hears_of_it(store: Store) -> None:
    news(store, "1", day(0), "arxiv:1")
    store.undelivered(day(0))
    news(store, "2", day(1), "arxiv:1", receiver="log")
    assert [each.receiver for each in store.undelivered(day(1))] == ["me", "log"]


def test_a_digest_does_not_repeat_what_went_out_at_once(store: Store, database: str) -> None:
    (first,) = news(store, "1", day(0), "arxiv:1")
    (second,) = news(store, "2", day(0), "arxiv:1", kind=VerdictKind.DIGEST)
    assert topics(store.undelivered(day(0))) == [("me", False, ["paper.new/arxiv:1"])]
    assert verdicts(database) == {(first.id, "me"): "sent", (second.id, "me"): "already_told"}


def test_what_waited_while_it_was_told_is_withdrawn(store: Store, database: str) -> None:
    (early,) = news(store, "1", day(0), "arxiv:1")
    (late,) = news(store, "2", day(0), "arxiv:1", not_before=day(1))
    store.undelivered(day(0))
    assert len(store.undelivered(day(2))) == 1
    assert verdicts(database) == {(early.id, "me"): "sent", (late.id, "me"): "already_told"}


def test_a_failed_message_is_tried_again_and_dies_in_the_end(store: Store) -> None:
    news(store, "1", day(0), "arxiv:1")
    (message,) = store.undelivered(day(0))
    store.failed(message.id, day(0), "connection refused", next_try_at=day(0.25))
    assert store.undelivered(day(0.2)) == []
    (again,) = store.undelivered(day(0.25))
    assert (again.id, again.attempts) == (message.id, 1)
    store.failed(message.id, day(0.25), "connection refused", next_try_at=None)
    assert store.undelivered(day(9)) == []
    assert (store.status().undelivered, store.status().dead) == (0, 1)


def test_what_a_failed_try_found_out_is_known_at_the_next(store: Store) -> None:
    news(store, "1", day(0), "arxiv:1")
    (message,) = store.undelivered(day(0))
    assert (message.refused, message.taken) == (False, frozenset())
    store.failed(message.id, day(0), "550", day(1), refused=True, taken={"b", "a"})
    store.failed(message.id, day(1), "no connection", day(2))
    (again,) = store.undelivered(day(2))
    assert (again.attempts, again.refused, again.taken) == (2, True, frozenset({"a", "b"}))


def test_a_person_is_known_by_the_first_profile_under_any_of_them(store: Store) -> None:
    store.follow([followed("Person 1", "1", "2"), followed("Person 3", "3")], day(0))
    news(store, "2", day(0), "arxiv:1")
    news(store, "3", day(0), "arxiv:2")
    (message,) = store.undelivered(day(0))
    keys = {entry.topic: entry.person_key for entry in message.entries}
    assert keys == {"paper.new/arxiv:1": "scholarfeed/1", "paper.new/arxiv:2": "scholarfeed/3"}


def test_a_message_that_is_not_there_is_an_error(store: Store) -> None:
    with pytest.raises(StoreError, match="there is no message nowhere"):
        store.delivered("nowhere", day(0))
    with pytest.raises(StoreError, match="there is no message nowhere"):
        store.failed("nowhere", day(0), "lost", next_try_at=None)


def test_one_process_delivers_at_a_time(store: Store, database: str) -> None:
    """Each takes the lock, sends what is there and marks it: whoever comes second finds nothing."""
    news(store, "1", day(0), "arxiv:1")
    assert sorted(together(_deliver, [(database,)] * 3)) == [0, 0, 1]


def _deliver(database: str) -> int:
    with Store.open(database) as store, store.delivery_lock():
        messages = store.undelivered(day(0))
        for message in messages:
            # A mail server takes its time; the others must not start in it.
            sleep(0.1)
            store.delivered(message.id, day(0))
    return len(messages)


def test_a_process_that_dies_gives_the_lock_up(store: Store, database: str) -> None:
    assert exit_code(_die_with_the_lock, database) == -signal.SIGKILL
    with store.delivery_lock():
        assert store.undelivered(day(0)) == []


def _die_with_the_lock(database: str) -> None:
    with Store.open(database) as store, store.delivery_lock():
        os.kill(os.getpid(), signal.SIGKILL)
