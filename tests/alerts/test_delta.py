"""Conditions on numbers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.delta import BySize, Comparison, is_number, parse_delta, parse_score

BY_SIZE = parse_delta(">= 1%, below 1,000: >= 10")


@pytest.mark.parametrize(
    ("condition", "before", "after", "holds"),
    [
        pytest.param(">= 100", 1204, 1304, True, id="exactly"),
        pytest.param(">= 100", 1204, 1303, False, id="one-less"),
        pytest.param("> 100", 1204, 1304, False, id="strictly-more"),
        pytest.param("> 100", 1204, 1305, True, id="more"),
        pytest.param(">=100", 1304, 1204, False, id="a-fall-is-no-rise"),
        pytest.param("< 0", 30, 29, True, id="fall"),
        pytest.param("< 0", 29, 30, False, id="no-fall"),
        pytest.param("<= -1,000", 5000, 4000, True, id="thousands-separator"),
        pytest.param("<= -1_000", 5000, 4001, False, id="underscore"),
        pytest.param(">= 1,000,000", 0, 1_000_000, True, id="millions"),
        pytest.param("abs >= 10", 30, 20, True, id="absolute-fall"),
        pytest.param("abs >= 10", 30, 40, True, id="absolute-rise"),
        pytest.param("abs >= 10", 30, 39, False, id="absolute-too-small"),
        pytest.param("abs >= 5 %", 100, 95, True, id="absolute-percent"),
        pytest.param(">= 29%", 100, 129, True, id="percent-exact"),
        pytest.param(">= 29 %", 1.0, 1.29, True, id="percent-exact-of-decimals"),
        pytest.param(">= 0.05", 0.55, 0.6, True, id="fraction-exact"),
        pytest.param(">= 0.5%", 1000, 1004, False, id="percent-below"),
        pytest.param(">= 1%", 0, 1, True, id="away-from-zero-is-any-percentage"),
        pytest.param("< 1%", 0, 1, False, id="away-from-zero-is-not-little"),
        pytest.param("< -1%", 0, -1, True, id="below-zero-is-any-percentage"),
        pytest.param(">= 1%", 0, -1, False, id="below-zero-is-no-rise"),
        pytest.param(">= 0%", 0, 0, True, id="no-step-is-zero-percent"),
        pytest.param(">= 10%", -100, -90, True, id="percent-of-a-negative"),
    ],
)
def test_delta(condition: str, before: float, after: float, holds: bool) -> None:
    assert parse_delta(condition).passes(before, after) is holds


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (">= 100", "at least 100 was asked"),
        ("> 1000000", "more than 1,000,000 was asked"),
        ("abs >= 0.5%", "a change of at least 0.5 % was asked"),
    ],
)
def test_words(condition: str, words: str) -> None:
    assert parse_delta(condition).asked_of(1, 10_000_000) == words


@pytest.mark.parametrize(
    "condition",
    ["", "100", "+10", "= 5", "≥ 5", ">= ", ">= 1,00", ">= 1e9", ">= ten", "abs 5", "abs>= -5", ">= 5 5", "absolute > 1", ">= 1%%", ">= 1%, below: >= 1", ">= 1, below 10 >= 1", ">= 1%, below 9: >= 1, below 8: >= 1", ">= " + "9" * 5000],
)  # fmt: skip
def test_conditions_that_are_none(condition: str) -> None:
    with pytest.raises(ValueError, match=r"like “>= 100”|never below zero"):
        parse_delta(condition)


@pytest.mark.parametrize(
    ("before", "after", "holds", "words"),
    [
        pytest.param(29, 39, True, "at least 10 was asked below 1,000", id="small-enough"),
        pytest.param(29, 38, False, "at least 10 was asked below 1,000", id="small-too-little"),
        pytest.param(0, 9, False, "at least 10 was asked below 1,000", id="from-zero-too-little"),
        pytest.param(999, 1008, False, "at least 10 was asked below 1,000", id="just-below-the-size"),
        pytest.param(1000, 1010, True, "at least 1 % was asked", id="at-the-size"),
        pytest.param(17576, 17683, False, "at least 1 % was asked", id="large-too-little"),
        pytest.param(0.55, 0.56, True, "at least 1 % was asked", id="a-fraction-is-no-count"),
        pytest.param(5000, 4000, False, "at least 1 % was asked", id="fall"),
    ],
)
def test_by_size(before: float, after: float, holds: bool, words: str) -> None:
    assert (BY_SIZE.passes(before, after), BY_SIZE.asked_of(before, after)) == (holds, words)


def test_by_size_as_it_is_read() -> None:
    small, large = parse_delta(">= 10"), parse_delta(">= 1%")
    assert BySize(below=1000, small=small, large=large) == BY_SIZE  # type: ignore[arg-type]


numbers = st.integers(-(10**9), 10**9) | st.decimals(-1000, 1000, places=3).map(float)


@given(numbers, numbers, st.integers(-1000, 1000), st.booleans())
def test_a_comparison_and_its_opposite_never_agree(before: float, after: float, amount: int, percent: bool) -> None:
    suffix = "%" if percent else ""
    for one, other in ((">=", "<"), (">", "<=")):
        held = parse_delta(f"{one} {amount}{suffix}").passes(before, after)
        assert held is not parse_delta(f"{other} {amount}{suffix}").passes(before, after)


@given(numbers, st.integers(1, 10**6))
def test_a_step_of_exactly_the_amount_is_enough(before: float, amount: int) -> None:
    after = round(before + amount, 3)
    assert parse_delta(f">= {amount}").passes(before, after)
    assert not parse_delta(f"> {amount}").passes(before, after)


def test_score() -> None:
    score = parse_score(">= 90")
    assert (score.comparison, score.amount) == (Comparison.AT_LEAST, Fraction(90))
    assert score.holds_for(90)
    assert not score.holds_for(89.9)
    assert parse_score("< 50.5").holds_for(50)


@pytest.mark.parametrize("condition", ["90", ">= 90%", "abs >= 90", "high"])
def test_scores_that_are_none(condition: str) -> None:
    with pytest.raises(ValueError, match="like “>= 90”"):
        parse_score(condition)


@pytest.mark.parametrize(
    ("value", "is_one"),
    [(1, True), (0.5, True), (True, False), (None, False), ("1", False), (float("nan"), False), (float("inf"), False)],
)
def test_is_number(value: object, is_one: bool) -> None:
    assert is_number(value) is is_one
