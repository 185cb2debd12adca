"""A reading comes back from the archive as it was, however it is made up."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from storage.paper_rows import last_shown_from_json, last_shown_to_json
from storage.readings import reading_from_bytes, reading_to_bytes
from tracking.reading import PaperReading, ProfileReading, Published

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_PAPERS = st.builds(
    PaperReading,
    title=_TEXT,
    authors=st.lists(_TEXT, max_size=3).map(tuple),
    authors_complete=st.booleans(),
    institutions=st.lists(_TEXT, max_size=2).map(tuple),
    category=st.none() | _TEXT,
    published=st.none() | st.builds(Published, st.integers(1990, 2026), st.none() | st.integers(1, 12)),
    year_inferred=st.booleans(),
    has_code=st.none() | st.booleans(),
    score=st.none() | st.floats(0, 100),
    abstract=st.none() | _TEXT,
    arxiv_id=st.none() | _TEXT,
    version=st.none() | st.integers(0, 9),
    citations=st.none() | st.integers(0, 10**6),
)
_READINGS = st.builds(
    ProfileReading,
    source=st.just("scholarfeed"),
    name=_TEXT,
    field=st.none() | _TEXT,
    metrics=st.dictionaries(_TEXT, st.none() | st.integers(0, 10**6) | st.floats(0, 1), max_size=3),
    papers=st.lists(_PAPERS, max_size=4).map(tuple),
    complete=st.booleans(),
    warnings=st.lists(_TEXT, max_size=2).map(tuple),
)


@given(_READINGS)
def test_a_reading_comes_back(reading: ProfileReading) -> None:
    keys = tuple(f"fp:{position}" for position in range(len(reading.papers)))
    stored = reading_from_bytes(reading_to_bytes(reading, keys))
    assert (stored.reading, stored.keys) == (reading, keys)


def test_what_is_not_shown_takes_no_room() -> None:
    paper = PaperReading(title="On Engines", citations=0)
    body = reading_to_bytes(ProfileReading(source="scholarfeed", name="Ada", papers=(paper,)), ["fp:1"])
    assert b'"papers":[{"citations":0,"key":"fp:1","title":"On Engines"}]' in body


def test_of_a_paper_shown_twice_the_first_showing_counts() -> None:
    papers = (PaperReading(title="On Engines", score=1.0), PaperReading(title="On Engines", score=2.0))
    stored = reading_from_bytes(
        reading_to_bytes(ProfileReading(source="scholarfeed", name="Ada", papers=papers), ["fp:1", "fp:1"])
    )
    assert stored.papers() == {"fp:1": papers[0]}


@given(_PAPERS)
def test_a_paper_that_was_shown_last_comes_back_without_its_abstract(paper: PaperReading) -> None:
    assert last_shown_from_json(last_shown_to_json(paper)) == replace(paper, abstract=None)
