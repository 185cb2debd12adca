"""When the profiles of a source say together that its pages cannot be read any more."""

from datetime import UTC, datetime, timedelta

import pytest

from tracking.check import Outcome
from tracking.drift import LastCheck, drifts
from tracking.event import Cause, EventKind

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
REASON = "papers: no paper has a title"
OK, FAILED, SAME = Outcome.OK, Outcome.PARSE_FAILED, Outcome.NOT_MODIFIED


def check(number: int, outcome: Outcome, *, days: float = 0, detail: str = REASON, source: str = "feed") -> LastCheck:
    """The last check of a profile; one that failed has done so for so many days."""
    return LastCheck(
        profile_id=number,
        person=f"Person {number}",
        tags=(),
        source=source,
        key=str(number),
        url=f"http://127.0.0.1/author/{number}",
        checked_at=NOW,
        outcome=outcome,
        detail=detail if outcome is FAILED else "",
        unread_since=NOW - days * DAY if outcome is FAILED else None,
    )


def checks(*groups: tuple[int, Outcome, float]) -> list[LastCheck]:
    """So many profiles, each with that outcome for so many days."""
    kinds = [(outcome, days) for count, outcome, days in groups for _ in range(count)]
    return [check(number, outcome, days=days) for number, (outcome, days) in enumerate(kinds, 1)]


@pytest.mark.parametrize(
    ("found", "told_days_ago", "is_drift"),
    [
        pytest.param(checks((12, FAILED, 0), (2, OK, 0)), None, "12 of 14 pages", id="most"),
        pytest.param(checks((3, FAILED, 0), (3, OK, 0)), None, "3 of 6 pages", id="half"),
        pytest.param(checks((3, FAILED, 0), (4, OK, 0)), None, None, id="fewer than half"),
        pytest.param(checks((2, FAILED, 5), (1, OK, 0)), None, None, id="two of three"),
        pytest.param(checks((1, FAILED, 5), (99, OK, 0)), None, None, id="one of many"),
        pytest.param(checks((3, FAILED, 0), (97, SAME, 0)), None, "3 of 3 pages", id="only changed pages come"),
        pytest.param(checks((3, FAILED, 0), (2, OK, 0), (9, Outcome.UNREACHABLE, 0)), None, "3 of 5", id="some down"),
        pytest.param(checks((3, FAILED, 0), (4, Outcome.QUARANTINED, 0)), None, None, id="read and not believed"),
        pytest.param(checks((2, FAILED, 0)), None, None, id="two that are torn"),
        pytest.param(checks((2, FAILED, 1)), None, "2 of 2 pages", id="two that stay so"),
        pytest.param(checks((1, FAILED, 0)), None, None, id="one that is torn"),
        pytest.param(checks((1, FAILED, 1)), None, "1 of 1 page ", id="one that stays so"),
        pytest.param(checks((5, OK, 0)), None, None, id="none"),
        pytest.param([], None, None, id="nobody"),
        pytest.param(checks((5, FAILED, 3)), 3, None, id="told on the day"),
        pytest.param(checks((5, FAILED, 3)), 2, None, id="told"),
        pytest.param(checks((5, FAILED, 0)), 2, "5 of 5", id="another outbreak"),
        pytest.param(checks((3, FAILED, 3), (3, FAILED, 0)), 3, None, id="twice as many"),
        pytest.param(checks((3, FAILED, 3), (4, FAILED, 0)), 3, "7 of 7", id="more than twice as many"),
    ],
)
def test_outbreaks(found: list[LastCheck], told_days_ago: float | None, is_drift: str | None) -> None:
    told = {} if told_days_ago is None else {"feed": NOW - told_days_ago * DAY}
    details = [drift.detail for drift in drifts(found, told)]
    assert [detail[: len(is_drift or "")] for detail in details] == ([is_drift] if is_drift else [])


def test_sources_are_told_apart() -> None:
    found = [check(number, FAILED, source=source) for number in (1, 2, 3) for source in ("feed", "other")]
    assert [drift.source for drift in drifts(found, {"feed": NOW})] == ["other"]


def test_the_most_common_error_is_named_and_its_page_shown() -> None:
    details = (
        "page: the page is cut: its end is missing: 'abc'",
        "papers, paper 3: no title: 'Ada says: “No”'",
        'papers, paper 12: no title: "it\'s"',
        "papers: no title",
    )
    found = [check(number, FAILED, detail=detail) for number, detail in enumerate(details, 1)]
    (drift,) = drifts(found, {})
    assert drift.detail == "4 of 4 pages could not be read: papers: no title"
    event = drift.event(NOW)
    assert (event.kind, event.cause, event.profile_id) == (EventKind.SOURCE_DRIFT, Cause.SOURCE, 2)
    assert (event.observed_at, event.after) == (NOW, drift.detail)
    assert event.id == drift.event(NOW).id != drift.event(NOW + DAY).id
