"""Shards as flow runs of a deployment on real workers, and as tasks on a Dask cluster: the history of one process."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from flows.settings import load
from flows.track import track
from storage.store import Store
from tests.flows.several_hosts import PEOPLE, Hosts, history, hosts, two_days
from tests.prefect_server import BIN, PrefectServer, running

# Two workers or a cluster have to be started, and a flow for each shard of each day.
pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.xdist_group("prefect")]

ROOT = Path(__file__).parents[2]
New = Callable[[], str]


@pytest.fixture
def world() -> Iterator[Hosts]:
    with hosts() as world:
        yield world


def flow(server: PrefectServer, config: Path, world: Hosts, **parameters: object) -> dict[str, Any]:
    """The flow ``track`` in a process of its own; its manifest."""
    asked = {"config": str(config), "now": world.now.isoformat(), "only_due": False, "shards": 2} | parameters
    code = (
        "import asyncio, datetime, json, sys; from flows.orchestrated import track; asked = json.loads(sys.argv[1]); "
        "asked['now'] = datetime.datetime.fromisoformat(asked['now']); print(json.dumps(asyncio.run(track(**asked))))"
    )
    command = [sys.executable, "-c", code, json.dumps(asked)]
    done = subprocess.run(command, cwd=ROOT, env=server.environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def assert_same_history(
    world: Hosts, new: New, folder: Path, in_shards: Callable[[Path], dict[str, Any]], whole: Path
) -> None:
    """Day by day: one process, and shards as ``in_shards`` does them."""
    databases = new(), new()
    settings = load(world.follow(whole, databases[0]))
    config = world.follow(folder, databases[1])
    with Store.open(databases[0]) as store:
        for _ in two_days(world):
            asyncio.run(track(store, settings, world.now))
            manifest = in_shards(config)
            assert [shard["state"] for shard in manifest["shards"]] == ["done", "done"], manifest
            assert manifest["left"] == 0
    assert history(whole) == history(folder)


# ---- a deployment on a work pool


@contextmanager
def workers(server: PrefectServer, config: Path, folder: Path, number: int = 2) -> Iterator[str]:
    """Workers of one pool on which a deployment of the flow ``shard`` runs; its name."""
    pool = f"shards-{config.parent.name}"
    server.post("/work_pools/", {"name": pool, "type": "process"})
    asked = {"name": pool, "entrypoint": "flows/orchestrated_checks.py:shard", "work_pool": {"name": pool}}
    file = folder / "prefect.yaml"
    file.write_text(yaml.safe_dump({"name": pool, "deployments": [asked]}), "utf-8")
    command = [str(BIN / "prefect"), "--no-prompt", "deploy", "--all", "--prefect-file", str(file)]
    done = subprocess.run(command, cwd=ROOT, env=server.environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    environment = server.environment | {"SCHOLARWATCH_CONFIG": str(config)}
    with ExitStack() as stack:
        for one in range(number):
            start = [str(BIN / "prefect"), "worker", "start", "--pool", pool, "--limit", "1"]
            stack.enter_context(running(start, environment, folder / f"worker-{one}.log", cwd=ROOT))
        yield f"shard/{pool}"


def test_shards_on_a_work_pool(
    world: Hosts, prefect_server: PrefectServer, migrated_postgres_database: New, tmp_path: Path
) -> None:
    parts = tmp_path / "parts"
    with workers(prefect_server, parts / "scholarwatch.yaml", tmp_path) as deployment:
        assert_same_history(
            world,
            migrated_postgres_database,
            parts,
            lambda config: flow(prefect_server, config, world, shard_deployment=deployment),
            tmp_path / "whole",
        )


def test_a_flow_run_that_is_killed_loses_nothing(
    world: Hosts, prefect_server: PrefectServer, migrated_postgres_database: New, tmp_path: Path
) -> None:
    databases = migrated_postgres_database(), migrated_postgres_database()
    settings = load(world.follow(tmp_path / "whole", databases[0]))
    config = world.follow(tmp_path / "killed", databases[1])
    with Store.open(databases[0]) as store:
        asyncio.run(track(store, settings, world.now))
    slow = world.keys[world.sites[2]][-1]
    world.sites[2].hang(slow)
    with (
        Store.open(databases[1]) as store,
        workers(prefect_server, config, tmp_path) as deployment,
        killing(store, lambda: sum(times for path, times in world.requests.items() if path.endswith(slow)) > 1),
    ):
        died = flow(prefect_server, config, world, shard_deployment=deployment)
    assert [shard["state"] for shard in died["shards"]].count("died") == 1
    assert died["state"] == "degraded"
    assert sum(died["outcomes"].values()) + died["left"] == died["profiles"] == 3 * PEOPLE
    world.sites[2].up()
    again = flow(prefect_server, config, world)
    assert (again["profiles"], again["left"]) == (died["left"], 0)
    assert history(tmp_path / "whole") == history(tmp_path / "killed")


@contextmanager
def killing(store: Store, is_time: Callable[[], bool]) -> Iterator[None]:
    """Kill the worker that is at work longest, with what it has started, when it is time to; once."""
    import threading

    ended = threading.Event()

    def wait() -> None:
        while not is_time():
            if ended.wait(0.05):
                return
        # What the others have to do is done by then.
        time.sleep(5)
        newest = store.runs(1)[0].run_id
        for view in store.shards(newest):
            if view.state == "at_work" and view.worker is not None:
                pid = int(view.worker.rpartition(" ")[2])
                for child in psutil.Process(pid).children(recursive=True):
                    child.kill()
                os.kill(pid, signal.SIGKILL)

    thread = threading.Thread(target=wait)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


# ---- a Dask cluster


def test_shards_on_a_dask_cluster(
    world: Hosts, prefect_server: PrefectServer, migrated_postgres_database: New, tmp_path: Path
) -> None:
    pytest.importorskip("prefect_dask")
    parts = tmp_path / "parts"
    environment = prefect_server.environment | {"SCHOLARWATCH_CONFIG": str(parts / "scholarwatch.yaml")}
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = [*dask("scheduler"), "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    with ExitStack() as stack:
        stack.enter_context(running(scheduler, environment, tmp_path / "scheduler.log", cwd=ROOT))
        for one in range(2):
            worker = [*dask("worker"), address, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard"]
            worker += ["--local-directory", str(tmp_path / f"dask-{one}")]
            stack.enter_context(running(worker, environment, tmp_path / f"dask-{one}.log", cwd=ROOT))
        assert_same_history(
            world,
            migrated_postgres_database,
            parts,
            lambda config: flow(prefect_server, config, world, dask=address),
            tmp_path / "whole",
        )


def dask(what: str) -> list[str]:
    return [sys.executable, "-m", "distributed.cli.dask_" + what]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
