"""A person who is followed at OpenAlex, at arXiv and at DBLP, each a server of its own, check by check."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from alerts.rules import DEFAULT_RULES, Every
from flows.config.whole import Settings
from flows.deliver import deliver
from flows.manifest import TrackManifest
from flows.settings import load
from flows.track import track
from storage.store import Store
from tests.imitations.arxiv import ArxivSite
from tests.imitations.dblp import DblpSite
from tests.imitations.openalex import OpenAlexSite
from tests.imitations.scholars import Imitation, Scholar, Work, work
from tracking.view import EventView

NAME = "Ada Example"
#: Where each source has the profile, on its own host.
_PATHS = {"openalex": "/A1", "arxiv": "/a/example_a_1", "dblp": "/pid/12/345"}
_KEYS = {"openalex": "A1", "arxiv": "example_a_1", "dblp": "12/345"}

OLD = work("Counting bees in spring", year=2019, arxiv_id="1903.00001", doi="10.1109/bees", key="1")


class Sources:
    """What the three sites show, and what the receiver of the one person hears."""

    def __init__(self, sites: dict[str, Imitation], folder: Path, database: str) -> None:
        self.sites = sites
        self.now = datetime(2026, 11, 22, 9, tzinfo=UTC)
        self.folder = folder
        self._database = database
        self._works: dict[str, tuple[Work, ...]] = {}
        self._rules: list[dict[str, Any]] | None = None
        for source in sites:
            self.show(source, OLD)

    def show(self, source: str, *works: Work, **metrics: Any) -> None:
        """Show these works, and no others, at a source."""
        self.sites[source].show(Scholar(key=_KEYS[source], name=NAME, works=works, **metrics))
        self._works[source] = works

    def add(self, source: str, *works: Work) -> None:
        self.show(source, *works, *self._works[source])

    def follow(self, *sources: str, rules: list[dict[str, Any]] | None = None) -> None:
        self._rules = rules
        profiles = [{"url": self.sites[source].url + _PATHS[source], "source": source} for source in sources]
        written = {
            "people": [{"name": NAME, "profiles": profiles}],
            "receivers": {"me": {"file": "alerts.jsonl"}},
            "database": self._database,
            "sources": {source: {"min_interval_seconds": 0} for source in sources},
            "fetch": {"user_agent": "Lab (mailto:lab@example.org)"},
        }
        self.config.write_text(yaml.safe_dump(written | ({"rules": rules} if rules else {})), "utf-8")

    @property
    def config(self) -> Path:
        return self.folder / "scholarwatch.yaml"

    @property
    def settings(self) -> Settings:
        settings = load(self.config)
        if self._rules is None:
            return replace(settings, rules=tuple(replace(rule, every=Every.INSTANT) for rule in DEFAULT_RULES))
        return settings

    def check(self) -> TrackManifest:
        """The check of the next day."""
        self.now += timedelta(days=1)
        with self.store() as store:
            return asyncio.run(track(store, self.settings, self.now))

    def hears(self) -> list[str]:
        """Kind and title of what is told of papers after the check of the next day."""
        seen = len(self._messages())
        manifest = self.check()
        assert not manifest.to_json()["failures"], manifest.to_json()["failures"]
        with self.store() as store:
            deliver(store, self.settings, self.now)
        items = [item for message in self._messages()[seen:] for item in message["items"]]
        return [f"{item['kind']}: {item['title']}" for item in items if item["kind"].startswith("paper.")]

    def recorded(self) -> list[EventView]:
        """Events about papers, in the order of time."""
        with self.store() as store:
            return [event for event in store.events() if event.paper_key is not None]

    @contextmanager
    def store(self) -> Iterator[Store]:
        with Store.open(self._database) as store:
            yield store

    def _messages(self) -> list[dict[str, Any]]:
        path = self.folder / "alerts.jsonl"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


@contextmanager
def sources(folder: Path, database: str) -> Iterator[Sources]:
    with OpenAlexSite() as openalex, ArxivSite() as arxiv, DblpSite() as dblp:
        yield Sources({"openalex": openalex, "arxiv": arxiv, "dblp": dblp}, folder, database)
