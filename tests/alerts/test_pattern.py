"""Regular expressions of the owner on text of a stranger."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alerts.pattern import PatternTimeoutError, parse_pattern, rough_search
from tests.effort import seconds_of


def test_case_does_not_matter_and_the_place_is_told() -> None:
    assert parse_pattern("reward|verifier").find("Patient VERIFIERS for agents") == "VERIFIER"
    assert parse_pattern("reward").find("Patient verifiers") is None


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        pytest.param("(a+)+$", "a" * 5000 + "!", id="nested"),
        pytest.param("(a|aa)+$", "a" * 200 + "!", id="alternatives"),
        pytest.param("(.*a){25}$", "a" * 19_000 + "b", id="counted"),
        pytest.param(".*.*.*.*=x", "=" * 20_000, id="polynomial"),
        pytest.param("(?:a{1,3000}){1,3000}b", "a" * 20_000, id="large-counts"),
    ],
)
def test_no_text_makes_it_hang(expression: str, text: str) -> None:
    def look() -> None:
        with suppress(PatternTimeoutError):
            assert parse_pattern(expression).find(text) is None

    assert seconds_of(look, enough=2) < 2


def test_an_undecided_search_says_so() -> None:
    with pytest.raises(PatternTimeoutError):
        parse_pattern("(a|aa)+$").find("a" * 200 + "!")


EXPRESSIONS = [
    "bees", r"\bbees\b|wasps", "kelvin|istanbul", "s", "b.es", "it's - a, b_c", "bees?", "be+s", "be{2}s", "bee*s",
    "be{0,2}s", r"bees\s+and", r"\bbees and (bees|wasps)\b", "(?i)bees", "b ees(?x)", "[b]ees", "^bees", "x*bees", "bees$",
]  # fmt: skip


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(EXPRESSIONS))
@example("straße bees", "", "s")
@example("\u212aelvin KELVIN", "ſ", "s")
def test_a_rough_search_overlooks_nothing(before: str, after: str, expression: str) -> None:
    pattern = parse_pattern(expression)
    words = ("Bees", " WASPS ", "İstanbul", "", "IT'S - A, B_C", "bes", "bs", "BEEES", "bees  and", "\u212aelvin")
    for text in (f"{before}{word}{after}" for word in words):
        if pattern.find(text) is not None:
            assert rough_search(pattern)(text)


def test_a_rough_search_finds_what_is_not_there() -> None:
    assert not rough_search(parse_pattern(r"\bbees\b|wasps"))("ants and flies")
    assert not rough_search(parse_pattern(r"topic\s+17"))("ants and flies")
    assert not rough_search(parse_pattern("bees?"))("ants and flies")
    assert rough_search(parse_pattern("b[e]es"))("ants, flies, blows")
    assert rough_search(parse_pattern("(bees)"))("ants and flies")


def test_text_is_bounded() -> None:
    assert parse_pattern("end").find("x" * 19_997 + "end") == "end"
    assert parse_pattern("end").find("x" * 19_998 + "end") is None


@pytest.mark.parametrize(
    ("expression", "message"),
    [("(unclosed", "not a regular expression"), ("*", "not a regular expression"), ("a" * 501, "longer than 500")],
)
def test_expressions_that_are_none(expression: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_pattern(expression)
