"""Scenario 24: a better parser reads more of the same pages. Nobody hears of it but that it was so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows.replay import replay
from storage.store import Store
from tests.scenarios.story import Story
from tracking.reread import ReadAgain
from world.papers import paper
from world.site import Site

SCORED = 12
DIGEST = {"name": "metrics", "on": ["metric.changed"], "where": {"metric": "citations"}, "every": "daily"}
AT_ONCE = {"name": "papers", "on": ["paper.new", "paper.enriched"], "every": "instant"}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    """Twelve papers with scores were read by a parser that did not know of scores."""
    story = Story(site, tmp_path, database)
    listed = [paper(f"Bees of Hive {number}", published=date(2026, 1, 9), score=90.5) for number in range(SCORED)]
    key = site.author("Ada Example", listed, citations=1204)
    story.follow(key, rules=[DIGEST, AT_ONCE])
    assert story.hears() == []
    with Store.open(story.settings.database) as store:
        (stored,) = store.stored_snapshots()
        without = tuple(replace(shown, score=None) for shown in stored.reading.papers)
        read = ReadAgain(
            profile_id=stored.profile_id,
            observed_at=stored.observed_at,
            reading=replace(stored.reading, papers=without),
            parser="scholarfeed/0",
        )
        store.reread([read], run_id=store.begin_run("replay", story.now), recorded_at=story.now)
    return story


def absorbed(story: Story) -> list[int]:
    return [message.get("absorbed", 0) for message in story.messages()]


def test_24_a_field_that_only_the_parser_adds_is_told_to_nobody_and_counted_in_the_digest(
    site: Site, story: Story
) -> None:
    assert story.check().tally.absorbed == SCORED
    story.deliver()
    assert story.messages() == []
    site.set_metric("1001", "citations", 1304)
    assert story.check().tally.absorbed == 0
    story.deliver()
    assert story.messages() == []
    site.set_metric("1001", "citations", 1404)
    assert story.hears() == ["metric.changed: citations"]
    assert absorbed(story) == [SCORED]
    assert story.hears() == ["metric.changed: citations"]
    assert absorbed(story) == [SCORED, 0]


def test_24_what_a_replay_has_read_anew_counts_as_well(site: Site, story: Story) -> None:
    with Store.open(story.settings.database) as store:
        replayed = replay(store, story.now, record=story.settings)
    assert (replayed.report.facts, replayed.undelivered) == (SCORED, 0)
    site.set_metric("1001", "citations", 1304)
    assert story.check().tally.absorbed == 0
    assert story.hears() == ["metric.changed: citations"]
    assert absorbed(story) == [SCORED]


def test_24_a_message_at_once_does_not_count_it(site: Site, story: Story) -> None:
    site.add_paper("1001", paper("Counting Bees at Night", published=story.yesterday()))
    assert story.hears() == ["paper.new: Counting Bees at Night"]
    assert absorbed(story) == [0]


def test_24_a_page_that_is_not_accepted_is_absorbed_when_one_is(site: Site, story: Story) -> None:
    site.empty("1001", times=1)
    assert story.check().tally.absorbed == 0
    assert story.check().tally.absorbed == SCORED
