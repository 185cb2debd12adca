"""Numbers, metrics and times as a person reads them."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from alerts.figures import (
    counted,
    days,
    elapsed,
    joined,
    localised,
    metric_change,
    metric_name,
    metric_step,
    moment,
    number,
)

ZURICH = ZoneInfo("Europe/Zurich")
START = datetime(2026, 5, 12, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (17576, "17,576"), (-1204, "-1,204"), (98.1, "98.1"), (98.0, "98"), (1234.5, "1,234.5"), (0.1 + 0.2, "0.3"), (-1e-9, "0"), (1e-6, "0.000001")],
)  # fmt: skip
def test_number(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("metric", "before", "after", "text"),
    [
        ("citations", 17576, 17683, "17,576 → 17,683 (+107, +0.6 %)"),
        ("citations", 17683, 17576, "17,683 → 17,576 (-107, -0.6 %)"),
        ("citations", 0, 12, "0 → 12 (+12)"),
        ("citations", 1_000_000, 1_000_010, "1,000,000 → 1,000,010 (+10, +0.001 %)"),
        ("citations", 10, 1210, "10 → 1,210 (+1,200, +12,000.0 %)"),
        ("h_index", 29, 30, "29 → 30 (+1, +3.4 %)"),
        ("score", 98.1, 98.4, "98.1 → 98.4 (+0.3, +0.3 %)"),
        ("novelty", 0.55, 0.56, "55 % → 56 % (+1 point)"),
        ("novelty", 0.29, 0.255, "29 % → 25.5 % (-3.5 points)"),
    ],
)
def test_metric_change(metric: str, before: float, after: float, text: str) -> None:
    assert metric_change(metric, before, after) == text


def test_metric_step_has_no_sign() -> None:
    assert metric_step("citations", -107) == "107"
    assert metric_step("novelty", -0.02) == "2 points"


@pytest.mark.parametrize(
    ("metric", "name"),
    [("h_index", "h-index"), ("ai_score", "AI score"), ("citations", "citations"), ("citations_since_2021", "citations since 2021")],
)  # fmt: skip
def test_metric_name(metric: str, name: str) -> None:
    assert metric_name(metric) == name


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(0), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=20), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=19, minutes=20), "19 hours"),
        (timedelta(hours=20), "1 day"),
        (timedelta(hours=24, minutes=7), "1 day"),
        (timedelta(days=9, hours=13), "10 days"),
        (timedelta(days=1500), "1,500 days"),
    ],
)
def test_elapsed(span: timedelta, text: str) -> None:
    assert elapsed(START, START + span) == text


def test_moment_is_utc_unless_a_zone_is_given() -> None:
    time = datetime(2026, 5, 13, 1, 5, tzinfo=timezone(timedelta(hours=2)))
    assert moment(time) == "2026-05-12 23:05 UTC"
    assert moment(time, ZURICH) == "2026-05-13 01:05 CEST"
    assert moment(time, ZoneInfo("America/Sao_Paulo")) == "2026-05-12 20:05 -03"


@pytest.mark.parametrize(
    ("until", "text"),
    [
        (START, "2026-05-12"),
        (START + timedelta(hours=13), "2026-05-12"),
        (START + timedelta(hours=14), "2026-05-12 to 2026-05-13"),
    ],
)
def test_days_are_those_of_the_zone(until: datetime, text: str) -> None:
    assert days(START, until, ZURICH) == text


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("down since 2026-05-12 22:30 UTC, and 2026-01-01 00:00 UTC", "down since 2026-05-13 00:30 CEST, and 2026-01-01 01:00 CET"),
        ("no time: 2026-13-45 99:99 UTC, 9999-12-31 23:59 UTC", "no time: 2026-13-45 99:99 UTC, 9999-12-31 23:59 UTC"),
        ("2026-05-12 22:30 UTCX 12026-05-12 22:30 UTC", "2026-05-12 22:30 UTCX 12026-05-12 22:30 UTC"),
        ("", ""),
    ],
)  # fmt: skip
def test_times_in_a_sentence_become_local(sentence: str, text: str) -> None:
    assert localised(sentence, ZURICH) == text


@pytest.mark.parametrize(
    ("count", "words", "text"),
    [(1, ("day",), "1 day"), (0, ("day",), "0 days"), (1204, ("fact was", "facts were"), "1,204 facts were")],
)
def test_counted(count: int, words: tuple[str, ...], text: str) -> None:
    assert counted(count, *words) == text


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_joined(words: list[str], text: str) -> None:
    assert joined(words) == text
