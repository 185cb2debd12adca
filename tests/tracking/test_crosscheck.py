"""The same author at a site's pages and at its interface: what they say differently is said."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.check import KnownMetric
from tracking.crosscheck import contradictions, crosschecked
from tracking.reading import PaperReading, ProfileReading, Published
from tracking.view import ListedPaper, PersonState, PersonView, ProfileState, ProfileView

_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _paper(title: str, **said: Any) -> PaperReading:
    return PaperReading(title=title, authors=("Ada Example",), published=Published(2025, 3, 4), **said)


_WAVES = _paper("Waves in Ice and Other Cold Matter", arxiv_id="2503.00001")
_SAND = _paper("Sand and How It Moves in the Wind")
_PAGE = ProfileReading(
    source="scholarfeed",
    name="Ada Example",
    metrics={"h_index": 29, "citations": 17_576, "novelty": 0.55, "papers": None},
    papers=(_WAVES, _SAND),
    complete=True,
)
_API = replace(_PAGE, source="scholarfeed_api")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ()),
        ({"name": "ada  EXAMPLE"}, ()),
        ({"name": "Ben Example"}, ("scholarfeed says Ada Example, scholarfeed_api says Ben Example.",)),
        ({"metrics": {"h_index": 30}}, ("scholarfeed says h_index 29, scholarfeed_api says 30.",)),
        ({"metrics": {"citations": 17_600, "novelty": 0.552}}, ()),
        ({"metrics": {"citations": 18_000}}, ("scholarfeed says citations 17,576, scholarfeed_api says 18,000.",)),
        ({"metrics": {"h_index": None, "papers": 3, "ai_score": 1}}, ()),
        ({"papers": (_SAND, _WAVES)}, ()),
        ({"papers": (_paper("Another Title", arxiv_id="2503.00001"), _SAND)}, ()),
        ({"papers": (_WAVES, replace(_SAND, title="Sand and How it Moves in the Winds"))}, ()),
        ({"papers": (_WAVES,)}, (f"scholarfeed_api lacks what scholarfeed shows: {_SAND.title}.",)),
        ({"papers": (_WAVES,), "complete": False}, ()),
        ({"papers": (_WAVES, _SAND, _paper("A Third, Quite Different"))},
         ("scholarfeed lacks what scholarfeed_api shows: A Third, Quite Different.",)),
        ({"papers": (_WAVES, _paper("Birds"), _SAND), "complete": False},
         ("scholarfeed lacks what scholarfeed_api shows: Birds.",)),
    ],
    ids=["same", "name written otherwise", "name", "h-index", "rounded", "beyond rounding", "unknown", "order",
         "retitled", "typo", "missing", "missing from an incomplete list", "more", "more on an incomplete list"],
)  # fmt: skip
def test_contradictions(changed: dict[str, Any], said: tuple[str, ...]) -> None:
    assert contradictions(_PAGE, replace(_API, **changed)) == said


@pytest.mark.parametrize("count", [5, 300], ids=["few", "many"])
def test_of_many_papers_three_are_named(count: int) -> None:
    papers = tuple(_paper(f"Subject {number} of the Series", arxiv_id=f"2501.{number:05d}") for number in range(count))
    (sentence,) = contradictions(replace(_PAGE, papers=papers), replace(_API, papers=()))
    assert sentence.endswith(
        f"Subject 0 of the Series; Subject 1 of the Series; Subject 2 of the Series; and {count - 3} more."
    )


_PAPERS = st.lists(
    st.builds(_paper, st.sampled_from("ABCDEFGH"), arxiv_id=st.none() | st.sampled_from(["2503.00001", "2503.00002"])),
    max_size=6,
)
_READINGS = st.builds(
    ProfileReading,
    source=st.just("scholarfeed"),
    name=st.sampled_from(["Ada", "Ben"]),
    metrics=st.dictionaries(st.sampled_from(["h_index", "citations"]), st.none() | st.integers(0, 99)),
    papers=_PAPERS.map(tuple),
    complete=st.booleans(),
)


@given(_READINGS, _READINGS)
def test_nothing_contradicts_itself_and_either_order_finds_as_much(one: ProfileReading, other: ProfileReading) -> None:
    assert contradictions(one, one) == ()
    assert len(contradictions(one, other)) == len(contradictions(other, one))


def _state(reading: ProfileReading, *, key: str = "12345", is_read: bool = True) -> ProfileState:
    view = ProfileView(
        profile_id=1,
        source=reading.source,
        key=key,
        url=f"https://{reading.source}.example/author/{key}",
        active=True,
        checked_at=_NOON,
        outcome=None,
        detail="",
        observed_at=_NOON,
        confirmed_at=_NOON,
    )
    if not is_read:
        return ProfileState(profile=view)
    papers = tuple(
        ListedPaper(key=paper.title, paper=paper, first_seen=_NOON, listed=paper is not _SAND, removed=False)
        for paper in reading.papers
    )
    return ProfileState(
        profile=view,
        name=reading.name,
        complete=reading.complete,
        warnings=("An old one.",),
        observed_at=_NOON,
        metrics={name: KnownMetric(value, _NOON) for name, value in reading.metrics.items() if value is not None},
        papers=papers,
    )


def _person(*states: ProfileState) -> PersonState:
    view = PersonView(person_id=1, name="Ada", tags=(), active=True, profiles=tuple(state.profile for state in states))
    return PersonState(person=view, profiles=states)


def test_a_contradiction_is_a_warning_at_the_interface() -> None:
    person = _person(_state(replace(_API, metrics={"h_index": 40})), _state(_PAGE))
    interface, page = crosschecked(person).profiles
    assert interface.warnings == ("An old one.", "scholarfeed says h_index 29, scholarfeed_api says 40.")
    assert page == person.profiles[1]


@pytest.mark.parametrize(
    "person",
    [
        _person(_state(_API), _state(_PAGE)),
        _person(_state(_API)),
        _person(_state(replace(_API, name="Ben")), _state(_PAGE, key="9")),
        _person(_state(replace(_API, name="Ben")), _state(_PAGE, is_read=False)),
        _person(_state(replace(_API, name="Ben"), is_read=False), _state(_PAGE)),
        _person(_state(replace(_PAGE, source="openalex", name="Ben")), _state(_PAGE)),
        _person(),
    ],
    ids=["agree", "alone", "somebody else", "page not read", "interface not read", "no twin", "no profile"],
)
def test_where_there_is_nothing_to_compare_nothing_is_said(person: PersonState) -> None:
    assert crosschecked(person) == person
