"""The whole against a world that knows the truth: what was told is what was shown, no more and no less."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from flows.deliver import deliver
from flows.settings import load
from flows.track import track
from storage.store import Store
from tracking.event import EventKind
from tracking.milestone import mark_between
from world.rates import TroubleRates
from world.simulation import World
from world.truth import MetricChange, Truth

#: Torn connections are tried again after seconds of real time: enough of them, and not more.
TROUBLES = TroubleRates(reset=0.002, breaks_off=0.002, hiccup=0.004)


@pytest.mark.parametrize(
    ("seed", "days", "researchers"),
    [
        (7, 14, 10),
        pytest.param(7, 60, 30, marks=pytest.mark.slow),
        *(pytest.param(seed, 90, 40, marks=pytest.mark.slow) for seed in (8, 12, 13)),
    ],
)
def test_precision_and_recall_of_new_papers_are_one(seed: int, days: int, researchers: int, tmp_path: Path) -> None:
    """Reordered, capped, blocked, broken and retitled on the way."""
    with World(seed, researchers=researchers, troubles=TROUBLES) as world:
        settings = load(config_for(world, tmp_path))
        with Store.open(settings.database) as store:
            for day in range(days):
                if day:
                    world.advance()
                asyncio.run(track(store, settings, world.now))
                deliver(store, settings, world.now)
            events = list(store.events())
        truth = world.truth
    told = [item["paper_key"] for item in told_items(tmp_path) if item["kind"] == "paper.new"]
    new = truth.new_papers()
    assert len(new) > days // 2
    recorded = Counter((e.observed_at.date(), e.profile, e.paper_key) for e in events if e.kind is EventKind.PAPER_NEW)
    assert recorded == Counter((day, key, f"arxiv:{arxiv_id}") for day, key, _, arxiv_id in new)
    assert Counter(told) == Counter({f"arxiv:{arxiv_id}" for _, _, _, arxiv_id in new})
    late = Counter((e.observed_at.date(), e.profile, e.paper_key) for e in events if e.kind is EventKind.PAPER_LATE)
    assert late == Counter((day, key, f"arxiv:{arxiv_id}") for day, key, _, arxiv_id in truth.late_papers())
    moved = {EventKind.METRIC_CHANGED, EventKind.METRIC_RECOUNT}
    metrics = Counter((e.observed_at.date(), e.profile, e.field, e.before, e.after) for e in events if e.kind in moved)
    assert metrics == Counter(truth.metric_changes())
    passed = Counter(
        (e.observed_at.date(), e.profile, e.field, e.before, e.after) for e in events if e.kind == "metric.milestone"
    )
    assert passed == Counter(milestones(truth))
    assert {e.kind for e in events} <= moved | {
        EventKind.METRIC_MILESTONE,
        EventKind.PROFILE_BASELINE, EventKind.PAPER_NEW, EventKind.PAPER_LATE, EventKind.PAPER_ENRICHED,
        EventKind.PAPER_RETITLED, EventKind.PAPER_REVISED, EventKind.PAPER_REMOVED,
        EventKind.HOST_DOWN, EventKind.HOST_BACK,
    }  # fmt: skip


def milestones(truth: Truth) -> Iterator[MetricChange]:
    """What each metric has come to for the first time where it passed a mark."""
    highest: dict[tuple[str, str], int | float] = {}
    for key in sorted({change.key for change in truth.metric_changes()}):
        for day, metrics in truth.metrics_shown(key):
            for metric, value in metrics.items():
                if value is None:
                    continue
                before = highest.setdefault((key, metric), value)
                if mark_between(metric, before, value) is not None:
                    yield MetricChange(day, key, metric, before, value)
                highest[key, metric] = max(before, value)


def config_for(world: World, folder: Path) -> Path:
    people = [
        {"name": world.people[key].name, "profiles": [{"url": url, "source": "scholarfeed"}]}
        for key, url in world.urls.items()
    ]
    config = folder / "scholarwatch.yaml"
    rules = [{"name": "new papers", "on": ["paper.new"], "notify": ["me"], "every": "instant"}]
    written = {"people": people, "rules": rules, "receivers": {"me": {"file": "alerts.jsonl"}}}
    config.write_text(yaml.safe_dump(written), "utf-8")
    return config


def told_items(folder: Path) -> list[dict[str, str]]:
    lines = (folder / "alerts.jsonl").read_text("utf-8").splitlines()
    return [item for line in lines for item in json.loads(line)["items"]]
