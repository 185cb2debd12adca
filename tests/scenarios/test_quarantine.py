"""Scenarios 20 and 21: pages of which somebody must say what to think, through the verbs."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Program
from tests.scenarios.saved import into_folder, manifest, save
from tests.scenarios.story import Story
from world.papers import paper, papers
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
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program, in the folder of the story's configuration."""
    return Program(tmp_path, monkeypatch, capsys)


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


def reject(story: Story, program: Program) -> dict[str, Any]:
    return program("quarantine", "reject", "Ada", "--now", story.now.isoformat(), "--json").json()


def accept(program: Program) -> None:
    assert program("quarantine", "accept", "Ada", "--json").json() == {"person": "Ada", "accepted": 1}


def listed(program: Program) -> list[tuple[bool, int]]:
    """Of each profile in ``quarantine list``: whether a page waits for an answer, and how many papers are left out."""
    views = program("quarantine", "list", "--json").json_lines()
    return [(view["held_at"] is not None, view["rejected"]) for view in views]


def assert_whole(program: Program) -> None:
    """Everything recorded is as its pages say, and would be read the same today."""
    for words in (("verify", "--all"), ("replay",)):
        ended = program(*words)
        assert ended.code == 0, ended.out


def fill_in(story: Story, program: Program, key: str, *ago: timedelta) -> None:
    """The page as it is shown now has been there at these times as well."""
    folder, table = program.folder / "saved", program.folder / "saved.csv"
    pages = [page for before in ago for page in save(story.site.url(key), story.now - before)]
    manifest(table, pages)
    words = ("--pages", str(into_folder(folder, pages)), "--manifest", str(table), "--now", story.now.isoformat())
    filled = program("backfill", *words)
    assert filled.code == 0, filled.out + filled.err


def shown_titles(program: Program) -> set[str]:
    (profile,) = program("show", "Ada", "--json").json()["profiles"]
    return {shown["title"] for shown in profile["papers"]}


# ---- 20: forty new papers at once


def test_20_they_are_one_question_however_often_they_are_seen(
    site: Site, story: Story, program: Program, asked: str
) -> None:
    assert story.hears() == []
    site.add_paper(asked, paper("One more of them", published=story.yesterday()))
    assert story.hears() == []
    site.blocked(asked, times=1)
    assert story.hears() == []
    assert story.outcome() == "blocked"
    assert listed(program) == [(True, 0)]
    assert story.hears() == []
    site.page(asked, papers=OWN)
    assert story.hears() == []
    assert listed(program) == []
    site.page(asked, papers=[*FOREIGN, *OWN])
    assert story.hears() == []
    assert listed(program) == [(True, 0)]


@pytest.mark.usefixtures("asked")
def test_20_accepted_they_are_told_once(story: Story, program: Program) -> None:
    accept(program)
    assert sorted(story.hears()) == sorted(f"paper.new: {one.title}" for one in FOREIGN)
    assert story.hears() == []
    assert program("quarantine", "list").out == "Nothing is held back.\n"
    assert program("quarantine", "accept", "Ada").code == 1


def test_20_rejected_they_were_never_seen(site: Site, story: Story, program: Program, asked: str) -> None:
    said = reject(story, program)
    assert (len(said["rejected"]), said["name"]) == (40, None)
    assert story.hears() == []
    assert story.outcome() == "unchanged"
    own = paper("Counting Bees at Night", published=story.yesterday())
    site.add_paper(asked, own)
    assert story.hears() == ["paper.new: Counting Bees at Night"]
    site.page(asked, papers=[own, *OWN])
    assert story.hears() == []
    site.page(asked, papers=[*FOREIGN, own, *OWN])
    assert story.hears() == []
    assert shown_titles(program) == {one.title for one in (own, *OWN)}
    assert listed(program) == [(False, 40)]
    assert "(40 papers rejected)" in program("people").out
    assert "  40 papers rejected, and left out" in program("show", "Ada").out.splitlines()
    assert_whole(program)


def test_20_what_a_page_counts_with_those_who_were_rejected_is_told_to_nobody(
    site: Site, story: Story, program: Program, ada: str
) -> None:
    site.page(ada, papers=[*FOREIGN, *OWN], metrics={"papers": 240, "h_index": 35, "citations": 5_204})
    assert [item["kind"] for item in story.items()] == ["profile.suspect"]
    reject(story, program)
    assert story.hears() == []
    moved = {(event.kind, event.field, event.cause) for event in story.events() if event.kind.startswith("metric.")}
    assert ("metric.changed", "citations", "identity") in moved
    assert {cause for _, _, cause in moved} == {"identity"}
    site.set_metric(ada, "citations", 5_404)
    assert story.hears() == ["metric.changed: citations"]
    assert_whole(program)


def test_20_rejected_they_are_not_in_the_past_either(site: Site, story: Story, program: Program, asked: str) -> None:
    reject(story, program)
    assert story.hears() == []
    site.page(asked, papers=[*FOREIGN, *OWN[:45]])
    fill_in(story, program, asked, timedelta(hours=60), timedelta(hours=30), timedelta(hours=7))
    assert shown_titles(program).isdisjoint(one.title for one in FOREIGN)
    assert_whole(program)
    assert story.hears() == []


def test_20_a_rejection_is_taken_back_and_they_are_told_once(
    site: Site, story: Story, program: Program, asked: str
) -> None:
    reject(story, program)
    site.add_paper(asked, paper("Counting Bees at Night", published=story.yesterday()))
    assert story.hears() == ["paper.new: Counting Bees at Night"]
    accept(program)
    assert listed(program) == []
    assert sorted(story.hears()) == sorted(f"paper.new: {one.title}" for one in FOREIGN)
    assert story.hears() == []
    assert_whole(program)
    # The same bytes stand for more since then, also where the history around them is written anew.
    fill_in(story, program, asked, timedelta(hours=60), timedelta(hours=30), timedelta(hours=6))
    assert_whole(program)
    assert sum(line.startswith("paper.new") for line in story.recorded()) == 41
    assert story.hears() == []


@pytest.mark.usefixtures("asked")
def test_20_taken_back_with_the_run_that_told_of_them_they_are_asked_about_again(
    story: Story, program: Program
) -> None:
    reject(story, program)
    assert story.hears() == []
    accept(program)
    assert len(story.hears()) == 40
    assert program("run", "revert", "latest", "--yes", "--now", story.now.isoformat()).code == 0
    assert_whole(program)
    assert [item["kind"] for item in story.items()] == ["profile.suspect"]
    assert listed(program) == [(True, 0)]
    reject(story, program)
    assert story.hears() == []
    assert listed(program) == [(False, 40)]
    assert_whole(program)


def test_20_papers_of_a_third_person_are_another_question(
    site: Site, story: Story, program: Program, asked: str
) -> None:
    reject(story, program)
    third = [paper(f"{one.title} revisited", published=date(2025, 1, 2), arxiv_id=f"2501.{n:05}") for n, one in
             enumerate(FOREIGN[:30])]  # fmt: skip
    site.page(asked, papers=[*third, *FOREIGN, *OWN])
    (question,) = story.items()
    assert "30 papers at once" in question["after"]
    assert story.hears() == []
    assert listed(program) == [(True, 40)]
    reject(story, program)
    assert story.hears() == []
    assert listed(program) == [(False, 70)]


def test_20_a_page_of_nothing_but_rejected_papers_is_held_back(
    site: Site, story: Story, program: Program, asked: str
) -> None:
    reject(story, program)
    site.page(asked, papers=FOREIGN)
    assert story.hears() == []
    assert story.outcome() == "quarantined"
    assert listed(program) == [(False, 40)]
    site.page(asked, papers=[*FOREIGN, *OWN])
    assert story.hears() == []
    assert story.outcome() == "unchanged"


# ---- 21: another name, and other papers


@pytest.fixture
def renamed(site: Site, ada: str) -> str:
    site.rename(ada, "Bo Other")
    site.page(ada, papers=[*FOREIGN[:30], *OWN[:20]])
    return ada


@pytest.mark.usefixtures("renamed")
def test_21_it_is_one_question(story: Story, program: Program) -> None:
    (question,) = story.items()
    assert question["kind"] == "profile.suspect"
    assert "the name is 'Bo Other', was 'Ada Example', and 60 papers differ" in question["after"]
    assert story.hears() == []
    assert story.hears() == []
    shown = program("quarantine", "show", "Ada", "--json").json()
    assert shown["name"] == {"before": "Ada Example", "after": "Bo Other"}
    assert (len(shown["new"]), len(shown["gone"]), shown["same"], shown["complete"]) == (30, 30, 20, False)
    lines = program("quarantine", "show", "Ada").out.splitlines()
    assert "  name: Ada Example → Bo Other" in lines
    assert lines.count("    and 20 more: --all lists them") == 2
    assert len(program("quarantine", "show", "Ada", "--all").out.splitlines()) == len(lines) + 2 * 19


def test_21_rejected_it_is_held_back_while_the_name_is_the_other(
    site: Site, story: Story, program: Program, renamed: str
) -> None:
    story.hears()
    said = reject(story, program)
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
    assert_whole(program)


@pytest.mark.usefixtures("renamed")
def test_21_accepted_the_new_name_holds(story: Story, program: Program) -> None:
    story.hears()
    accept(program)
    heard = story.hears()
    assert sum(line.startswith("paper.new: ") for line in heard) == 30
    assert story.hears() == []
    assert program("show", "1001", "--json").json()["profiles"][0]["name"] == "Bo Other"


@pytest.mark.usefixtures("renamed")
def test_21_a_rejection_of_a_name_is_taken_back(story: Story, program: Program) -> None:
    story.hears()
    reject(story, program)
    assert story.hears() == []
    accept(program)
    assert sum(line.startswith("paper.new: ") for line in story.hears()) == 30
    assert story.hears() == []
    assert_whole(program)
