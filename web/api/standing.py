"""How the whole stands."""

from typing import Any, Literal

from starlette.responses import Response

from flows.as_json.times import iso
from flows.standing import standing
from web.api.problem import problems
from web.api.route import AtDesk, resource
from web.api.runs import Host
from web.api.values import Json, Shown, Time

router = resource("status")


class SwitchedOff(Shown):
    receiver: str
    since: Time | None
    reason: str | None


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
    hosts: list[Host]
    troubles: list[str]


class Health(Shown):
    """``pass``: the program is at work; ``fail``: there was no good run for too long, or its file is not sound."""

    status: Literal["pass", "fail"]
    last_good_run: Time | None
    late: bool
    #: False: what the configuration said before still holds.
    configuration_sound: bool
    #: So much asks somebody to look; see status.
    troubles: int


@router.get("/status", response_model=Status, responses=problems())
def status(desk: AtDesk) -> dict[str, Any]:
    settings = desk.configuration.now()
    return standing(desk.store, settings.watch.patience, desk.clock()).to_json()


@router.get("/health", response_model=Health, responses={503: {"model": Health, "description": "It is not at work."}})
def health(desk: AtDesk, response: Response) -> dict[str, Any]:
    """For a monitor: 200 while all is at work, else 503."""
    settings = desk.configuration.now()
    found = standing(desk.store, settings.watch.patience, desk.clock())
    is_sound = not desk.configuration.complaint
    is_well = is_sound and not found.is_late
    response.status_code = 200 if is_well else 503
    return {
        "status": "pass" if is_well else "fail",
        "last_good_run": iso(found.last_good.now) if found.last_good else None,
        "late": found.is_late,
        "configuration_sound": is_sound,
        "troubles": len(found.troubles),
    }
