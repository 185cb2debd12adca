"""How receivers stand is remembered, together with the messages that tell it."""

import pytest

from storage.errors import StoreError
from storage.store import Store
from tests.storage.builders import accepted, apply, day, followed, paper, verdict, watch
from tests.storage.news import news
from tracking.event import EventKind
from tracking.note import note
from tracking.receiver import Aftermath, ReceiverState

OFF = ReceiverState(
    name="me",
    fingerprint="0badf00d",
    refusals=3,
    rest_until=day(2),
    off_at=day(1),
    off_reason="the hook answered 404",
)


@pytest.fixture
def message(store: Store) -> str:
    store.follow([followed("Ada Lovelace", "1")], day(0))
    news(store, "1", day(0), "arxiv:1")
    (waiting,) = store.undelivered(day(0))
    return waiting.id


def test_nothing_is_held_against_anybody_at_first(store: Store) -> None:
    assert store.receiver_states() == {}
    assert store.switch_on("me") is False


def test_what_a_try_showed_is_remembered_until_something_is_taken(store: Store, message: str) -> None:
    run = store.begin_run("deliver", day(1))
    refused = ReceiverState(name="me", fingerprint="0badf00d", refusals=1)
    store.failed(message, day(1), "404", day(2), aftermath=Aftermath(run_id=run, receiver=refused))
    assert store.receiver_states() == {"me": refused}
    store.failed(message, day(1), "404", day(2), aftermath=Aftermath(run_id=run, receiver=OFF))
    assert store.receiver_states() == {"me": OFF}
    store.delivered(message, day(3), receiver=ReceiverState(name="me"))
    assert store.receiver_states() == {}


def test_a_receiver_is_switched_on_again(store: Store, message: str) -> None:
    run = store.begin_run("deliver", day(1))
    store.failed(message, day(1), "410", day(2), aftermath=Aftermath(run_id=run, receiver=OFF))
    assert store.switch_on("other") is False
    assert store.switch_on("me") is True
    assert store.receiver_states() == {}


def test_a_failure_is_told_together_with_it_or_not_at_all(store: Store, message: str) -> None:
    apply(store, accepted(watch(store), day(1), [paper("k1")]))
    profile = store.profile_of_notes()
    assert profile is not None
    run = store.begin_run("deliver", day(2))
    told = note(EventKind.DELIVERY_FAILED, message, "a message was given up", profile, day(2))
    aftermath = Aftermath(run_id=run, receiver=OFF, notes=[told], verdicts=[verdict(told, "log")])
    with pytest.raises(StoreError):
        store.failed("nowhere", day(2), "404", None, aftermath=aftermath)
    assert list(store.events(kinds=[EventKind.DELIVERY_FAILED])) == []
    assert store.receiver_states() == {}
    store.failed(message, day(2), "404", None, aftermath=aftermath)
    assert [event.id for event in store.events(kinds=[EventKind.DELIVERY_FAILED])] == [told.id]
    assert [each.receiver for each in store.undelivered(day(2))] == ["log"]
