"""Profiles that are gone, or that their site has moved for good: each is told of once."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.scenarios.story import Story
from world.papers import paper, papers
from world.site import Site
from world.trouble import Moved

HOURS = timedelta(hours=1)
RULES = [
    {"name": "profiles", "on": ["profile.gone", "profile.moved"], "notify": ["me"]},
    {"name": "papers", "on": ["paper.new"], "notify": ["me"]},
]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    return Story(site, tmp_path, database)


def follow(site: Site, story: Story, people: int) -> list[str]:
    shown = papers(2, before=date(2026, 6, 1))
    keys = [site.author(f"Person {number}", shown) for number in range(people)]
    story.follow(*keys, rules=RULES)
    assert story.hears() == []
    return keys


# ---- gone


def test_a_profile_that_is_gone_is_told_of_once(site: Site, story: Story) -> None:
    ada, _ = follow(site, story, 2)
    site.down(ada, status=404)
    assert [story.hears(), story.hears(after=12 * HOURS)] == [[], []]
    (item,) = story.items(after=12 * HOURS)
    assert (item["kind"], item["person"]) == ("profile.gone", "Person 0")
    assert item["after"] == f"{site.url(ada)} answered 404 (Not Found), for the first time on 2026-11-24 09:00 UTC"
    site.down(ada, status=410)
    assert [story.hears() for _ in range(3)] == [[]] * 3
    site.up()
    assert story.hears() == []
    site.down(ada, status=404)
    assert [story.hears(), story.hears(), story.hears()] == [[], ["profile.gone: Person 0"], []]


def test_what_is_no_answer_about_a_profile_says_nothing_of_it(site: Site, story: Story) -> None:
    ada, _ = follow(site, story, 2)
    site.down(ada, status=404)
    assert story.hears() == []
    site.up()
    assert story.hears() == []
    site.down(ada, status=404)
    assert story.hears() == []
    site.blocked(ada, times=1)
    assert story.hears() == []
    site.down(ada, status=404)
    assert story.hears() == ["profile.gone: Person 0"]


def test_a_site_that_knows_nobody_any_more_is_no_reason_to_say_so(site: Site, story: Story) -> None:
    keys = follow(site, story, 9)
    site.down(keys[0], status=404)
    assert story.hears() == []
    for key in keys[:6]:
        site.down(key, status=404)
    assert [story.hears() for _ in range(3)] == [[]] * 3
    # The next that can be believed is a day after the first.
    site.up()
    site.down(keys[0], status=404)
    site.down(keys[1], status=404)
    assert story.hears() == ["profile.gone: Person 0"]
    assert story.hears() == ["profile.gone: Person 1"]


def test_taken_back_it_is_told_when_it_has_settled_again(
    site: Site, story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = Program(tmp_path, monkeypatch, capsys)
    ada, _ = follow(site, story, 2)
    site.down(ada, status=404)
    assert [story.hears(), story.hears()] == [[], ["profile.gone: Person 0"]]
    assert program("run", "revert", "latest", "--yes", "--now", story.now.isoformat()).code == 0
    assert [item["told"] for item in story.messages()[-1]["items"]] == ["profile.gone"]
    assert story.hears(after=HOURS) == ["profile.gone: Person 0"]
    assert story.hears() == []


# ---- moved


def test_a_profile_that_has_moved_is_read_where_it_is_and_told_of_once(site: Site, story: Story) -> None:
    ada, _ = follow(site, story, 2)
    new = site.author("Person 0", site.profile(ada).papers, key="2001")
    site.moved(ada, site.url(new))
    assert story.hears() == []
    assert story.outcome() in ("ok", "unchanged")
    site.add_paper(new, paper("Counting Bees at Night", published=story.yesterday()))
    site.down(new, status=500, times=1)
    assert story.hears(after=12 * HOURS) == []
    (bees, moved) = sorted(story.items(after=12 * HOURS), key=lambda item: item["kind"])
    assert bees["title"] == "Counting Bees at Night"
    assert (moved["kind"], moved["before"], moved["after"]) == ("profile.moved", site.url(ada), site.url(new))
    assert [story.hears() for _ in range(2)] == [[]] * 2
    third = site.author("Person 0", site.profile(new).papers, key="3001")
    site.moved(ada, site.url(third))
    assert [story.hears(), story.hears(), story.hears()] == [[], ["profile.moved: url"], []]


def test_a_profile_elsewhere_for_now_has_not_moved(site: Site, story: Story) -> None:
    ada, _ = follow(site, story, 2)
    new = site.author("Person 0", site.profile(ada).papers, key="2001")
    site.befall(ada, Moved(site.url(new), status=307))
    assert [story.hears() for _ in range(3)] == [[]] * 3
