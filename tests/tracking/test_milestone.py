"""Marks that a metric passes, once ever: a table, and stories of one profile."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.builders import DAY, Profile, parsed, reading, twenty
from tests.tracking.histories import Sightings, read
from tests.tracking.ledger import Ledger, canonical, folded
from tracking.check import CheckIntent
from tracking.chronicle import Edit
from tracking.event import Cause, EventKind, Value
from tracking.milestone import MARKED, mark_between

#: The marks of each metric up to a number.
MARKS = {
    "h_index": (60, list(range(1, 61))),
    "i10_index": (60, [1, 5, 10, 20, 30, 40, 50, 60]),
    "citations": (10_000, [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000]),
    "papers": (1_000, [10, 25, 50, 100, 250, 500, 1_000]),
}


@pytest.mark.parametrize("metric", sorted(MARKED))
def test_the_marks(metric: str) -> None:
    highest, marks = MARKS[metric]
    passed = [mark_between(metric, value - 1, value) for value in range(1, highest + 1)]
    assert [mark for mark in passed if mark is not None] == marks
    assert all(mark in (None, value) for value, mark in enumerate(passed, start=1))


@pytest.mark.parametrize(
    ("metric", "before", "after", "mark"),
    [
        ("h_index", 29, 30, 30),
        ("h_index", 30, 30, None),
        ("h_index", 30, 29, None),
        ("h_index", 28, 31, 31),
        ("h_index", 0, 0, None),
        ("i10_index", 0, 4, 1),
        ("i10_index", 4, 9, 5),
        ("i10_index", 19, 31, 30),
        ("citations", 9, 1_311, 1_000),
        ("citations", 999_999, 1_000_000, 1_000_000),
        ("citations", 1_000, 2_499, None),
        ("citations", -4, 9, None),
        ("papers", 24.5, 25.5, 25),
        ("citations_since_2021", 0, 100_000, None),
        ("citations_in_2025", 0, 1_000, None),
        ("novelty", 0.0, 1.0, None),
        ("ai_score", 0, 100, None),
    ],
)
def test_which_is_passed(metric: str, before: float, after: float, mark: int | None) -> None:
    assert mark_between(metric, before, after) == mark


@given(st.sampled_from(sorted(MARKED)), st.lists(st.integers(0, 30_000), min_size=2, max_size=30))
def test_the_highest_mark_passed_says_nothing_twice(metric: str, values: list[int]) -> None:
    highest, passed = values[0], []
    for value in values:
        mark = mark_between(metric, highest, value)
        passed += [] if mark is None else [mark]
        highest = max(highest, value)
    assert passed == sorted(set(passed))


# ---- stories of one profile


def milestones(intent: CheckIntent) -> list[tuple[str | None, Value, Value]]:
    return [(e.field, e.before, e.after) for e in intent.events if e.kind is EventKind.METRIC_MILESTONE]


def shows(ada: Profile, **metrics: int | None) -> CheckIntent:
    return ada.sees(reading(twenty(), metrics=metrics))


def test_18_once_ever() -> None:
    ada = Profile()
    first = ada.now + DAY
    assert milestones(shows(ada, h_index=29)) == []
    changed, milestone = shows(ada, h_index=30).events
    assert (changed.kind, changed.before, changed.after) == (EventKind.METRIC_CHANGED, 29, 30)
    assert (milestone.kind, milestone.field, milestone.before, milestone.after, milestone.since) == (
        EventKind.METRIC_MILESTONE, "h_index", 29, 30, first,
    )  # fmt: skip
    assert milestone.cause is Cause.SOURCE
    reached = ada.now
    assert [milestones(shows(ada, h_index=value)) for value in (29, 30)] == [[], []]
    (event,) = (e for e in shows(ada, h_index=31).events if e.kind is EventKind.METRIC_MILESTONE)
    assert (event.before, event.after, event.since) == (30, 31, reached)


def test_what_is_measured_is_the_way_from_the_highest_value() -> None:
    ada = Profile()
    shows(ada, citations=980)
    assert milestones(shows(ada, citations=700)) == []
    assert milestones(shows(ada, citations=990)) == []
    assert milestones(shows(ada, citations=2_600)) == [("citations", 990, 2_600)]


def test_a_recount_does_not_lower_the_mark() -> None:
    ada = Profile()
    shows(ada, citations=1_100)
    (fell,) = shows(ada, citations=600).events
    assert fell.kind is EventKind.METRIC_RECOUNT
    assert milestones(shows(ada, citations=1_050)) == []


def test_what_was_hidden_meanwhile_is_measured_all_the_same() -> None:
    ada = Profile()
    shows(ada, h_index=29)
    shows(ada)
    shows(ada, h_index=None)
    assert milestones(shows(ada, h_index=30)) == [("h_index", 29, 30)]


def test_a_metric_that_is_shown_for_the_first_time_sets_the_mark() -> None:
    ada = Profile()
    shows(ada, h_index=29)
    assert shows(ada, h_index=29, citations=5_000).events == ()
    assert milestones(shows(ada, h_index=29, citations=5_001)) == []


def test_what_only_another_parser_reads_passes_nothing() -> None:
    ada = Profile()
    shows(ada, citations=980)
    again = reading(twenty(), metrics={"citations": 1_020, "i10_index": 9})
    assert ada.sees(parsed(again, previous=again, parser="scholarfeed/2")).events == ()
    now = reading(twenty(), metrics={"citations": 1_030, "i10_index": 10})
    passed = ada.sees(parsed(now, parser="scholarfeed/2"))
    assert milestones(passed) == [("i10_index", 9, 10)]


def test_read_by_two_parsers_the_marks_between_are_of_the_parser() -> None:
    first, second = (
        read(reading(twenty(), metrics={"h_index": value}), ref=str(value), parser=f"scholarfeed/{value}")
        for value in (29, 30)
    )
    facts = folded([(Profile().now, first), (Profile().now + DAY, second)]).facts
    assert {(event.kind, event.cause) for event in facts.events.values() if event.field} == {
        (EventKind.METRIC_CHANGED, Cause.PARSER),
        (EventKind.METRIC_MILESTONE, Cause.PARSER),
    }


# ---- pages that come later and are older


def days(*citations: int) -> Sightings:
    return [
        (Profile().now + day * DAY, read(reading(twenty()[:3], metrics={"citations": value}), ref=f"day {day}"))
        for day, value in enumerate(citations)
    ]


@given(st.data())
def test_in_any_order_the_same_marks_are_passed(data: st.DataObject) -> None:
    history = days(*data.draw(st.lists(st.sampled_from([3, 9, 10, 24, 26]), min_size=3, max_size=9)))
    ledger = Ledger()
    for sighting in data.draw(st.permutations(history)):
        ledger.insert(sighting)
    out = data.draw(st.sets(st.sampled_from([at for at, _ in history]), max_size=2))
    if out:
        ledger.edit(Edit(remove=frozenset(out)))
    left = [sighting for sighting in history if sighting[0] not in out]
    assert canonical(ledger.facts) == canonical(folded(left).facts)


def test_an_older_page_raises_the_mark_from_then_on() -> None:
    ledger = Ledger()
    history = days(900, 950, 980, 990, 1_005, 1_030)
    ledger.insert(*history)
    (passed,) = (e for e in ledger.facts.events.values() if e.kind is EventKind.METRIC_MILESTONE)
    assert (passed.before, passed.after) == (990, 1_005)
    late = (history[0][0] + timedelta(hours=5), read(reading(twenty()[:3], metrics={"citations": 1_100}), ref="late"))
    done = ledger.insert(late)
    assert passed.id in done.events_gone
    (earlier,) = (e for e in ledger.facts.events.values() if e.kind is EventKind.METRIC_MILESTONE)
    assert (earlier.before, earlier.after, earlier.observed_at) == (900, 1_100, late[0])
    assert canonical(ledger.facts) == canonical(folded([*history, late]).facts)


def test_a_record_that_passes_no_mark_costs_its_neighbourhood() -> None:
    ledger = Ledger()
    history = days(*range(1_001, 1_013))
    ledger.insert(*history)
    # Nothing of what follows passes a mark, whichever of the two was the highest.
    late = reading(twenty()[:3], metrics={"citations": 1_900})
    ledger.insert((history[1][0] + timedelta(hours=6), read(late, ref="late")))
    assert ledger.loaded <= 4
