"""Rules with the memory of what was told: scenarios 16, 17 and 27 by their numbers, and what else takes days."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.verify import verify_all, verify_event
from storage.store import Store
from tests.scenarios.story import Story
from tracking.alert import VerdictKind
from tracking.event import EventKind
from tracking.proof import Ground, Standing
from tracking.silence import Silence
from world.papers import paper, papers
from world.site import Site

TITLE = "Counting Bees at Night"
LONG_AGO = date(2026, 6, 1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WITH_CODE = {"name": "with code", "on": ["paper.new"], "where": {"has_code": True}, "wait": "30d"}
CITATIONS = {
    "name": "citations",
    "on": ["metric.changed"],
    "where": {"metric": "citations", "delta": ">= 10"},
    "cooldown": "24h",
}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    return Story(site, tmp_path, database)


def follows(site: Site, story: Story, *rules: dict[str, Any], people: int = 1) -> list[str]:
    """Profiles that have been seen once."""
    names = ["Ada Example", "Bo Example", "Cy Example"][:people]
    keys = [
        site.author(name, papers(9, before=LONG_AGO, author=name, seed=n), h_index=29, citations=1204)
        for n, name in enumerate(names)
    ]
    story.follow(*keys, rules=list(rules))
    story.hears()
    return keys


def verdicts(story: Story, about: str) -> list[tuple[VerdictKind, str]]:
    """Kind and why of the verdict about each change of a paper, or of a metric, in their order."""
    with Store.open_existing(story.settings.database) as store:
        events = [
            event
            for event in store.events()
            if about in (event.paper_title, event.field) and event.kind is not EventKind.METRIC_MILESTONE
        ]
        judged = [store.account(event.id).judged for event in events]
    return [(one.kind, one.why) for (one,) in judged]


def test_16_a_new_paper_with_code_is_told_when_the_badge_comes(site: Site, story: Story) -> None:
    [ada] = follows(site, story, WITH_CODE)
    site.add_paper(ada, paper(TITLE, published=story.yesterday()))
    shown = story.now + DAY
    assert [story.hears() for _ in range(8)] == [[]] * 8
    site.amend(ada, TITLE, has_code=True)
    [item] = story.items()
    assert (item["kind"], item["title"]) == ("paper.enriched", TITLE)
    assert item["why"] == f"rule “with code”: new paper of {shown:%Y-%m-%d}, with code since today"
    assert story.hears() == []
    assert [kind for kind, _ in verdicts(story, TITLE)] == [VerdictKind.WAITING, VerdictKind.SENT]


def test_16_a_badge_that_comes_too_late(site: Site, story: Story) -> None:
    [ada] = follows(site, story, WITH_CODE)
    site.add_paper(ada, paper(TITLE, published=story.yesterday()))
    assert story.hears() == []
    site.amend(ada, TITLE, has_code=True)
    assert story.hears(after=31 * DAY) == []
    assert [kind for kind, _ in verdicts(story, TITLE)] == [VerdictKind.WAITING, VerdictKind.NO_RULE]


def test_16_a_paper_that_has_all_is_told_once(site: Site, story: Story) -> None:
    [ada] = follows(site, story, WITH_CODE | {"where": {"any": [{"has_code": True}, {"category": "CV"}]}})
    site.add_paper(ada, paper(TITLE, published=story.yesterday(), has_code=True))
    assert story.hears() == [f"paper.new: {TITLE}"]
    site.amend(ada, TITLE, category="CV")
    assert story.hears() == []


def test_16_one_paper_of_three_people_is_one_item(site: Site, story: Story) -> None:
    """Two get the badge on one day; the third, on whose page it comes a day later, is not told of again."""
    keys = follows(site, story, WITH_CODE, people=3)
    shared = paper(TITLE, published=story.yesterday(), authors=("Ada Example", "Bo Example"))
    for key in keys:
        site.add_paper(key, shared)
    assert story.hears() == []
    for key in keys[:2]:
        site.amend(key, shared.title, has_code=True)
    [item] = story.items()
    assert item["people"] == ["Ada Example", "Bo Example"]
    site.amend(keys[2], shared.title, has_code=True)
    assert story.hears() == []


def test_17_a_cooldown_sums_what_happens_meanwhile(site: Site, story: Story) -> None:
    [ada] = follows(site, story, CITATIONS)
    site.set_metric(ada, "citations", 1311)
    [item] = story.items()
    assert (item["before"], item["after"]) == (1204, 1311)
    told = story.now
    site.set_metric(ada, "citations", 1323)
    assert story.hears(after=HOUR) == []
    site.set_metric(ada, "citations", 1328)
    [item] = story.items(after=2 * DAY)
    assert (item["before"], item["after"], item["since"]) == (1311, 1328, told.isoformat())
    assert story.hears() == []
    assert verdicts(story, "citations")[1] == (
        VerdictKind.COOLDOWN,
        f"rule “citations” cools down until {told + DAY:%Y-%m-%d %H:%M} UTC",
    )


def test_17_a_sum_is_proven(site: Site, story: Story) -> None:
    """What receivers were told is worded again from the pages, but for what a sum is measured from."""
    [ada] = follows(site, story, CITATIONS)
    for value, after in ((1311, DAY), (1323, HOUR), (1328, 2 * DAY)):
        site.set_metric(ada, "citations", value)
        story.check(after=after)
    with Store.open_existing(story.settings.database) as store:
        summed = [event for event in store.events() if event.after == 1328]
        _, steps = verify_event(store, summed[0].id)
        [message] = [step for step in steps if step.ground is Ground.MESSAGE]
        assert (message.standing, message.text) == (
            Standing.HOLDS,
            "as it was written, and as it would be worded again",
        )
        assert verify_all(store, processes=1).failed == 0


def test_17_a_sum_survives_a_run_that_is_killed_and_run_again(site: Site, story: Story) -> None:
    """What was told is what the store says: a run that is repeated sums neither less nor twice."""
    [ada] = follows(site, story, CITATIONS)
    site.set_metric(ada, "citations", 1311)
    story.check()
    story.check(after=timedelta())
    story.deliver()
    site.set_metric(ada, "citations", 1323)
    story.check(after=HOUR)
    site.set_metric(ada, "citations", 1328)
    story.check(after=2 * DAY)
    story.deliver()
    items = [item for message in story.messages() for item in message["items"] if item["kind"] == "metric.changed"]
    assert [(item["before"], item["after"]) for item in items] == [(1204, 1311), (1311, 1328)]


def test_small_steps_within_a_week_are_told_together(site: Site, story: Story) -> None:
    within = {"metric": "citations", "delta": ">= 10", "within": "7d"}
    [ada] = follows(site, story, CITATIONS | {"where": within, "cooldown": "1h"})
    told = []
    for value in (1208, 1212, 1216, 1220, 1224):
        site.set_metric(ada, "citations", value)
        told += [(item["before"], item["after"]) for item in story.items()]
    assert told == [(1204, 1216)]
    site.set_metric(ada, "citations", 1227)
    assert [(item["before"], item["after"]) for item in story.items()] == [(1216, 1227)]


def test_what_goes_back_and_forth_is_told_once(site: Site, story: Story) -> None:
    [ada] = follows(site, story, {"name": "all", "on": ["metric.changed"]})
    heard = []
    for value in (30, 29, 30, 29, 30):
        site.set_metric(ada, "h_index", value)
        heard += [item["after"] for item in story.items()]
    assert heard == [30, 29]
    assert [kind for kind, _ in verdicts(story, "h_index")][-3:] == [VerdictKind.FLAPPING] * 3
    site.set_metric(ada, "h_index", 29)
    assert [item["after"] for item in story.items(after=15 * DAY)] == [29]


def test_27_what_is_silenced_is_not_told_later(site: Site, story: Story) -> None:
    rules = (
        {"name": "papers", "on": ["paper.new"]},
        {"name": "h", "on": ["metric.changed"], "where": {"metric": "h-index"}},
    )
    [ada] = follows(site, story, *rules)
    with Store.open_existing(story.settings.database) as store:
        store.add_silence(
            Silence(
                silence_id="",
                begins_at=story.now,
                ends_at=story.now + 14 * DAY,
                reason="holidays",
                metric="h-index",
            )
        )
    until = story.now + 14 * DAY
    site.set_metric(ada, "h_index", 31)
    site.add_paper(ada, paper(TITLE, published=story.yesterday()))
    assert story.hears() == [f"paper.new: {TITLE}"]
    assert story.hears(after=14 * DAY) == []
    assert (VerdictKind.SILENCED, f"silenced until {until:%Y-%m-%d %H:%M} UTC: holidays") in verdicts(story, "h_index")
    site.set_metric(ada, "h_index", 32)
    assert [(item["before"], item["after"]) for item in story.items()] == [(31, 32)]
