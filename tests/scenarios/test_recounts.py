"""Scenario 19: a source that counts anew is one thing to tell."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.scenarios.story import Story
from tests.scenarios.test_milestones import EVERYTHING
from world.papers import papers
from world.site import Site

PEOPLE = 100


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    return Story(site, tmp_path, database)


def follow(site: Site, story: Story, people: int = PEOPLE) -> list[str]:
    """So many people, seen once; the keys of their profiles."""
    keys = [
        site.author(
            f"Person {number:02}", papers(1, before=date(2026, 6, 1), seed=number), citations=1_000 + 10 * number
        )
        for number in range(people)
    ]
    story.follow(*keys, rules=EVERYTHING)
    assert story.hears() == []
    return keys


def test_19_forty_of_a_hundred_profiles_lose_citations(site: Site, story: Story) -> None:
    keys = follow(site, story)
    for number, key in enumerate(keys[:40]):
        site.set_metric(key, "citations", 1_000 + 10 * number - (1 if number % 2 else 300))
    (item,) = story.items()
    print(item)
    assert (item["kind"], item["field"], item["person"]) == ("source.recount", "citations", "Person 00")
    assert story.hears() == []
