"""``/runs``: what each run did, how its checks ended by host, and what was asked of each host on a day."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, timedelta

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from flows.config.error import ConfigError
from flows.deeds import deeds
from flows.manifest import is_failure
from flows.prefect_pages import flow_run_page, runs_page
from flows.settings import prefect_api_url
from tracking.check import Outcome
from tracking.host import UNLIMITED, RobotsSays
from tracking.view import RunState, RunView
from web.view import Page

router = APIRouter()

_AT_ONCE = 50
_HOSTS_SHOWN = 200
#: What a run is called that ended so.
STATES = {
    RunState.OK: "fine",
    RunState.DEGRADED: "some of it failed",
    RunState.SKIPPED: "left early",
    RunState.UNFINISHED: "not finished",
    RunState.REVERTED: "taken back",
}
_ROBOTS = {RobotsSays.RULES: "allows", RobotsSays.NO_RULES: "none there", RobotsSays.UNKNOWN: "not to be had"}
#: What stands in a manifest and is shown in another way.
_SHOWN_ELSEWHERE = ("kind", "run", "now", "state", "flow_run")


@router.get("/runs")
def runs(page: Page, before: int | None = None) -> Response:
    found = page.desk.store.runs_before(before, limit=_AT_ONCE + 1)
    shown = found[:_AT_ONCE]
    return page.show(
        "runs.html.j2",
        tab="runs",
        rows=[(run, deeds(run.kind, run.manifest) if run.manifest else "") for run in shown],
        states=STATES,
        before=shown[-1].run_id if len(found) > _AT_ONCE else "",
        prefect=_prefect(),
    )


@router.get("/runs/hosts")
def hosts(page: Page, day: str = "") -> Response:
    """The politeness ledger of a day, in UTC as it is kept."""
    today = page.now.astimezone(UTC).date()
    chosen = _day(day) if day else today
    ledger = [line for line in page.desk.store.ledger(chosen) if line.is_of_interest(page.now)]
    return page.show(
        "hosts.html.j2",
        tab="hosts",
        day=chosen,
        yesterday=chosen - timedelta(days=1),
        tomorrow=chosen + timedelta(days=1) if chosen < today else None,
        ledger=sorted(ledger, key=lambda line: -line.requests)[:_HOSTS_SHOWN],
        hidden=len(ledger[_HOSTS_SHOWN:]),
        robots=_ROBOTS,
        UNLIMITED=UNLIMITED,
    )


@router.get("/runs/{run_id}")
def run(page: Page, run_id: int) -> Response:
    found = page.desk.store.find_run(str(run_id))
    manifest = found.manifest or {}
    outcomes = page.desk.store.outcomes_by_host(run_id) if found.kind == "track" else {}
    return page.show(
        "run.html.j2",
        tab="runs",
        run=found,
        states=STATES,
        deeds=deeds(found.kind, manifest) if manifest else "",
        hosts=outcomes,
        columns=_columns(outcomes),
        bad=[outcome for outcome in Outcome if is_failure(outcome)],
        figures=[(name, value) for name, value in manifest.items() if _is_figure(name, value)],
        failures=_mappings(manifest.get("failures")),
        events=_counts(manifest.get("events")),
        how_to_revert=_how_to_revert(found),
        prefect=_prefect(),
        flow_run=_prefect(str(manifest["flow_run"])) if "flow_run" in manifest else "",
    )


def _counts(value: object) -> dict[str, int]:
    """The numbers of a part of a manifest by name."""
    if not isinstance(value, dict):
        return {}
    return {str(name): count for name, count in value.items() if isinstance(count, int)}


def _mappings(value: object) -> list[dict[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _is_figure(name: str, value: object) -> bool:
    return name not in _SHOWN_ELSEWHERE and isinstance(value, int | float | str) and not isinstance(value, bool)


def _columns(outcomes: Mapping[str, Counter[Outcome]]) -> list[Outcome]:
    """The outcomes that there are, as they are listed everywhere."""
    there = {outcome for counts in outcomes.values() for outcome in counts}
    return [outcome for outcome in Outcome if outcome in there]


def _how_to_revert(run: RunView) -> str:
    """What somebody types who takes a run back; empty where that cannot be."""
    can = run.kind in ("track", "backfill", "replay") and run.reverted_at is None and run.finished_at is not None
    return f"scholarwatch run revert {run.run_id} --dry-run" if can else ""


def _prefect(flow_run: str = "") -> str:
    """Prefect's own page of a flow run, or its list of them; empty: none is configured."""
    try:
        api = prefect_api_url()
    except ConfigError:
        return ""
    if not api:
        return ""
    return flow_run_page(api, flow_run) if flow_run else runs_page(api)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise HTTPException(400, f"“{text[:40]}” is no date; one is written 2026-03-01.") from None
    if not 1990 <= day.year < 2200:
        raise HTTPException(400, f"“{text}” is no day of a web page.")
    return day
