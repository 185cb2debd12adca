"""One real Prefect server for the whole session, on a database of its own that goes with it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.up_place import PATIENCE, RETENTION

BIN = Path(sys.executable).parent
_BUSY_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class PrefectServer:
    """``environment`` is that of a process which is to use this server."""

    api: str
    environment: dict[str, str]

    def post(self, path: str, body: dict[str, object]) -> Any:
        """The answer's JSON. Raises httpx.HTTPStatusError for what the server does not like."""
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            answer = httpx.post(f"{self.api}{path}", json=body, timeout=60, verify=False)
            # Its SQLite is locked: Prefect's own clients try again, too.
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                break
            time.sleep(0.5)
        answer.raise_for_status()
        return answer.json()

    def patch(self, path: str, body: dict[str, object]) -> None:
        """Change something. Raises httpx.HTTPStatusError for what the server does not like."""
        httpx.patch(f"{self.api}{path}", json=body, timeout=60, verify=False).raise_for_status()

    def pause(self, deployment: dict[str, Any]) -> None:
        """Start nothing of a deployment by its schedules any more."""
        for schedule in deployment["schedules"]:
            self.patch(f"/deployments/{deployment['id']}/schedules/{schedule['id']}", {"active": False})


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    with serving(tmp_path_factory.mktemp("prefect")) as server:
        yield server


@contextmanager
def serving(home: Path, *, schedules: bool = False, port: int | None = None) -> Iterator[PrefectServer]:
    """A server on a free port, until the block ends; with ``schedules`` it starts what they say.

    With the same home and port it is the same server again.
    """
    port = port or free_port()
    api = f"http://127.0.0.1:{port}/api"
    environment = os.environ | {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # Nothing is late or cancelled here; and workers need not think twice.
        "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": str(schedules).lower(),
        "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        # There is no TLS here, and each client would read all the certificates that are believed.
        "PREFECT_API_TLS_INSECURE_SKIP_VERIFY": "true",
        # As with `up`, and looked for more often than every hour.
        **RETENTION,
        **PATIENCE,
        "PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "10",
    }
    command = [str(BIN / "prefect"), "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    with running(command, environment, home / "server.log", cwd=home):
        _wait_until_healthy(api, home / "server.log")
        yield PrefectServer(api, environment)


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path, cwd: Path) -> Iterator[None]:
    """A process that runs as long as the block, its output in ``log``."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, cwd=cwd, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(api: str, log: Path, seconds: float = 900) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{api}/health", timeout=60, verify=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"Prefect's server did not answer within {seconds:g} s:\n{log.read_text()[-2000:]}")
