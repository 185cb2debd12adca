"""What is in the outbox, as its owner looks at it."""

from dataclasses import dataclass
from datetime import datetime

from tracking.account import MessageState
from tracking.receiver import ReceiverState


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """One event for one receiver."""

    event_id: str
    receiver: str
    kind: str
    person: str
    #: The title of a paper, the name of a metric, or the person.
    title: str
    digest: bool
    not_before: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage:
    """Items that go to one receiver together."""

    message_id: str
    receiver: str
    digest: bool
    created_at: datetime
    items: tuple[OutboxItem, ...]
    tries: int
    next_try_at: datetime
    last_error: str | None
    delivered_at: datetime | None
    given_up_at: datetime | None

    @property
    def state(self) -> MessageState:
        if self.delivered_at is not None:
            return MessageState.DELIVERED
        if self.given_up_at is not None:
            return MessageState.GIVEN_UP
        return MessageState.RETRYING if self.tries else MessageState.TO_SEND


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxView:
    """What waits: items that are in no message yet, messages, and receivers that something is held against."""

    items: tuple[OutboxItem, ...] = ()
    messages: tuple[OutboxMessage, ...] = ()
    receivers: tuple[ReceiverState, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """What goes out with the next delivery, and which receivers are switched on again."""

    messages: tuple[str, ...] = ()
    #: Events that were in no message yet.
    items: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """What was taken out of the outbox."""

    items: tuple[OutboxItem, ...]
    #: Messages that had nothing left to say, and are no more.
    messages: tuple[str, ...]
