"""The outbox as its owner looks at it."""

import pytest

from storage.errors import UnknownWaiting
from storage.store import Store
from tests.storage.builders import accepted, apply, day, event, followed, paper, verdict, watch
from tracking.account import MessageState
from tracking.alert import VerdictKind
from tracking.event import Event, EventKind
from tracking.receiver import Aftermath, ReceiverState


@pytest.fixture
def events(store: Store) -> tuple[Event, Event]:
    """A new paper that goes at once to “me” and “log”, and a metric that waits for the digest of “me”."""
    store.follow([followed("Ada Lovelace", "1")], day(0))
    apply(store, accepted(watch(store), day(1), [paper("k1")]))
    new = event(watch(store), EventKind.PAPER_NEW, day(2), key="k2")
    moved = event(watch(store), EventKind.METRIC_CHANGED, day(2), field="citations", before=1, after=2)
    intent = accepted(watch(store), day(2), [paper("k1"), paper("k2")], new=[paper("k2")], events=(new, moved))
    digest = verdict(moved, kind=VerdictKind.DIGEST, not_before=day(4))
    apply(store, intent, verdicts=[verdict(new), verdict(new, "log"), digest])
    return new, moved


def given_up(store: Store, receiver: str) -> str:
    """The message for a receiver, after its last try."""
    (message,) = (one for one in store.undelivered(day(3)) if one.receiver == receiver)
    store.failed(message.id, day(3), "no route to host", None)
    return message.id


def test_what_waits(store: Store, events: tuple[Event, Event]) -> None:
    dead = given_up(store, "me")
    view = store.outbox()
    assert [(one.event_id, one.receiver, one.digest, one.not_before) for one in view.items] == [
        (events[1].id, "me", True, day(4)),
    ]
    assert {(one.receiver, one.state, one.tries, one.last_error, len(one.items)) for one in view.messages} == {
        ("me", MessageState.GIVEN_UP, 1, "no route to host", 1),
        ("log", MessageState.TO_SEND, 0, None, 1),
    }
    assert [one.message_id for one in store.outbox("me").messages] == [dead]
    (other,) = (one for one in view.messages if one.receiver == "log")
    store.delivered(other.message_id, day(3))
    assert len(store.outbox().messages) == 1
    assert {one.state for one in store.outbox(delivered=True).messages} == {
        MessageState.GIVEN_UP,
        MessageState.DELIVERED,
    }


@pytest.mark.usefixtures("events")
def test_what_was_given_up_is_tried_again_with_all_its_tries(store: Store) -> None:
    dead = given_up(store, "me")
    assert store.undelivered(day(3))[0].receiver == "log"
    done = store.retry([dead[:6]], day(3))
    assert (done.messages, done.items, done.receivers) == ((dead,), (), ())
    again = next(one for one in store.undelivered(day(3)) if one.id == dead)
    assert again.attempts == 0


def test_a_message_that_will_be_tried_later_is_tried_now(store: Store, events: tuple[Event, Event]) -> None:
    for message in store.undelivered(day(3)):
        store.failed(message.id, day(3), "no route to host", day(9))
    assert store.undelivered(day(3)) == []
    assert len(store.retry([], day(3), receiver="log").messages) == 1
    assert [(one.receiver, one.attempts) for one in store.undelivered(day(3))] == [("log", 1)]
    assert len(store.retry([], day(3)).messages) == 2
    # What waits for its digest does so, unless it is named.
    assert store.retry([events[1].id], day(3)).items == (events[1].id,)
    assert sum(one.digest for one in store.undelivered(day(3))) == 1


def test_a_receiver_that_is_switched_off_or_rests_is_tried_again(store: Store, events: tuple[Event, Event]) -> None:
    dead = given_up(store, "me")
    off = ReceiverState(name="me", fingerprint="1", refusals=3, off_at=day(3), off_reason="410 Gone")
    (waiting,) = (one for one in store.outbox("log").messages)
    store.failed(
        waiting.message_id,
        day(3),
        "429",
        day(4),
        aftermath=Aftermath(run_id="1", receiver=ReceiverState(name="log", rest_until=day(9))),
    )
    store.failed(dead, day(3), "410 Gone", None, aftermath=Aftermath(run_id="1", receiver=off))
    assert store.outbox("me").receivers == (off,)
    assert [(one.receiver, one.standing and one.standing.is_off) for one in store.account(events[0].id).judged] == [
        ("log", False),
        ("me", True),
    ]
    assert store.status().off == (off,)
    assert store.retry([], day(4), receiver="me").receivers == ("me",)
    assert (store.status().off, [one.name for one in store.outbox().receivers]) == ((), ["log"])
    assert store.retry([], day(4)).receivers == ()
    assert store.outbox().receivers == ()


def test_what_is_dropped_stays_on_record(store: Store, events: tuple[Event, Event]) -> None:
    dead = given_up(store, "me")
    dropped = store.drop([dead], "sent by hand", day(4))
    assert ([one.event_id for one in dropped.items], dropped.messages) == ([events[0].id], (dead,))
    log, me = store.account(events[0].id).judged
    assert (me.kind, me.passage) == (VerdictKind.DROPPED, None)
    assert me.why == "it is new; taken out of the outbox on 2026-03-05 08:00 UTC: sent by hand"
    assert (log.kind, log.state) == (VerdictKind.SENT, MessageState.TO_SEND)
    assert store.status().dead == 0
    # One event of several leaves the message as it is.
    assert store.drop([events[1].id[:8]], "no news", day(4), receiver="me").messages == ()
    assert store.outbox("me").items == ()
    assert [one.receiver for one in store.undelivered(day(9))] == ["log"]


@pytest.mark.usefixtures("events")
def test_ids_that_cannot_be_meant(store: Store) -> None:
    (sent,) = (one for one in store.undelivered(day(3)) if one.receiver == "log")
    store.delivered(sent.id, day(3))
    with pytest.raises(UnknownWaiting, match=r"message “\w+” was delivered at 2026-03-04 08:00 UTC"):
        store.drop([sent.id], "why", day(4))
    with pytest.raises(UnknownWaiting, match="nothing that waits has an id that begins with “zz”"):
        store.retry(["zz"], day(4))
    with pytest.raises(UnknownWaiting, match="the ids of several begin with “”"):
        store.drop([""], "why", day(4))
    assert len(store.outbox("me").messages) == 1


# ---- a digest before its time, and what a delivery would send


def test_what_waits_for_a_digest_need_not_wait_for_its_time(store: Store, events: tuple[Event, Event]) -> None:
    assert store.hurry_digests(["log", "nobody"], day(3)) == 0
    assert store.hurry_digests(["me"], day(3)) == 1
    sent = {(one.receiver, one.digest): [entry.event_id for entry in one.entries] for one in store.undelivered(day(3))}
    assert sent == {("me", False): [events[0].id], ("log", False): [events[0].id], ("me", True): [events[1].id]}
    # What is in a message, or may go out already, is left as it is.
    assert store.hurry_digests(["me"], day(3)) == 0


@pytest.mark.usefixtures("events")
def test_how_much_a_delivery_would_send_now(store: Store) -> None:
    assert store.waiting_to_go_out(day(3)) == 2
    # Also what is in a message that none has tried to send; not what has failed and waits for its next try.
    given_up(store, "me")
    assert store.waiting_to_go_out(day(3)) == 1
    (other,) = (one for one in store.undelivered(day(3)) if one.receiver == "log")
    store.delivered(other.id, day(3))
    assert store.waiting_to_go_out(day(3)) == 0
    # The digest, when its time has come.
    assert store.waiting_to_go_out(day(4)) == 1
