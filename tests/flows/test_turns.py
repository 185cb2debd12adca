"""A backfill and a daily run at the same time: the daily run goes first, and two backfills one after the other."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from flows.backfill import backfill
from flows.backfill_manifest import BackfillManifest
from flows.backfill_wanted import OriginChoice, OriginKind, Wanted, WrongWish
from storage.store import Store
from tests.flows.past_pages import save_three_days
from tests.scenarios.story import Story
from world.papers import papers
from world.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    story = Story(site, tmp_path, database)
    story.follow(site.author("Ada Example", papers(3, before=date(2024, 6, 1))))
    story.check()
    save_three_days(tmp_path / "saved")
    return story


def filling(story: Story, said: list[str], store: Store) -> "asyncio.Task[BackfillManifest]":
    origin = OriginChoice(kind=OriginKind.PAGES, where=(str(story.config.parent / "saved"),))
    work = backfill(store, story.settings, story.now, Wanted(origin=origin), waiting=said.append)
    return asyncio.create_task(work)


async def until_said(said: list[str], number: int) -> None:
    async with asyncio.timeout(60):
        while len(said) < number:
            await asyncio.sleep(0.01)


def test_it_waits_for_a_run_of_checks(story: Story) -> None:
    said: list[str] = []

    async def both(store: Store, daily: Store) -> BackfillManifest:
        with daily.tracking_lock(story.now) as other:
            assert other is None
            task = filling(story, said, store)
            await until_said(said, 1)
            assert [run.kind for run in daily.runs()] == ["track"]
        return await task

    with Store.open(story.settings.database) as store, Store.open(story.settings.database) as daily:
        done = asyncio.run(both(store, daily))
    assert done.to_json()["captures"] == 3
    assert len(said) == 1
    assert said[0].startswith("A run of checks is at work since 2026-11-23 09:00 UTC on ")


def test_of_two_one_waits_for_the_other(story: Story) -> None:
    said: list[str] = []

    async def both(store: Store, first: Store) -> BackfillManifest:
        with ExitStack() as held:
            assert held.enter_context(first.backfilling_lock(story.now)) is None
            task = filling(story, said, store)
            await until_said(said, 1)
        return await task

    with Store.open(story.settings.database) as store, Store.open(story.settings.database) as first:
        done = asyncio.run(both(store, first))
    assert done.to_json()["captures"] == 3
    assert said[0].startswith("Another backfill is at work since 2026-11-23 09:00 UTC on ")


def test_a_run_of_checks_waits_for_no_backfill(story: Story) -> None:
    with Store.open(story.settings.database) as store, store.backfilling_lock(story.now) as other:
        assert other is None
        assert story.check().tally.checked == 1


def test_a_wrong_wish_is_said_without_waiting(story: Story) -> None:
    with Store.open(story.settings.database) as store, store.backfilling_lock(story.now):
        origin = OriginChoice(kind=OriginKind.PAGES, where=(str(story.config.parent / "saved"),))
        wanted = Wanted(origin=origin, profile="https://www.scholarfeed.org/author/404")
        with pytest.raises(WrongWish):
            asyncio.run(backfill(store, story.settings, story.now, wanted))
