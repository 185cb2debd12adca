import doctest
import re
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from world import papers, prose
from world.papers import Press, paper
from world.people import population
from world.vocabulary import AREAS

CATEGORIES = [area.category for area in AREAS]


def test_the_example_in_the_documentation_is_true() -> None:
    assert doctest.testmod(papers).failed == 0


@given(seed=st.integers(), category=st.sampled_from(CATEGORIES), shortest=st.integers(0, 1200))
def test_abstracts_keep_their_bounds_and_are_filled_in(seed: int, category: str, shortest: int) -> None:
    longest = shortest + 400
    text = prose.abstract(Random(seed), category, shortest=shortest, longest=longest)
    assert shortest <= len(text) <= longest
    assert not re.search(r"[{}]|  |\n", text)


def test_bounds_without_room_for_a_sentence_are_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        prose.abstract(Random(1), "LG", shortest=400, longest=500)


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_thousand_papers_of_one_area_differ_in_title_and_id(category: str) -> None:
    press = Press(1)
    printed = [press.paper(("Ada Example",), date(2026, 11, 1), category) for _ in range(1000)]
    assert len({paper.title for paper in printed}) == 1000
    assert len({paper.arxiv_id for paper in printed}) == 1000
    assert all(re.fullmatch(r"2611\.\d{5}", paper.arxiv_id) for paper in printed)
    assert len({paper.abstract for paper in printed}) > 990


@given(seed=st.integers())
def test_a_typing_error_changes_one_title_a_little(seed: int) -> None:
    right = prose.title(Random(seed), "LG")
    wrong = prose.with_typo(Random(seed), right)
    assert wrong != right
    assert sorted(wrong) == sorted(right)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Patient Search", "Patient Search, Part II"),
        ("Patient Search, Part I", "Patient Search, Part II"),
        ("Why Search?", "Why Search? Part II"),
    ],
)
def test_sequels(first: str, second: str) -> None:
    assert prose.sequel(first) == second


def test_a_title_without_long_words_gets_no_typing_error() -> None:
    assert prose.with_typo(Random(1), "A k < 3") == "A k < 3"


def test_a_story_paper_is_the_same_every_time_and_another_title_is_another_paper() -> None:
    thing = paper("A New Thing", published=date(2026, 11, 21))
    assert thing == paper("A New Thing", published=date(2026, 11, 21))
    assert thing.arxiv_id != paper("A Newer Thing", published=date(2026, 11, 21)).arxiv_id
    assert thing.path == f"/paper/{thing.arxiv_id}"
    assert paper("A New Thing", published=date(2026, 11, 21), version=2).path == f"{thing.path}v2"


def test_many_story_papers_are_distinct_and_old() -> None:
    listed = papers.papers(50, before=date(2026, 11, 22))
    assert len({paper.title for paper in listed}) == len({paper.arxiv_id for paper in listed}) == 50
    assert all(paper.published < date(2026, 9, 23) for paper in listed)


@pytest.mark.parametrize("count", [1, 7, 30, 1000, 5000])
def test_people_have_distinct_names_and_keys_and_labs_of_their_own_field(count: int) -> None:
    people = population(3, count)
    by_key = {person.key: person for person in people}
    names = {person.name for person in people}
    assert len(by_key) == len(names) == count
    for person in people:
        assert person.key not in person.lab
        assert {by_key[other].field for other in person.lab} <= {person.field}
        assert names.isdisjoint(person.circle)


def test_there_are_not_names_for_everybody() -> None:
    with pytest.raises(ValueError, match="there are names for"):
        population(1, 1_000_000)


def test_one_seed_makes_one_population() -> None:
    assert population(3, 30) == population(3, 30)
    assert population(3, 30) != population(4, 30)
