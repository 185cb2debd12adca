"""Accounts, verdicts and pages made by hand, for tests of what is answered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tracking.account import Account, Judged, MessageState, Passage
from tracking.alert import VerdictKind
from tracking.answer import PageState, Shown
from tracking.check import Outcome
from tracking.event import Cause, EventKind
from tracking.view import EventView

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
EVENT = "9f4ada0e8c1c3a5c"
MESSAGE = "e7da94bcf7d8deb5711588f0"


def view(kind: EventKind = EventKind.PAPER_NEW, *, cause: Cause = Cause.SOURCE, **fields: Any) -> EventView:
    """An event of Zoë's page."""
    known = EventView(
        id=EVENT,
        kind=kind,
        cause=cause,
        person="Zoë Example",
        profile="1001",
        source="scholarfeed",
        paper_key="arxiv:2611.00003",
        paper_title="A New Thing",
        field=None,
        before=None,
        after=None,
        observed_at=NOON,
        recorded_at=NOON,
    )
    return replace(known, **fields)


def account(*judged: Judged, event: EventView | None = None, **fields: Any) -> Account:
    return Account(
        event=event or view(),
        url="https://example.org/1001",
        run_id="7",
        run_kind="track",
        run_at=NOON,
        judged=judged,
        **fields,
    )


def passage(state: MessageState, *, event_id: str = EVENT, digest: bool = False) -> Passage | None:
    """How something is on its way that has come so far."""
    way = Passage(event_id=event_id, person="Zoë Example", source="scholarfeed", digest=digest, not_before=NOON)
    sent = replace(way, message_id=MESSAGE, next_try_at=LATER)
    failed = replace(sent, tries=3, last_error="no route to host")
    delivered = replace(sent, tries=1, delivered_at=LATER)
    return {
        MessageState.NONE: None,
        MessageState.WAITING: way,
        MessageState.TO_SEND: sent,
        MessageState.RETRYING: failed,
        MessageState.GIVEN_UP: replace(failed, given_up_at=LATER),
        MessageState.DELIVERED: delivered,
        MessageState.CORRECTED: replace(delivered, corrected_at=LATER),
    }[state]


def judged(
    kind: VerdictKind = VerdictKind.SENT, state: MessageState = MessageState.NONE, receiver: str = "me", **way: Any
) -> Judged:
    return Judged(receiver=receiver, kind=kind, why="as it was said then", passage=passage(state, **way))


def shown(**fields: Any) -> Shown:
    """The paper on Zoë's page, a day after the first page."""
    known = Shown(
        key="arxiv:2611.00003",
        title="A New Thing",
        published="2026-11-23",
        person="Zoë Example",
        source="scholarfeed",
        url="https://example.org/1001",
        first_seen=NOON,
        begins_at=NOON - timedelta(days=1),
        listed=True,
    )
    return replace(known, **fields)


def page(outcome: Outcome | None = Outcome.OK, **fields: Any) -> PageState:
    known = PageState(
        person="Zoë Example",
        source="scholarfeed",
        key="1001",
        url="https://example.org/1001",
        checked_at=NOON,
        outcome=outcome,
        read_at=NOON,
    )
    return replace(known, **fields)
