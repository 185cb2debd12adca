"""How Prefect's database grows: by tens of task runs for thousands of profiles, and old runs go again."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.batches import BATCH, split
from tests.prefect_server import PrefectServer
from tests.scenarios.command import follow_urls, scholarwatch
from tracking.check import Watch
from world.papers import papers
from world.site import Site

_MANY = 300


# ---- task runs


def watch(number: int, host: str) -> Watch:
    url = f"https://{host}/author/{number}"
    return Watch(
        profile_id=number, revision=0, person_id=number, person="", source="scholarfeed", key=str(number), url=url
    )


@pytest.mark.parametrize(("hosts", "tasks"), [(1, 40), (3, 42), (10, 40), (40, 40), (41, 41), (700, 42), (10_000, 40)])
def test_ten_thousand_profiles_are_tens_of_tasks(hosts: int, tasks: int) -> None:
    watches = [watch(number, f"host{number % hosts}.example.org") for number in range(10_000)]
    batches = split(watches)
    assert len(batches) == tasks
    assert sum(len(part) for _, part in batches) == 10_000
    assert max(len(part) for _, part in batches) <= BATCH


def test_hosts_that_share_a_batch_take_turns_and_those_who_waited_longest_go_first() -> None:
    watches = [
        watch(number, host) for number, host in enumerate(["b.org", "a.org", "a.org", "b.org", "c.org", "a.org"])
    ]
    [(name, part)] = split(watches)
    assert name == "3 hosts from a.org on"
    assert [one.profile_id for one in part] == [1, 0, 4, 2, 3, 5]


@pytest.mark.prefect
@pytest.mark.slow
@pytest.mark.xdist_group("prefect")
def test_a_real_run_of_many_profiles_makes_few_task_runs(prefect_server: PrefectServer, tmp_path: Path) -> None:
    with Site() as site:
        keys = [
            site.author(f"Ada {number}", papers(1, before=date(2020, 6, 1), seed=number)) for number in range(_MANY)
        ]
        home = tmp_path / "home"
        follow_urls(home, {site.profile(key).name: site.url(key) for key in keys})
        scholarwatch("run", cwd=home, environment=prefect_server.environment)
        assert len([request for request in site.requests if request.path.startswith("/author/")]) == _MANY
        host = site.root.partition("//")[2]
    made = prefect_server.post("/task_runs/filter", {"task_runs": {"name": {"like_": f"check {host}"}}})
    assert len(made) == -(-_MANY // BATCH)


# ---- retention


@pytest.mark.prefect
@pytest.mark.xdist_group("prefect")
def test_old_runs_go_and_young_ones_stay(prefect_server: PrefectServer) -> None:
    flow = prefect_server.post("/flows/", {"name": "of long ago"})["id"]
    old, young = (ended_run(prefect_server, flow) for _ in range(2))
    age(prefect_server, old, timedelta(days=31))
    age(prefect_server, young, timedelta(days=29))
    deadline = time.monotonic() + 600
    while exists(prefect_server, old):
        assert time.monotonic() < deadline, "a run of 31 days is not deleted"
        time.sleep(0.5)
    assert exists(prefect_server, young)


def ended_run(server: PrefectServer, flow: str) -> str:
    made: dict[str, Any] = server.post("/flow_runs/", {"flow_id": flow, "state": {"type": "RUNNING"}})
    server.post(f"/flow_runs/{made['id']}/set_state", {"state": {"type": "COMPLETED"}, "force": True})
    return str(made["id"])


def age(server: PrefectServer, run: str, by: timedelta) -> None:
    """Let a run have ended so long ago: no interface of the server's can say that."""
    ended = (datetime.now(UTC) - by).strftime("%Y-%m-%d %H:%M:%S.%f")
    file = Path(server.environment["PREFECT_HOME"]) / "prefect.db"
    with closing(sqlite3.connect(file, timeout=120)) as connection, connection:
        changed = connection.execute("UPDATE flow_run SET end_time = ? WHERE id = ?", (ended, run)).rowcount
    assert changed == 1


def exists(server: PrefectServer, run: str) -> bool:
    return bool(server.post("/flow_runs/filter", {"flow_runs": {"id": {"any_": [run]}}}))
