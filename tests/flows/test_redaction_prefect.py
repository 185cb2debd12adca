"""What a real Prefect server is told of a flow that meets a secret: logs, states, results and artifacts."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.forked import staying_program
from tests.prefect_server import PrefectServer
from tests.scenarios.command import follow_urls
from world.papers import papers
from world.site import Site

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]

ROOT = Path(__file__).parents[2]
TOKEN, SIGNATURE, PING = "x7KpQ9geheim", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "5e0c8a1d-geheim"
PASSWORD = "db-geheim-1"

#: A flow with the mistake that none of ours has: it logs and raises what it must not.
CARELESS = f"""
import asyncio
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from flows.redaction import guard_logs, know, without_secrets

guard_logs()
know({{"{TOKEN}"}})

@task(name="careless task", cache_policy=NO_CACHE)
@without_secrets
async def work():
    get_run_logger().warning("asking with %s", "{TOKEN}")
    raise ValueError("no answer to {TOKEN}")

@flow(name="careless")
@without_secrets
async def careless(number: int = 3):
    await work()

asyncio.run(careless())
"""


def everything_told(server: PrefectServer) -> str:
    """All that the server keeps of flows, as JSON."""
    kinds = ("flow_runs", "task_runs", "logs", "artifacts")
    told = [server.post(f"/{kind}/filter", {"limit": 200}) for kind in kinds]
    return json.dumps(told)


def test_a_careless_flow(prefect_server: PrefectServer, tmp_path: Path) -> None:
    script = tmp_path / "careless.py"
    script.write_text(CARELESS, "utf-8")
    done = subprocess.run(
        [sys.executable, str(script)],
        env=prefect_server.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode != 0
    assert "no answer to [redacted]" in done.stderr
    told = everything_told(prefect_server)
    assert "careless" in told
    assert "asking with [redacted]" in told
    assert "no answer to [redacted]" in told
    assert TOKEN not in told + done.stdout + done.stderr


def test_our_flows_with_receivers_that_fail(prefect_server: PrefectServer, tmp_path: Path) -> None:
    with Site() as site:
        key = site.author("Ada Example", papers(2, before=date(2020, 6, 1)))
        receivers = {
            "hook": {"webhook": f"{site.root}/in/{TOKEN}", "secret": SIGNATURE},
            "chat": {"apprise": f"json://watch:{PASSWORD}@127.0.0.1:9/{TOKEN}"},
        }
        watch = {"heartbeat": f"{site.root}/ping/{PING}"}
        config = follow_urls(tmp_path / "home", {"Ada Example": site.url(key)}, receivers=receivers, watch=watch)
        with staying_program(cwd=config.parent, environment=prefect_server.environment) as run:
            done = run("--log-format", "json", "run", "--json")
            # A database that is not there.
            elsewhere = f"postgresql+psycopg://watch:{PASSWORD}@127.0.0.1:9/scholar"
            failed = run("run", "--database", elsewhere)
    assert done.returncode == 1, done.stderr
    printed = json.loads(done.stdout)
    assert {failure["receiver"] for failure in printed["deliver"]["failures"]} == {"hook", "chat"}
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [line["event"] for line in lines] == ["check", "run", "message", "message", "run"]
    assert (failed.returncode, "127.0.0.1" in failed.stderr) == (1, True)
    told = everything_told(prefect_server)
    artifacts = prefect_server.post("/artifacts/filter", {"limit": 200})
    pages = [str(artifact["data"]) for artifact in artifacts]
    assert any("# Track of" in page and "| **together** | **1** |" in page for page in pages)
    assert any("# Deliver of" in page and "| `hook` |" in page for page in pages)
    for secret in (TOKEN, SIGNATURE, PING, PASSWORD):
        assert secret not in told + done.stdout + done.stderr + failed.stdout + failed.stderr
