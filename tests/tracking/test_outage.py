"""When a host is told to be down or back, shut or open again."""

from datetime import UTC, datetime, timedelta

import pytest

from tracking.check import Outcome
from tracking.drift import LastCheck
from tracking.event import Cause, EventKind
from tracking.outage import HostHealth, edges, is_own_network

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOST = "www.example.org"
DOWN, BACK = (EventKind.HOST_DOWN, False), (EventKind.HOST_BACK, False)
SHUT, OPEN = (EventKind.HOST_DOWN, True), (EventKind.HOST_BACK, True)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def checks(*outcomes: str, days_ago: float = 0) -> list[LastCheck]:
    """Profiles with the ids 1, 2, …, the outcome of each; ``ok@3`` ended three days ago."""
    found = []
    for number, written in enumerate(outcomes, start=1):
        outcome, _, days = written.partition("@")
        found.append(
            LastCheck(
                profile_id=number,
                person=f"Person {number}",
                tags=(),
                source="scholarfeed",
                key=str(number),
                url=f"https://{HOST}/author/{number}",
                checked_at=ago(float(days or days_ago)),
                outcome=Outcome(outcome),
                detail="no answer within 30 s" if outcome == "unreachable" else "left alone",
            )
        )
    return found


def health(
    *,
    good: float | None = 1,
    failing: float | None = None,
    broken: bool = False,
    down: float | None = None,
    shut: float | None = None,
) -> HostHealth:
    """Every time as days ago."""
    times = [None if days is None else ago(days) for days in (good, failing, down, shut)]
    return HostHealth(
        host=HOST, good_at=times[0], failing_since=times[1], broken=broken, down_at=times[2], shut_at=times[3]
    )


@pytest.mark.parametrize(
    ("stored", "last_checks", "expected"),
    [
        pytest.param(health(), checks("ok", "unchanged", "unreachable"), [], id="fine"),
        pytest.param(health(failing=0), checks("unreachable", "unreachable", "unreachable"), [DOWN], id="nobody"),
        pytest.param(health(good=None, failing=0), checks(*["unreachable"] * 3), [DOWN], id="never answered"),
        pytest.param(health(failing=0), checks("unreachable", "unreachable", "ok@3"), [], id="two of three"),
        pytest.param(
            health(failing=0, broken=True),
            checks("unreachable", *["cooling_down"] * 3),
            [DOWN],
            id="the breaker opened",
        ),
        pytest.param(health(failing=0), checks("unreachable", *["cooling_down"] * 3), [], id="the budget is used up"),
        pytest.param(
            health(good=1, failing=0), checks("unreachable", "unreachable@2", "unreachable@3"), [], id="it had answered"
        ),
        pytest.param(health(good=-0.01), checks(*["unreachable"] * 5, "ok"), [], id="some answered"),
        pytest.param(health(good=3, failing=3, down=2), checks(*["unreachable"] * 3), [], id="was told"),
        pytest.param(health(failing=0), checks("unreachable"), [], id="one profile, the first day"),
        pytest.param(health(failing=1), checks("unreachable"), [DOWN], id="one profile, the second day"),
        pytest.param(health(failing=0), checks("unreachable", "unreachable"), [], id="two profiles, the first day"),
        pytest.param(health(failing=1), checks("unreachable", "unreachable"), [DOWN], id="two, the second day"),
        pytest.param(health(good=3, failing=1), checks("unreachable", "ok@3"), [], id="only one of two was asked"),
        pytest.param(health(failing=1, broken=True), checks("cooling_down"), [DOWN], id="one, and its breaker"),
        pytest.param(health(down=3), checks("ok", "ok"), [BACK], id="back"),
        pytest.param(health(good=4, down=3), checks("unreachable"), [], id="not back"),
        pytest.param(health(good=None, down=3), checks("unreachable"), [], id="not back, and never was"),
        pytest.param(health(), checks("robots", "robots"), [SHUT], id="shut"),
        pytest.param(health(), checks("robots", "ok"), [], id="shut for some"),
        pytest.param(health(), checks("robots", "cooling_down"), [], id="shut for all that were asked for"),
        pytest.param(health(shut=1), checks("robots", "robots"), [], id="was told to be shut"),
        pytest.param(health(shut=1), checks("robots", "parse_failed"), [OPEN], id="open"),
        pytest.param(health(shut=1), checks("robots", "ok@2"), [], id="was open before"),
        pytest.param(health(shut=1), checks("unreachable", "throttled"), [], id="nobody knows"),
        pytest.param(health(failing=0, shut=1), checks(*["unreachable"] * 3), [DOWN], id="shut, and down"),
        pytest.param(health(good=0, down=1, shut=1), checks("ok"), [BACK, OPEN], id="back and open"),
    ],
)
def test_edges(stored: HostHealth, last_checks: list[LastCheck], expected: list[tuple[EventKind, bool]]) -> None:
    assert [(edge.kind, edge.by_robots) for edge in edges(stored, last_checks)] == expected


@pytest.mark.parametrize(
    ("stored", "last_checks", "detail"),
    [
        (
            health(failing=0, broken=True),
            checks("cooling_down", "unreachable", "unreachable"),
            "www.example.org has not answered since 2026-11-22 09:00 UTC, and 3 of 3 profiles there could not be "
            "checked: no answer within 30 s",
        ),
        (
            health(failing=1, broken=True),
            checks("cooling_down"),
            "www.example.org has not answered since 2026-11-21 09:00 UTC, and 1 of 1 profile there could not be checked",
        ),
        (health(down=2), checks("ok"), "www.example.org answers again; it was told to be down on 2026-11-20 09:00 UTC"),
        (health(), checks("robots"), "robots.txt of www.example.org does not let any of 1 profile there be asked for"),
        (
            health(shut=2),
            checks("ok"),
            "robots.txt of www.example.org lets profiles be asked for again, after 2026-11-20 09:00 UTC",
        ),
    ],
)
def test_a_sentence_says_what_it_is(stored: HostHealth, last_checks: list[LastCheck], detail: str) -> None:
    assert [edge.detail for edge in edges(stored, last_checks)] == [detail]


def test_the_event_is_of_the_first_profile_and_the_same_when_it_is_found_again() -> None:
    (down, shut) = (
        edges(health(failing=1), checks("unreachable"))[0],
        edges(health(), checks("robots", "robots"))[0],
    )
    event = down.event(NOW)
    assert (event.kind, event.cause, event.profile_id) == (EventKind.HOST_DOWN, Cause.SOURCE, 1)
    assert (event.observed_at, event.field, event.before, event.after) == (NOW, None, None, down.detail)
    assert event == down.event(NOW)
    assert len({event.id, down.event(ago(1)).id, shut.event(NOW).id}) == 3
    assert shut.event(NOW).field == "robots"


@pytest.mark.parametrize(
    ("asked", "is_any_answered", "expected"),
    [
        pytest.param([health(failing=0), health(failing=1)], False, True, id="two, and no answer"),
        pytest.param([health(failing=0), health(failing=1)], True, False, id="two, and an answer"),
        pytest.param([health(failing=0), health()], False, False, id="one of two"),
        pytest.param([health(failing=0)], False, False, id="there is only one"),
        pytest.param([], False, False, id="none was asked"),
    ],
)
def test_several_hosts_that_fail_at_once_are_one_network(
    asked: list[HostHealth], is_any_answered: bool, expected: bool
) -> None:
    assert is_own_network(asked, is_any_answered=is_any_answered) is expected
