"""A configuration and a database in which Ada and Mary were followed for ten weeks; nothing was told."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from flows.config.whole import Settings
from flows.settings import load
from storage.store import Store
from tests.storage.builders import START, accepted, apply, day, event, paper, watch
from tracking.check import CheckIntent
from tracking.event import EventKind

DAYS = 70
NEW, MOVED = EventKind.PAPER_NEW, EventKind.METRIC_CHANGED

PEOPLE = {
    "Ada Lovelace": {"tags": ["rl"], "key": "1"},
    "Mary Shaw": {"tags": [], "key": "2"},
}
RULES: list[dict[str, Any]] = [
    {"name": "papers", "on": "paper.new"},
    {"name": "citations", "on": "metric.changed", "where": {"metric": "citations", "delta": ">= 2"}, "notify": ["me"]},
    {"name": "scored", "on": "paper.new", "where": {"score": ">= 50"}, "notify": ["log"], "every": "daily"},
]


def configure(folder: Path, rules: list[dict[str, Any]] | None = RULES, **more: Any) -> Path:
    people = [
        {
            "name": name,
            "tags": about["tags"],
            "profiles": [{"url": f"https://example.org/author/{about['key']}", "source": "scholarfeed"}],
        }
        for name, about in PEOPLE.items()
    ]
    receivers = {"me": {"file": "me.jsonl"}, "log": {"file": "log.jsonl"}}
    written: dict[str, Any] = {"people": people, "receivers": receivers, "fetch": {"user_agent": "me@example.org"}}
    written |= {"rules": rules} if rules is not None else {}
    config = folder / "scholarwatch.yaml"
    config.write_text(yaml.safe_dump(written | more, sort_keys=False), "utf-8")
    return config


def live(config: Path) -> Settings:
    """Ada gains a citation on the first day, two on the second, … seven, and again; Mary has a paper a week."""
    settings = load(config)
    with Store.open(settings.database) as store:
        store.follow(settings.people, START)
        citations, papers = 100, 0
        for number in range(DAYS):
            step = number % 7 + 1
            apply(store, _moved(store, number, citations, citations + step))
            citations += step
            if number % 7 == 3:
                papers += 1
                apply(store, _published(store, number, papers))
    return settings


def _moved(store: Store, number: int, before: int, after: int) -> CheckIntent:
    of = watch(store, "1")
    moved = event(of, MOVED, day(number), field="citations", before=before, after=after, since=day(number - 1))
    return accepted(of, day(number), [], metrics={"citations": after}, events=(moved,), name="Ada Lovelace")


def _published(store: Store, number: int, papers: int) -> CheckIntent:
    of = watch(store, "2")
    listed = [paper(f"k{each}", score=10.0 * each) for each in range(1, papers + 1)]
    new = event(of, NEW, day(number) + timedelta(hours=1), key=f"k{papers}")
    return accepted(of, day(number) + timedelta(hours=1), listed, new=listed[-1:], events=(new,), name="Mary Shaw")


def end() -> datetime:
    return day(DAYS)
