"""When a run that a timer started leaves again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.holder import UNKNOWN, Holder
from tracking.punctuality import Leave, leave_early
from tracking.view import RunView

PLANNED = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def good(at: datetime) -> RunView:
    return RunView(run_id="7", kind="track", now=at, started_at=at, finished_at=at, manifest={"state": "ok"})


@pytest.mark.parametrize(
    ("other", "last_good", "anybody_due", "why"),
    [
        pytest.param(None, None, True, None, id="the first run of all"),
        pytest.param(None, PLANNED - 24 * HOUR, True, None, id="a day after the last"),
        pytest.param(None, PLANNED - timedelta(microseconds=1), True, None, id="the last began just before the time"),
        pytest.param(None, PLANNED, True, Leave.COVERED, id="one of the same time has done it"),
        pytest.param(None, PLANNED + HOUR, True, Leave.COVERED, id="one that began later has done it"),
        pytest.param(None, PLANNED - HOUR, False, Leave.NOBODY_DUE, id="an hour after the last, by a clock put back"),
        pytest.param(None, None, False, Leave.NOBODY_DUE, id="nobody is followed"),
        pytest.param(UNKNOWN, None, True, Leave.GOING_ON, id="another one is at work"),
        pytest.param(UNKNOWN, PLANNED + HOUR, False, Leave.GOING_ON, id="at work, whatever else holds"),
    ],
)
def test_when_it_leaves(other: Holder | None, last_good: datetime | None, anybody_due: bool, why: Leave | None) -> None:
    run = good(last_good) if last_good else None
    skip = leave_early(PLANNED, other=other, last_good=run, anybody_due=anybody_due)
    assert (skip.why if skip else None) == why


def test_a_run_that_left_itself_has_done_nothing() -> None:
    left = replace(good(PLANNED), manifest={"state": "skipped", "skipped": {"why": "nobody_due"}})
    assert leave_early(PLANNED, other=None, last_good=left, anybody_due=True) is None


def test_it_says_why_in_a_sentence() -> None:
    skip = leave_early(PLANNED, other=None, last_good=good(PLANNED + HOUR), anybody_due=True)
    assert skip is not None
    assert skip.detail == "the run of 2026-11-22 07:30 UTC has done what was to be done at 2026-11-22 06:30 UTC"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        pytest.param(UNKNOWN, "", id="of whom nothing is known"),
        pytest.param(
            Holder(machine="lab1", process=4711, since=PLANNED - HOUR),
            " since 2026-11-22 05:30 UTC on lab1 (process 4711)",
            id="of whom all is known",
        ),
    ],
)
def test_it_says_who_is_at_work(other: Holder, said: str) -> None:
    skip = leave_early(PLANNED, other=other, last_good=None, anybody_due=True)
    assert skip is not None
    assert skip.detail == f"another run is at work{said}, and does what was to be done at 2026-11-22 06:30 UTC"


@given(st.lists(st.integers(0, 5 * 24), min_size=1, max_size=12))
def test_of_runs_that_were_missed_one_works_and_it_is_the_first(late: list[int]) -> None:
    """Whatever times they were planned for, and in whatever order they are started: all of them at the same moment."""
    now = PLANNED + 5 * 24 * HOUR
    last_good, worked = good(PLANNED - 24 * HOUR), []
    for number, hours in enumerate(late):
        anybody_due = not worked
        if leave_early(PLANNED + hours * HOUR, other=None, last_good=last_good, anybody_due=anybody_due) is None:
            worked.append(number)
            last_good = good(now)
    assert worked == [0]
