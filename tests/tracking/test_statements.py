"""What is recorded, held against what pages come to: every difference is one step, and nothing else fails."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.builders import DAY, NOON, reading, twenty
from tests.tracking.histories import Sightings, histories, read
from tests.tracking.ledger import WATCH
from tracking.chronicle import Neighbourhood
from tracking.proof import FAULTS_LISTED_MAX, Ground, Proof, Standing, Step
from tracking.statements import Folded, Statements, Window, differences, folded


def _part(history: Sightings) -> Neighbourhood:
    sightings = tuple((page, (at,)) for at, page in history)
    return Neighbourhood(watch=WATCH, before=None, parser=None, sightings=sightings, later=None)


def _steps(recorded: Statements, found: Folded) -> list[tuple[Ground, Standing]]:
    return [(step.ground, step.standing) for step in differences(recorded, found, "Ada")]


@given(history=histories(max_size=5))
def test_what_pages_come_to_is_no_different_from_itself(history: Sightings) -> None:
    found = folded(_part(history), Window())
    if not found.unbelievable:
        assert {standing for _, standing in _steps(found.statements, found)} == {Standing.HOLDS}


@given(history=histories(max_size=5), cut=st.integers(0, 5))
def test_windows_divide_what_is_said(history: Sightings, cut: int) -> None:
    at = NOON + cut * DAY
    whole, early, late = (folded(_part(history), window) for window in (Window(), Window(None, at), Window(at, None)))
    assert early.statements.facts | late.statements.facts == whole.statements.facts
    assert early.statements.facts.keys().isdisjoint(late.statements.facts)
    assert early.statements.events | late.statements.events == whole.statements.events


@pytest.mark.parametrize(
    ("at", "is_in"),
    [(NOON - DAY, False), (NOON, True), (NOON + DAY, True), (NOON + 2 * DAY, False)],
    ids=["before", "at the start", "within", "at the end"],
)
def test_a_window_has_its_start_and_not_its_end(at: datetime, is_in: bool) -> None:
    assert (at in Window(NOON, NOON + 2 * DAY)) is is_in


def test_a_fact_that_one_side_lacks_or_says_otherwise() -> None:
    history = [(NOON, read(reading(twenty()[:1], metrics={"citations": 7}), "a page"))]
    found = folded(_part(history), Window())
    recorded = Statements(Window(), dict(found.statements.facts), dict(found.statements.events))
    recorded.metric("citations", NOON, 8)
    recorded.metric("h_index", NOON, 1)
    recorded.facts.pop(next(what for what in recorded.facts if what.startswith("the name")))
    texts = [step.text for step in differences(recorded, found, "Ada") if step.standing is Standing.FAILS]
    day = NOON.isoformat()
    assert f"citations from {day}: 8 is recorded, 7 is right" in texts
    assert f"h_index from {day}: does not follow from the pages" in texts
    assert [text for text in texts if text.startswith("the name") and text.endswith("is not recorded")]
    assert len(texts) == 3


def test_a_value_ends_where_the_next_begins() -> None:
    pages = [read(reading(twenty()[:1], metrics={"citations": value}), f"{value}") for value in (7, 8)]
    said = folded(_part([(NOON, pages[0]), (NOON + DAY, pages[1])]), Window()).statements.facts
    ends = [what for what in said if " until " in what]
    assert ends == [f"citations until {(NOON + DAY).isoformat()}"]


def _step(standing: Standing, text: str = "so") -> Step:
    return Step(ground=Ground.EVENT, standing=standing, place="there", text=text)


def test_a_proof_counts_all_steps_and_lists_some() -> None:
    proof = Proof()
    proof.add(_step(Standing.FAILS) for _ in range(FAULTS_LISTED_MAX + 5))
    proof.add([_step(Standing.HOLDS), _step(Standing.OPEN, "long ago"), _step(Standing.OPEN, "long ago")])
    assert (proof.failed, len(proof.faults)) == (FAULTS_LISTED_MAX + 5, FAULTS_LISTED_MAX)
    assert proof.reasons == {(Ground.EVENT, "long ago"): 2}
    values = proof.to_json()
    assert values["steps"]["event"] == {"holds": 1, "fails": 25, "open": 2}
    assert values["open"] == [{"step": "event", "text": "long ago", "count": 2}]


def test_a_page_that_was_accepted_and_cannot_be_believed_fails() -> None:
    empty = read(reading([]), "an empty page")
    history = [(NOON, read(reading(twenty()), "a page")), (NOON + DAY, empty)]
    found = folded(_part(history), Window())
    [fault] = [step for step in differences(found.statements, found, "Ada") if step.standing is Standing.FAILS]
    assert fault.text.startswith(f"the page of {(NOON + DAY).isoformat()} was accepted and can not be: ")
