"""Scenarios 20 and 21: pages of which somebody must say what to think, through the verbs."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.store import Store
from tests.scenarios.command import json_lines, scholarwatch
from tests.scenarios.story import Story
from world.papers import Paper, paper, papers
from world.site import Site

LONG_AGO = date(2026, 6, 1)
OWN = papers(50, before=LONG_AGO)
#: Of somebody of the same name, and published lately.
FOREIGN = [
    paper(f"{what} of the {organ} in {animal}", published=date(2026, 11, 20), authors=("Ada Example", "Cy Other"))
    for what in ("Tumours", "Oedemas", "Lesions", "Grafts", "Ruptures")
    for organ, animal in zip(
        ("liver", "spleen", "kidney", "lung", "heart", "retina", "cornea", "colon"),
        ("mice", "rabbits", "sheep", "pigs", "rats", "newts", "carps", "dogs"),
        strict=True,
    )
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
    """A profile of 50 papers that has been seen once."""
    key = site.author("Ada Example", OWN, total=200, h_index=29, citations=1204)
    story.follow(key)
    story.hears()
    return key


@pytest.fixture
def asked(site: Site, story: Story, ada: str) -> str:
    """The same, with 40 more papers, about which the owner has been asked."""
    site.page(ada, papers=[*FOREIGN, *OWN])
    (question,) = story.items()
    assert (question["kind"], question["person"]) == ("profile.suspect", "Ada Example")
    assert "40 papers at once" in question["after"]
    return ada


def answer(story: Story, *words: str, codes: tuple[int, ...] = (0,)) -> Any:
    done = scholarwatch("quarantine", *words, "--json", cwd=story.config.parent, codes=codes)
    return [json.loads(line) for line in done.stdout.splitlines()]


def reject(story: Story) -> Any:
    (said,) = answer(story, "reject", "Ada", "--now", story.now.isoformat())
    return said


def outcome_of_verify(story: Story) -> str:
    return scholarwatch("verify", "--all", cwd=story.config.parent).stdout


def shown_titles(story: Story) -> set[str]:
    with Store.open_existing(story.settings.database) as store:
        (profile,) = store.person("Ada Example").profiles
    return {listed.paper.title for listed in profile.papers}


# ---- 20: forty new papers at once


def test_20_forty_papers_are_one_question_however_often_they_are_seen(site: Site, story: Story, asked: str) -> None:
    assert story.hears() == []
    site.add_paper(asked, paper("One more of them", published=story.yesterday()))
    assert story.hears() == []
    site.blocked(asked, times=1)
    assert story.hears() == []
    assert story.hears() == []
    site.page(asked, papers=OWN)
    assert story.hears() == []
    site.page(asked, papers=[*FOREIGN, *OWN])
    assert story.hears() == []
    assert [view.rejected for view in in_quarantine(story)] == [0]


def in_quarantine(story: Story) -> list[Any]:
    with Store.open_existing(story.settings.database) as store:
        return store.quarantine()


def test_20_accepted_they_are_told_once(story: Story, asked: str) -> None:
    assert answer(story, "accept", "Ada") == [{"person": "Ada", "accepted": 1}]
    assert sorted(story.hears()) == sorted(f"paper.new: {one.title}" for one in FOREIGN)
    assert story.hears() == []
    assert in_quarantine(story) == []
    assert "Nothing is held back" in scholarwatch("quarantine", "list", cwd=story.config.parent).stdout


def test_20_rejected_they_were_never_seen(site: Site, story: Story, asked: str) -> None:
    said = reject(story)
    assert (len(said["rejected"]), said["name"]) == (40, None)
    assert story.hears() == []
    assert story.outcome() in ("ok", "unchanged")
    own = paper("Counting Bees at Night", published=story.yesterday())
    site.add_paper(asked, own)
    assert story.hears() == ["paper.new: Counting Bees at Night"]
    site.page(asked, papers=[own, *OWN])
    assert story.hears() == []
    site.page(asked, papers=[*FOREIGN, own, *OWN])
    assert story.hears() == []
    assert shown_titles(story) == {one.title for one in (own, *OWN)}
    assert [(view.held_at, view.rejected) for view in in_quarantine(story)] == [(None, 40)]
    assert "0 failed" in outcome_of_verify(story) or "fail" not in outcome_of_verify(story)


def test_20_a_rejection_is_taken_back_and_they_are_told_once(site: Site, story: Story, asked: str) -> None:
    reject(story)
    assert story.hears() == []
    assert answer(story, "accept", "Ada") == [{"person": "Ada", "accepted": 1}]
    assert len(story.hears()) == 40
    assert story.hears() == []
    assert in_quarantine(story) == []


def test_20_papers_of_a_third_person_are_another_question(site: Site, story: Story, asked: str) -> None:
    reject(story)
    third = papers(30, before=LONG_AGO, seed=7)
    site.page(asked, papers=[*third, *FOREIGN, *OWN])
    (question,) = story.items()
    assert "30 papers at once" in question["after"]
    assert story.hears() == []


# ---- 21: another name, and other papers


@pytest.fixture
def renamed(site: Site, story: Story, ada: str) -> str:
    site.rename(ada, "Bo Other")
    site.page(ada, papers=[*FOREIGN[:30], *OWN[:20]])
    return ada


def test_21_another_name_with_other_papers_is_one_question(site: Site, story: Story, renamed: str) -> None:
    (question,) = story.items()
    assert question["kind"] == "profile.suspect"
    assert "the name is 'Bo Other', was 'Ada Example', and 60 papers differ" in question["after"]
    assert story.hears() == []
    assert story.hears() == []
    (shown,) = answer(story, "show", "Ada")
    assert shown["name"] == {"before": "Ada Example", "after": "Bo Other"}
    assert (len(shown["new"]), len(shown["gone"]), shown["same"], shown["complete"]) == (30, 30, 20, False)
    text = scholarwatch("quarantine", "show", "Ada", cwd=story.config.parent).stdout
    assert "name: Ada Example → Bo Other" in text
    assert "and 20 more: --all lists them" in text


def test_21_rejected_it_is_held_back_while_the_name_is_the_other(site: Site, story: Story, renamed: str) -> None:
    story.hears()
    said = reject(story)
    assert (len(said["rejected"]), said["name"]) == (30, "bo other")
    assert story.hears() == []
    assert story.outcome() == "quarantined"
    # Even where nothing but the name is the other one.
    site.page(renamed, papers=OWN)
    assert story.hears() == []
    assert story.outcome() == "quarantined"
    site.rename(renamed, "Ada Example")
    site.add_paper(renamed, paper("Counting Bees at Night", published=story.yesterday()))
    assert story.hears() == ["paper.new: Counting Bees at Night"]
    site.rename(renamed, "Zoë Third")
    site.page(renamed, papers=[*FOREIGN[30:], *OWN[:20]])
    assert [item["kind"] for item in story.items()] == ["profile.suspect"]


def test_21_accepted_the_new_name_holds(story: Story, renamed: str) -> None:
    story.hears()
    answer(story, "accept", "Ada")
    heard = story.hears()
    assert sum(line.startswith("paper.new: ") for line in heard) == 30
    assert story.hears(after=timedelta(days=1)) == []
