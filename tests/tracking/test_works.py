"""Papers once each, and who shows them first."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.tracking.builders import NOON, paper
from tracking.reading import PaperReading
from tracking.view import ListedPaper, PersonState, PersonView, ProfileState, ProfileView
from tracking.works import Lag, Showing, lags, showings_of, works

RIVERS = paper("Rivers below a glacier", "2026-11-20")


def day(number: float) -> datetime:
    return NOON + timedelta(days=number)


def showing(key: str, source: str, at: float, *, person: int = 1, from_start: bool = False) -> Showing:
    return Showing(person_id=person, key=key, source=source, profile="1", since=day(at), from_start=from_start)


@pytest.mark.parametrize(
    ("showings", "links", "found"),
    [
        ([showing("p", "a", 1), showing("p", "b", 4)], [], [("a", "b", 1, 3.0)]),
        ([showing("p", "a", 4), showing("p", "b", 1)], [], [("b", "a", 1, 3.0)]),
        ([showing("p", "a", 1), showing("p", "b", 1)], [], [("a", "b", 1, 0.0)]),
        ([showing("p", "a", 1), showing("q", "b", 4)], [], []),
        ([showing("p", "a", 1), showing("q", "b", 4)], [("p", "q")], [("a", "b", 1, 3.0)]),
        ([showing("p", "a", 1), showing("r", "b", 4)], [("p", "q"), ("r", "q")], [("a", "b", 1, 3.0)]),
        (
            [showing(key, source, at) for key, days in (("p", (1, 2)), ("q", (1, 4)), ("r", (1, 10))) for source, at in zip("ab", days, strict=True)],
            [],
            [("a", "b", 3, 3.0)],
        ),
        ([showing(key, source, at) for key, days in (("p", (1, 2)), ("q", (1, 6))) for source, at in zip("ab", days, strict=True)], [], [("a", "b", 2, 3.0)]),
        (
            [showing("p", "a", 0), showing("p", "b", 2), showing("p", "c", 5)],
            [],
            [("a", "b", 1, 2.0), ("a", "c", 1, 5.0)],
        ),
        ([showing("p", "a", 0, from_start=True), showing("p", "b", 2)], [], []),
        ([showing("p", "a", 0), showing("p", "b", 2, from_start=True)], [], []),
        ([showing("p", "a", 0), showing("p", "b", 2, person=2)], [], []),
        ([showing("p", "a", 0), showing("p", "a", 3), showing("p", "b", 4)], [], [("a", "b", 1, 4.0)]),
        ([showing("p", "a", 3), showing("p", "a", 0, from_start=True), showing("p", "b", 4)], [], []),
    ],
    ids=[
        "three days", "the other way", "at once", "two papers", "two versions", "versions by way of a third",
        "the median", "the middle of two", "three sources", "the first from the start", "the later from the start", "of two people",
        "two profiles of a source", "one of which had it from the start",
    ],
)  # fmt: skip
def test_lags(showings: list[Showing], links: list[tuple[str, str]], found: list[tuple[str, str, int, float]]) -> None:
    expected = [Lag(first=first, later=later, papers=count, median_days=days) for first, later, count, days in found]
    assert list(lags(showings, links)) == list(lags(reversed(showings), links)) == expected


def listed(key: str, at: float, shown: PaperReading = RIVERS, *, on_page: bool = True) -> ListedPaper:
    return ListedPaper(key=key, paper=shown, first_seen=day(at), listed=on_page, removed=False)


def profile(number: int, source: str, *papers: ListedPaper, begins: float = 0) -> ProfileState:
    view = ProfileView(
        profile_id=number, source=source, key=str(number), url="", active=True, checked_at=None, outcome=None,
        detail="", observed_at=None, confirmed_at=None,
    )  # fmt: skip
    return ProfileState(profile=view, observed_at=day(9), papers=papers, begins_at=day(begins))


def person(*profiles: ProfileState, links: tuple[tuple[str, str], ...] = ()) -> PersonState:
    view = PersonView(person_id=1, name="Ada", tags=(), active=True, profiles=tuple(one.profile for one in profiles))
    return PersonState(person=view, profiles=profiles, links=links)


def test_a_paper_of_several_profiles_is_one_work_with_its_sources() -> None:
    rivers = [listed("p", 4), listed("p", 2), listed("q", 3, replace(RIVERS, title="Rivers")), listed("z", 1)]
    state = person(
        profile(1, "a", rivers[0], rivers[3]),
        profile(2, "b", rivers[1]),
        profile(3, "a", rivers[2]),
        links=(("q", "p"),),
    )
    one, other = works(state)
    assert (one.sources, [shown.listed.key for shown in one.shown]) == (("b", "a"), ["p", "q", "p"])
    assert (other.sources, other.best.listed) == (("a",), rivers[3])


@pytest.mark.parametrize(
    ("papers", "best"),
    [
        ([listed("p", 1, on_page=False), listed("p", 2)], 1),
        ([listed("p", 1, paper("Rivers", "2026")), listed("p", 2)], 1),
        ([listed("p", 1, paper("Rivers", None)), listed("p", 2, paper("Rivers", None))], 0),
    ],
    ids=["listed", "with the day", "the first"],
)
def test_the_showing_that_stands_for_a_work(papers: list[ListedPaper], best: int) -> None:
    [work] = works(person(*(profile(number, "ab"[number], shown) for number, shown in enumerate(papers))))
    assert work.best.listed is papers[best]


def test_what_a_first_page_shows_was_there_from_the_start() -> None:
    state = person(profile(1, "a", listed("p", 0), listed("q", 1)))
    assert [(one.key, one.from_start) for one in showings_of(state)] == [("p", True), ("q", False)]
