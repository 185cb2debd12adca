"""Runs and what they did, and the politeness ledger of hosts."""

from datetime import UTC, date
from typing import Annotated, Any

from fastapi import Path, Query

from flows.as_json.ledger import ledger_json
from flows.as_json.views import run_json
from tracking.host import RestReason
from tracking.view import RunState
from web.api.paging import Cursor, Limit, PageOf, behind, page, read
from web.api.problem import problems
from web.api.route import AtDesk, resource
from web.api.values import Day, Json, Shown, Time

router = resource("runs")


class Run(Shown):
    """A run; ``manifest`` is what it did, null while it goes on."""

    id: str
    kind: str
    now: Time
    started_at: Time
    finished_at: Time | None
    state: RunState
    reverted_at: Time | None
    manifest: dict[str, Json] | None


class Robots(Shown):
    fetched_at: Time
    status: int | None
    says: str


class Resting(Shown):
    until: Time | None
    reason: RestReason | None
    detail: str


class Host(Shown):
    """What was asked of a host on a day (UTC); a budget of null is no limit."""

    host: str
    day: date
    requests: int
    bytes: int
    not_modified: int
    not_modified_share: float | None
    failed: int
    throttled: int
    blocked: int
    disallowed: int
    daily_budget: int | None
    budget_left: int | None
    robots: Robots | None
    resting: Resting | None


@router.get("/runs", response_model=PageOf[Run], responses=problems(422))
def runs(desk: AtDesk, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
    """The newest first."""
    after = read(cursor, "runs", int)
    found = desk.store.listed_runs(before=None if after is None else after[0], limit=limit + 1)
    return page("runs", found, limit, lambda one: (int(one.run_id),), run_json)


@router.get("/runs/{run_id}", response_model=Run, responses=problems(404, 422))
def run(
    desk: AtDesk,
    run_id: Annotated[str, Path(pattern=r"^([0-9]{1,9}|latest)$", description="Or `latest`: that recorded something.")],
) -> dict[str, Any]:
    return run_json(desk.store.find_run(run_id))


@router.get("/hosts", response_model=PageOf[Host], responses=problems(422))
def hosts(
    desk: AtDesk,
    day: Annotated[Day | None, Query(description="In UTC; without it, today.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Every host that was ever asked, with what was asked of it on a day."""
    after, now = read(cursor, "hosts", str), desk.clock()
    rows = behind(desk.store.ledger(day or now.astimezone(UTC).date()), lambda one: (one.state.host,), after, limit)
    return page("hosts", rows, limit, lambda one: (one.state.host,), lambda line: ledger_json(line, now))
