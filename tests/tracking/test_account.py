"""How far things have come on their way."""

from dataclasses import replace

from tests.tracking.ledger_facts import LATER, MESSAGE, NOON, judged, passage
from tracking.account import MessageState
from tracking.waiting import OutboxMessage


def test_how_far_an_event_has_come() -> None:
    for state in MessageState:
        assert judged(state=state).state is state
        way = passage(state)
        assert way is None or way.state is state


def test_how_far_a_message_has_come() -> None:
    message = OutboxMessage(
        message_id=MESSAGE, receiver="me", digest=False, created_at=NOON, items=(), tries=0, next_try_at=NOON,
        last_error=None, delivered_at=None, given_up_at=None,
    )  # fmt: skip
    assert message.state is MessageState.TO_SEND
    assert replace(message, tries=1).state is MessageState.RETRYING
    assert replace(message, tries=7, given_up_at=LATER).state is MessageState.GIVEN_UP
    assert replace(message, tries=7, delivered_at=LATER).state is MessageState.DELIVERED
