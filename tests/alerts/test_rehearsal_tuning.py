"""Levels of what a rule asks, and the search for the mildest that is enough."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.delta import parse_delta
from alerts.rehearsal_tuning import Knob, Steps, knobs_of, search
from alerts.rules import Rule, parse_rules
from tests.alerts.examples import metric_item, paper_item


def rule(**keys: object) -> Rule:
    (parsed,) = parse_rules([{"name": "it", "on": ["metric.changed", "paper.new"]} | keys])
    return parsed


def knobs(of: Rule, *told: dict[str, object]) -> dict[str, Knob]:
    steps = Steps()
    steps.add(told)
    return {knob.key: knob for knob in knobs_of(of, steps)}


RISE = metric_item("citations", 100, 110)
FRACTION = metric_item("novelty", 0.5, 0.52)


@pytest.mark.parametrize(
    ("asked", "told", "written"),
    [
        pytest.param(">= 100", RISE, [">= 101", ">= 110"], id="counts"),
        pytest.param("> 1%", RISE, ["> 1.1%", "> 2%"], id="percent, by tenths"),
        pytest.param("> 0.25%", RISE, ["> 0.26%", "> 0.35%"], id="percent, as finely as it is written"),
        pytest.param("< -5", RISE, ["< -6", "< -15"], id="falls"),
        pytest.param("abs >= 2", RISE, ["abs >= 3", "abs >= 12"], id="either way"),
        pytest.param(">= 0.1", FRACTION, [">= 0.11", ">= 0.2"], id="a fraction, by hundredths"),
        pytest.param(None, RISE, ["abs >= 1", "abs >= 10"], id="nothing was asked"),
        pytest.param(
            ">= 1%, below 1000: >= 10", RISE, [">= 1.1%, below 1000: >= 11", ">= 2%, below 1000: >= 20"], id="by size"
        ),
        pytest.param(">= 1%, below 1000: >= 5", RISE, [">= 1.1%, below 1000: >= 6"], id="by size, rounded up"),
        pytest.param(">= 0%, below 50: > 0", RISE, [">= 0.1%, below 50: > 1"], id="by size, from nothing"),
    ],
)
def test_each_level_of_a_delta_is_stricter(asked: str | None, told: dict[str, object], written: list[str]) -> None:
    where = {"metric": ["citations", "novelty"]} | ({"delta": asked} if asked else {})
    knob = knobs(rule(where=where), told)["where.delta"]
    assert [knob.text(level) for level in (1, 10)][: len(written)] == written
    for text in written:
        parse_delta(text)


def test_what_changes_little_can_be_asked_to_change_less_until_nothing_is_left() -> None:
    knob = knobs(rule(where={"delta": "abs < 3"}), RISE)["where.delta"]
    assert [knob.text(level) for level in range(1, knob.levels + 1)] == ["abs < 2", "abs < 1"]


@pytest.mark.parametrize(
    ("asked", "levels"), [(">= 70", [">= 80", ">= 98.1"]), ("> 70", [">= 80", ">= 98.1"]), ("< 99", ["<= 80", "<= 75"])]
)
def test_the_levels_of_a_score_are_those_of_what_is_told(asked: str, levels: list[str]) -> None:
    told = [paper_item(score=score) for score in (80, 98.1, 75, 80, None)]
    knob = knobs(rule(where={"score": asked}), *told)["where.score"]
    assert [knob.text(level) for level in range(1, knob.levels + 1)] == levels


@pytest.mark.parametrize(
    ("keys", "key", "levels"),
    [
        ({}, "every", ["daily", "weekly"]),
        ({"every": "daily"}, "every", ["weekly"]),
        ({"every": "weekly"}, "every", []),
        ({}, "cooldown", ["12h", "24h", "2d", "3d", "7d", "14d", "30d"]),
        ({"cooldown": "3d"}, "cooldown", ["7d", "14d", "30d"]),
        ({"cooldown": "5w"}, "cooldown", []),
    ],
)
def test_the_levels_of_what_is_listed(keys: dict[str, object], key: str, levels: list[str]) -> None:
    knob = knobs(rule(**keys), RISE)[key]
    assert [knob.text(level) for level in range(1, knob.levels + 1)] == levels


def test_a_rule_that_tells_of_papers_has_no_steps() -> None:
    assert set(knobs(rule(), paper_item())) == {"every"}


def found(knob: Knob, budget: float, comes_to: Callable[[int], float]) -> tuple[int | None, int]:
    """The level that the search ends with, and how often it asked."""
    looking = search(knob, budget)
    asked, times = next(looking, None), 0
    while asked is not None:
        times += 1
        try:
            asked = looking.send({level: comes_to(level) for level in asked})
        except StopIteration as end:
            return end.value, times
    raise AssertionError("a search says what it has found")


@given(st.integers(1, 1_000_000), st.data())
def test_the_mildest_level_that_is_enough_is_found_with_few_rehearsals(levels: int, data: st.DataObject) -> None:
    enough = data.draw(st.integers(1, levels + 1))
    knob = Knob("where.delta", levels, str)
    level, times = found(knob, 3.0, lambda level: 3.0 if level >= enough else 3.5)
    assert level == (enough if enough <= levels else None)
    assert times <= 10


def test_a_knob_without_levels() -> None:
    with pytest.raises(StopIteration) as end:
        next(search(Knob("every", 0, str), 3.0))
    assert end.value.value is None
