"""Scenarios 36 and 37 with a real Prefect server and real workers: what was missed, what overlaps, what is cut off."""

import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import pytest
import yaml

from flows.up_place import Server
from flows.up_server import make_automations
from storage.store import Store
from tests.prefect_server import BIN, PrefectServer, free_port, serving
from tests.scenarios.command import alerts, follow_urls, scholarwatch
from world.papers import papers
from world.site import Site

# Runs have to be missed, or to overlap, or to be given up: each takes minutes.
pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.xdist_group("prefect")]

ROOT = Path(__file__).parents[2]
ZURICH = ZoneInfo("Europe/Zurich")
LONG_AGO = date(2020, 6, 1)
MISSED = 4
EVERY_SECONDS = 15
PEOPLE = 16
#: Between two pages: a machine may be busy for long, and the run still goes on.
SLOWLY = 12
SECONDS = 900.0

Run = dict[str, Any]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


# ---- missed


def test_of_runs_that_were_missed_while_the_server_was_down_one_works(site: Site, tmp_path: Path) -> None:
    """The worker goes on while its server is away, and is there when it is back."""
    url = site.url(site.author("Ada Asleep", papers(2, before=LONG_AGO)))
    config = follow_urls(tmp_path / "home", {"Ada Asleep": url})
    home, port = tmp_path / "prefect", free_port()
    home.mkdir()
    with ExitStack() as stack:
        with serving(home, schedules=True, port=port) as server:
            deployment = deploy(server, tmp_path, "asleep", schedules=[{"interval": EVERY_SECONDS, "timezone": "UTC"}])
            server.patch("/work_pools/asleep", {"is_paused": True})
            wait_until(lambda: runs(server, deployment) != [], home / "server.log")
            worker = stack.enter_context(working(server, config, "asleep", tmp_path / "worker.log"))
            wait_until(lambda: "started!" in worker.log.read_text(), worker.log)
        log = worker.log
        with serving(home, schedules=True, port=port):
            wait_until(lambda: len(missed(runs(server, deployment))) >= MISSED, home / "server.log")
            server.patch("/work_pools/asleep", {"is_paused": False})
            wait_until(lambda: len(ended := ends(server, deployment)) >= MISSED and "Completed" in ended, log)
            found = ends(server, deployment)
            assert worker.process.poll() is None
            stack.close()
    assert sorted(set(found)) == ["Completed", "Skipped"]
    assert found.count("Completed") == 1
    assert asked(site) == ["/author/1001"]
    states = recorded(config)
    assert states.count("ok") == 1
    assert states.count("skipped") >= MISSED - 1


# ---- the clock is put forward, and back


def test_one_run_a_day_when_the_clock_is_put_forward_and_back(
    site: Site, prefect_server: PrefectServer, tmp_path: Path
) -> None:
    """By a timer that knows the time of the day only: it goes off twice in one night."""
    url = site.url(site.author("Ada Clock", papers(2, before=LONG_AGO)))
    config = follow_urls(tmp_path / "home", {"Ada Clock": url})
    deployment = deploy(prefect_server, tmp_path, "clocks")
    october, march = ((24, 2, 0), (25, 2, 0), (25, 2, 1), (26, 2, 0)), ((27, 2, 0), (28, 1, 0), (28, 3, 0), (29, 2, 0))
    planned = [
        *(datetime(2026, 10, day, hour, 30, tzinfo=ZURICH, fold=fold) for day, hour, fold in october),
        # There is no half past two on the 28th: some timers go off an hour before, some an hour after.
        *(datetime(2027, 3, day, hour, 30, tzinfo=ZURICH) for day, hour, _ in march),
    ]
    by_day: defaultdict[str, list[str]] = defaultdict(list)
    with working(prefect_server, config, "clocks", tmp_path / "worker.log") as worker:
        for at in planned:
            written = at.astimezone(UTC).isoformat()
            run = start(prefect_server, deployment, now=written, scheduled_at=written)
            by_day[f"{at:%d.%m.}"].append(end_of(prefect_server, run, worker.log))
    assert dict(by_day) == {
        "24.10.": ["Completed"], "25.10.": ["Completed", "Skipped"], "26.10.": ["Completed"],
        "27.03.": ["Completed"], "28.03.": ["Completed", "Skipped"], "29.03.": ["Completed"],
    }  # fmt: skip


# ---- overlapping


def test_of_two_runs_on_two_workers_one_works_and_a_backfill_waits(
    site: Site, prefect_server: PrefectServer, tmp_path: Path
) -> None:
    config = follow_slowly(site, tmp_path / "home")
    saved = tmp_path / "2021-03-01.html"
    saved.write_text(site.text_copy("1001"), "utf-8")
    deployment = deploy(prefect_server, tmp_path, "two")
    now = datetime.now(UTC).isoformat()
    with (
        working(prefect_server, config, "two", tmp_path / "first.log") as worker,
        working(prefect_server, config, "two", tmp_path / "second.log"),
    ):
        both = [start(prefect_server, deployment, scheduled_at=now) for _ in range(2)]
        wait_until(lambda: asked(site) != [], worker.log)
        words = ("backfill", "--pages", str(saved), "--profile", site.url("1001"), "--json")
        filled = scholarwatch(*words, cwd=config.parent, environment=without_prefect(), codes=(0, 1))
        # It had its turn after the run of checks.
        assert "A run of checks is at work since " in filled.stderr
        assert "ok" in recorded(config)
        ended = [end_of(prefect_server, run, worker.log) for run in both]
    assert sorted(ended) == ["Completed", "Skipped"]
    assert sorted(asked(site)) == everybody()
    with Store.open_existing(str(config.with_name("scholarwatch.db"))) as store:
        [left] = [run for run in store.runs() if run.state == "skipped"]
    assert left.manifest is not None
    assert left.manifest["skipped"]["why"] in ("going_on", "covered")


# ---- killed


def test_a_run_that_was_killed_with_its_worker_is_noticed_and_the_next_finishes_its_work(
    site: Site, prefect_server: PrefectServer, tmp_path: Path
) -> None:
    config = follow_slowly(site, tmp_path / "home")
    written = config.read_text("utf-8")
    make_automations(Server(api=prefect_server.api))
    deployment = deploy(prefect_server, tmp_path, "killed")
    with working(prefect_server, config, "killed", tmp_path / "first.log") as worker:
        run = start(prefect_server, deployment)
        wait_until(lambda: len(looked_at(config)) >= 2, worker.log)
        worker.kill()
    before, asked_before = looked_at(config), len(asked(site))
    assert 0 < len(before) < PEOPLE
    assert recorded(config) == ["unfinished"]
    # The rest need not take as long.
    config.write_text(written.replace(f"min_interval_seconds: {SLOWLY}", "min_interval_seconds: 0"), "utf-8")
    with working(prefect_server, config, "killed", tmp_path / "second.log") as worker:
        following = start(prefect_server, deployment, scheduled_at=datetime.now(UTC).isoformat())
        assert end_of(prefect_server, following, worker.log) == "Completed"
        # Only who had not been looked at.
        assert sorted(asked(site)[asked_before:]) == sorted(set(everybody()) - before)
        # Prefect hears no more of the first, and says so.
        assert end_of(prefect_server, run, worker.log) == "Crashed"
    assert sorted(recorded(config)) == ["ok", "unfinished"]
    scholarwatch("deliver", cwd=config.parent, environment=without_prefect())
    told = [item["person"] for message in alerts(config.parent) for item in message["items"]]
    assert sorted(told) == [f"Ada {number:02}" for number in range(PEOPLE)]


# ---- people, pages and runs


def follow_slowly(site: Site, home: Path) -> Path:
    """Several people on a host that is asked so rarely that there is time for something to happen."""
    keys = [site.author(f"Ada {number:02}", papers(2, before=LONG_AGO, seed=number)) for number in range(PEOPLE)]
    people = {site.profile(key).name: site.url(key) for key in keys}
    rules = [{"name": "all", "on": ["profile.baseline", "paper.new"], "notify": ["me"], "every": "instant"}]
    receivers = {"me": {"file": "alerts.jsonl", "cap": 1000}}
    config = follow_urls(home, people, fetch={"min_interval_seconds": SLOWLY}, rules=rules, receivers=receivers)
    # Whoever looks into the database meanwhile finds tables.
    Store.open(str(config.with_name("scholarwatch.db"))).close()
    return config


def everybody() -> list[str]:
    return [f"/author/{key}" for key in range(1001, 1001 + PEOPLE)]


def asked(site: Site) -> list[str]:
    """The profiles that were asked for, as often as they were."""
    return [request.path for request in site.requests if request.path.startswith("/author/")]


def looked_at(config: Path) -> set[str]:
    """The profiles of which something is recorded."""
    with Store.open_existing(str(config.with_name("scholarwatch.db"))) as store:
        return {f"/author/{event.profile}" for event in store.events()}


def recorded(config: Path) -> list[str]:
    """How the runs of checks stand that are recorded."""
    with Store.open_existing(str(config.with_name("scholarwatch.db"))) as store:
        return [run.state.value for run in store.runs() if run.kind == "track"]


def without_prefect() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}


# ---- Prefect


@dataclass(frozen=True, slots=True)
class Worker:
    process: "subprocess.Popen[bytes]"
    log: Path

    def kill(self) -> None:
        """It and the runs that it has started, as a machine that loses its power does."""
        itself = psutil.Process(self.process.pid)
        for each in (itself, *itself.children(recursive=True)):
            each.kill()


@contextmanager
def working(server: PrefectServer, config: Path, pool: str, log: Path) -> Iterator[Worker]:
    # Each run is a process: on two cores more than two at once only wait for each other.
    command = [str(BIN / "prefect"), "worker", "start", "--pool", pool, "--name", log.stem, "--limit", "2"]
    environment = server.environment | {"SCHOLARWATCH_CONFIG": str(config)}
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield Worker(process, log)
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def deploy(server: PrefectServer, folder: Path, name: str, schedules: list[Run] | None = None) -> str:
    """`track` as a deployment and a work pool of this name, whose runs may overlap; the deployment's id."""
    server.post("/work_pools/", {"name": name, "type": "process"})
    pool = {"name": name, "job_variables": {"env": {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}}}
    asked_for = {
        "name": name,
        "entrypoint": "flows/orchestrated.py:track",
        "work_pool": pool,
        "tags": ["scholarwatch"],
        "schedules": schedules or [],
    }
    file = folder / "prefect.yaml"
    file.write_text(yaml.safe_dump({"name": name, "deployments": [asked_for]}), "utf-8")
    command = [str(BIN / "prefect"), "--no-prompt", "deploy", "--all", "--prefect-file", str(file)]
    done = subprocess.run(command, cwd=ROOT, env=server.environment, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    [found] = [one for one in server.post("/deployments/filter", {}) if one["name"] == name]
    return str(found["id"])


def start(server: PrefectServer, deployment: str, **parameters: object) -> str:
    """A run, to be started at once; its id."""
    body: dict[str, object] = {"state": {"type": "SCHEDULED"}, "parameters": parameters}
    return str(server.post(f"/deployments/{deployment}/create_flow_run", body)["id"])


def runs(server: PrefectServer, deployment: str) -> list[Run]:
    wanted: dict[str, object] = {"deployments": {"id": {"any_": [deployment]}}, "sort": "EXPECTED_START_TIME_ASC"}
    return list(server.post("/flow_runs/filter", wanted))


def missed(found: list[Run]) -> list[Run]:
    now = datetime.now(UTC)
    return [run for run in found if datetime.fromisoformat(run["expected_start_time"]) < now]


def ends(server: PrefectServer, deployment: str) -> list[str]:
    """How those ended that have."""
    return [run["state_name"] for run in runs(server, deployment) if has_ended(run)]


def end_of(server: PrefectServer, run_id: str, log: Path) -> str:
    """How a run has ended, once it has."""
    wanted: dict[str, object] = {"flow_runs": {"id": {"any_": [run_id]}}}
    found: list[Run] = []

    def is_over() -> bool:
        found[:] = server.post("/flow_runs/filter", wanted)
        return has_ended(found[0])

    wait_until(is_over, log)
    return str(found[0]["state_name"])


def has_ended(run: Run) -> bool:
    return run["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def wait_until(is_so: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, log.read_text()[-3000:]
        time.sleep(0.5)
