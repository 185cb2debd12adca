"""What a line of the politeness ledger comes to."""

from datetime import UTC, datetime, timedelta

import pytest

from tracking.host import UNLIMITED, HostLedger, HostState, RobotsRecord, RobotsSays

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TODAY = NOW.date()
IDLE = HostState(host="www.example.org")
BUSY = HostState(host="www.example.org", day=TODAY, granted=30)
YESTERDAYS = HostState(host="www.example.org", day=TODAY - timedelta(days=1), granted=30)
RESTING = HostState(host="www.example.org", rest_until=NOW + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("state", "budget", "turns", "left"),
    [
        (BUSY, 100, 30, 70),
        (BUSY, 20, 30, 0),
        (YESTERDAYS, 100, 0, 100),
        (BUSY, UNLIMITED, 30, None),
        (BUSY, None, 30, None),
    ],
)
def test_what_is_left_of_a_budget(state: HostState, budget: int | None, turns: int, left: int | None) -> None:
    line = HostLedger(state=state, day=TODAY, daily_budget=budget)
    assert (line.turns, line.budget_left) == (turns, left)


@pytest.mark.parametrize(
    ("line", "is_of_interest"),
    [
        (HostLedger(state=IDLE, day=TODAY), False),
        (HostLedger(state=YESTERDAYS, day=TODAY), False),
        (HostLedger(state=BUSY, day=TODAY), True),
        (HostLedger(state=IDLE, day=TODAY, requests=1), True),
        (HostLedger(state=IDLE, day=TODAY, disallowed=1), True),
        (HostLedger(state=RESTING, day=TODAY), True),
    ],
)
def test_which_hosts_had_something_to_do_with_a_day(line: HostLedger, is_of_interest: bool) -> None:
    assert line.is_of_interest(NOW) is is_of_interest
    assert not HostLedger(state=RESTING, day=TODAY).is_resting(NOW + timedelta(minutes=1))


def test_the_share_of_what_has_not_changed() -> None:
    assert HostLedger(state=IDLE, day=TODAY).not_modified_share is None
    assert HostLedger(state=IDLE, day=TODAY, requests=3, not_modified=1).not_modified_share == 0.3333


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (200, RobotsSays.RULES),
        (404, RobotsSays.NO_RULES),
        (403, RobotsSays.NO_RULES),
        (429, RobotsSays.UNKNOWN),
        (503, RobotsSays.UNKNOWN),
        (None, RobotsSays.UNKNOWN),
    ],
)
def test_what_robots_txt_says(status: int | None, says: RobotsSays) -> None:
    assert RobotsRecord(origin="https://www.example.org", fetched_at=NOW, status=status).says is says
