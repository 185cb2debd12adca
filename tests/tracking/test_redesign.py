"""When the pages of a source say together that its layout has moved, and when they do not."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.builders import paper, reading
from tracking.check import Watch
from tracking.reading import ProfileReading
from tracking.redesign import chance_of, redesign
from tracking.shape import SourceShape

GOOD = reading([paper(f"Sheaves {number}", score=9.5, abstract=f"Of {number}.") for number in range(10)])


def each(**facts: object) -> ProfileReading:
    return replace(GOOD, papers=tuple(replace(shown, **facts) for shown in GOOD.papers))  # type: ignore[arg-type]


SCORELESS, CUT, SHORT = each(score=None), each(title="Sheaves"), replace(GOOD, papers=GOOD.papers[:5])
BARE = each(score=None, abstract=None, authors=(), published=None, category=None)
Pages = Sequence[tuple[ProfileReading | None, ProfileReading]]


def watch(number: int) -> Watch:
    return Watch(
        profile_id=number, revision=1, person_id=number, person=f"P {number}", source="feed", key=str(number), url=""
    )


def shape(pages: Pages, first: int = 1) -> SourceShape:
    found = SourceShape()
    for number, (before, now) in enumerate(pages, first):
        found.count(watch(number), before, now)
    return found


class Source:
    """A source, run by run."""

    def __init__(self, followed: int) -> None:
        self.followed = followed
        self.past: list[SourceShape] = []

    def shows(
        self,
        *pages: tuple[ProfileReading | None, ProfileReading],
        first: int = 1,
        recounted: Sequence[str] = (),
    ) -> str | None:
        """What is told of a run in which these pages came, of the profiles from ``first`` on."""
        found = shape(pages, first)
        judged = redesign("feed", found, self.past, self.followed, recounted)
        stored = replace(found, told=judged.told, ended=judged.ended, lasting=judged.lasting)
        self.past.insert(0, SourceShape.from_json(json.loads(json.dumps(stored.to_json()))))
        return judged.drift.detail if judged.drift else None


SCORE_LOST = "score: on 0 % of the papers of {} pages, was on 100 %"


@pytest.mark.parametrize(
    ("pages", "told"),
    [
        pytest.param([(GOOD, SCORELESS)] * 3, SCORE_LOST.format(3), id="three"),
        pytest.param([(GOOD, SCORELESS)] * 12, SCORE_LOST.format(12), id="all"),
        pytest.param(
            [(GOOD, SCORELESS)] * 5 + [(GOOD, GOOD)] * 5,
            "score: on 50 % of the papers of 10 pages, was on 100 %",
            id="half",
        ),
        pytest.param([(GOOD, SCORELESS)] * 2, None, id="two of many"),
        pytest.param([(GOOD, SCORELESS)] * 2 + [(GOOD, GOOD)] * 40, None, id="two"),
        pytest.param([(GOOD, SCORELESS)] * 4 + [(GOOD, GOOD)] * 40, None, id="few of many"),
        pytest.param([(GOOD, SHORT)] + [(GOOD, GOOD)] * 5, None, id="one deletes half"),
        pytest.param([(SCORELESS, SCORELESS)] * 9, None, id="it was never shown"),
        pytest.param([(SCORELESS, GOOD)] * 9, None, id="it appears"),
        pytest.param([(None, SCORELESS)] * 9, None, id="first seen"),
        pytest.param([(GOOD, SHORT)] * 4, "papers: 20 on 4 pages, were 40", id="half of each list"),
        pytest.param([(GOOD, CUT)] * 4, "title: reads otherwise on 4 of 4 pages", id="titles cut"),
        pytest.param([(GOOD, replace(GOOD, field=None))] * 4, "research field: on 0 % of 4 pages, was on 100 %", id="field"),
        pytest.param([], None, id="no page"),
    ],
)  # fmt: skip
def test_one_run(pages: Pages, told: str | None) -> None:
    assert Source(followed=44).shows(*pages) == told


def test_what_is_named_first_and_how_much_more() -> None:
    detail = Source(followed=9).shows(*[(GOOD, BARE)] * 9)
    assert detail is not None
    assert [clause.partition(":")[0] for clause in detail.split("; ")] == [
        "abstract",
        "authors",
        "category",
        "and 2 more",
    ]


def test_the_profile_that_shows_it() -> None:
    found = shape([(GOOD, GOOD), *[(GOOD, SCORELESS)] * 6])
    drift = redesign("feed", found, [], followed=7).drift
    assert drift is not None
    assert (drift.profile.profile_id, drift.source) == (2, "feed")


def test_it_is_told_once_and_its_end_is_not() -> None:
    source = Source(followed=4)
    assert source.shows(*[(GOOD, SCORELESS)] * 4)
    assert source.shows(*[(SCORELESS, SCORELESS)] * 4) is None
    assert source.shows(*[(SCORELESS, GOOD)] * 4) is None
    assert source.shows(*[(GOOD, SCORELESS)] * 4)


def test_pages_that_are_not_accepted_are_told_once() -> None:
    source = Source(followed=4)
    assert source.shows(*[(GOOD, SHORT)] * 4)
    assert [source.shows(*[(GOOD, SHORT)] * 4) for _ in range(3)] == [None] * 3
    assert source.shows(*[(GOOD, GOOD)] * 4) is None
    assert source.shows(*[(GOOD, SHORT)] * 4)


def test_what_changes_back_is_no_news() -> None:
    source = Source(followed=4)
    assert source.shows(*[(GOOD, CUT)] * 4)
    assert source.shows(*[(CUT, CUT)] * 4) is None
    assert source.shows(*[(CUT, GOOD)] * 4) is None
    assert source.shows(*[(GOOD, GOOD)] * 4) is None
    assert source.shows(*[(GOOD, CUT)] * 4)


def test_profiles_that_are_asked_for_one_by_one() -> None:
    source = Source(followed=9)
    told = [source.shows((GOOD, SCORELESS), first=number) for number in range(1, 5)]
    assert [bool(detail) for detail in told] == [False, False, True, False]


def test_one_odd_profile_that_is_asked_for_again_and_again() -> None:
    source = Source(followed=9)
    assert [source.shows((GOOD, SHORT)) for _ in range(9)] == [None] * 9


@pytest.mark.parametrize("followed", [1, 2])
def test_few_profiles_need_two_runs(followed: int) -> None:
    source = Source(followed)
    assert source.shows(*[(GOOD, SCORELESS)] * followed) is None
    detail = source.shows(*[(SCORELESS, SCORELESS)] * followed)
    pages = "1 page" if followed == 1 else "2 pages"
    assert detail == f"score: on 0 % of the papers of {pages}, was on 100 %"
    assert source.shows(*[(SCORELESS, SCORELESS)] * followed) is None


def test_few_profiles_that_are_whole_again_or_not_asked_for() -> None:
    source = Source(followed=1)
    assert source.shows((GOOD, SCORELESS)) is None
    assert source.shows((SCORELESS, GOOD)) is None
    assert source.shows((GOOD, SCORELESS)) is None
    assert source.shows() is None
    assert source.shows((GOOD, SHORT)) is source.shows((GOOD, SHORT)) is None


def test_what_often_happens_there_is_no_redesign() -> None:
    source = Source(followed=12)
    for day in range(8):
        some = day % 4
        assert source.shows(*[(GOOD, SCORELESS)] * some, *[(GOOD, GOOD)] * (12 - some)) is None
    assert source.shows(*[(GOOD, SCORELESS)] * 5, *[(GOOD, GOOD)] * 7) is None
    assert source.shows(*[(GOOD, SCORELESS)] * 12)


@pytest.mark.parametrize(
    ("struck", "compared", "rate", "at_most"), [(3, 3, 0.02, 1e-5), (1, 50, 0.02, 1.0), (5000, 10_000, 0.02, 1e-99)]
)
def test_chance(struck: int, compared: int, rate: float, at_most: float) -> None:
    assert 0 <= chance_of(struck, compared, rate) <= at_most


PAGE = st.sampled_from([GOOD, SCORELESS, CUT, SHORT, BARE])


@given(st.lists(st.tuples(st.none() | PAGE, PAGE), max_size=8), st.integers(0, 8))
def test_shapes_of_parts_add_up(pages: list[tuple[ProfileReading | None, ProfileReading]], cut: int) -> None:
    parts = shape(pages[cut:], first=cut + 1) if cut < len(pages) else SourceShape()
    parts.add(shape(pages[:cut]))
    assert parts == shape(pages)
    stored = SourceShape.from_json(json.loads(json.dumps(parts.to_json())))
    assert stored == replace(parts, first=None, examples={})


def test_what_is_told_as_a_recount_is_no_other_layout() -> None:
    cited, recounted = (replace(GOOD, metrics={"citations": value}) for value in (1_204, 300))
    assert Source(9).shows(*[(cited, recounted)] * 9) == "citations: reads otherwise on 9 of 9 pages"
    source = Source(9)
    assert source.shows(*[(cited, recounted)] * 9, recounted=["citations"]) is None
    assert source.past[0].lasting == ("metric citations",)
    # What is lost is not counted anew, and what else is struck is told.
    uncited = replace(GOOD, metrics={})
    assert (
        source.shows(*[(cited, uncited)] * 9, recounted=["citations"]) == "citations: on 0 % of 9 pages, was on 100 %"
    )
    scoreless = replace(recounted, papers=SCORELESS.papers)
    assert Source(9).shows(*[(cited, scoreless)] * 9, recounted=["citations"]) == SCORE_LOST.format(9)
