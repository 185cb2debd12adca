"""The flows against a real Prefect server, and the deployments with a real worker."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from storage.store import Store
from tests.forked import staying_program
from tests.prefect_runs import of_deployment, run_to_its_end, wait_until_finished
from tests.prefect_server import BIN, PrefectServer, running
from tests.scenarios.command import follow_urls, history, scholarwatch
from world.papers import paper, papers
from world.simulation import World
from world.site import Site

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]

ROOT = Path(__file__).parents[2]
LONG_AGO = date(2020, 6, 1)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def world() -> Iterator[World]:
    with World(5, researchers=4) as world:
        yield world


def people(world: World) -> dict[str, str]:
    return {world.people[key].name: url for key, url in world.urls.items()}


def test_plain_and_through_prefect_leave_the_same(world: World, prefect_server: PrefectServer, tmp_path: Path) -> None:
    plain, flows = tmp_path / "plain", tmp_path / "flows"
    follow_urls(plain, people(world))
    follow_urls(flows, people(world))
    manifests = []
    with (
        staying_program(cwd=plain, environment=os.environ) as run_plain,
        staying_program(cwd=flows, environment=prefect_server.environment) as run_flows,
    ):
        for day in range(3):
            if day:
                world.advance()
            if day == 1:
                world.site.down(next(iter(world.urls)))
            for run in (run_plain, run_flows):
                done = run("run", "--now", world.now.isoformat(), "--json")
                assert done.returncode in (0, 1), done
                manifests.append(json.loads(done.stdout))
    assert history(plain) == history(flows)
    for one, other in zip(manifests[::2], manifests[1::2], strict=True):
        for name in ("track", "deliver"):
            one[name].pop("elapsed_seconds")
            other[name].pop("elapsed_seconds")
    assert manifests[::2] == manifests[1::2]
    daily: dict[str, object] = {"flows": {"name": {"any_": ["track", "deliver"]}}}
    runs = prefect_server.post("/flow_runs/filter", daily | {"sort": "START_TIME_ASC"})
    states = [run["state_name"] for run in runs]
    assert states == ["Completed", "Completed", "Degraded", "Completed", "Completed", "Completed"]
    artifacts = prefect_server.post("/artifacts/filter", {})
    assert sum(artifact["key"] == "track-manifest" for artifact in artifacts) == 3
    assert "degraded" in str([artifact["data"] for artifact in artifacts])
    assert len(prefect_server.post("/task_runs/filter", daily)) == 3
    with Store.open_existing(str(flows / "scholarwatch.db")) as store:
        recorded = [str((run.manifest or {}).get("flow_run")) for run in reversed(store.runs())]
    assert recorded == [run["id"] for run in runs]


@pytest.mark.slow
def test_the_deployments_run_on_a_worker(site: Site, prefect_server: PrefectServer, tmp_path: Path) -> None:
    """What a run has found is delivered by what starts at the event of it, see deployments/prefect.yaml.

    In the ordinary run `test_up` has a worker, and a run of either.
    """
    today = datetime.now(UTC).date()
    site.on(today)
    keys = [site.author(name, papers(2, before=LONG_AGO, seed=n)) for n, name in enumerate(("Ada Worker", "Bo Worker"))]
    people = {site.profile(key).name: site.url(key) for key in keys}
    config = follow_urls(tmp_path / "home", people)
    environment = prefect_server.environment | {"SCHOLARWATCH_CONFIG": str(config)}
    # The second time changes nothing.
    for _ in range(2):
        said = scholarwatch("deploy", "--json", cwd=tmp_path, environment=prefect_server.environment)
        known = ["track", "shard", "deliver", "digest", "watch", "backfill", "replay"]
        assert json.loads(said.stdout) == {"api": prefect_server.api, "deployments": known}
    automations = [one["name"] for one in prefect_server.post("/automations/filter", {})]
    assert automations.count("scholarwatch delivers at once what waits") == 1
    assert automations.count("scholarwatch notices runs that were killed") == 1
    deployed = {d["name"]: d for d in prefect_server.post("/deployments/filter", {})}
    schedules = {name: [one["schedule"] for one in deployment["schedules"]] for name, deployment in deployed.items()}
    assert schedules == {
        "track": [{"cron": "30 6 * * *", "timezone": "Europe/Zurich", "day_or": True}],
        "shard": [],
        "deliver": [{"cron": "*/10 * * * *", "timezone": "Europe/Zurich", "day_or": True}],
        "digest": [],
        "watch": [{"cron": "7 * * * *", "timezone": "Europe/Zurich", "day_or": True}],
        "backfill": [],
        "replay": [],
    }
    # A server can plan what they say: versions of Prefect and SQLAlchemy that did not fit each other could not.
    prefect_server.post(f"/deployments/{deployed['watch']['id']}/schedule", {"min_runs": 2})
    planned = prefect_server.post("/flow_runs/filter", of_deployment(deployed["watch"]))
    assert [run["auto_scheduled"] for run in planned][:2] == [True, True]
    # What a schedule starts meanwhile is not what is looked at.
    for deployment in deployed.values():
        prefect_server.pause(deployment)
    worker = [str(BIN / "prefect"), "worker", "start", "--pool", "scholarwatch"]
    with running(worker, environment, tmp_path / "worker.log", cwd=ROOT):
        log = tmp_path / "worker.log"
        run_to_its_end(prefect_server, deployed["track"], log)
        wait_until_finished(prefect_server, deployed["deliver"], 1, log)
        site.add_paper(keys[0], paper("Bees at Night", published=today - timedelta(days=1)))
        run_to_its_end(prefect_server, deployed["track"], log, only_due=False)
        wait_until_finished(prefect_server, deployed["deliver"], 2, log)
    deliveries = prefect_server.post("/flow_runs/filter", of_deployment(deployed["deliver"]))
    assert {delivery["created_by"]["type"] for delivery in deliveries} == {"AUTOMATION"}
    told = [
        sorted(f"{item['kind']}: {item['title']}" for item in json.loads(message)["items"])
        for message in config.with_name("alerts.jsonl").read_text("utf-8").splitlines()
    ]
    assert told == [["profile.baseline: Ada Worker", "profile.baseline: Bo Worker"], ["paper.new: Bees at Night"]]
