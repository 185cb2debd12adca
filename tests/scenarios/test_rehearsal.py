"""What `rules test` says would have been sent is what was sent, in a world that lives for a while."""

import asyncio
import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import create_engine, text

from alerts.message import Message
from flows.deliver import deliver
from flows.rehearsal_stage import Wanted
from flows.rehearsing import RehearsalReport, rehearse
from flows.settings import load
from flows.track import track
from storage.store import Store
from world.rates import Rates, TroubleRates
from world.simulation import World
from world.stock import StockPlan

#: Torn connections are tried again after seconds of real time.
TROUBLES = TroubleRates(reset=0, breaks_off=0, hiccup=0, outage=0.05)
PLAN = StockPlan(papers_each=(6, 9), abstract_characters=(100, 500))
RATES = Rates(most_new_papers_a_day=2, cited=0.6, h_index=0.05, shared=0.5, coded=0.5)

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
RECEIVERS = {
    "zurich": {"file": "zurich.jsonl", "timezone": "Europe/Zurich", "cap": 1},
    # The world is read at 18:00 in Tokyo.
    "tokyo": {"file": "tokyo.jsonl", "timezone": "Asia/Tokyo", "quiet": "17:30-07:00", "digest_at": "06:30"},
}
#: After a run; the first is in the quiet hours of Tokyo.
DELIVERIES = (timedelta(0), timedelta(hours=14))


@pytest.mark.parametrize(
    ("seed", "days", "researchers"),
    [(1, 21, 4), *(pytest.param(seed, 365, 20, marks=pytest.mark.slow) for seed in (2, 3))],
)
def test_the_prediction_is_what_was_sent(seed: int, days: int, researchers: int, tmp_path: Path) -> None:
    predicted: list[Message] = []
    with World(seed, researchers=researchers, troubles=TROUBLES, plan=PLAN, rates=RATES) as world:
        settings = load(configuration(world, tmp_path))
        with Store.open(settings.database) as store:
            for day in range(days):
                if day:
                    world.advance()
                asyncio.run(track(store, settings, world.now))
                for later in DELIVERIES:
                    deliver(store, settings, world.now + later)
            wanted = Wanted(until=world.now + DELIVERIES[-1])
            report = rehearse(store, settings, wanted, on_message=predicted.append)
    sent = [json.loads(line) for name in RECEIVERS for line in (tmp_path / f"{name}.jsonl").read_text().splitlines()]
    assert comparable(sent) == comparable([message.to_json() for message in predicted])
    told = {rule for message in sent for item in message["items"] for rule in item["rules"]}
    assert told >= {rule["name"] for rule in RULES} - {"hosts", "gone"}
    assert verdicts_of(report) == verdicts_in(settings.database)


def configuration(world: World, folder: Path) -> Path:
    people = [
        {"name": world.people[key].name, "profiles": [{"url": url, "source": "scholarfeed"}]}
        for key, url in world.urls.items()
    ]
    config = folder / "scholarwatch.yaml"
    config.write_text(yaml.safe_dump({"people": people, "rules": RULES, "receivers": RECEIVERS}), "utf-8")
    return config


def comparable(messages: list[dict[str, Any]]) -> list[Any]:
    """Receiver, time and what is told, without what only the page says of papers."""
    told = ("kind", "people", "title", "before", "after", "rules", "why", "events", "observed_at")
    return sorted(
        (
            message["created_at"],
            message["receiver"],
            message["rule"],
            [{name: item[name] for name in told} for item in message["items"]],
        )
        for message in messages
    )


def verdicts_of(report: RehearsalReport) -> Counter[tuple[str, str]]:
    """By receiver and verdict, how often something was kept back."""
    return Counter(
        {(one.receiver, kind.value): n for one in report.receivers for kind, n in one.sent.kept_back.items()}
    )


def verdicts_in(database: str) -> Counter[tuple[str, str]]:
    engine = create_engine(f"sqlite:///{database}")
    query = "SELECT receiver, kind FROM verdict WHERE kind NOT IN ('sent', 'digest', 'capped')"
    with engine.connect() as connection:
        return Counter((receiver, kind) for receiver, kind in connection.execute(text(query)))
