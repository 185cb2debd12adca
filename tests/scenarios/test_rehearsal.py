"""What `rules test` says would have been sent is what was sent, in a world that lives for a while."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.message import Message
from flows.deliver import deliver
from flows.rehearsal_stage import Wanted
from flows.rehearsing import rehearse
from flows.settings import load
from flows.track import track
from storage.store import Store
from world.rates import Rates, TroubleRates
from world.simulation import World
from world.stock import StockPlan

LATER = timedelta(hours=14)
#: Torn connections are tried again after seconds of real time.
TROUBLES = TroubleRates(reset=0, breaks_off=0, hiccup=0, outage=0.05)
PLAN = StockPlan(papers_each=(8, 12), abstract_characters=(100, 500))

RULES = [
    {"name": "new papers", "on": "paper.new", "notify": ["zurich"]},
    {"name": "papers, daily", "on": ["paper.new", "paper.late"], "notify": ["tokyo"], "every": "daily"},
    {"name": "with code", "on": "paper.new", "where": {"has_code": True}, "wait": "20d", "notify": ["tokyo"]},
    {"name": "scored", "on": "paper.enriched", "where": {"score": ">= 70"}, "notify": ["zurich"]},
    {"name": "citations", "on": "metric.changed", "where": {"metric": "citations", "delta": ">= 3"}, "cooldown": "3d"},
    {
        "name": "a week's citations",
        "on": "metric.changed",
        "where": {"metric": "citations", "delta": ">= 12", "within": "7d"},
        "cooldown": "7d",
        "notify": ["tokyo"],
    },
    {"name": "weekly", "on": "metric.changed", "where": {"not": {"metric": "citations"}}, "every": "weekly"},
    {"name": "hosts", "on": ["host.down", "host.back", "source.drift"]},
    {
        "name": "gone",
        "on": ["paper.removed", "paper.returned"],
        "where": {"any": [{"category": ["LG", "CL"]}, {"published_within": "2000d"}]},
    },
]


@pytest.mark.parametrize(
    ("seed", "days", "researchers"),
    [(1, 21, 6), *(pytest.param(seed, 365, 20, marks=pytest.mark.slow) for seed in (2, 3))],
)
def test_the_prediction_is_what_was_sent(seed: int, days: int, researchers: int, tmp_path: Path) -> None:
    rates = Rates(most_new_papers_a_day=2, cited=0.6, h_index=0.05, shared=0.5)
    with World(seed, researchers=researchers, troubles=TROUBLES, plan=PLAN, rates=rates) as world:
        settings = load(configuration(world, tmp_path))
        with Store.open(settings.database) as store:
            for day in range(days):
                if day:
                    world.advance()
                asyncio.run(track(store, settings, world.now))
                deliver(store, settings, world.now)
                deliver(store, settings, world.now + LATER)
            predicted: list[Message] = []
            rehearse(store, settings, Wanted(until=world.now + LATER), on_message=predicted.append)
    sent = [
        json.loads(line)
        for name in ("zurich", "tokyo")
        for line in (tmp_path / f"{name}.jsonl").read_text().splitlines()
    ]
    assert comparable(sent) == comparable([message.to_json() for message in predicted])
    told = {rule for message in sent for item in message["items"] for rule in item["rules"]}
    assert told >= {rule["name"] for rule in RULES} - {"hosts", "gone"}


def configuration(world: World, folder: Path) -> Path:
    people = [
        {"name": world.people[key].name, "profiles": [{"url": url, "source": "scholarfeed"}]}
        for key, url in world.urls.items()
    ]
    receivers = {
        "zurich": {"file": "zurich.jsonl", "timezone": "Europe/Zurich", "cap": 1},
        # The world is read at 18:00 in Tokyo: what goes at once goes the next day.
        "tokyo": {"file": "tokyo.jsonl", "timezone": "Asia/Tokyo", "quiet": "17:30-07:00", "digest_at": "06:30"},
    }
    config = folder / "scholarwatch.yaml"
    config.write_text(yaml.safe_dump({"people": people, "rules": RULES, "receivers": receivers}), "utf-8")
    return config


def comparable(messages: list[dict[str, Any]]) -> list[Any]:
    """Receiver, time and what is told, without what only the page says of papers."""
    told = ("kind", "people", "title", "before", "after", "rules", "observed_at")
    return sorted(
        (
            message["created_at"],
            message["receiver"],
            message["rule"],
            [{name: item[name] for name in told} for item in message["items"]],
        )
        for message in messages
    )
