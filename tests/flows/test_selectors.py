"""A personal page whose selectors are changed by whoever follows it: read again at once, and told to nobody."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from flows.config.whole import Settings
from flows.deliver import deliver
from flows.manifest import TrackManifest
from flows.replay import replay
from flows.settings import load
from flows.track import track
from flows.verify import verify_all
from scrapers.parse import parser_with
from scrapers.sources.generic import GENERIC
from scrapers.sources.generic.selectors import note_of
from storage.store import Store
from tests.imitations.personal_page import SELECTORS, PersonalPages
from tests.imitations.scholars import Scholar, work
from tracking.proof import Ground, Standing
from tracking.view import EventView

FIRST_DAY = datetime(2026, 11, 22, 9, tzinfo=UTC)
ADA = Scholar(
    key="ada",
    name="Ada Quill",
    works=(
        work("Bees at Night", authors=("Ada Quill", "Bo Ek"), published=date(2026, 11, 20)),
        work("Trees by Day", authors=("Ada Quill",), published=date(2026, 11, 19)),
    ),
)
#: They find the first paper only, and little of it.
AT_FIRST = {"paper": "ul.pubs > li:first-child", "title": ".title"}
RULE = {
    "name": "papers",
    "on": ["paper.new", "paper.enriched", "paper.retitled", "profile.suspect"],
    "every": "instant",
}


class Follower:
    """Somebody who follows Ada's page, a day at a time."""

    def __init__(self, site: PersonalPages, folder: Path, database: str) -> None:
        self._site = site
        self._folder = folder
        self._database = database
        self._selectors = AT_FIRST
        self.now = FIRST_DAY

    def selects(self, selectors: dict[str, str]) -> None:
        self._selectors = selectors

    def settings(self) -> Settings:
        url = self._site.profile_url("ada")
        written = {
            "database": self._database,
            "people": [{"name": "Ada", "profiles": [{"url": url, "source": "generic"}]}],
            "rules": [RULE],
            "receivers": {"me": {"file": "alerts.jsonl"}},
            "sources": {"generic": {"selectors": {url.removeprefix("http://").partition("/")[0]: self._selectors}}},
        }
        config = self._folder / "scholarwatch.yaml"
        config.write_text(yaml.safe_dump(written), "utf-8")
        return load(config)

    def checks(self) -> TrackManifest:
        settings = self.settings()
        self.now += timedelta(days=1)
        with Store.open(settings.database) as store:
            manifest = asyncio.run(track(store, settings, self.now))
            deliver(store, settings, self.now)
        return manifest

    def heard(self) -> list[str]:
        alerts = self._folder / "alerts.jsonl"
        lines = alerts.read_text("utf-8").splitlines() if alerts.exists() else []
        return [f"{item['kind']}: {item['title']}" for line in lines for item in json.loads(line)["items"]]

    def events(self) -> list[EventView]:
        with Store.open_existing(self._database) as store:
            return list(store.events())


@pytest.fixture
def site() -> Iterator[PersonalPages]:
    with PersonalPages([ADA]) as site:
        yield site


@pytest.fixture
def follower(site: PersonalPages, tmp_path: Path, database: str) -> Follower:
    """The page has been seen, and seen again unchanged."""
    follower = Follower(site, tmp_path, database)
    assert follower.checks().tally.outcomes == {"ok": 1}
    assert follower.checks().tally.outcomes == {"not_modified": 1}
    return follower


def test_other_selectors_read_the_same_page_anew_and_nobody_hears_of_what_they_find(
    site: PersonalPages, follower: Follower
) -> None:
    follower.selects(SELECTORS)
    site.requests.clear()
    tally = follower.checks().tally
    assert tally.outcomes == {"ok": 1}
    assert tally.absorbed > 0
    assert [question.headers.get("if-none-match") for question in site.requests if "ada" in question.path] == [None]
    assert follower.heard() == []
    assert [str(event.kind) for event in follower.events()] == ["profile.baseline"]
    assert follower.checks().tally.outcomes == {"not_modified": 1}


def test_news_of_the_day_on_which_the_selectors_changed_is_told_and_nothing_else(
    site: PersonalPages, follower: Follower
) -> None:
    follower.selects(SELECTORS)
    site.show(replace(ADA, works=(work("A New Hive", published=date(2026, 11, 24)), *ADA.works)))
    follower.checks()
    assert follower.heard() == ["paper.new: A New Hive"]
    site.show(replace(ADA, works=(work("Wasps and Their Kin", published=date(2026, 11, 25)), *ADA.works)))
    follower.checks()
    assert follower.heard() == ["paper.new: A New Hive", "paper.new: Wasps and Their Kin"]
    assert {str(event.kind) for event in follower.events()} == {"profile.baseline", "paper.new"}


def test_selectors_that_find_nothing_are_a_failed_parse_and_the_right_ones_mend_it(follower: Follower) -> None:
    follower.selects({"paper": "ol > li"})
    assert follower.checks().tally.outcomes == {"parse_failed": 1}
    follower.selects(AT_FIRST)
    assert follower.checks().tally.outcomes == {"not_modified": 1}
    assert follower.heard() == []


def test_every_stored_page_says_itself_how_it_was_read(site: PersonalPages, follower: Follower) -> None:
    follower.selects(SELECTORS)
    follower.checks()
    site.show(replace(ADA, works=(work("A New Hive", published=date(2026, 11, 24)), *ADA.works)))
    follower.checks()
    settings = follower.settings()
    with Store.open(settings.database) as store:
        parsers = [snapshot.parser for snapshot in store.stored_snapshots()]
        report = replay(store, follower.now).report
        proof = verify_all(store)
    assert parsers == [parser_with(GENERIC, note_of(selectors)) for selectors in (AT_FIRST, SELECTORS, SELECTORS)]
    assert (report.same, report.facts, report.failed) == (3, 0, 0)
    assert proof.faults == []
    assert proof.counts[Ground.READING, Standing.HOLDS] == 3
