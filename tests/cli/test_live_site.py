"""A site that lives, and somebody who runs the program once a day: what was told is what was shown."""

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.command import alerts, follow_urls, json_lines, scholarwatch
from world.rates import TroubleRates
from world.simulation import World

#: Torn connections are tried again after seconds of real time: enough of them, and not more.
TROUBLES = TroubleRates(reset=0.002, breaks_off=0.002, hiccup=0.004)
RULES = [{"name": "new papers", "on": ["paper.new"], "notify": ["me"], "every": "instant"}]


@pytest.mark.parametrize(("days", "researchers"), [(5, 7), pytest.param(12, 14, marks=pytest.mark.slow)])
def test_days_of_researchers(days: int, researchers: int, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    with World(5, researchers=researchers, troubles=TROUBLES) as world:
        follow_urls(folder, {f"{world.people[key].name} {key}": url for key, url in world.urls.items()}, rules=RULES)
        for day in range(days):
            if day:
                world.advance()
            assert_adds_up(one_run(world.now, folder), researchers)
        truth = world.truth
        new = {(day, key, f"arxiv:{arxiv_id}") for day, key, _, arxiv_id in truth.new_papers()}
        late = {(day, key, f"arxiv:{arxiv_id}") for day, key, _, arxiv_id in truth.late_papers()}
        moved = Counter(truth.metric_changes())
    assert len(new) >= days // 2
    assert len(late) > 0
    assert len(moved) > 3 * days

    items = [item for message in alerts(folder) for item in message["items"]]
    assert {item["kind"] for item in items} == {"paper.new"}
    assert Counter(item["paper_key"] for item in items) == Counter({key for _, _, key in new})

    events = json_lines("events", cwd=folder)
    assert {(day_of(event), event["profile"], event["paper"]["key"]) for event in of_kind(events, "paper.new")} == new
    assert {(day_of(event), event["profile"], event["paper"]["key"]) for event in of_kind(events, "paper.late")} == late
    assert len(of_kind(events, "paper.new", "paper.late")) == len(new) + len(late)
    assert moved == Counter(
        (day_of(event), event["profile"], event["field"], event["before"], event["after"])
        for event in of_kind(events, "metric.changed", "metric.recount")
    )


def one_run(now: datetime, folder: Path) -> dict[str, Any]:
    """The manifests of one run; a page that was blocked or broken makes it end with 1."""
    ended = scholarwatch("run", "--now", now.isoformat(), "--json", cwd=folder, codes=(0, 1))
    [line] = ended.stdout.splitlines()
    manifests = json.loads(line)
    assert isinstance(manifests, dict)
    assert (ended.returncode == 1) == (manifests["track"]["state"] == "degraded")
    return manifests


def assert_adds_up(manifests: dict[str, Any], researchers: int) -> None:
    track, deliver = manifests["track"], manifests["deliver"]
    assert sum(track["outcomes"].values()) == track["profiles"] == researchers
    assert track["overtaken"] == 0
    assert deliver["state"] == "ok"
    assert deliver["delivered"] == deliver["messages"]


def of_kind(events: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    return [event for event in events if event["kind"] in kinds]


def day_of(event: dict[str, Any]) -> date:
    return datetime.fromisoformat(event["observed_at"]).date()
