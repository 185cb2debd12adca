"""What a change is measured from."""

from datetime import timedelta

import pytest

from alerts.case import Case, Start, moved
from tests.alerts.examples import ADA, NOW, metric_event
from tracking.memory import Spells

WEEK = timedelta(days=7)


def ago(days: float) -> Start:
    """A made-up moment; the value of a start is given beside it."""
    return Start(None, NOW - timedelta(days=days))


def spells(*values: tuple[float, int | None]) -> Spells:
    return tuple((NOW - timedelta(days=days), value) for days, value in values)


#: Yesterday it was 120, and now it is 130.
EVENT = metric_event("citations", 120, 130)


@pytest.mark.parametrize(
    ("values", "told", "before", "days"),
    [
        pytest.param((), None, 120, 1, id="nothing-is-remembered"),
        pytest.param(((30, 100), (5, 110), (1, 120)), None, 100, 7, id="what-held-a-week-ago"),
        pytest.param(((30, 90), (10, 100), (5, 110), (1, 120)), None, 100, 7, id="the-last-before"),
        pytest.param(((7, 100), (1, 120)), None, 100, 7, id="since-a-week-ago-sharp"),
        pytest.param(((5, 110), (1, 120)), None, 110, 5, id="shorter-known-than-a-week"),
        pytest.param(((30, 120),), None, 120, 1, id="it-stood-still"),
        pytest.param(((30, 100), (8, None), (1, 120)), None, 120, 1, id="hidden-a-week-ago"),
        pytest.param(((30, 100), (8, None), (5, 110), (1, 120)), None, 110, 5, id="shown-again-since"),
        pytest.param(((30, 100), (5, None), (1, 120)), None, 100, 7, id="hidden-in-between"),
        pytest.param(((30, 100), (1, 120), (0, 130), (-2, 140)), None, 100, 7, id="what-came-after-does-not-count"),
        pytest.param(((30, 100), (5, 110), (1, 120)), (3, 115), 115, 3, id="told-since"),
        pytest.param(((30, 100), (5, 110), (1, 120)), (9, 95), 100, 7, id="told-before"),
    ],
)
def test_within_a_week(
    values: tuple[tuple[float, int | None], ...], told: tuple[float, int] | None, before: int, days: float
) -> None:
    case = Case(
        event=EVENT,
        subject=ADA,
        values=spells(*values),
        told=None if told is None else Start(told[1], ago(told[0]).since),
    )
    assert case.start(WEEK) == Start(before, ago(days).since)
    assert moved(case, WEEK) == (before, 130)
    assert case.start() == Start(120, ago(1).since)


def test_a_rule_that_sums_measures_from_what_it_told() -> None:
    told = Start(95, ago(40).since)
    assert Case(event=EVENT, subject=ADA, told=told, sums=True).start() == told
    assert Case(event=EVENT, subject=ADA, told=told).start() == Start(120, ago(1).since)
    assert Case(event=EVENT, subject=ADA, sums=True).start() == Start(120, ago(1).since)


def test_what_is_no_number_did_not_move_far() -> None:
    assert moved(Case(event=metric_event("citations", None, 130), subject=ADA)) is None
    assert moved(Case(event=metric_event("citations", 120, None), subject=ADA)) is None
