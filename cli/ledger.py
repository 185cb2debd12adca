"""The politeness ledger as a table for people."""

from collections.abc import Sequence
from datetime import datetime

from cli.output import minute, say
from cli.table import print_table
from tracking.host import HostLedger, RobotsSays

_ROBOTS = {RobotsSays.RULES: "allows", RobotsSays.NO_RULES: "none there", RobotsSays.UNKNOWN: "not to be had"}


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
                "" if (share := line.not_modified_share) is None else f"{share:.0%}",
                "no limit" if (left := line.budget_left) is None else f"{left:,}",
                _robots_words(line),
                f"until {minute(line.state.rest_until)}: {line.state.rest_detail}" if line.is_resting(now) else "",
            )
            for line in ledger
        ),
    )


def _robots_words(line: HostLedger) -> str:
    """What robots.txt says; empty where it was not asked for."""
    if line.disallowed:
        return f"{line.disallowed:,} not allowed"
    if line.robots is None:
        return ""
    return _ROBOTS[line.robots.says]


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{count / 1e3:,.1f} kB"
