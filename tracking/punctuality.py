"""Should a run that a timer started leave again at once?

>>> leave_early(half_past_six, other=None, last_good=run_of_a_quarter_to_seven, anybody_due=True)
Skip(why=<Leave.COVERED: 'covered'>, detail='the run of 2026-11-22 06:45 UTC has done what was to be done at …')

A timer starts runs at the wrong time: every one that was missed while the machine slept, the same one twice in the
night in which clocks are put back, one while the last is still at work. What somebody starts by hand never leaves.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracking.holder import Holder
from tracking.minute import minute
from tracking.view import RunState, RunView


class Leave(StrEnum):
    """Why a run has nothing to do."""

    GOING_ON = "going_on"
    """another one is at work at this moment"""
    COVERED = "covered"
    """one that began at the scheduled time or later has checked everybody who was due, and ended well"""
    NOBODY_DUE = "nobody_due"
    """everybody was checked so lately that, by the cadences, nobody is due"""


@dataclass(frozen=True, slots=True)
class Skip:
    """A run that left early. ``detail`` is a sentence without its end."""

    why: Leave
    detail: str


def leave_early(
    scheduled_at: datetime, *, other: Holder | None, last_good: RunView | None, anybody_due: bool
) -> Skip | None:
    """Why a run has nothing to do that was scheduled for a time; None: it has.

    ``other`` is the run that is at work at this moment. ``last_good`` is the last one that ended well and was not taken
    back.
    """
    at = minute(scheduled_at)
    if other is not None:
        return Skip(Leave.GOING_ON, f"another run is at work{other}, and does what was to be done at {at}")
    if last_good is not None and last_good.now >= scheduled_at and last_good.state is not RunState.SKIPPED:
        return Skip(Leave.COVERED, f"the run of {minute(last_good.now)} has done what was to be done at {at}")
    if not anybody_due:
        return Skip(Leave.NOBODY_DUE, f"nobody is due at {at}")
    return None
