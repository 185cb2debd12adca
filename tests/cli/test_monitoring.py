"""What a program that watches this one is told."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from flows.metrics import METRICS
from tests.cli.days import MONDAY, TUESDAY, begin
from tests.cli.program import Program
from world.site import Site

ROOT = Path(__file__).parents[2]


def values(text: str) -> dict[str, list[float]]:
    families = text_string_to_metric_families(text)
    return {family.name.removeprefix("scholarwatch_"): [one.value for one in family.samples] for family in families}


def test_metrics_of_a_run(site: Site, program: Program) -> None:
    begin(site, program)
    ended = program("metrics", "--now", MONDAY)
    assert (ended.code, ended.err) == (0, "")
    found = values(ended.out)
    assert list(found) == list(METRICS)
    assert (found["people"], found["profiles"], found["profiles_due"]) == ([1], [1], [0])
    assert found["configuration_sound"] == [1]
    assert values(program("metrics", "--now", TUESDAY).out)["profiles_due"] == [1]
    listed = {one["name"]: one for one in program("metrics", "--now", MONDAY, "--json").json()["metrics"]}
    assert listed["scholarwatch_last_track_checks"]["samples"] == [{"labels": {"outcome": "ok"}, "value": 1}]


def test_a_file_that_is_always_whole(site: Site, program: Program) -> None:
    begin(site, program)
    file = program.write("scholarwatch.prom", "what was there before")
    said = program("metrics", "--now", MONDAY, "--output", str(file))
    assert (said.code, said.out) == (0, f"{file} is written.\n")
    assert values(file.read_text("utf-8"))["people"] == [1]
    assert [path.name for path in program.folder.glob("*.prom*")] == ["scholarwatch.prom"]
    assert file.stat().st_mode & 0o444 == 0o444
    again = program("metrics", "--output", str(program.folder / "there" / "is.prom"))
    assert (again.code, "No such file or directory" in again.err) == (1, True)


def test_a_broken_configuration_is_measured_too(site: Site, program: Program) -> None:
    begin(site, program)
    config = program.folder / "scholarwatch.yaml"
    config.write_text(config.read_text("utf-8") + "rules: soon\n", "utf-8")
    ended = program("metrics", "--now", MONDAY)
    assert ended.code == 0
    found = values(ended.out)
    assert (found["configuration_sound"], found["profiles_due"], found["people"]) == ([0], [], [1])
    status = program("status", "--now", MONDAY, "--json")
    assert status.code == 1
    assert [trouble["kind"] for trouble in status.json()["health"]["troubles"]] == ["configuration"]
    assert ": rules: must be a list, not text" in status.json()["health"]["line"]


def test_without_a_configuration_a_database_is_enough(site: Site, program: Program) -> None:
    begin(site, program)
    (program.folder / "scholarwatch.yaml").unlink()
    found = values(program("metrics", "--now", MONDAY).out)
    assert (found["configuration_sound"], found["profiles_due"], found["people"]) == ([], [], [1])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--listen", "9090"], "'9090' is no address; write 127.0.0.1:9090"),
        (["--listen", "127.0.0.1:90900"], "is no address"),
        (["--listen", "127.0.0.1:9090", "--json"], "goes with no other output"),
    ],
)
def test_wrong_use(words: list[str], said: str, program: Program) -> None:
    ended = program("metrics", *words)
    assert (ended.code, said in ended.err) == (2, True)


def test_no_database_is_an_error(program: Program) -> None:
    ended = program("metrics")
    assert (ended.code, ended.out) == (1, "")
    assert "there is no database" in ended.err


def test_the_endpoints_of_a_process(site: Site, program: Program) -> None:
    begin(site, program)
    database = program.folder / "scholarwatch.db"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    words = [sys.executable, "-c", "from cli.main import main; main()", "metrics", "--listen", address]
    with subprocess.Popen(words, cwd=program.folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"Answering at http://{address}/metrics until interrupted.\n"
            with httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=60) as client:
                wait_for(client)
                told = client.get("/metrics")
                assert told.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
                assert values(told.text)["people"] == [1]
                # The run is of a Monday long ago, or to come.
                health = client.get("/health")
                assert health.status_code == (200 if health.json()["well"] else 503)
                assert health.json()["profiles"] == 1
                assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ready\n")
                config = program.folder / "scholarwatch.yaml"
                config.write_text(config.read_text("utf-8") + "rules: soon\n", "utf-8")
                broken = client.get("/health")
                assert broken.status_code == 503
                assert "configuration" in [trouble["kind"] for trouble in broken.json()["troubles"]]
                database.rename(database.with_suffix(".away"))
                for path in ("/readyz", "/metrics", "/health"):
                    gone = client.get(path)
                    assert (gone.status_code, "there is no database" in gone.text) == (503, True)
                assert client.get("/healthz").text == "alive\n"
                assert client.get("/").status_code == 404
                assert client.post("/metrics").status_code == 405
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def wait_for(client: httpx.Client, seconds: float = 120) -> None:
    """Until the process answers."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            client.get("/healthz")
        except httpx.ConnectError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return


def test_status_has_the_line(site: Site, program: Program) -> None:
    begin(site, program)
    found = json.loads(program("status", "--now", MONDAY, "--json").out)["health"]
    assert found["line"] == "All is well: 1 profile of 1 person, last good run less than a minute ago."
    assert found["well"] is True
