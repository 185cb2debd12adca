"""When the owner hears that the program itself is not at work, and of whom nothing is read any more."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.check import Outcome
from tracking.drift import LastCheck
from tracking.view import RunView
from tracking.watchfulness import (
    NEVER,
    REMINDER,
    USUAL_PATIENCE,
    Mention,
    Patience,
    RunsSoFar,
    Unread,
    ended_well,
    is_at_work,
    is_explained,
    is_stale,
    missed_run,
    stale_note,
    was_good,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOST = "www.example.org"


def run(hours_ago: float, manifest: Mapping[str, object] | None = None, *, reverted: bool = False) -> RunView:
    at = NOW - hours_ago * HOUR
    return RunView(
        run_id="1",
        kind="track",
        now=at,
        started_at=at,
        finished_at=at if manifest is not None else None,
        manifest=manifest,
        reverted_at=NOW if reverted else None,
    )


OK: Mapping[str, object] = {"state": "ok", "outcomes": {"ok": 3}}
BLIND: Mapping[str, object] = {"state": "degraded", "outcomes": {"blocked": 3, "login": 1, "too_big": 1}}


# ---- runs


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        pytest.param(OK, True, id="all read"),
        pytest.param({"state": "ok", "outcomes": {}}, True, id="nobody was due"),
        pytest.param({"outcomes": {"ok": 1}}, True, id="no state: none failed"),
        pytest.param({"state": "degraded", "outcomes": {"blocked": 9, "unchanged": 1}}, True, id="one of ten read"),
        pytest.param({"state": "degraded", "outcomes": {"not_modified": 1, "gone": 1}}, True, id="one not modified"),
        pytest.param(BLIND, False, id="none read"),
        pytest.param({"state": "degraded", "outcomes": {"quarantined": 2, "gone": 1}}, True, id="read, and held back"),
        pytest.param({"state": "ok", "outcomes": {"cooling_down": 9}}, False, id="no turn for anybody"),
        pytest.param({"state": "ok", "outcomes": {"robots": 9}}, False, id="nobody is let in"),
        pytest.param({"state": "degraded"}, False, id="without outcomes"),
        pytest.param({"state": "skipped", "skipped": {"why": "nobody_due"}}, True, id="nobody was due, by a timer"),
        pytest.param({"state": "skipped", "skipped": {"why": "going_on"}}, False, id="left to another"),
        pytest.param({"state": "skipped", "skipped": {"why": "covered"}}, False, id="done by another"),
        pytest.param({"state": "skipped"}, False, id="skipped, nobody knows why"),
    ],
)
def test_what_a_good_run_is(manifest: Mapping[str, object], expected: bool) -> None:
    assert ended_well(manifest) is expected
    assert was_good(run(1, manifest)) is expected
    assert not was_good(run(1, manifest, reverted=True))
    assert not was_good(run(1, None))


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        pytest.param(RunsSoFar(), None, id="there was none yet: nothing to be late against"),
        pytest.param(RunsSoFar(good=run(36, OK)), None, id="36 hours ago"),
        pytest.param(RunsSoFar(good=run(-1, OK)), None, id="the clock was put back"),
        pytest.param(RunsSoFar(good=run(2, OK), later=(run(1, BLIND),)), None, id="the last good one is near enough"),
        pytest.param(
            RunsSoFar(good=run(37, OK)),
            "the last was of 2026-11-20 20:00 UTC, and none was started since",
            id="none since",
        ),
        pytest.param(
            RunsSoFar(good=run(48, OK), later=(run(1, BLIND), run(25, None))),
            "the last was of 2026-11-20 09:00 UTC, and the newest, of 2026-11-22 08:00 UTC, "
            "read no page: 3 blocked, 1 login, 1 too big",
            id="nothing was read since",
        ),
        pytest.param(
            RunsSoFar(good=run(48, OK), later=(run(1, None),)),
            "the last was of 2026-11-20 09:00 UTC, and the newest, of 2026-11-22 08:00 UTC, goes on or was cut off",
            id="cut off",
        ),
        pytest.param(
            RunsSoFar(good=run(48, OK), later=(run(1, OK, reverted=True),)),
            "the last was of 2026-11-20 09:00 UTC, and the newest, of 2026-11-22 08:00 UTC, was taken back",
            id="taken back",
        ),
        pytest.param(
            RunsSoFar(good=run(48, OK), later=(run(1, {"state": "degraded"}),)),
            "the last was of 2026-11-20 09:00 UTC, and the newest, of 2026-11-22 08:00 UTC, read no page",
            id="without outcomes",
        ),
        pytest.param(
            RunsSoFar(later=(run(1, BLIND),), first_at=NOW - 48 * HOUR),
            "there was none since the first, of 2026-11-20 09:00 UTC, and the newest, of 2026-11-22 08:00 UTC, "
            "read no page: 3 blocked, 1 login, 1 too big",
            id="never a good one",
        ),
    ],
)
def test_when_the_dead_man_switch_fires(runs: RunsSoFar, expected: str | None) -> None:
    said = missed_run(runs, USUAL_PATIENCE, NOW)
    assert said == (None if expected is None else f"no good run for more than 36 hours: {expected}")


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        pytest.param(RunsSoFar(), False, id="none"),
        pytest.param(RunsSoFar(good=run(36, OK)), True, id="a good one"),
        pytest.param(RunsSoFar(good=run(37, OK)), False, id="long ago"),
        pytest.param(RunsSoFar(good=run(99, OK), later=(run(9, BLIND),)), True, id="one that read nothing"),
        pytest.param(RunsSoFar(good=run(99, OK), later=(run(9, None), run(33, BLIND))), True, id="one goes on"),
        pytest.param(RunsSoFar(good=run(99, OK), later=(run(9, None),)), False, id="one goes on, none has ended"),
        pytest.param(RunsSoFar(later=(run(9, OK, reverted=True),)), False, id="one that was taken back"),
    ],
)
def test_whether_runs_end_as_they_should(runs: RunsSoFar, expected: bool) -> None:
    assert is_at_work(runs, USUAL_PATIENCE, NOW) is expected


def test_patience_is_a_setting() -> None:
    runs = RunsSoFar(good=run(3, OK))
    said = missed_run(runs, Patience(no_run=2 * HOUR), NOW)
    assert said is not None
    assert said.startswith("no good run for more than 2 hours: ")


# ---- profiles


def unread(
    outcome: Outcome = Outcome.BLOCKED,
    *,
    good: float | None = 3,
    failing: float = 2,
    number: int = 1,
    detail: str = "",
    outcomes: Mapping[Outcome, int] | None = None,
    **fields: Any,
) -> Unread:
    """Times as days ago."""
    return Unread(
        profile=LastCheck(
            profile_id=number,
            person=f"Person {number}" if number else "",
            tags=(),
            source="scholarfeed",
            key=str(number),
            url=f"https://{HOST}/author/{number}",
            checked_at=NOW,
            outcome=outcome,
            detail=detail,
        ),
        good_at=None if good is None else NOW - good * DAY,
        failing_since=NOW - failing * DAY,
        outcomes=outcomes or {outcome: 3},
        **fields,
    )


@pytest.mark.parametrize(
    ("good", "failing", "period", "cadences", "expected"),
    [
        pytest.param(3, 2, DAY, 3, True, id="three days, three checks"),
        pytest.param(2.9, 1.9, DAY, 3, False, id="not yet three days"),
        pytest.param(3, 2, 7 * DAY, 3, False, id="once a week: three days are nothing"),
        pytest.param(21, 14, 7 * DAY, 3, True, id="once a week: three weeks"),
        pytest.param(9, 0.1, DAY, 3, False, id="nobody asked for a week, and today it failed"),
        pytest.param(9, 2, DAY, 3, True, id="nobody asked for a week, and it failed ever since"),
        pytest.param(None, 1.9, DAY, 3, False, id="never read, two checks"),
        pytest.param(None, 2, DAY, 3, True, id="never read, three checks"),
        pytest.param(1, 0, DAY, 1, True, id="no patience"),
        pytest.param(3, 2, DAY, 4, False, id="more patience"),
    ],
)
def test_when_a_profile_is_stale(
    good: float | None, failing: float, period: timedelta, cadences: int, expected: bool
) -> None:
    one = unread(good=good, failing=failing)
    assert is_stale(one, period, Patience(stale_cadences=cadences), NOW) is expected


@given(st.integers(1, 10), st.integers(1, 300), st.floats(0, 40), st.floats(0, 40), st.floats(0, 20))
def test_who_is_stale_stays_so_until_it_is_read(
    cadences: int, hours: int, good: float, failing: float, later: float
) -> None:
    one = unread(good=max(good, failing), failing=failing)
    patience = Patience(stale_cadences=cadences)
    if is_stale(one, hours * HOUR, patience, NOW):
        assert is_stale(one, hours * HOUR, patience, NOW + later * DAY)


@pytest.mark.parametrize(
    ("one", "down", "drifted", "expected"),
    [
        pytest.param(unread(), False, None, False, id="blocked"),
        pytest.param(unread(Outcome.UNREACHABLE), True, None, True, id="its host is down"),
        pytest.param(unread(Outcome.ROBOTS), True, None, True, id="its host lets nobody in"),
        pytest.param(unread(Outcome.ROBOTS), False, None, False, id="its host lets others in"),
        pytest.param(unread(Outcome.QUARANTINED), False, None, True, id="its owner was asked"),
        pytest.param(unread(Outcome.PARSE_FAILED), False, None, False, id="not readable, others are"),
        pytest.param(unread(Outcome.PARSE_FAILED), False, 2, True, id="another layout, told since"),
        pytest.param(unread(Outcome.PARSE_FAILED), False, 4, False, id="it was read after the layout was told"),
        pytest.param(unread(Outcome.PARSE_FAILED, good=None), False, 4, True, id="never read, another layout"),
        pytest.param(unread(Outcome.PARSE_FAILED), True, 4, True, id="not readable when its host went down"),
        pytest.param(unread(Outcome.LOGIN), False, 2, False, id="another layout does not explain a login"),
    ],
)
def test_what_else_was_told_explains_it(one: Unread, down: bool, drifted: float | None, expected: bool) -> None:
    drifted_at = None if drifted is None else NOW - drifted * DAY
    assert is_explained(one, host_is_down=down, drifted_at=drifted_at) is expected


@pytest.mark.parametrize(
    ("stale", "expected"),
    [
        pytest.param(
            [unread(outcomes={Outcome.BLOCKED: 2, Outcome.TOO_BIG: 1}, detail="a captcha")],
            "the profile of Person 1 at scholarfeed is not read any more: last on 2026-11-19 09:00 UTC; "
            "3 checks since then ended as 2 blocked, 1 too big: a captcha",
            id="one",
        ),
        pytest.param(
            [unread(good=None, outcomes={Outcome.GONE: 1}, number=0)],
            f"the profile of https://{HOST}/author/0 at scholarfeed is not read any more: never since 2026-11-20 09:00 UTC; "
            "the check since then ended as 1 gone",
            id="never read, and nobody knows the name",
        ),
        pytest.param(
            [unread(number=1), unread(good=5, failing=4, number=2)],
            f"2 profiles at {HOST} are not read any more (Person 1, Person 2): last on 2026-11-19 09:00 UTC; "
            "6 checks since then ended as 6 blocked",
            id="two",
        ),
        pytest.param(
            [unread(number=number, good=None) for number in range(1, 1300)],
            f"1,299 profiles at {HOST} are not read any more (Person 1, Person 2, Person 3 and 1,296 more): "
            "never since 2026-11-20 09:00 UTC; 3,897 checks since then ended as 3,897 blocked",
            id="many",
        ),
    ],
)
def test_what_is_said_of_them(stale: list[Unread], expected: str) -> None:
    assert stale_note(HOST, stale) == expected


# ---- once, and once a week


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        pytest.param(NEVER, True, id="not told"),
        pytest.param(Mention(NOW), False, id="told just now"),
        pytest.param(Mention(NOW - REMINDER + timedelta(seconds=1)), False, id="not a week ago"),
        pytest.param(Mention(NOW - REMINDER), True, id="a week ago"),
        pytest.param(Mention(NOW - 5 * REMINDER, acknowledged=True), False, id="somebody has seen it"),
    ],
)
def test_when_it_is_told(mention: Mention, expected: bool) -> None:
    assert mention.is_to_be_told(NOW) is expected


@given(st.lists(st.integers(1, 48), min_size=1, max_size=200))
def test_however_often_somebody_looks_it_is_told_at_once_and_once_a_week(gaps: list[int]) -> None:
    now, mention, told = NOW, NEVER, []
    for gap in gaps:
        if mention.is_to_be_told(now):
            told.append(now)
            mention = Mention(now)
        now += gap * HOUR
    assert told[0] == NOW
    assert all(later - earlier >= REMINDER for earlier, later in pairwise(told))
    # No week goes by in silence, but for the time until somebody looks.
    assert now - told[-1] < REMINDER + 2 * max(gaps) * HOUR
