"""Scenario 18: a milestone is told once, ever."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.scenarios.saved import into_folder, manifest, save
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
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(tmp_path, monkeypatch, capsys)


@pytest.fixture
def ada(site: Site, story: Story) -> str:
    """An h-index of 29 and 980 citations, seen once."""
    key = site.author("Ada Example", papers(3, before=date(2026, 6, 1)), h_index=29, citations=980)
    story.follow(key, rules=EVERYTHING)
    assert story.hears() == []
    return key


def shows(site: Site, story: Story, key: str, metric: str, value: int) -> list[tuple[str, int, int]]:
    """What is heard once the page shows that: kind, before and after."""
    site.set_metric(key, metric, value)
    return sorted((item["kind"], item["before"], item["after"]) for item in story.items())


def milestones(story: Story) -> list[tuple[str | None, object, object, str]]:
    return [(e.field, e.before, e.after, e.cause) for e in story.events() if e.kind == "metric.milestone"]


def assert_whole(program: Program) -> None:
    """Everything recorded is as its pages say, and would be read the same today."""
    for words in (("verify", "--all"), ("replay",)):
        ended = program(*words)
        assert ended.code == 0, ended.out


def test_18_an_h_index_that_comes_and_goes_is_one_milestone(
    site: Site, story: Story, program: Program, ada: str
) -> None:
    assert [shows(site, story, ada, "h_index", value) for value in (30, 29, 30)] == [
        [("metric.changed", 29, 30), ("metric.milestone", 29, 30)],
        [("metric.changed", 30, 29)],
        # What goes back and forth is told once.
        [],
    ]
    assert milestones(story) == [("h_index", 29, 30, "source")]
    assert_whole(program)


def test_18_a_recount_does_not_lower_the_mark(site: Site, story: Story, ada: str) -> None:
    assert [shows(site, story, ada, "citations", value) for value in (1_010, 700, 1_020)] == [
        [("metric.changed", 980, 1_010), ("metric.milestone", 980, 1_010)],
        [("metric.recount", 1_010, 700)],
        [("metric.changed", 700, 1_020)],
    ]


def test_18_an_older_page_that_had_passed_it_is_told_to_nobody_and_leaves_nothing_to_pass(
    site: Site, story: Story, program: Program, ada: str
) -> None:
    site.set_metric(ada, "citations", 1_100)
    folder, table = program.folder / "saved", program.folder / "saved.csv"
    pages = save(site.url(ada), story.now - timedelta(days=40))
    manifest(table, pages)
    words = ("--pages", str(into_folder(folder, pages)), "--manifest", str(table), "--now", story.now.isoformat())
    assert program("backfill", *words).code == 0
    assert shows(site, story, ada, "citations", 1_050) == [("metric.changed", 980, 1_050)]
    assert milestones(story) == []
    assert_whole(program)


def test_18_taken_back_it_is_passed_once_more(site: Site, story: Story, program: Program, ada: str) -> None:
    site.set_metric(ada, "h_index", 30)
    assert len(story.hears()) == 2
    assert program("run", "revert", "latest", "--yes", "--now", story.now.isoformat()).code == 0
    assert sorted(item["told"] for item in story.messages()[-1]["items"]) == ["metric.changed", "metric.milestone"]
    assert sorted(story.hears(after=timedelta(hours=1))) == ["metric.changed: h-index", "metric.milestone: h-index"]
    assert len(milestones(story)) == 1
    assert_whole(program)
