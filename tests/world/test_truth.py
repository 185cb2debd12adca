from datetime import date

import pytest

from world.papers import Paper, paper
from world.profile import Metrics, Profile
from world.truth import Arrival, MetricChange, Truth

FIRST = date(2026, 9, 1)


def _profile(*listed: Paper, metrics: Metrics | None = None) -> Profile:
    return Profile(key="1", name="Ada Example", metrics=metrics or {}, papers=listed)


@pytest.mark.parametrize(
    ("last_good", "day", "published", "arrival"),
    [
        (date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 2), Arrival.NEW),
        (date(2026, 9, 1), date(2026, 10, 2), date(2026, 9, 2), Arrival.NEW),
        (date(2026, 9, 9), date(2026, 10, 3), date(2026, 9, 2), Arrival.LATE),
        (date(2026, 9, 1), date(2026, 12, 1), date(2026, 9, 1), Arrival.NEW),
        (date(2026, 9, 1), date(2026, 12, 1), date(2026, 8, 31), Arrival.LATE),
        (date(2026, 9, 1), date(2026, 9, 2), date(2023, 9, 1), Arrival.LATE),
    ],
    ids=["today", "30 days", "31 days", "as old as the gap", "older than the gap", "three years"],
)
def test_a_paper_is_new_within_30_days_or_since_the_last_good_page(
    last_good: date, day: date, published: date, arrival: Arrival
) -> None:
    truth = Truth()
    truth.shown(_profile(), last_good)
    truth.shown(_profile(paper("X", published=published)), day)
    assert [first.day for first in truth.papers(arrival)] == [day]
    assert sum(len(truth.papers(kind)) for kind in Arrival) == 1


def test_what_the_first_good_page_shows_is_the_baseline() -> None:
    truth = Truth()
    truth.shown(_profile(paper("X", published=FIRST)), FIRST)
    assert truth.papers(Arrival.BASELINE) == [(FIRST, "1", "X", paper("X", published=FIRST).arxiv_id)]
    assert truth.new_papers() == truth.late_papers() == []


def test_a_paper_is_new_once_whatever_it_is_called_and_wherever_it_went() -> None:
    thing = paper("X", published=FIRST, arxiv_id="2609.00001")
    renamed = paper("Y", published=FIRST, arxiv_id="2609.00001")
    truth = Truth()
    for number, listed in enumerate([(), (thing,), (), (renamed,)], start=1):
        truth.shown(_profile(*listed), date(2026, 9, number))
    assert truth.new_papers() == [(date(2026, 9, 2), "1", "X", "2609.00001")]


def test_a_304_confirms_a_page_that_was_shown_and_shows_none() -> None:
    truth = Truth()
    truth.confirmed(_profile(paper("X", published=FIRST)), FIRST)
    assert not truth.has_baseline("1")
    truth.shown(_profile(), FIRST)
    truth.confirmed(_profile(), date(2026, 10, 30))
    truth.shown(_profile(paper("Y", published=date(2026, 9, 20))), date(2026, 11, 1))
    assert [late.title for late in truth.late_papers()] == ["Y"]


def test_values_that_are_not_shown_are_no_changes() -> None:
    truth = Truth()
    days: list[Metrics] = [
        {"citations": 10},
        {"citations": None},
        {},
        {"citations": 10, "h_index": 3},
        {"citations": 12},
    ]
    for number, metrics in enumerate(days, start=1):
        truth.shown(_profile(metrics=metrics), date(2026, 9, number))
    assert truth.metric_changes() == [MetricChange(date(2026, 9, 5), "1", "citations", 10, 12)]
    assert [day.day for day, _ in truth.metrics_shown("1")] == [1, 2, 3, 4, 5]
