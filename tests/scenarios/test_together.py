"""What several followed people have a part in is one item; and a first paper together is said to be one."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.scenarios.story import Story
from world.papers import paper, papers
from world.site import Site

NAMES = ("Ada Example", "Bo Example")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as serving:
        yield serving


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    return Story(site, tmp_path, database)


def test_29_news_of_a_paper_of_two_people(site: Site, story: Story) -> None:
    keys = [
        site.author(name, papers(9, before=date(2026, 6, 1), author=name, seed=number))
        for number, name in enumerate(NAMES)
    ]
    asked = ["paper.new", "paper.enriched"]
    story.follow(*keys, rules=[{"name": "papers", "on": asked, "notify": ["me"], "every": "instant"}])
    story.hears()
    first, second = (
        paper(title, published=story.yesterday(), authors=NAMES) for title in ("Counting Bees", "On Wasps")
    )

    for key in keys:
        site.add_paper(key, first)
    [item] = story.items()
    assert item["first_together"] == [list(NAMES)]
    for key in keys:
        site.add_paper(key, second)
    [item] = story.items()
    assert item["people"] == list(NAMES)
    assert "first_together" not in item

    seen_at = story.now
    for key in keys:
        site.amend(key, second.title, score=98.1)
    [item] = story.items()
    assert (item["kind"], item["people"], item["after"]) == ("paper.enriched", list(NAMES), 98.1)
    assert item["first_seen"] == seen_at.isoformat()
    assert [profile["person"] for profile in item["profiles"]] == list(NAMES)
    assert len(item["events"]) == 2
