"""The politeness ledger, in words and as JSON."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from textwrap import dedent
from typing import Any

import pytest

from cli.ledger import say_ledger
from flows.as_json.ledger import ledger_json, of_interest
from tracking.host import UNLIMITED, HostLedger, HostState, RestReason, RobotsRecord

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TODAY = NOW.date()
ROBOTS = RobotsRecord(origin="https://www.example.org", fetched_at=NOW, status=200, text="User-agent: *")
BUSY = HostLedger(
    state=HostState(
        host="www.example.org",
        day=TODAY,
        granted=124,
        rest_until=NOW + timedelta(hours=1),
        rest_reason=RestReason.COOLING_DOWN,
        rest_detail="429 (Too Many\x1b[2J Requests)",
    ),
    day=TODAY,
    requests=120,
    bytes=1_840_000,
    not_modified=90,
    failed=1,
    throttled=2,
    blocked=3,
    robots=ROBOTS,
    daily_budget=20_000,
)
HERE = HostLedger(state=HostState(host="127.0.0.1:8099"), day=TODAY, requests=3, bytes=900, daily_budget=UNLIMITED)
SHUT = HostLedger(
    state=HostState(host="shut.example.org", day=TODAY - timedelta(days=1), granted=5),
    day=TODAY,
    disallowed=2,
    robots=ROBOTS,
    daily_budget=5,
)
IDLE = HostLedger(state=HostState(host="idle.example.org", day=TODAY - timedelta(days=1), granted=7), day=TODAY)


def test_the_ledger_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    say_ledger([BUSY, HERE, SHUT], NOW)
    assert capsys.readouterr().out == dedent(
        """\

        Asked on 2026-11-22 (UTC):
        host              requests  bytes   304  budget left  robots.txt     left alone
        www.example.org   120       1.8 MB  75%  19,876       allows         until 2026-11-22 10:00 UTC: 429 (Too Many Requests)
        127.0.0.1:8099    3         0.9 kB  0%   no limit     –              –
        shut.example.org  0         0.0 kB  –    5            2 not allowed  –
        """
    )


def test_nothing_asked_is_nothing_said(capsys: pytest.CaptureFixture[str]) -> None:
    say_ledger([], NOW)
    assert capsys.readouterr().out == ""


def test_hosts_that_have_nothing_to_do_with_the_day_are_left_out() -> None:
    resting = replace(IDLE, state=replace(BUSY.state, granted=0))
    killed = replace(IDLE, state=replace(IDLE.state, day=TODAY))
    assert of_interest([BUSY, HERE, SHUT, IDLE, resting, killed], NOW) == [BUSY, HERE, SHUT, resting, killed]
    assert of_interest([resting], NOW + timedelta(hours=1)) == []


def test_a_host_as_json() -> None:
    assert ledger_json(BUSY, NOW) == {
        "host": "www.example.org", "day": "2026-11-22", "requests": 120, "bytes": 1_840_000, "not_modified": 90,
        "not_modified_share": 0.75, "failed": 1, "throttled": 2, "blocked": 3, "disallowed": 0,
        "daily_budget": 20_000, "budget_left": 19_876,
        "robots": {"fetched_at": "2026-11-22T09:00:00+00:00", "status": 200, "says": "rules"},
        "resting": {
            "until": "2026-11-22T10:00:00+00:00", "reason": "cooling_down", "detail": "429 (Too Many\x1b[2J Requests)",
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (HERE, {"daily_budget": None, "budget_left": None, "robots": None, "resting": None}),
        (IDLE, {"daily_budget": None, "budget_left": None, "not_modified_share": None}),
        (SHUT, {"daily_budget": 5, "budget_left": 5, "disallowed": 2}),
        (replace(BUSY, daily_budget=100), {"budget_left": 0}),
    ],
    ids=["no limit", "never asked", "another day's turns", "a budget made smaller"],
)
def test_parts_of_a_host_as_json(line: HostLedger, said: dict[str, Any]) -> None:
    assert {name: ledger_json(line, NOW)[name] for name in said} == said


@pytest.mark.parametrize(
    ("status", "says"),
    [(200, "rules"), (404, "no_rules"), (403, "no_rules"), (429, "unknown"), (503, "unknown"), (None, "unknown")],
)
def test_what_robots_txt_says(capsys: pytest.CaptureFixture[str], status: int | None, says: str) -> None:
    line = replace(HERE, robots=replace(ROBOTS, status=status))
    assert ledger_json(line, NOW)["robots"]["says"] == says
    say_ledger([line], NOW)
    words = {"rules": "allows", "no_rules": "none there", "unknown": "not to be had"}
    assert words[says] in capsys.readouterr().out
