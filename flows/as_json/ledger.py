"""The politeness ledger: what was asked of each host on one day, and how it stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flows.as_json.times import iso
from tracking.host import UNLIMITED, HostLedger, RobotsRecord


def of_interest(ledger: Sequence[HostLedger], now: datetime) -> list[HostLedger]:
    """The hosts that had something to do with the day, or are left alone now."""
    return [line for line in ledger if _turns(line) or line.requests or line.disallowed or is_resting(line, now)]


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
        "not_modified_share": not_modified_share(line),
        "failed": line.failed,
        "throttled": line.throttled,
        "blocked": line.blocked,
        "disallowed": line.disallowed,
        "daily_budget": None if line.daily_budget == UNLIMITED else line.daily_budget,
        "budget_left": budget_left(line),
        "robots": None if line.robots is None else _robots_json(line.robots),
        "resting": resting if is_resting(line, now) else None,
    }


def is_resting(line: HostLedger, now: datetime) -> bool:
    return line.state.rest_until is not None and line.state.rest_until > now


def not_modified_share(line: HostLedger) -> float | None:
    """Of the answers, those which said that nothing has changed."""
    return round(line.not_modified / line.requests, 4) if line.requests else None


def budget_left(line: HostLedger) -> int | None:
    """None: there is no limit, or no turn was ever asked for."""
    if line.daily_budget is None or line.daily_budget == UNLIMITED:
        return None
    return max(0, line.daily_budget - _turns(line))


def _turns(line: HostLedger) -> int:
    """Those given on the day; one that was never used is spent all the same."""
    return line.state.granted if line.state.day == line.day else 0


def _robots_json(record: RobotsRecord) -> dict[str, Any]:
    return {"fetched_at": iso(record.fetched_at), "status": record.status, "says": robots_say(record)}


def robots_say(record: RobotsRecord) -> str:
    """``rules``; ``no_rules`` where there is no such file; ``unknown`` where none could be had."""
    status = record.status or 0
    if 200 <= status < 300:
        return "rules"
    return "no_rules" if 400 <= status < 500 and status != 429 else "unknown"
