"""Runs of deployments: started on a real Prefect server, and waited for."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.prefect_server import PrefectServer


def of_deployment(deployment: dict[str, Any]) -> dict[str, object]:
    """The filter for its runs, the latest first."""
    return {"deployments": {"id": {"any_": [deployment["id"]]}}, "sort": "START_TIME_DESC"}


def run_to_its_end(server: PrefectServer, deployment: dict[str, Any], log: Path, **parameters: object) -> None:
    """Start a run, as a schedule would; ``log`` is the worker's."""
    asked = {"state": {"type": "SCHEDULED"}, "parameters": parameters}
    started = server.post(f"/deployments/{deployment['id']}/create_flow_run", asked)
    _wait(server, {"flow_runs": {"id": {"any_": [started["id"]]}}}, 1, log)


def wait_until_finished(server: PrefectServer, deployment: dict[str, Any], runs: int, log: Path) -> None:
    """Until so many runs of a deployment have ended well."""
    _wait(server, of_deployment(deployment), runs, log)


def _wait(server: PrefectServer, chosen: dict[str, object], runs: int, log: Path, seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        states = [run["state_type"] for run in server.post("/flow_runs/filter", chosen)]
        if states.count("COMPLETED") >= runs:
            return
        assert not {"FAILED", "CRASHED"} & set(map(str, states)), log.read_text()[-3000:]
        time.sleep(0.3)
    pytest.fail(f"{runs} runs did not end within {seconds:g} s:\n{log.read_text()[-3000:]}")
