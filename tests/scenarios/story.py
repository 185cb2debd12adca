"""A story: a site, somebody who follows it, and what that person hears, check by check."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from weakref import finalize

import yaml

from alerts.rules import DEFAULT_RULES, Every
from flows.config.whole import Settings
from flows.deliver import deliver
from flows.manifest import TrackManifest
from flows.settings import load
from flows.track import track
from storage.store import Store
from tracking.view import EventView
from world.site import Site


class Story:
    """Follows profiles of a site, with every default rule set to instant. Time moves with each check."""

    def __init__(self, site: Site, folder: Path, database: str) -> None:
        self.site = site
        self.now = datetime(2026, 11, 22, 9, tzinfo=UTC)
        self.config = folder / "scholarwatch.yaml"
        self.alerts = folder / "alerts.jsonl"
        #: As `Store.open` takes it.
        self.database = database
        #: The section ``fetch`` of the next configuration.
        self.fetch: dict[str, Any] = {}
        #: The section ``receivers`` of the next configuration.
        self.receivers: dict[str, Any] = {"me": {"file": self.alerts.name}}
        self._rules: list[dict[str, Any]] | None = None
        self._store: tuple[str, Store] | None = None

    def follow(self, *keys: str, rules: list[dict[str, Any]] | None = None, named: bool = True) -> None:
        """Follow exactly these profiles from now on."""
        self._rules = rules or self._rules
        self._write(({"name": self.site.profile(key).name} if named else {}) | _at(self.site.url(key)) for key in keys)

    def follow_urls(self, *urls: str) -> None:
        """Follow exactly these pages of this site and of others from now on."""
        self._write(map(_at, urls))

    def _write(self, people: Iterable[dict[str, Any]]) -> None:
        written = {"people": list(people), "receivers": self.receivers, "database": self.database}
        written |= {"fetch": self.fetch} if self.fetch else {}
        self.config.write_text(yaml.safe_dump(written | ({"rules": self._rules} if self._rules else {})), "utf-8")

    @property
    def settings(self) -> Settings:
        settings = load(self.config)
        if self._rules is None:
            return replace(settings, rules=tuple(replace(rule, every=Every.INSTANT) for rule in DEFAULT_RULES))
        return settings

    def check(self, *, after: timedelta = timedelta(days=1)) -> TrackManifest:
        """Check every profile, without delivering."""
        self.now += after
        self.site.on(self.now.date())
        settings = self.settings
        return asyncio.run(track(self._open(settings.database), settings, self.now))

    def deliver(self) -> None:
        settings = self.settings
        deliver(self._open(settings.database), settings, self.now)

    def _open(self, database: str) -> Store:
        """The same store from beginning to end, which has compiled its statements; it remembers nothing else."""
        if self._store is None or self._store[0] != database:
            self._store = database, Store.open(database)
            finalize(self, self._store[1].close)
        return self._store[1]

    def hears(self, *, after: timedelta = timedelta(days=1)) -> list[str]:
        """What the receiver hears of one more check: kind and title of each item."""
        return [f"{item['kind']}: {item['title']}" for item in self.items(after=after)]

    def items(self, *, after: timedelta = timedelta(days=1)) -> list[dict[str, Any]]:
        seen = len(self.messages())
        self.check(after=after)
        self.deliver()
        return [item for message in self.messages()[seen:] for item in message["items"]]

    def messages(self) -> list[dict[str, Any]]:
        """Everything that was delivered so far."""
        if not self.alerts.exists():
            return []
        return [json.loads(line) for line in self.alerts.read_text("utf-8").splitlines()]

    def events(self) -> list[EventView]:
        return list(self._open(self.settings.database).events())

    def recorded(self) -> list[str]:
        """Kind and subject of every event so far, in order."""
        return [f"{event.kind}: {event.paper_title or event.field or event.after}" for event in self.events()]

    def outcome(self) -> str:
        """How the last check of the first profile ended."""
        return str(self._open(self.settings.database).people()[0].profiles[0].outcome)

    def yesterday(self) -> date:
        """The day before the next check."""
        return self.now.date()


def _at(url: str) -> dict[str, Any]:
    return {"profiles": [{"url": url, "source": "scholarfeed"}]}
