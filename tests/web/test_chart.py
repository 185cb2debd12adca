"""Drawings: where a value stands, what a gap and a recount look like, and that a long history makes no long path."""

from datetime import UTC, datetime, timedelta

import pytest

from tracking.directory import Stay
from tracking.event import Cause, EventKind
from tracking.view import EventView, MetricSeries, Spell
from web.chart import charts, spark
from web.presence import presence
from web.reader import Reader
from web.scale import time_labels, value_labels, value_span

START = datetime(2026, 1, 1, tzinfo=UTC)
READER = Reader()


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def series(*values: int | None, metric: str = "citations", source: str = "scholarfeed") -> MetricSeries:
    """A value a day; the last lasts."""
    spells = tuple(
        Spell(value=value, since=day(at), until=day(at + 1) if at + 1 < len(values) else None, delta=None)
        for at, value in enumerate(values)
    )
    return MetricSeries(person="Zoë", profile="1", source=source, metric=metric, spells=spells)


def recount(at: datetime) -> EventView:
    return EventView(
        id="e", kind=EventKind.METRIC_RECOUNT, cause=Cause.SOURCE, person="Zoë", profile="1", source="scholarfeed",
        paper_key=None, paper_title=None, field="citations", before=120, after=90, observed_at=at, recorded_at=at,
    )  # fmt: skip


def test_a_gap_parts_the_line_and_a_recount_is_marked() -> None:
    [chart] = charts([series(100, 120, None, 90)], [recount(day(3))], day(4), READER)
    [line] = chart.lines
    assert len(line.paths) == 2
    [gap] = chart.gaps
    assert gap.title == "Not shown from Jan 3, 2026 to Jan 4, 2026"
    assert chart.left < gap.x < chart.right
    [mark] = chart.marks
    assert (mark.kind, mark.title) == ("recount", "Recount on Jan 4, 2026: 120 → 90 (−30)")
    assert chart.summary == "citations at scholarfeed: from 100 on Jan 1, 2026 to 90 on Jan 4, 2026"


def test_charts_share_their_time_and_sources_their_chart() -> None:
    shown = [series(1, 2), series(5, source="openalex"), series(3, metric="h_index"), series(None, metric="never")]
    first, second = charts(shown, [], day(10), READER)
    assert (first.metric, second.metric) == ("citations", "h_index")
    assert [line.source for line in first.lines] == ["scholarfeed", "openalex"]
    assert first.times == second.times
    assert charts([], [], day(1), READER) == []


def test_ten_years_of_days_are_no_longer_than_the_drawing_is_wide() -> None:
    [chart] = charts([series(*range(3650))], [], day(3650), READER)
    assert chart.lines[0].paths[0].count("L") < 3 * chart.width


@pytest.mark.parametrize(
    ("values", "labels"),
    [([0.0, 100.0], [0, 50, 100]), ([1204.0, 1311.0], [1200, 1250, 1300, 1350]), ([5.0], [4, 4.5, 5, 5.5, 6])],
)
def test_labels_are_round_and_hold_all_values(values: list[float], labels: list[float]) -> None:
    span = value_span(values, 200, 0)
    assert value_labels(span) == labels
    assert all(0 <= span.place(value) <= 200 for value in values)


@pytest.mark.parametrize(
    ("days", "first", "count"), [(4000, "2026", 11), (400, "2026", 7), (30, "2 Jan", 6), (1, "2 Jan", 1)]
)
def test_times_are_written_as_their_length_allows(days: int, first: str, count: int) -> None:
    labels = time_labels(START, day(days), UTC)
    assert len(labels) == count
    assert labels[0][1] == first


def test_a_small_course() -> None:
    assert spark([1, 2, None, 3, 4]) == ("M2.0,19.0 L21.0,13.7", "M59.0,8.3 L78.0,3.0")
    assert spark([None, 1]) == ()
    assert spark([3, 3]) == ("M2.0,11.0 L78.0,11.0",)


def test_a_paper_that_left_and_returned() -> None:
    stays = [
        Stay(since=day(0), until=day(10), removed=True),
        Stay(since=day(20), until=None, removed=False),
        Stay(since=day(99), until=None, removed=False),
    ]
    shown = presence(stays, day(0), day(40), READER)
    assert [(bar.x, bar.width) for bar in shown.bars] == [(0.0, 40.0), (80.0, 80.0)]
    assert shown.title == "seen Jan 1, 2026, removed Jan 11, 2026; returned Jan 21, 2026"
