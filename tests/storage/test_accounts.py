"""What is on record about an event: its run, its verdicts, and how far its message has come."""

from datetime import timedelta

import pytest

from storage.errors import UnknownEvent
from storage.store import Store
from tests.storage.builders import accepted, apply, day, event, followed, paper, verdict, watch
from tracking.account import MessageState
from tracking.alert import VerdictKind
from tracking.event import Event, EventKind


@pytest.fixture
def news(store: Store) -> list[Event]:
    """Ada's page, then Grace's: each shows the same new paper on its second day."""
    store.follow([followed("Ada Lovelace", "1"), followed("Grace Hopper", "2")], day(0))
    found = []
    for number, key in enumerate(("1", "2")):
        first = watch(store, key)
        apply(store, accepted(first, day(1 + number), [paper("k1")], name=first.person))
        again = watch(store, key)
        new = event(again, EventKind.PAPER_NEW, day(3 + number), key="k2")
        shown = [paper("k1"), paper("k2")]
        intent = accepted(again, day(3 + number), shown, new=shown[1:], name=again.person, events=(new,))
        others = [verdict(new, "log", VerdictKind.NO_RULE, not_before=None)]
        assert apply(store, intent, verdicts=[verdict(new), *others]) == [True]
        found.append(new)
    return found


def test_an_account_says_who_found_it_and_what_was_decided(store: Store, news: list[Event]) -> None:
    account = store.account(news[0].id[:6])
    assert (account.event.id, account.event.person, account.event.paper_key) == (news[0].id, "Ada Lovelace", "k2")
    assert (account.run_kind, account.run_at, account.parser) == ("track", day(3), "scholarfeed/1")
    assert (account.url, account.superseded_at, account.ack) == ("https://example.org/author/1", None, None)
    assert [(one.receiver, one.kind, one.state, one.rules) for one in account.judged] == [
        ("log", VerdictKind.NO_RULE, MessageState.NONE, ("new papers",)),
        ("me", VerdictKind.SENT, MessageState.WAITING, ("new papers",)),
    ]


def state_of(store: Store, of: Event) -> MessageState:
    return store.account(of.id).judged[1].state


def test_a_message_is_followed_to_its_end(store: Store, news: list[Event]) -> None:
    (message,) = store.undelivered(day(5))
    assert state_of(store, news[0]) is MessageState.TO_SEND
    store.failed(message.id, day(5), "no route to host", day(5) + timedelta(minutes=1))
    store.failed(message.id, day(6), "no route to host", day(7))
    passage = store.account(news[0].id).judged[1].passage
    assert passage is not None
    assert (passage.state, passage.tries, passage.last_error, passage.next_try_at, passage.message_id) == (
        MessageState.RETRYING, 2, "no route to host", day(7), message.id,
    )  # fmt: skip
    store.failed(message.id, day(7), "no such host", None)
    assert state_of(store, news[0]) is MessageState.GIVEN_UP


def test_what_was_told_through_somebody_else_leads_there(store: Store, news: list[Event]) -> None:
    (message,) = store.undelivered(day(5))
    store.delivered(message.id, day(5))
    late = event(watch(store, "2"), EventKind.PAPER_NEW, day(6), key="k2")
    apply(store, accepted(watch(store, "2"), day(6), [paper("k2")], new=[], events=(late,)), verdicts=[verdict(late)])
    (judged,) = store.account(late.id).judged
    assert judged.kind is VerdictKind.ALREADY_TOLD
    assert judged.passage is not None
    assert judged.passage.event_id in {one.id for one in news}
    assert (judged.state, judged.passage.message_id) == (MessageState.DELIVERED, message.id)


def test_an_event_of_a_run_that_was_taken_back_says_so(store: Store, news: list[Event]) -> None:
    run = store.account(news[1].id).run_id
    store.revert(run, now=day(6), correct=lambda _: ([], []))
    account = store.account(news[1].id)
    assert (account.superseded_at, account.run_reverted_at) == (day(6), day(6))
    assert [(one.receiver, one.state) for one in account.judged] == [
        ("log", MessageState.NONE),
        ("me", MessageState.NONE),
    ]


def test_an_event_is_acknowledged_once(store: Store, news: list[Event]) -> None:
    account, is_new = store.acknowledge(news[0].id[:8], "known to me", day(7))
    assert is_new
    assert account.ack is not None
    assert (account.ack.at, account.ack.note, account.event.acknowledged_at) == (day(7), "known to me", day(7))
    again, is_new = store.acknowledge(news[0].id, "other words", day(9))
    assert (again, is_new) == (account, False)
    assert [one.id for one in store.events(unacknowledged=True)] == [news[1].id]
    assert store.proving.event(news[0].id).event.acknowledged_at == day(7)


@pytest.mark.usefixtures("news")
def test_events_that_cannot_be_meant(store: Store) -> None:
    with pytest.raises(UnknownEvent, match="no event has an id that begins with “zz”"):
        store.acknowledge("zz", "", day(7))
    with pytest.raises(UnknownEvent, match="the ids of several events begin with “”"):
        store.account("")
