"""Scenario 18: a milestone is told once, ever."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.scenarios.story import Story
from world.papers import papers
from world.site import Site

#: Everything that can be said of a metric, at once.
EVERYTHING = [
    {
        "name": "metrics",
        "on": ["metric.changed", "metric.milestone", "metric.recount", "source.recount"],
        "notify": ["me"],
    }
]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    return Story(site, tmp_path, database)


@pytest.fixture
def ada(site: Site, story: Story) -> str:
    """An h-index of 29 that has been seen once."""
    key = site.author("Ada Example", papers(3, before=date(2026, 6, 1)), h_index=29, citations=980)
    story.follow(key, rules=EVERYTHING)
    assert story.hears() == []
    return key


def test_18_an_h_index_that_comes_and_goes_is_one_milestone(site: Site, story: Story, ada: str) -> None:
    heard = []
    for h_index in (30, 29, 30):
        site.set_metric(ada, "h_index", h_index)
        heard.append(sorted((item["kind"], item["before"], item["after"]) for item in story.items()))
    assert heard == [
        [("metric.changed", 29, 30), ("metric.milestone", 29, 30)],
        [("metric.changed", 30, 29)],
        [("metric.changed", 29, 30)],
    ]
