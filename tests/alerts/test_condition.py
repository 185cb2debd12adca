"""Three-valued logic: what is not known stays so until something settles it."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from alerts.case import Case
from alerts.condition import condition_of, condition_without_papers
from alerts.setting import Setting, SettingError
from alerts.where import IfMissing, Where
from alerts.where_setting import parse_where
from tests.alerts.examples import ADA, PAPER, paper_event

#: Parts as they are written: that hold for the paper below, that do not, and that nobody knows.
HOLDS, FAILS, UNKNOWN = {"has_code": True}, {"category": "CV"}, {"score": ">= 50"}
SHOWN = replace(PAPER, has_code=True, category="LG", score=None)
CASE = Case(event=paper_event(paper=SHOWN), subject=ADA)


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> dict[str, Any]:
    """A condition as it is written, with others within it."""
    raw: dict[str, Any] = {}
    for part in draw(st.lists(st.sampled_from([HOLDS, FAILS, UNKNOWN]), max_size=2)):
        raw |= part
    if depth and draw(st.booleans()):
        for key in draw(st.sets(st.sampled_from(["all", "any"]))):
            raw[key] = draw(st.lists(conditions(depth - 1), min_size=1, max_size=3))
    if depth and draw(st.booleans()):
        raw["not"] = draw(conditions(depth - 1))
    raw = raw or draw(st.sampled_from([HOLDS, FAILS, UNKNOWN]))
    return raw | draw(st.sampled_from([{}, {}, {"if_missing": "match"}, {"if_missing": "skip"}]))


def brute(raw: dict[str, Any]) -> bool | None:
    """What the grammar says, one table after the other: true 2, unknown 1, false 0."""
    values = {"has_code": 2, "category": 0, "score": 1}
    said = [values[key] for key in raw if key in values]
    said += [rank(brute(one)) for one in raw.get("all", ())]
    if "any" in raw:
        said.append(max(rank(brute(one)) for one in raw["any"]))
    if "not" in raw:
        said.append(2 - rank(brute(raw["not"])))
    truth = {2: True, 1: None, 0: False}[min(said)]
    return raw["if_missing"] == "match" if truth is None and "if_missing" in raw else truth


def rank(truth: bool | None) -> int:
    return 1 if truth is None else 2 * truth


def parsed(raw: dict[str, Any]) -> Where:
    # Deeper than anybody may write it: the law does not end there.
    return parse_where(Setting(raw, ("where",), SettingError), depth=-99)


@given(conditions())
def test_a_condition_is_what_the_tables_say(raw: dict[str, Any]) -> None:
    # A rule asks where it holds: what is not known at the top, and what is skipped there, is all the same.
    assert (condition_of(parsed(raw)).holds(CASE) is True) == (brute(raw) is True)


@given(conditions())
def test_words_are_found_for_each(raw: dict[str, Any]) -> None:
    condition = condition_of(parsed(raw))
    assert condition.words(CASE)
    assert condition.words(CASE, wanted=False)


@given(conditions(), st.booleans(), st.sampled_from(["LG", "CV"]), st.sampled_from([None, 20.0, 90.0]))
def test_what_no_paper_could_bring_about_does_not_hold_without_papers(
    raw: dict[str, Any], has_code: bool, category: str, score: float | None
) -> None:
    where = replace(parsed(raw), person=("Somebody Else",))
    other = replace(SHOWN, has_code=has_code, category=category, score=score)
    case = Case(event=paper_event(paper=other), subject=ADA)
    assert condition_without_papers(where).holds(case) is False
    if condition_of(parsed(raw)).holds(case):
        assert condition_without_papers(parsed(raw)).holds(CASE) is not False


def test_the_words_of_what_is_settled_say_that_it_is_not_known() -> None:
    where = Where(any_of=(parsed(UNKNOWN), parsed(FAILS)), if_missing=IfMissing.MATCH)
    assert condition_of(where).holds(CASE) is True
    assert condition_of(where).words(CASE) == "the score is not known"
