"""Scenario 23: a source changes its layout. It is told once, and what was missed is told once."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.batches import Batch
from flows.manifest import Tally
from flows.replay import ReplayManifest, replay
from flows.rereading import ParsePage
from flows.track import track
from storage.store import Store
from tests.flows.mended_parser import mended, mended_and_renamed
from tests.scenarios.story import Story
from tracking.check import Outcome
from world.papers import paper, papers
from world.site import Site

NAMES = ("Ada Example", "Bo Example", "Cy Example", "Di Example")
LONG_AGO = date(2026, 6, 1)
DRIFT = "source.drift: Ada Example"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    """Somebody follows four profiles, and has seen each once."""
    story = Story(site, tmp_path, database)
    for number, name in enumerate(NAMES):
        site.author(name, papers(9, before=LONG_AGO, author=name, seed=number), citations=100)
    story.follow("1001", "1002", "1003", "1004")
    assert story.hears() == ["profile.baseline: " + name for name in NAMES]
    return story


def replayed(story: Story, parse: ParsePage = mended, since_days: int | None = None) -> ReplayManifest:
    """A replay that records, by a parser that can read the layout."""
    since = None if since_days is None else story.now - timedelta(days=since_days)
    with Store.open(story.settings.database) as store:
        return replay(store, story.now, record=story.settings, parse=parse, since=since)


def delivered(story: Story) -> list[str]:
    """What is heard without another check."""
    seen = len(story.messages())
    story.deliver()
    return [f"{item['kind']}: {item['title']}" for message in story.messages()[seen:] for item in message["items"]]


def three_days_of_another_layout(site: Site, story: Story) -> None:
    """Each day somebody publishes, and nobody's page can be read."""
    site.script()
    for key, title in (("1001", "Bees by Day"), ("1002", "Bees by Night"), ("1001", "Bees at Rest")):
        site.add_paper(key, paper(title, published=story.yesterday()))
        site.set_metric("1003", "citations", int(site.profile("1003").metrics["citations"] or 0) + 20)
        heard = story.hears()
        assert heard == ([DRIFT] if title == "Bees by Day" else [])
        assert story.outcome() == "parse_failed"


@pytest.mark.parametrize(
    ("parse", "since_days"),
    [
        pytest.param(mended, None, id="same version, all pages", marks=pytest.mark.slow),
        pytest.param(mended, 2, id="same version, since it broke"),
        pytest.param(mended_and_renamed, None, id="new version, all pages"),
        pytest.param(mended_and_renamed, 2, id="new version, since it broke", marks=pytest.mark.slow),
    ],
)
def test_23_another_layout_is_told_once_and_so_are_the_papers_of_those_days(
    site: Site, story: Story, parse: ParsePage, since_days: int | None
) -> None:
    three_days_of_another_layout(site, story)
    manifest = replayed(story, parse, since_days)
    assert (manifest.report.unread.readable, manifest.report.unread.unreadable) == (12, 0)
    assert manifest.report.unread.recorded == {Outcome.OK: 6, Outcome.UNCHANGED: 6}
    told = ["Bees at Rest", "Bees by Day", "Bees by Night"]
    assert manifest.undelivered == 3 + 2 + 3
    news = [f"paper.new: {title}" for title in told]
    assert delivered(story) == [*news, *["metric.milestone: papers"] * 2, *["metric.changed: citations"] * 3]
    assert replayed(story, parse).report.unread.recorded == {}
    assert delivered(story) == []
    with Store.open(story.settings.database) as store:
        states = [store.person("Cy", story.now - timedelta(days=day)).profiles[0] for day in (0, 1, 2, 3)]
        assert [state.metrics["citations"].value for state in states] == [160, 140, 120, 100]
    site.script(False)
    assert story.hears() == []
    assert story.outcome() == "ok" if parse is mended_and_renamed else "unchanged"


def test_23_the_page_can_be_had(site: Site, story: Story) -> None:
    site.script()
    (item,) = story.items()
    assert item["after"] == "4 of 4 pages could not be read: name: no name stands above the metrics"
    with Store.open(story.settings.database) as store:
        kept = store.raw_page(item["profile_url"], story.now)
        assert (kept.accepted, kept.observed_at) == (False, story.now)
        assert b"document.write" in kept.page.body
        assert store.raw_page("Ada", story.now - timedelta(days=1)).accepted


def test_23_what_a_check_has_told_meanwhile_is_not_told_again(site: Site, story: Story) -> None:
    three_days_of_another_layout(site, story)
    site.script(False)
    site.remove_paper("1002", "Bees by Night")
    assert story.hears() == [
        "paper.new: Bees at Rest",
        "paper.new: Bees by Day",
        "metric.milestone: papers",
        "metric.changed: citations",
    ]
    replayed(story)
    # It stood there on two days only, which no check has seen.
    assert delivered(story) == ["paper.new: Bees by Night"]
    assert story.hears() == []
    moved = [event for event in story.events() if event.field == "citations"]
    assert [(event.before, event.after) for event in moved] == [(100, 120), (120, 140), (140, 160)]


def test_23_another_outbreak_is_told_again(site: Site, story: Story) -> None:
    site.script()
    assert [story.hears() for _ in range(2)] == [[DRIFT], []]
    site.script(False)
    assert story.hears() == []
    site.script()
    assert [story.hears() for _ in range(2)] == [[DRIFT], []]


def test_23_one_torn_page_is_no_new_layout(site: Site, story: Story) -> None:
    site.cut("1002")
    assert [story.hears() for _ in range(3)] == [[]] * 3
    assert story.recorded().count("profile.baseline: 9") == 4


def test_23_a_page_that_changed_too_much_at_once_is_held_back(site: Site, story: Story) -> None:
    site.script()
    for number in range(9):
        site.add_paper("1001", paper(f"Bees of Hive {number}", published=story.yesterday()))
    assert story.hears() == [DRIFT]
    assert replayed(story).report.unread.recorded == {Outcome.UNCHANGED: 3, Outcome.QUARANTINED: 1}
    assert delivered(story) == []
    with Store.open(story.settings.database) as store:
        assert not store.raw_page("Ada").accepted


def test_23_a_profile_that_is_not_followed_any_more_is_read_and_not_told_of(site: Site, story: Story) -> None:
    three_days_of_another_layout(site, story)
    story.follow("1002", "1003", "1004")
    story.check()
    replayed(story)
    assert [heard for heard in delivered(story) if heard.startswith("paper.")] == ["paper.new: Bees by Night"]
    assert "paper.new: Bees by Day" in story.recorded()


def test_23_a_run_that_was_killed_before_it_could_tell_is_made_good_by_the_next(site: Site, story: Story) -> None:
    site.script()
    story.now += timedelta(days=1)

    async def killed(batch: Batch) -> Tally:
        await batch.run()
        raise KeyboardInterrupt

    with Store.open(story.settings.database) as store, pytest.raises(KeyboardInterrupt):
        asyncio.run(track(store, story.settings, story.now, check_batch=killed))
    assert DRIFT.split(":")[0] not in {event.kind for event in story.events()}
    assert story.check(after=timedelta()).profiles == 0
    assert delivered(story) == [DRIFT]
    assert story.check(after=timedelta()).profiles == 0
    assert delivered(story) == []


def test_a_field_that_no_page_shows_any_more_is_told_once(site: Site, story: Story) -> None:
    keys = ("1001", "1002", "1003", "1004")
    for key in keys:
        site.page(key, papers=[replace(shown, score=90.5) for shown in site.profile(key).papers])
    assert story.hears() == []
    for key in keys[1:]:
        site.page(key, papers=[replace(shown, score=None) for shown in site.profile(key).papers])
    (item,) = story.items()
    assert (item["kind"], item["person"]) == ("source.drift", "Bo Example")
    assert item["after"] == "score: on 0 % of the papers of 3 pages, was on 100 %"
    assert story.hears() == []


def test_a_layout_that_loses_half_of_each_list_is_told_once_beside_the_questions(site: Site, story: Story) -> None:
    keys = ("1001", "1002", "1003", "1004")
    whole = {key: site.profile(key).papers for key in keys}
    for key in keys:
        site.page(key, papers=whole[key][:4])
    items = story.items()
    (item,) = [item for item in items if item["kind"] == "source.drift"]
    assert item["after"].startswith("papers: 16 on 4 pages, were 36")
    assert DRIFT not in story.hears()
    for key in keys:
        site.page(key, papers=whole[key])
    assert DRIFT not in story.hears()


def test_a_person_who_takes_down_half_of_the_list_is_no_new_layout(site: Site, story: Story) -> None:
    site.page("1002", papers=site.profile("1002").papers[:4])
    assert DRIFT.split(":")[0] not in {heard.split(":")[0] for _ in range(3) for heard in story.hears()}
