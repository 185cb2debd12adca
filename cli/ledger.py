"""The politeness ledger: what was asked of each host on one day, and how it stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cli.output import iso, minute, say
from cli.table import print_table
from tracking.host import UNLIMITED, HostLedger, RobotsRecord


def of_interest(ledger: Sequence[HostLedger], now: datetime) -> list[HostLedger]:
    """The hosts that had something to do with the day, or are left alone now."""
    return [line for line in ledger if _turns(line) or line.requests or line.disallowed or _is_resting(line, now)]


def say_ledger(ledger: Sequence[HostLedger], now: datetime) -> None:
    """A line for each host."""
    if not ledger:
        return
    say(f"\nAsked on {ledger[0].day} (UTC):")
    print_table(
        ("host", "requests", "bytes", "304", "budget left", "robots.txt", "left alone"),
        (
            (
                line.state.host,
                f"{line.requests:,}",
                _size(line.bytes),
                "" if (share := _not_modified_share(line)) is None else f"{share:.0%}",
                "no limit" if (left := _budget_left(line)) is None else f"{left:,}",
                _robots_words(line),
                f"until {minute(line.state.rest_until)}: {line.state.rest_detail}" if _is_resting(line, now) else "",
            )
            for line in ledger
        ),
    )


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
        "not_modified_share": _not_modified_share(line),
        "failed": line.failed,
        "throttled": line.throttled,
        "blocked": line.blocked,
        "disallowed": line.disallowed,
        "daily_budget": None if line.daily_budget == UNLIMITED else line.daily_budget,
        "budget_left": _budget_left(line),
        "robots": None if line.robots is None else _robots_json(line.robots),
        "resting": resting if _is_resting(line, now) else None,
    }


def _is_resting(line: HostLedger, now: datetime) -> bool:
    return line.state.rest_until is not None and line.state.rest_until > now


def _not_modified_share(line: HostLedger) -> float | None:
    """Of the answers, those which said that nothing has changed."""
    return round(line.not_modified / line.requests, 4) if line.requests else None


def _budget_left(line: HostLedger) -> int | None:
    """None: there is no limit, or no turn was ever asked for."""
    if line.daily_budget is None or line.daily_budget == UNLIMITED:
        return None
    return max(0, line.daily_budget - _turns(line))


def _turns(line: HostLedger) -> int:
    """Those given on the day; one that was never used is spent all the same."""
    return line.state.granted if line.state.day == line.day else 0


def _robots_json(record: RobotsRecord) -> dict[str, Any]:
    return {"fetched_at": iso(record.fetched_at), "status": record.status, "says": _says(record)}


def _says(record: RobotsRecord) -> str:
    """``rules``; ``no_rules`` where there is no such file; ``unknown`` where none could be had."""
    status = record.status or 0
    if 200 <= status < 300:
        return "rules"
    return "no_rules" if 400 <= status < 500 and status != 429 else "unknown"


def _robots_words(line: HostLedger) -> str:
    """What robots.txt says; empty where it was not asked for."""
    if line.disallowed:
        return f"{line.disallowed:,} not allowed"
    if line.robots is None:
        return ""
    return {"rules": "allows", "no_rules": "none there", "unknown": "not to be had"}[_says(line.robots)]


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{count / 1e3:,.1f} kB"
