"""The past, filled in: a month lived and the same month from files are one history, and nobody hears of it."""

import asyncio
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.backfill import backfill
from flows.backfill_manifest import BackfillManifest
from flows.backfill_wanted import OriginChoice, OriginKind, Wanted
from flows.config.whole import Settings
from flows.settings import load
from flows.track import track
from storage.store import Store
from tests.scenarios.saved import Saved, into_folder, into_warc, manifest, save
from tests.scenarios.story import Story
from tracking.check import Outcome
from tracking.event import Cause
from tracking.view import EventView
from world.papers import paper, papers
from world.rates import TroubleRates
from world.simulation import World
from world.site import Site
from world.stock import StockPlan

DAYS = 30
#: Pages that come with status 200 can be saved; what is torn on the way cannot.
TROUBLES = TroubleRates(
    blocked=0.03, empty=0.03, cut=0.03, error=0.02, outage=0, breaks_off=0, reset=0, hiccup=0, login=0.01
)
PLAN = StockPlan(papers_each=(14, 40), abstract_characters=(100, 500))


@dataclass(frozen=True)
class Month:
    """What was lived, as the store tells it, and the pages of it."""

    people: list[dict[str, Any]]
    days: list[date]
    pages: list[Saved]
    past: dict[str, Any]


def open_settings(folder: Path, database: str, people: list[dict[str, Any]], **sections: object) -> Settings:
    written = {"people": people, "receivers": {"me": {"file": "alerts.jsonl"}}, "database": database} | sections
    config = folder / "scholarwatch.yaml"
    config.write_text(yaml.safe_dump(written), "utf-8")
    return load(config)


def history(store: Store, days: Iterable[date]) -> dict[str, Any]:
    """The events, every metric's series, and what every person's pages said at the end of each day.

    Without when it was recorded.
    """
    return {
        "events": [_timeless(event) for event in store.events()],
        "metrics": {person.name: store.series(person.name) for person in store.people()},
        "people": {(person.name, day): _state(store, person.name, day) for person in store.people() for day in days},
    }


def _timeless(event: EventView) -> EventView:
    return replace(event, cause=Cause.SOURCE, recorded_at=event.observed_at)


def _state(store: Store, person: str, day: date) -> Any:
    state = store.person(person, datetime.combine(day, time.max, UTC))
    return [
        (one.profile.key, one.name, one.field, one.complete, one.warnings, one.observed_at, one.metrics, one.papers)
        for one in state.profiles
    ]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    folder = tmp_path_factory.mktemp("live")
    with World(13, researchers=2, troubles=TROUBLES, plan=PLAN) as world:
        people = [
            {"name": world.people[key].name, "profiles": [{"url": url, "source": "scholarfeed"}]}
            for key, url in world.urls.items()
        ]
        settings = open_settings(folder, str(folder / "live.db"), people)
        pages: list[Saved] = []
        days = []
        outcomes: set[Outcome] = set()
        with Store.open(settings.database) as store:
            for number in range(DAYS):
                if number:
                    world.advance()
                outcomes |= set(asyncio.run(track(store, settings, world.now)).tally.outcomes)
                days.append(world.now.date())
                pages += [page for url in world.urls.values() for page in save(url, world.now)]
            past = history(store, days)
    assert {Outcome.NOT_MODIFIED, Outcome.BLOCKED, Outcome.IMPLAUSIBLE, Outcome.PARSE_FAILED} <= outcomes
    assert len(past["events"]) > 60
    assert all(any(len(one.spells) > 5 for one in series) for series in past["metrics"].values())
    return Month(people, days, pages, past)


def fill(store: Store, settings: Settings, choice: OriginChoice, **wanted: Any) -> BackfillManifest:
    now = datetime(2027, 1, 1, tzinfo=UTC)
    return asyncio.run(backfill(store, settings, now, Wanted(origin=choice, **wanted)))


def test_26_a_month_at_once_from_a_folder(month: Month, database: str, tmp_path: Path) -> None:
    settings = open_settings(tmp_path, database, month.people)
    folder = into_folder(tmp_path / "saved", month.pages)
    table = manifest(tmp_path / "saved.csv", month.pages)
    choice = OriginChoice(kind=OriginKind.PAGES, where=(str(folder),), manifest=table)
    with Store.open(settings.database) as store:
        filled = fill(store, settings, choice)
        assert history(store, month.days) == month.past
        assert {event.cause for event in store.events()} == {Cause.BACKFILL}
        again = fill(store, settings, choice)
        assert (again.tally.events, again.tally.withdrawn) == ({}, 0)
    assert filled.plan.captures == len(month.pages)
    assert filled.tally.outcomes.total() == len(month.pages)
    assert filled.tally.outcomes[Outcome.IMPLAUSIBLE] > 0
    # What could not be read is tried again, and no more than that.
    assert again.reads == filled.tally.outcomes[Outcome.PARSE_FAILED]


def test_26_a_month_from_a_web_archive_file(month: Month, database: str, tmp_path: Path) -> None:
    settings = open_settings(tmp_path, database, month.people)
    warc = into_warc(tmp_path / "crawl.warc.gz", random.Random(3).sample(month.pages, len(month.pages)))
    with Store.open(settings.database) as store:
        filled = fill(store, settings, OriginChoice(kind=OriginKind.WARC, where=(str(warc),)))
        assert history(store, month.days) == month.past
    assert filled.reads < filled.plan.captures


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 8))
def test_26_a_month_page_by_page_in_any_order(seed: int, month: Month, database: str, tmp_path: Path) -> None:
    settings = open_settings(tmp_path, database, month.people)
    folder = into_folder(tmp_path / "saved", month.pages)
    with Store.open(settings.database) as store:
        for page in random.Random(seed).sample(month.pages, len(month.pages)):
            fill(
                store, settings, OriginChoice(kind=OriginKind.PAGES, where=(str(folder / page.name),)), profile=page.url
            )
        assert history(store, month.days) == month.past


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def test_25_five_years_are_filled_in_and_nobody_hears_of_it(site: Site, tmp_path: Path, database: str) -> None:
    story = Story(site, tmp_path, database)
    url, months = five_years_of_a_page(site)
    story.follow("1001")
    assert story.hears() == ["profile.baseline: Ada Example"]
    told = story.messages()
    folder = into_folder(tmp_path / "saved", months)
    with Store.open(story.settings.database) as store:
        wanted = Wanted(origin=OriginChoice(kind=OriginKind.PAGES, where=(str(folder),)))
        filled = asyncio.run(backfill(store, story.settings, story.now, wanted))
        assert filled.tally.outcomes == {Outcome.OK: len(months)}
        for number, saved in list(enumerate(months))[::3]:
            for day in (0, 13, 27):
                (state,) = store.person("Ada Example", saved.at + timedelta(days=day)).profiles
                assert (state.metrics["citations"].value, len(state.papers)) == (100 + 7 * number, 2 + number)
        assert store.person("Ada Example", months[0].at - timedelta(seconds=1)).profiles[0].observed_at is None
    story.deliver()
    assert story.messages() == told
    assert story.hears() == []
    site.add_paper("1001", paper("Counting Bees at Night", published=story.yesterday()))
    assert story.hears() == ["paper.new: Counting Bees at Night"]
    assert url.endswith("/1001")


def five_years_of_a_page(site: Site) -> tuple[str, list[Saved]]:
    """A paper and seven citations a month; the page as it was at noon on every first day."""
    key = site.author("Ada Example", papers(2, before=date(2021, 6, 1)), citations=100)
    months = []
    for number in range(60):
        first = date(2021 + (9 + number) // 12, 1 + (9 + number) % 12, 1)
        site.on(first)
        if number:
            site.add_paper(key, paper(f"Bees Counted in Month {number}", published=first - timedelta(days=9)))
            site.set_metric(key, "citations", 100 + 7 * number)
        months += save(site.url(key), datetime.combine(first, time(12), UTC))
    return site.url(key), months
