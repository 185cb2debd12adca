"""Scenarios 36 and 37, and 6 once more: runs that a timer starts at the wrong time, through the plain functions."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.batches import Batch
from flows.manifest import Tally, TrackManifest
from flows.scheduled import track_in_turn
from storage.store import Store
from tests.scenarios.story import Story
from tracking.punctuality import Leave
from world.papers import paper, papers
from world.site import Site

LONG_AGO = date(2026, 6, 1)
ZURICH = ZoneInfo("Europe/Zurich")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    story = Story(site, tmp_path, database)
    story.follow(site.author("Ada Example", papers(3, before=LONG_AGO)))
    return story


def start(story: Story, planned: datetime | None, now: datetime, *, only_due: bool = True) -> Leave | None:
    """A run as a timer starts it (None: as somebody does by hand), and why it left early."""
    return started(story, planned, now, only_due=only_due)[0]


def started(
    story: Story, planned: datetime | None, now: datetime, *, only_due: bool = True
) -> tuple[Leave | None, TrackManifest]:
    story.now = now
    story.site.on(now.date())
    settings = story.settings
    with Store.open(settings.database) as store:
        manifest = asyncio.run(track_in_turn(store, settings, now, only_due=only_due, scheduled_at=planned))
    return manifest.skip.why if manifest.skip else None, manifest


def hears(story: Story) -> list[str]:
    seen = len(story.messages())
    story.deliver()
    return [f"{item['kind']}: {item['title']}" for message in story.messages()[seen:] for item in message["items"]]


def states(story: Story) -> list[str]:
    """How the runs of checks ended, the oldest first."""
    with Store.open_existing(story.settings.database) as store:
        return [run.state.value for run in reversed(store.runs()) if run.kind == "track"]


def daily(first: date, days: int, hour: int, minute: int) -> list[datetime]:
    """When a timer goes off that knows the time of the day only: in the night of two three o'clocks, twice."""
    found = []
    for number in range(days):
        day = first + timedelta(days=number)
        for fold in (0, 1):
            at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZURICH, fold=fold)
            if at.timestamp() not in [each.timestamp() for each in found]:
                found.append(at)
    return found


# ---- 36: the end of summer time


def test_36_the_clock_jumps_back_an_hour(site: Site, story: Story) -> None:
    planned = daily(date(2026, 10, 23), 4, 2, 30)
    assert [at.strftime("%d. %H:%M %Z") for at in planned] == [
        "23. 02:30 CEST", "24. 02:30 CEST", "25. 02:30 CEST", "25. 02:30 CET", "26. 02:30 CET",
    ]  # fmt: skip
    heard = []
    for at in planned:
        if at.day == 25:
            site.page(
                "1001", papers=[paper("Bees at Night", published=date(2026, 10, 24)), *papers(3, before=LONG_AGO)]
            )
        asked = len(site.requests)
        left = start(story, at, at)
        heard.append((at.day, left, len(site.requests) > asked, hears(story)))
    assert heard == [
        (23, None, True, ["profile.baseline: Ada Example"]),
        (24, None, True, []),
        (25, None, True, ["paper.new: Bees at Night"]),
        (25, Leave.NOBODY_DUE, False, []),
        (26, None, True, []),
    ]


@pytest.mark.parametrize("only_due", [True, False], ids=["those who are due", "everybody"])
def test_36_one_run_that_day_whomever_it_is_to_check(story: Story, only_due: bool) -> None:
    first, second = daily(date(2026, 10, 25), 1, 2, 30)
    assert start(story, first, first, only_due=only_due) is None
    assert start(story, second, second, only_due=only_due) is Leave.NOBODY_DUE
    assert states(story) == ["ok", "skipped"]


def test_36_a_clock_that_goes_wrong_by_an_hour(story: Story) -> None:
    at = datetime(2026, 10, 25, 1, 30, tzinfo=ZURICH)
    assert start(story, at, at) is None
    assert start(story, at, at - HOUR) is Leave.NOBODY_DUE
    assert start(story, at, at) is Leave.NOBODY_DUE
    assert start(story, at + DAY, at + DAY) is None


# ---- 37: the machine slept


def test_37_five_days_of_sleep(site: Site, story: Story) -> None:
    slept = daily(date(2026, 11, 23), 6, 6, 30)
    assert start(story, slept[0], slept[0]) is None
    assert hears(story) == ["profile.baseline: Ada Example"]
    site.add_paper("1001", paper("Bees at Night", published=date(2026, 11, 25)))
    asked = len(site.requests)
    woken = slept[-1] + timedelta(minutes=20)
    # Every run that was missed is started now, one after the other, a few seconds apart.
    left = [start(story, at, woken + n * timedelta(seconds=7)) for n, at in enumerate(slept[1:])]
    assert left == [None, *[Leave.COVERED] * 4]
    assert hears(story) == ["paper.new: Bees at Night"]
    assert [request.path for request in site.requests[asked:]] == ["/robots.txt", "/author/1001"]
    assert states(story) == ["ok", "ok", *["skipped"] * 4]
    assert start(story, slept[-1] + DAY, slept[-1] + DAY) is None


def test_37_the_newest_first(story: Story) -> None:
    slept = daily(date(2026, 11, 23), 6, 6, 30)
    start(story, slept[0], slept[0])
    left = [start(story, at, slept[-1] + HOUR) for at in reversed(slept[1:])]
    assert left == [None, *[Leave.COVERED] * 4]


def test_37_all_at_once_on_several_workers(site: Site, story: Story) -> None:
    slept = daily(date(2026, 11, 23), 6, 6, 30)
    start(story, slept[0], slept[0])
    asked = len(site.requests)
    story.now = slept[-1] + HOUR
    settings = story.settings

    def work(planned: datetime) -> TrackManifest:
        with Store.open(settings.database) as store:
            return asyncio.run(track_in_turn(store, settings, story.now, only_due=True, scheduled_at=planned))

    with ThreadPoolExecutor(5) as threads:
        skips = [manifest.skip for manifest in threads.map(work, slept[1:])]
    assert skips.count(None) == 1
    assert {skip.why for skip in skips if skip is not None} <= {Leave.GOING_ON, Leave.COVERED}
    assert [request.path for request in site.requests[asked:]].count("/author/1001") == 1


def test_37_a_run_that_read_nothing_keeps_nobody_from_trying(site: Site, story: Story) -> None:
    slept = daily(date(2026, 11, 23), 4, 6, 30)
    start(story, slept[0], slept[0])
    woken = slept[-1] + HOUR
    site.down(status=503, retry_after_seconds=60)
    assert start(story, slept[1], woken) is None
    site.up()
    site.add_paper("1001", paper("Bees at Night", published=date(2026, 11, 25)))
    assert start(story, slept[2], woken + timedelta(minutes=2)) is None
    assert "paper.new: Bees at Night" in hears(story)
    assert start(story, slept[3], woken + timedelta(minutes=3)) is Leave.COVERED


# ---- what stands in nobody's way


def test_a_run_by_hand_always_runs(site: Site, story: Story) -> None:
    at = datetime(2026, 11, 23, 6, 30, tzinfo=ZURICH)
    assert start(story, at, at) is None
    with Store.open(story.settings.database) as store, store.tracking_lock(at) as other:
        assert other is None
        asked = len(site.requests)
        assert start(story, None, at + HOUR, only_due=False) is None
        assert len(site.requests) > asked
        # A timer leaves while another is at work.
        assert start(story, at + DAY, at + DAY) is Leave.GOING_ON
    assert start(story, at + DAY, at + DAY) is None


def test_who_was_added_since_is_due(site: Site, story: Story) -> None:
    at = datetime(2026, 11, 23, 6, 30, tzinfo=ZURICH)
    assert start(story, at, at) is None
    assert start(story, at + HOUR, at + HOUR) is Leave.NOBODY_DUE
    story.follow("1001", site.author("Bo Example", papers(2, before=LONG_AGO, seed=2)))
    left, manifest = started(story, at + 2 * HOUR, at + 2 * HOUR)
    assert (left, manifest.profiles) == (None, 1)


def test_a_run_that_was_killed_keeps_nobody_from_taking_up_its_work(site: Site, story: Story) -> None:
    at = datetime(2026, 11, 23, 6, 30, tzinfo=ZURICH)
    settings = story.settings

    async def killed(batch: Batch) -> Tally:
        await batch.run()
        raise KeyboardInterrupt

    with Store.open(settings.database) as store, pytest.raises(KeyboardInterrupt):
        asyncio.run(track_in_turn(store, settings, at, only_due=True, scheduled_at=at, check_batch=killed))
    # Whom it had checked is not due; there is one more whom it had not.
    story.follow("1001", site.author("Bo Example", papers(2, before=LONG_AGO, seed=2)))
    assert start(story, at, at + timedelta(seconds=1)) is None
    assert sorted(hears(story)) == ["profile.baseline: Ada Example", "profile.baseline: Bo Example"]
    assert states(story) == ["unfinished", "ok"]


def test_a_run_that_is_taken_back_covers_nothing(story: Story) -> None:
    from flows.revert import revert

    at = datetime(2026, 11, 23, 6, 30, tzinfo=ZURICH)
    assert start(story, at, at + HOUR) is None
    with Store.open(story.settings.database) as store:
        revert(store, story.settings, store.find_run("latest").run_id, at + HOUR)
    assert start(story, at, at + 2 * HOUR) is None


def test_06_two_that_a_timer_starts_at_once_tell_it_once(site: Site, story: Story) -> None:
    at = datetime(2026, 11, 23, 6, 30, tzinfo=ZURICH)
    start(story, at, at)
    story.deliver()
    site.add_paper("1001", paper("Bees at Night", published=date(2026, 11, 23)))
    story.now = at + DAY
    settings = story.settings

    def work(_: int) -> TrackManifest:
        with Store.open(settings.database) as store:
            return asyncio.run(track_in_turn(store, settings, story.now, only_due=True, scheduled_at=story.now))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, range(2)))
    assert hears(story) == ["paper.new: Bees at Night"]
    assert sorted(states(story)) == ["ok", "ok", "skipped"]


def test_what_left_early_is_no_run_that_could_be_taken_back(story: Story) -> None:
    at = datetime(2026, 11, 23, 6, 30, tzinfo=ZURICH)
    start(story, at, at)
    start(story, at, at + HOUR)
    with Store.open_existing(story.settings.database) as store:
        newest, first = store.runs()
        assert (newest.state, store.find_run("latest").run_id) == ("skipped", first.run_id)
        last = store.status().last_track
        assert last is not None
        assert last.run_id == first.run_id
