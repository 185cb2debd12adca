"""The flows against a real Prefect server, and the deployments with a real worker."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.forked import staying_program
from tests.prefect_server import BIN, PrefectServer, running
from tests.scenarios.command import follow_urls, history
from world.simulation import World

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]

ROOT = Path(__file__).parents[2]


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


def prefect(*words: str, server: PrefectServer) -> None:
    command = [str(BIN / "prefect"), "--no-prompt", *words]
    done = subprocess.run(command, cwd=ROOT, env=server.environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_deployments_run_on_a_worker(world: World, prefect_server: PrefectServer, tmp_path: Path) -> None:
    config = follow_urls(tmp_path / "home", people(world))
    environment = prefect_server.environment | {"SCHOLARWATCH_CONFIG": str(config)}
    prefect_server.post("/work_pools/", {"name": "scholarwatch", "type": "process"})
    prefect("deploy", "--all", "--prefect-file", "deployments/prefect.yaml", server=prefect_server)
    deployed = {d["name"]: d for d in prefect_server.post("/deployments/filter", {})}
    schedules = {name: [one["schedule"] for one in deployment["schedules"]] for name, deployment in deployed.items()}
    assert schedules == {
        "daily": [{"cron": "30 6 * * *", "timezone": "Europe/Zurich", "day_or": True}],
        "every-ten-minutes": [{"cron": "*/10 * * * *", "timezone": "Europe/Zurich", "day_or": True}],
        "by-hand": [],
    }
    worker = [str(BIN / "prefect"), "worker", "start", "--pool", "scholarwatch"]
    with running(worker, environment, tmp_path / "worker.log", cwd=ROOT):
        for name in ("daily", "every-ten-minutes"):
            deployment = deployed[name]["id"]
            prefect_server.post(f"/deployments/{deployment}/create_flow_run", {"state": {"type": "SCHEDULED"}})
            wait_until_finished(prefect_server, deployment, tmp_path / "worker.log")
    with Store.open_existing(str(config.with_name("scholarwatch.db"))) as store:
        status = store.status()
        assert (status.people, status.undelivered) == (4, 0)
        assert [event.kind for event in store.events()] == ["profile.baseline"] * 4
    (message,) = config.with_name("alerts.jsonl").read_text("utf-8").splitlines()
    assert len(json.loads(message)["items"]) == 4


def wait_until_finished(server: PrefectServer, deployment: object, log: Path, seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    wanted = {"deployments": {"id": {"any_": [deployment]}}, "sort": "START_TIME_DESC"}
    while time.monotonic() < deadline:
        states = [run["state_type"] for run in server.post("/flow_runs/filter", wanted)]
        if "COMPLETED" in states:
            return
        assert not {"FAILED", "CRASHED"} & set(map(str, states)), log.read_text()[-3000:]
        time.sleep(0.3)
    pytest.fail(f"the run did not end within {seconds:g} s:\n{log.read_text()[-3000:]}")
