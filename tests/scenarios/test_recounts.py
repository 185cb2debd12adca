"""Scenario 19: a source that counts anew is one thing to tell."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.batches import Batch
from flows.manifest import Tally
from flows.track import track
from storage.store import Store
from tests.cli.program import Program
from tests.scenarios.story import Story
from tests.scenarios.test_milestones import EVERYTHING
from world.papers import papers
from world.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    return Story(site, tmp_path, database)


def follow(site: Site, story: Story, people: int) -> list[str]:
    """So many people, seen once; the keys of their profiles."""
    shown = papers(1, before=date(2026, 6, 1))
    keys = [site.author(f"Person {n:02}", shown, citations=1_000 + 10 * n, h_index=9) for n in range(people)]
    story.follow(*keys, rules=EVERYTHING)
    assert story.hears() == []
    return keys


def lose(site: Site, keys: Sequence[str], *, citations: int = 1) -> None:
    for key in keys:
        site.set_metric(key, "citations", site.profile(key).metrics["citations"] - citations)


def test_19_forty_of_a_hundred_profiles_lose_citations(site: Site, story: Story) -> None:
    keys = follow(site, story, 100)
    lose(site, keys[:20])
    lose(site, keys[20:40], citations=400)
    manifest = story.check()
    assert manifest.tally.events == {"metric.changed": 20, "metric.recount": 20, "source.recount": 1}
    story.deliver()
    [item] = story.messages()[-1]["items"]
    assert (item["kind"], item["field"], item["person"], item["after"]) == (
        "source.recount",
        "citations",
        "Person 00",
        "citations fell on 40 of 100 profiles of scholarfeed within a day, by 14 % at the median: it has counted anew",
    )
    assert len(story.messages()) == 1
    assert story.hears() == []


def check_and_be_killed(story: Story) -> None:
    """Everybody is checked, and nothing after that happens."""
    story.now += timedelta(days=1)

    async def killed(batch: Batch) -> Tally:
        await batch.run()
        raise KeyboardInterrupt

    with Store.open(story.settings.database) as store, pytest.raises(KeyboardInterrupt):
        asyncio.run(track(store, story.settings, story.now, check_batch=killed))


@pytest.fixture
def twelve(site: Site, story: Story) -> list[str]:
    return follow(site, story, 12)


def test_19_so_few_are_told_one_by_one(site: Site, story: Story, twelve: list[str]) -> None:
    lose(site, twelve[:4])
    assert story.hears() == ["metric.changed: citations"] * 4


def test_19_what_else_is_said_of_that_metric_on_that_day_is_not_told(
    site: Site, story: Story, twelve: list[str]
) -> None:
    lose(site, twelve[:6])
    site.set_metric(twelve[8], "citations", 2_600)
    site.set_metric(twelve[9], "h_index", 10)
    assert sorted(story.hears()) == [
        "metric.changed: h-index",
        "metric.milestone: h-index",
        "source.recount: citations",
    ]
    assert "metric.milestone: citations" in story.recorded()
    assert story.hears() == []


def test_19_it_is_told_once_while_it_lasts_and_again_when_it_had_stopped(
    site: Site, story: Story, twelve: list[str]
) -> None:
    lose(site, twelve[:6])
    assert story.hears() == ["source.recount: citations"]
    lose(site, twelve[6:])
    assert story.hears() == []
    assert story.hears() == []
    lose(site, twelve[:1])
    assert story.hears() == ["metric.changed: citations"]
    lose(site, twelve)
    assert story.hears() == ["source.recount: citations"]


def test_19_the_runs_of_a_day_add_up(site: Site, story: Story, twelve: list[str]) -> None:
    lose(site, twelve[:3])
    for key in twelve[3:]:
        site.down(key)
    assert story.hears() == ["metric.changed: citations"] * 3
    site.up()
    lose(site, twelve[3:5])
    assert story.hears(after=timedelta(hours=5)) == ["source.recount: citations"]
    lose(site, twelve[5:6])
    assert story.hears(after=timedelta(hours=5)) == []


def test_19_a_run_that_was_killed_before_it_could_tell_is_made_good_by_the_next(
    site: Site, story: Story, twelve: list[str]
) -> None:
    lose(site, twelve[:6])
    check_and_be_killed(story)
    story.deliver()
    assert story.messages() == []
    assert story.hears(after=timedelta()) == ["source.recount: citations"]
    assert story.hears(after=timedelta()) == []


def test_19_what_a_killed_run_has_to_say_is_told_when_there_is_nothing_behind_it(
    site: Site, story: Story, twelve: list[str]
) -> None:
    lose(site, twelve[:2])
    check_and_be_killed(story)
    assert story.hears(after=timedelta()) == ["metric.changed: citations"] * 2


def test_19_taken_back_it_is_found_anew(
    site: Site,
    story: Story,
    twelve: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = Program(tmp_path, monkeypatch, capsys)
    lose(site, twelve[:6])
    assert story.hears() == ["source.recount: citations"]
    assert program("run", "revert", "latest", "--yes", "--now", story.now.isoformat()).code == 0
    assert [item["told"] for item in story.messages()[-1]["items"]] == ["source.recount"]
    assert story.hears(after=timedelta(hours=1)) == ["source.recount: citations"]
    assert story.hears() == []
    ended = program("verify", "--all")
    assert ended.code == 0, ended.out
