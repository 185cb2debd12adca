"""The politeness ledger: what was asked of each host on one day, and how it stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flows.as_json.times import iso
from tracking.host import UNLIMITED, HostLedger, RobotsRecord


def of_interest(ledger: Sequence[HostLedger], now: datetime) -> list[HostLedger]:
    """The hosts that had something to do with the day, or are left alone now."""
    return [line for line in ledger if line.is_of_interest(now)]


def ledger_json(line: HostLedger, now: datetime) -> dict[str, Any]:
    """One host; a budget of null is no limit."""
    state = line.state
    resting = {"until": iso(state.rest_until), "reason": state.rest_reason, "detail": state.rest_detail}
    return {
        "host": state.host,
        "day": line.day.isoformat(),
        "requests": line.requests,
        "bytes": line.bytes,
        "not_modified": line.not_modified,
        "not_modified_share": line.not_modified_share,
        "failed": line.failed,
        "throttled": line.throttled,
        "blocked": line.blocked,
        "disallowed": line.disallowed,
        "daily_budget": None if line.daily_budget == UNLIMITED else line.daily_budget,
        "budget_left": line.budget_left,
        "robots": None if line.robots is None else _robots_json(line.robots),
        "resting": resting if line.is_resting(now) else None,
    }


def _robots_json(record: RobotsRecord) -> dict[str, Any]:
    return {"fetched_at": iso(record.fetched_at), "status": record.status, "says": record.says}
