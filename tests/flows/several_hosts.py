"""A few sites, each a host of its own, and the same people followed by a run in one piece and by runs in shards."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.scenarios.command import alerts, scholarwatch
from world.papers import paper, papers
from world.site import Site

LONG_AGO = date(2020, 6, 1)
#: People at each host.
PEOPLE = 4


class Hosts:
    """Sites on ports of their own; everybody is at one of them, and somebody at two."""

    def __init__(self, sites: list[Site]) -> None:
        self.sites = sites
        self.now = datetime(2026, 11, 22, 9, tzinfo=UTC)
        self.keys = {
            site: [
                site.author(
                    f"Person {number}-{one}",
                    papers(6, before=LONG_AGO, seed=10 * number + one),
                    key=f"{1000 + 10 * number + one}",
                    citations=5000 + 400 * one,
                    h_index=20,
                )
                for one in range(PEOPLE)
            ]
            for number, site in enumerate(sites)
        }
        for site in sites:
            site.on(self.now.date())

    def follow(self, folder: Path, database: str, **sections: object) -> Path:
        """A folder with a configuration that follows everybody; its path."""
        folder.mkdir(exist_ok=True)
        people: dict[str, list[str]] = {}
        for site, keys in self.keys.items():
            for key in keys:
                people.setdefault(site.profile(key).name, []).append(site.url(key))
        # The first of the first two hosts are one person.
        names = [self.sites[n].profile(self.keys[self.sites[n]][0]).name for n in (0, 1)]
        people[names[0]] += people.pop(names[1])
        written = {
            "people": [
                {"name": name, "profiles": [{"url": url, "source": "scholarfeed"} for url in urls]}
                for name, urls in people.items()
            ],
            "receivers": {"me": {"file": "alerts.jsonl"}},
            "database": database,
        }
        config = folder / "scholarwatch.yaml"
        config.write_text(yaml.safe_dump(written | sections), "utf-8")
        return config

    def tomorrow(self) -> None:
        self.now += timedelta(days=1)
        for site in self.sites:
            site.on(self.now.date())

    def publish(self) -> None:
        """News on a page of each host, and the same paper on both pages of who is at two."""
        for number, (site, keys) in enumerate(self.keys.items()):
            site.add_paper(keys[1], paper(f"On Bees, {number}", published=self.yesterday))
        for site in self.sites[:2]:
            site.add_paper(self.keys[site][0], paper("One Work on Two Pages", published=self.yesterday))

    def count_anew(self) -> None:
        """Every page says fewer citations: no person's news."""
        for site, keys in self.keys.items():
            for key in keys:
                site.set_metric(key, "citations", round(site.profile(key).metrics["citations"] * 0.95))

    @property
    def yesterday(self) -> date:
        return self.now.date() - timedelta(days=1)

    @property
    def requests(self) -> dict[str, int]:
        """How often each profile's page was asked for, by its path; each has a key of its own."""
        asked: dict[str, int] = {}
        for site in self.sites:
            for request in site.requests:
                if request.key is not None:
                    asked[request.path] = asked.get(request.path, 0) + 1
        return asked


@contextmanager
def hosts(number: int = 3) -> Iterator[Hosts]:
    with ExitStack() as stack:
        yield Hosts([stack.enter_context(Site()) for _ in range(number)])


def days(world: Hosts) -> Iterator[int]:
    """First sight; news; a host down, and a source that counts anew; everything well again."""
    yield 0
    world.tomorrow()
    world.publish()
    yield 1
    world.tomorrow()
    world.count_anew()
    world.sites[2].down()
    yield 2
    world.tomorrow()
    world.sites[2].up()
    yield 3


def two_days(world: Hosts) -> Iterator[int]:
    """First sight; then all at once."""
    yield 0
    world.tomorrow()
    world.publish()
    world.count_anew()
    world.sites[2].down()
    yield 1


@dataclass(frozen=True, slots=True)
class History:
    """What was recorded, byte for byte as the program prints it, and every message that was delivered."""

    events: str
    people: str
    alerts: tuple[str, ...]


def run(folder: Path, world: Hosts, *words: str, codes: tuple[int, ...] = (0, 1)) -> dict[str, Any]:
    """``run`` in a folder at the time of the world; what it prints."""
    done = scholarwatch("run", "--now", world.now.isoformat(), "--json", *words, cwd=folder, codes=codes)
    return dict(json.loads(done.stdout))


#: Since when a host has not answered is a time in the run, and a run takes as long as it takes.
_SINCE = re.compile(r"has not answered since [-0-9]+ [0-9:]+")


def history(folder: Path) -> History:
    """What there is to be seen in a folder, but for that one time."""
    told = {json.dumps(message, sort_keys=True) for message in alerts(folder)}
    return History(
        events=_SINCE.sub("", scholarwatch("events", "--json", cwd=folder).stdout),
        people=scholarwatch("people", "--json", cwd=folder).stdout,
        alerts=tuple(sorted(_SINCE.sub("", message) for message in told)),
    )
