"""What waits to be delivered: looked at, tried again, taken out for good."""

from typing import Annotated, Any, Self

from fastapi import Query
from pydantic import Field, model_validator

from flows.as_json.outbox import dropped_json, message_json, retried_json, waiting_json
from tracking.account import MessageState
from tracking.waiting import OutboxItem, OutboxMessage
from web.api.paging import Cursor, Limit, PageOf, behind, page, read
from web.api.problem import problems
from web.api.route import AtDesk, resource
from web.api.values import Name, Said, Shown, Text, Time
from web.api.writing import ours

router = resource("outbox")


class Item(Shown):
    """One event for one receiver."""

    event: str
    receiver: str
    kind: str
    person: str
    title: str
    digest: bool
    not_before: Time | None


class Waiting(Item):
    """An event that is in no message yet."""

    state: MessageState


class Message(Shown):
    message: str
    receiver: str
    state: MessageState
    digest: bool
    created_at: Time
    tries: int
    next_try_at: Time | None
    last_error: str | None
    delivered_at: Time | None
    given_up_at: Time | None
    items: list[Item]


class Retry(Said):
    """``ids`` of messages or events, or all that is for a receiver, or ``everything``: one of the three."""

    ids: list[Name] = Field(default=[], max_length=500)
    receiver: Name | None = None
    everything: bool = False

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.everything == bool(self.ids or self.receiver):
            raise ValueError("say what to try: ids, receiver, or everything alone")
        return self


class Retried(Shown):
    messages: list[str]
    items: list[str]
    receivers: list[str]


class Drop(Said):
    ids: list[Name] = Field(min_length=1, max_length=500)
    reason: Name
    receiver: Name | None = None


class Dropped(Shown):
    items: list[Item]
    messages: list[str]
    reason: str


@router.get("/outbox", response_model=PageOf[Waiting | Message], responses=problems(422))
def outbox(
    desk: AtDesk,
    receiver: Annotated[Text | None, Query(description="For this receiver only.")] = None,
    dead: Annotated[bool, Query(description="Only messages that were given up.")] = False,
    delivered: Annotated[bool, Query(description="Also messages that have arrived.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What is in no message yet, by when it may go out; then messages, the oldest first."""
    after = read(cursor, "outbox", int, str, str, str)
    view = desk.store.outbox(receiver, delivered=delivered and not dead)
    rows: list[OutboxItem | OutboxMessage] = [] if dead else list(view.items)
    rows += [one for one in view.messages if not dead or one.state is MessageState.GIVEN_UP]
    return page("outbox", behind(rows, _place, after, limit), limit, _place, _shown)


def _place(row: OutboxItem | OutboxMessage) -> tuple[int, str, str, str]:
    match row:
        case OutboxItem():
            return 0, row.not_before.isoformat() if row.not_before else "", row.receiver, row.event_id
        case OutboxMessage():
            return 1, row.created_at.isoformat(), row.receiver, row.message_id


def _shown(row: OutboxItem | OutboxMessage) -> dict[str, Any]:
    return waiting_json(row) if isinstance(row, OutboxItem) else message_json(row)


@router.post("/outbox/retry", response_model=Retried, responses=problems(403, 404, 415, 422), dependencies=ours)
def retry(desk: AtDesk, said: Retry) -> dict[str, Any]:
    """Have messages tried with the next delivery, also those that were given up."""
    return retried_json(desk.store.retry(said.ids, desk.clock(), receiver=said.receiver))


@router.post("/outbox/drop", response_model=Dropped, responses=problems(403, 404, 415, 422), dependencies=ours)
def drop(desk: AtDesk, said: Drop) -> dict[str, Any]:
    """Take messages or events out of the outbox, unsent; what was decided about each says so, and why."""
    return dropped_json(desk.store.drop(said.ids, said.reason, desk.clock(), receiver=said.receiver), said.reason)
