"""What the ledger of verdicts knows of an event: what was decided for whom, and how far that has come.

Everything here was stored when it happened: nothing is worked out anew from today's rules.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracking.alert import VerdictKind
from tracking.receiver import ReceiverState
from tracking.view import EventView


class MessageState(StrEnum):
    """How far an event has come on its way to a receiver."""

    NONE = "none"
    """nothing of it is in the outbox"""
    WAITING = "waiting"
    """it is in the outbox, and in no message yet"""
    TO_SEND = "to_send"
    """it is in a message that nobody has tried to send"""
    RETRYING = "retrying"
    """it is in a message that could not be delivered, and is tried again"""
    GIVEN_UP = "given_up"
    """it is in a message that could not be delivered, and is not tried any more"""
    DELIVERED = "delivered"
    CORRECTED = "corrected"
    """it was delivered, and does not hold: that is said too"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """An event on its way to a receiver, in the outbox and then in a message."""

    event_id: str
    #: Whose page, at which source, the event is of.
    person: str
    source: str
    digest: bool
    not_before: datetime | None = None
    #: None: it is in no message yet, and what follows is not known.
    message_id: str | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    last_error: str | None = None
    delivered_at: datetime | None = None
    given_up_at: datetime | None = None
    corrected_at: datetime | None = None

    @property
    def state(self) -> MessageState:
        if self.corrected_at is not None:
            return MessageState.CORRECTED
        if self.delivered_at is not None:
            return MessageState.DELIVERED
        if self.given_up_at is not None:
            return MessageState.GIVEN_UP
        if self.message_id is None:
            return MessageState.WAITING
        return MessageState.RETRYING if self.tries else MessageState.TO_SEND


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was decided about one event for one receiver, and how far it has come."""

    receiver: str
    kind: VerdictKind
    rules: tuple[str, ...] = ()
    #: As it was said when it was decided.
    why: str = ""
    #: Of the event itself; where it was left to another event of the same thing, of that. None: there is nothing.
    passage: Passage | None = None
    #: How the receiver stands now, where something is held against it.
    standing: ReceiverState | None = None

    @property
    def state(self) -> MessageState:
        return MessageState.NONE if self.passage is None else self.passage.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a receiver heard of an event, or did not."""

    receiver: str
    kind: VerdictKind
    #: As it was said when it was decided.
    why: str


@dataclass(frozen=True, slots=True)
class Ack:
    """Somebody has seen an event, and what they had to say."""

    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All that is on record about one event."""

    event: EventView
    #: Of the profile.
    url: str
    #: When the value before was first known.
    since: datetime | None = None
    #: The run that found it, of which kind, and of when.
    run_id: str
    run_kind: str
    run_at: datetime
    #: When that run was taken back; None: it stands.
    run_reverted_at: datetime | None = None
    #: Since when the event does not count any more; None: it counts.
    superseded_at: datetime | None = None
    #: What read the page that the event is of; None: it is of no page.
    parser: str | None = None
    ack: Ack | None = None
    #: By the name of the receiver.
    judged: tuple[Judged, ...] = ()
