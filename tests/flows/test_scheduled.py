"""Scenario 37 with a real Prefect server and a real worker: what was missed while nobody worked is done once."""

import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from storage.store import Store
from tests.prefect_server import BIN, PrefectServer, running, serving
from tests.scenarios.command import follow_urls
from world.papers import papers
from world.site import Site

# A server of its own has to plan runs, and they have to be missed.
pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.xdist_group("prefect")]

ROOT = Path(__file__).parents[2]
MISSED = 4


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PrefectServer]:
    """One that starts what schedules say."""
    home = tmp_path / "prefect"
    home.mkdir()
    with serving(home, schedules=True) as server:
        yield server


def test_of_runs_that_were_missed_one_works(site: Site, server: PrefectServer, tmp_path: Path) -> None:
    url = site.url(site.author("Ada Asleep", papers(2, before=date(2020, 6, 1))))
    config = follow_urls(tmp_path / "home", {"Ada Asleep": url})
    environment = server.environment | {"SCHOLARWATCH_CONFIG": str(config)}
    server.post("/work_pools/", {"name": "asleep", "type": "process"})
    deployment = deploy(server, tmp_path)
    deadline = time.monotonic() + 600
    while len(missed(runs(server, deployment))) < MISSED:
        assert time.monotonic() < deadline, (tmp_path / "prefect" / "server.log").read_text()[-3000:]
        time.sleep(0.5)
    log = tmp_path / "worker.log"
    with running([str(BIN / "prefect"), "worker", "start", "--pool", "asleep"], environment, log, cwd=ROOT):
        while len(ended := names(runs(server, deployment))) < MISSED or "Completed" not in ended:
            assert time.monotonic() < deadline, log.read_text()[-3000:]
            time.sleep(0.5)
    assert sorted(set(ended)) == ["Completed", "Skipped"]
    assert ended.count("Completed") == 1
    assert [request.path for request in site.requests].count("/author/1001") == 1
    with Store.open_existing(str(config.with_name("scholarwatch.db"))) as store:
        states = [run.state.value for run in store.runs()]
    assert states.count("ok") == 1
    assert states.count("skipped") >= MISSED - 1


def deploy(server: PrefectServer, folder: Path) -> str:
    """A deployment that a schedule starts every three seconds; its id."""
    asked = {
        "name": "asleep",
        "entrypoint": "flows/orchestrated.py:track",
        "work_pool": {"name": "asleep"},
        "schedules": [{"interval": 3, "timezone": "UTC"}],
    }
    file = folder / "prefect.yaml"
    file.write_text(yaml.safe_dump({"name": "asleep", "deployments": [asked]}), "utf-8")
    command = [str(BIN / "prefect"), "--no-prompt", "deploy", "--all", "--prefect-file", str(file)]
    done = subprocess.run(command, cwd=ROOT, env=server.environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    [found] = server.post("/deployments/filter", {})
    return str(found["id"])


def runs(server: PrefectServer, deployment: str) -> list[dict[str, Any]]:
    asked: dict[str, object] = {"deployments": {"id": {"any_": [deployment]}}, "sort": "EXPECTED_START_TIME_ASC"}
    return list(server.post("/flow_runs/filter", asked))


def missed(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    return [run for run in found if datetime.fromisoformat(run["expected_start_time"]) < now]


def names(found: list[dict[str, Any]]) -> list[str]:
    """How those ended that have."""
    return [run["state_name"] for run in found if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")]
