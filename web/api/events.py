"""Events: what happened, what was decided about it, the proof; and that somebody has seen it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path, Query

from flows.as_json.account import account_json, acked_json, proof_json
from flows.verify import verify_event
from tracking.account import MessageState
from tracking.alert import VerdictKind
from tracking.event import Cause, EventKind
from tracking.event_json import event_json
from tracking.listing import WantedEvents
from tracking.proof import Ground, Standing
from web.api.paging import Cursor, Limit, PageOf, page, read
from web.api.problem import problems
from web.api.route import AtDesk, resource
from web.api.values import Json, Said, Shown, Since, Text, Time, Until
from web.api.writing import ours

router = resource("events")

EventId = Annotated[str, Path(pattern="^[0-9a-f]{1,32}$", description="The id of an event, or a beginning of it.")]


class PaperNamed(Shown):
    key: str
    title: str | None


class Event(Shown):
    id: str
    kind: EventKind
    cause: Cause
    person: str
    profile: str
    source: str
    paper: PaperNamed | None
    field: str | None
    before: Json
    after: Json
    observed_at: Time
    recorded_at: Time
    #: Only there where somebody has seen it.
    acknowledged_at: Time | None = None


class RunOfEvent(Shown):
    id: str
    kind: str
    now: Time
    reverted_at: Time | None


class Acknowledged(Shown):
    at: Time
    note: str


class Passage(Shown):
    """How far an event has come on its way to a receiver."""

    id: str | None
    event: str
    digest: bool
    not_before: Time | None
    tries: int
    next_try_at: Time | None
    last_error: str | None
    delivered_at: Time | None
    given_up_at: Time | None
    corrected_at: Time | None


class Judged(Shown):
    """What was decided for one receiver, and why."""

    receiver: str
    kind: VerdictKind
    rules: list[str]
    why: str
    state: MessageState
    message: Passage | None
    switched_off_at: Time | None
    text: str


class Account(Shown):
    """All that is on record about an event: what it rests on, and what was decided for whom."""

    event: Event
    url: str
    since: Time | None
    parser: str | None
    run: RunOfEvent
    superseded_at: Time | None
    acknowledged: Acknowledged | None
    verdicts: list[Judged]


class Step(Shown):
    step: Ground
    standing: Standing
    place: str
    text: str


class Proof(Shown):
    """An event, and each step from it down to the bytes of the page, computed again."""

    event: Event
    state: Literal["ok", "failed"]
    steps: list[Step]


class Ack(Said):
    note: Text = ""


class Acked(Shown):
    """``changed`` false: it was acknowledged before, and that stands."""

    event: str
    at: Time
    note: str
    changed: bool


_AS_IT_IS = {"response_model_exclude_unset": True}


@router.get("/events", response_model=PageOf[Event], responses=problems(404, 422), **_AS_IT_IS)  # type: ignore[arg-type]
def events(
    desk: AtDesk,
    since: Annotated[Since | None, Query(description="Observed then or later.")] = None,
    until: Annotated[Until | None, Query(description="Observed by then; of a day by its end.")] = None,
    known_at: Annotated[Until | None, Query(description="On record then, whatever was changed since.")] = None,
    person: Annotated[Text | None, Query(description="A name or a part of it, a profile's URL or key.")] = None,
    kind: Annotated[list[EventKind], Query(description="Of this kind; may be given more than once.")] = [],  # noqa: B006
    source: Annotated[list[Text], Query(description="From pages of this source; more than once.")] = [],  # noqa: B006
    cause: Annotated[list[Cause], Query(description="For this cause; may be given more than once.")] = [],  # noqa: B006
    unacknowledged: Annotated[bool, Query(description="Only what nobody has acknowledged.")] = False,
    order: Annotated[Literal["oldest", "newest"], Query(description="Which come first.")] = "oldest",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What happened, by the time it was observed."""
    after = read(cursor, f"events {order}", datetime, str)
    wanted = WantedEvents(
        since=since,
        until=until,
        known_at=known_at,
        person_id=None if person is None else desk.store.find_person(person),
        kinds=kind,
        sources=source,
        causes=cause,
        unacknowledged=unacknowledged,
        newest_first=order == "newest",
        after=None if after is None else (after[0], after[1]),
        limit=limit + 1,
    )
    found = desk.store.listed_events(wanted)
    return page(f"events {order}", found, limit, lambda one: (one.observed_at.isoformat(), one.id), event_json)


@router.get("/events/{event_id}", response_model=Account, responses=problems(404, 422), **_AS_IT_IS)  # type: ignore[arg-type]
def event(desk: AtDesk, event_id: EventId) -> dict[str, Any]:
    return account_json(desk.store.account(event_id))


@router.get("/events/{event_id}/proof", response_model=Proof, responses=problems(404, 422), **_AS_IT_IS)  # type: ignore[arg-type]
def proof(desk: AtDesk, event_id: EventId) -> dict[str, Any]:
    """The proof of an event, made now."""
    found, steps = verify_event(desk.store, event_id)
    return proof_json(found, steps)


@router.post("/events/{event_id}/ack", response_model=Acked, responses=problems(403, 404, 415, 422), dependencies=ours)
def acknowledge(desk: AtDesk, event_id: EventId, said: Ack) -> dict[str, Any]:
    """Note that an event was seen."""
    return acked_json(*desk.store.acknowledge(event_id, said.note, desk.clock()))
