"""When a profile is said to be gone or to have moved, and when it is not."""

from datetime import timedelta

import pytest

from tests.tracking.builders import NOON
from tracking.check import Outcome
from tracking.drift import LastCheck
from tracking.event import EventKind
from tracking.whereabouts import Absence, Look, absence, knows_nobody

PROFILE = LastCheck(
    profile_id=7,
    person="Ada",
    tags=(),
    source="dblp",
    key="7",
    url="https://dblp.org/pid/7",
    checked_at=NOON,
    outcome=Outcome.GONE,
    detail="https://dblp.org/pid/7 answered 404 (Not Found)",
)
GONE, THERE, SAME = Outcome.GONE, Outcome.OK, Outcome.NOT_MODIFIED
TORN, DOWN, CAPTCHA = Outcome.PARSE_FAILED, Outcome.UNREACHABLE, Outcome.BLOCKED

#: An outcome, or the URL at which a profile was found that has moved.
Seen = Outcome | str


def looks(*seen: Seen) -> list[Look]:
    """A day apart, the first one first; as they are asked for, the last one first."""
    return [
        Look(at=NOON + timedelta(days=day), outcome=one)
        if isinstance(one, Outcome)
        else Look(at=NOON + timedelta(days=day), outcome=THERE, moved_to=one)
        for day, one in enumerate(seen)
    ][::-1]


def days(found: Absence | None) -> list[int] | None:
    return None if found is None else [(at - NOON).days for at in found.times]


@pytest.mark.parametrize(
    ("seen", "told", "absent"),
    [
        ([THERE, GONE], False, [1]),
        ([GONE, GONE], False, [0, 1]),
        ([GONE, THERE, GONE, GONE], False, [2, 3]),
        ([GONE, SAME, GONE, GONE], False, [2, 3]),
        ([GONE, TORN, GONE, GONE], False, [2, 3]),
        ([GONE, DOWN, CAPTCHA, GONE], False, [0, 3]),
        ([GONE, "new", GONE], False, [2]),
        ([THERE, "new"], False, [1]),
        (["new", TORN, DOWN, "new"], False, [0, 3]),
        (["new", THERE, "new"], False, [2]),
        (["old", "new", "new"], False, [1, 2]),
        ([GONE, "new"], False, [1]),
        ([THERE], False, None),
        ([DOWN, CAPTCHA], False, None),
        ([], False, None),
        # Of the looks since it was told, all say the same: there is nothing new to tell.
        ([GONE, DOWN, GONE], True, None),
        (["new", TORN, "new"], True, None),
        ([], True, None),
        ([GONE, THERE, GONE], True, [2]),
        (["new", "newest", "newest"], True, [1, 2]),
    ],
)
def test_what_looks_say_together(seen: list[Seen], told: bool, absent: list[int] | None) -> None:
    assert days(absence(PROFILE, looks(*seen), told=told)) == absent


def absent(*hours: float, moved_to: str | None = None) -> Absence:
    times = tuple(NOON + timedelta(hours=hour) for hour in hours)
    return Absence(profile=PROFILE, times=times, moved_to=moved_to)


def test_two_checks_most_of_a_day_apart_settle_it() -> None:
    assert absent(0, 20).is_settled()
    assert not absent(0, 6, 19).is_settled()
    assert not absent(0).is_settled()


def test_checks_that_can_not_be_believed_settle_nothing() -> None:
    first, second, third = (NOON + timedelta(hours=hour) for hour in (0, 24, 48))
    assert not absent(0, 24).is_settled([second])
    assert not absent(0, 24).is_settled([first, second])
    assert absent(0, 24, 48).is_settled([second])
    assert not absent(0, 24, 30).is_settled([first])
    assert absent(0, 24, 48).is_settled([first])
    assert not absent(0, 24, 48).is_settled([first, third])


@pytest.mark.parametrize(
    ("gone", "answered", "nobody"),
    [(5, 5, True), (5, 10, True), (5, 11, False), (4, 4, False), (50, 100, True), (49, 100, False)],
)
def test_a_source_that_knows_nobody(gone: int, answered: int, nobody: bool) -> None:
    assert knows_nobody(gone, answered) is nobody


def test_what_is_told() -> None:
    now = NOON + timedelta(days=1)
    gone = absent(0, 24).event(now)
    assert (gone.kind, gone.field, gone.before, gone.observed_at) == (EventKind.PROFILE_GONE, None, None, now)
    assert gone.after == "https://dblp.org/pid/7 answered 404 (Not Found), for the first time on 2026-11-22 12:00 UTC"
    moved = absent(0, 24, moved_to="https://dblp.org/pid/8").event(now)
    assert (moved.kind, moved.field, moved.before, moved.after) == (
        EventKind.PROFILE_MOVED, "url", "https://dblp.org/pid/7", "https://dblp.org/pid/8",
    )  # fmt: skip
    assert len({gone.id, moved.id, absent(0, 24).event(now + timedelta(days=1)).id}) == 3
