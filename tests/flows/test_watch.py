"""What the owner hears where the program itself is not at work, or somebody's page is not read."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from flows.batches import Batch
from flows.manifest import Tally
from flows.track import track
from flows.watch import watch
from flows.watch_manifest import WatchManifest
from storage import tables
from storage.engine import Database
from storage.store import Store
from tests.scenarios.story import Story
from tracking.check import Outcome
from world.papers import papers
from world.site import Site

LONG_AGO = date(2026, 6, 1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES = [{"name": "at work", "on": ["run.missed", "profile.stale", "host.down", "source.drift", "profile.suspect"]}]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path) -> Story:
    return Story(site, tmp_path, str(tmp_path / "scholarwatch.db"))


def follow(site: Site, story: Story, people: int) -> None:
    """Somebody follows so many people, and has read each once."""
    names = [f"Person {number:02}" for number in range(people)]
    keys = [site.author(name, papers(2, before=LONG_AGO, author=name, seed=n)) for n, name in enumerate(names)]
    story.follow(*keys, rules=RULES)
    assert story.hears() == []


def look(story: Story) -> WatchManifest:
    with Store.open(story.settings.database) as store:
        return watch(store, story.settings, story.now)


def told(story: Story, *, after: timedelta = timedelta()) -> list[str]:
    """What is heard of looking, that much later: the kind and the sentence of each item."""
    story.now += after
    seen = len(story.messages())
    look(story)
    story.deliver()
    return [f"{item['kind']}: {item['after']}" for message in story.messages()[seen:] for item in message["items"]]


def kinds(story: Story, *, after: timedelta = timedelta()) -> list[str]:
    return [line.partition(":")[0] for line in told(story, after=after)]


def acknowledge(story: Story) -> None:
    """Somebody has seen the newest event."""
    opened = Database.at(story.settings.database)
    with opened.writing() as connection:
        connection.execute(insert(tables.ack).values(event_id=story.events()[-1].id, at=story.now, note=""))
    opened.engine.dispose()


# ---- no good run


def test_silence_is_told_at_once_and_every_week_until_there_is_a_run(site: Site, story: Story) -> None:
    follow(site, story, 1)
    assert told(story) == []
    assert told(story, after=36 * HOUR) == []
    assert told(story, after=HOUR) == [
        "run.missed: no good run for more than 36 hours: the last was of 2026-11-23 09:00 UTC, "
        "and none was started since"
    ]
    assert [told(story, after=days * DAY) for days in (1, 5)] == [[], []]
    assert kinds(story, after=DAY) == ["run.missed"]
    assert story.hears() == []
    assert told(story, after=36 * HOUR) == []
    assert kinds(story, after=HOUR) == ["run.missed"]


def test_nobody_is_reminded_of_what_was_acknowledged(site: Site, story: Story) -> None:
    follow(site, story, 1)
    assert kinds(story, after=2 * DAY) == ["run.missed"]
    assert look(story).is_degraded
    acknowledge(story)
    assert kinds(story, after=30 * DAY) == []
    manifest = look(story)
    assert not manifest.is_degraded
    assert [failure.acknowledged for failure in manifest.failures] == [True]
    # Another silence is another matter.
    assert story.hears() == []
    assert kinds(story, after=2 * DAY) == ["run.missed"]


def test_runs_that_read_nothing_are_no_good_runs(site: Site, story: Story) -> None:
    follow(site, story, 2)
    site.down("1001")
    assert story.hears() == []
    assert told(story, after=35 * HOUR) == []
    site.login()
    story.check(after=HOUR)
    story.deliver()
    assert told(story, after=3 * HOUR) == [
        "run.missed: no good run for more than 36 hours: the last was of 2026-11-24 09:00 UTC, and the newest, "
        "of 2026-11-25 21:00 UTC, read no page: 2 login"
    ]


def test_a_run_that_is_taken_back_is_no_good_run(site: Site, story: Story) -> None:
    from flows.revert import revert

    follow(site, story, 1)
    story.check(after=DAY)
    with Store.open(story.settings.database) as store:
        revert(store, story.settings, store.find_run("latest").run_id, story.now)
    assert kinds(story, after=14 * HOUR) == ["run.missed"]


def test_a_run_that_was_killed_is_no_good_run(site: Site, story: Story) -> None:
    follow(site, story, 1)
    story.now += DAY

    async def killed(batch: Batch) -> Tally:
        await batch.run()
        raise KeyboardInterrupt

    with Store.open(story.settings.database) as store, pytest.raises(KeyboardInterrupt):
        asyncio.run(track(store, story.settings, story.now, check_batch=killed))
    (missed,) = told(story, after=14 * HOUR)
    assert missed.endswith("and the newest, of 2026-11-24 09:00 UTC, goes on or was cut off")


def test_before_the_first_run_it_is_said_and_nobody_can_be_told(site: Site, story: Story) -> None:
    story.follow(rules=RULES)
    assert look(story).failures == ()
    story.follow(site.author("Ada Example"), rules=RULES)
    assert [failure.detail for failure in look(story).failures] == ["there was no run yet"]
    assert story.events() == []


def test_two_who_look_at_once_tell_it_once(site: Site, story: Story) -> None:
    follow(site, story, 1)
    story.now += 2 * DAY
    settings = story.settings

    def look_at(minutes: int) -> WatchManifest:
        with Store.open(settings.database) as store:
            return watch(store, settings, story.now + timedelta(minutes=minutes))

    with ThreadPoolExecutor(4) as threads:
        assert sum(len(manifest.told) for manifest in threads.map(look_at, range(4))) == 1
    assert [event.kind for event in story.events()] == ["profile.baseline", "run.missed"]


# ---- profiles that are not read


def test_a_profile_is_told_of_once_until_it_was_read_again(site: Site, story: Story) -> None:
    follow(site, story, 5)
    site.down("1003")
    assert [(story.hears(), told(story)) for _ in range(2)] == [([], [])] * 2
    story.check()
    (stale,) = told(story)
    assert stale == (
        "profile.stale: the profile of Person 02 at scholarfeed is not read any more: last on 2026-11-23 09:00 UTC; "
        f"3 checks since then ended as 3 unreachable: {site.url('1003')} answered 500 (Internal Server Error)"
    )
    [event] = [event for event in story.events() if event.kind == "profile.stale"]
    assert (event.person, event.profile) == ("Person 02", "1003")
    assert told(story, after=6 * DAY) == [
        "run.missed: no good run for more than 36 hours: the last was of 2026-11-26 09:00 UTC, and none was started since"
    ]
    story.check()
    assert kinds(story) == ["profile.stale"]
    site.up("1003")
    assert (story.hears(), told(story)) == ([], [])
    site.down("1003")
    assert [(story.hears(), told(story)) for _ in range(2)] == [([], [])] * 2
    story.check()
    assert kinds(story) == ["profile.stale"]


def test_many_at_once_are_one_note(site: Site, story: Story) -> None:
    follow(site, story, 7)
    for number in range(5):
        site.down(f"10{3 + number:02}")
    for _ in range(3):
        story.check()
    (stale,) = told(story)
    host = site.root.removeprefix("http://")
    assert stale == (
        f"profile.stale: 5 profiles at {host} are not read any more (Person 02, Person 03, Person 04 and 2 more): "
        "last on 2026-11-23 09:00 UTC; 15 checks since then ended as 15 unreachable"
    )
    assert [event.profile for event in story.events() if event.kind == "profile.stale"] == ["1003"]
    # Another one that follows is told of alone.
    site.down("1001")
    for _ in range(2):
        story.check()
        assert told(story) == []
    story.check()
    assert [line[:40] for line in told(story)] == ["profile.stale: the profile of Person 00 "]


def test_what_is_acknowledged_of_many_is_acknowledged_of_each(site: Site, story: Story) -> None:
    follow(site, story, 6)
    site.down("1001")
    site.down("1002")
    for _ in range(3):
        story.check()
    assert kinds(story) == ["profile.stale"]
    acknowledge(story)
    story.check(after=8 * DAY)
    assert kinds(story) == []
    manifest = look(story)
    assert (manifest.stale, manifest.is_degraded) == (2, False)


def test_the_cadence_of_somebody_is_what_counts(site: Site, story: Story) -> None:
    follow(site, story, 4)
    story.config.write_text(f"{story.config.read_text('utf-8')}\ncadence: 7d\nwatch: {{no_run_hours: 1000}}\n", "utf-8")
    site.down("1002")
    for days in (7, 7):
        story.check(after=days * DAY)
        assert told(story) == []
    story.check(after=7 * DAY)
    assert kinds(story) == ["profile.stale"]


def test_a_host_that_is_down_explains_its_profiles(site: Site, story: Story) -> None:
    follow(site, story, 9)
    site.down()
    heard: list[Any] = [(story.hears(), kinds(story)) for _ in range(4)]
    assert heard == [(["host.down: Person 00"], []), *[([], [])] * 3]
    manifest = look(story)
    assert (manifest.stale, manifest.explained, manifest.is_degraded) == (0, 9, False)
    # Where runs come no more, the host explains nothing.
    assert kinds(story, after=37 * HOUR) == ["run.missed"]


def test_another_layout_explains_its_profiles(site: Site, story: Story) -> None:
    follow(site, story, 4)
    site.script()
    heard = [(story.hears(), kinds(story)) for _ in range(4)]
    assert heard == [(["source.drift: Person 00"], []), *[([], [])] * 3]
    assert look(story).explained == 4


def test_a_page_that_is_held_back_explains_itself(site: Site, story: Story) -> None:
    own = papers(20, before=LONG_AGO, author="Ada Example")
    key = site.author("Ada Example", own)
    story.follow(key, rules=RULES)
    story.check()
    site.rename(key, "Somebody Else")
    site.page(key, papers=papers(20, before=LONG_AGO, author="Somebody Else", seed=7))
    heard = [(story.hears(), kinds(story)) for _ in range(4)]
    assert heard == [(["profile.suspect: Ada Example"], []), *[([], [])] * 3]
    assert story.outcome() == Outcome.QUARANTINED
