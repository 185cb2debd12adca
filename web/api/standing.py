"""How the whole stands."""

from typing import Any

from starlette.responses import Response

from flows.health import TroubleKind
from flows.standing import Standing, standing
from web.api.problem import problems
from web.api.route import AtDesk, resource
from web.api.runs import Host
from web.api.values import Json, Shown, Time
from web.desk import Desk

router = resource("status")


class SwitchedOff(Shown):
    receiver: str
    since: Time | None
    reason: str | None


class Trouble(Shown):
    kind: TroubleKind
    detail: str
    count: int


class Health(Shown):
    """``well``: nobody has to look at anything; ``line`` says all of it in one sentence."""

    well: bool
    line: str
    now: Time
    people: int
    profiles: int
    last_good_run: Time | None
    troubles: list[Trouble]


class Status(Shown):
    """How the whole stands; ``troubles`` is what somebody has to look at, a sentence each."""

    people: int
    profiles: int
    papers: int
    snapshots: int
    events: int
    outcomes: dict[str, int]
    held: int
    undelivered: int
    dead: int
    retrying: int
    switched_off: list[SwitchedOff]
    last_track: dict[str, Json] | None
    last_deliver: dict[str, Json] | None
    size_bytes: int
    last_good_run: Time | None
    late: bool
    health: Health
    hosts: list[Host]
    troubles: list[str]


@router.get("/status", response_model=Status, responses=problems())
def status(desk: AtDesk) -> dict[str, Any]:
    return _standing(desk).to_json()


@router.get("/health", response_model=Health, responses={503: {"model": Health, "description": "Something is wrong."}})
def health(desk: AtDesk, response: Response) -> dict[str, Any]:
    """For a monitor: 200 while all is well, else 503."""
    found = _standing(desk).health
    response.status_code = 200 if found.is_well else 503
    return found.to_json()


def _standing(desk: Desk) -> Standing:
    settings = desk.configuration.now()
    return standing(desk.store, settings.watch.patience, desk.clock(), broken=desk.configuration.complaint or None)
