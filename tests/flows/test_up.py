"""`scholarwatch up` as its users have it: a process that has others, and what is left of them."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest
from sqlalchemy import make_url

from flows.up_place import RETENTION, Place, UpError, prefect_database
from tests.prefect_runs import run_to_its_end, wait_until_finished
from tests.prefect_server import BIN, PrefectServer, free_port
from tests.scenarios.command import alerts, follow_urls
from world.papers import papers
from world.site import Site

_ROOT = Path(__file__).parents[2]
#: A cold start takes a minute and more where others work too.
_SECONDS = 600.0
_OURS = "postgresql+psycopg://me:word@db/watch"


# ---- a real one


@dataclass(frozen=True, slots=True)
class Up:
    """One that was started. ``said`` is where its standard error goes."""

    process: "subprocess.Popen[str]"
    said: Path

    def address(self) -> str:
        """Once everything runs: read from standard output."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.said.read_text("utf-8")
        return str(json.loads(line)["address"])

    def parts(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Its exit code and all that it has said, after a signal."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        return self.process.wait(_SECONDS), self.said.read_text("utf-8")


@contextmanager
def started(config: Path, port: int, *words: str) -> Iterator[Up]:
    command = [str(BIN / "scholarwatch"), "up", "--config", str(config), "--port", str(port), "--json", *words]
    # Another server that is configured here is none of its business.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    said = config.with_name(f"said-{time.monotonic_ns()}.txt")
    with said.open("wb") as errors:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        yield Up(process, said)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(_SECONDS)
        assert process.stdout is not None
        process.stdout.close()


def up(config: Path, port: int, *words: str) -> tuple[int, str]:
    """One that is not to stay: its exit code, and what it said."""
    with started(config, port, *words) as started_one:
        return started_one.ended()


def asked(address: str, path: str) -> Any:
    answer = httpx.post(f"{address}/api{path}", json={}, timeout=60, verify=False)
    answer.raise_for_status()
    return answer.json()


def are_gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=120)
    return not alive


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        site.on(datetime.now(UTC).date())
        yield site


@pytest.mark.prefect
@pytest.mark.xdist_group("prefect")
def test_everything_runs_until_it_is_asked_to_end(site: Site, tmp_path: Path) -> None:
    key = site.author("Ada Example", papers(2, before=date(2020, 6, 1)))
    config, port = follow_urls(tmp_path / "home", {"Ada Example": site.url(key)}), free_port()
    with started(config, port) as first:
        address = first.address()
        assert address == f"http://127.0.0.1:{port}"
        deployments = asked(address, "/deployments/filter")
        names = {one["name"]: [schedule["active"] for schedule in one["schedules"]] for one in deployments}
        assert names == {
            "track": [True], "shard": [], "deliver": [True], "watch": [True], "digest": [], "backfill": [], "replay": [],
        }  # fmt: skip
        assert "scholarwatch notices runs that were killed" in [
            one["name"] for one in asked(address, "/automations/filter")
        ]
        [worker] = asked(address, "/work_pools/scholarwatch/workers/filter")
        assert worker["status"] == "ONLINE"
        assert config.with_name("prefect").joinpath("prefect.db").is_file()
        # What a schedule starts is done, and what was found is delivered at the event of it.
        server, log = PrefectServer(f"{address}/api", {}), config.with_name("prefect") / "worker.log"
        deployed = {one["name"]: one for one in deployments}
        run_to_its_end(server, deployed["track"], log)
        wait_until_finished(server, deployed["deliver"], 1, log)
        assert [item["kind"] for message in alerts(config.parent) for item in message["items"]] == ["profile.baseline"]
        # A second one says what runs there, and does no harm.
        code, said = up(config, port)
        assert code == 1
        assert f"it is up already: {address}, since " in said
        code, said = up(config, port, "--home", str(tmp_path / "other"))
        assert code == 1
        assert f"that is not of this folder runs at {address} already" in said
        parts = first.parts()
        assert len(parts) >= 2
        code, said = first.end(signal.SIGTERM)
    assert code == 0
    assert said.splitlines()[-1] == "Down."
    assert are_gone(parts)
    assert config.with_name("prefect").joinpath("up.lock").read_text("utf-8") == ""


@pytest.mark.prefect
@pytest.mark.slow
@pytest.mark.xdist_group("prefect")
def test_killed_and_begun_again_on_postgresql(tmp_path: Path, postgres_server: str) -> None:
    """Prefect's tables are in a PostgreSQL of their own; a kill leaves nothing that is in the way; a part's end is told."""
    config, port = follow_urls(tmp_path / "home", {}), free_port()
    with new_database(postgres_server) as url:
        if not has_extension(url, "pg_trgm"):
            pytest.skip("Prefect needs pg_trgm: name a PostgreSQL that has it by SCHOLARWATCH_TEST_POSTGRES")
        with started(config, port, "--prefect-database", url) as first:
            first.address()
            parts = first.parts()
            first.end(signal.SIGKILL)
            assert are_gone(parts)
        with started(config, port, "--prefect-database", url) as second:
            address = second.address()
            # The same deployments, not as many again.
            assert len(asked(address, "/deployments/filter")) == 7
            assert len(asked(address, "/automations/filter")) == 2
            [worker] = [part for part in second.parts() if "worker" in part.cmdline()]
            worker.kill()
            code, said = second.ended()
        assert code == 1
        assert "worker was ended by SIGKILL; the end of" in said
        assert "Worker 'up on" in said
    assert not config.with_name("prefect").joinpath("prefect.db").exists()


def has_extension(url: str, name: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = %s", [name])
        return found.fetchone() is not None


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """The URL of an empty database on a server, as somebody may write it."""
    url = make_url(server).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute("CREATE DATABASE prefect_of_up")
        yield url.set(database="prefect_of_up").render_as_string(hide_password=False)
        connection.execute("DROP DATABASE prefect_of_up WITH (FORCE)")


# ---- what keeps it from starting


def test_an_address_of_another_machine(tmp_path: Path) -> None:
    code, said = up(follow_urls(tmp_path / "home", {}), free_port(), "--host", "192.0.2.1")
    assert (code, said) == (1, "scholarwatch: there is no address 192.0.2.1 on this machine to serve at\n")


@pytest.mark.prefect
@pytest.mark.slow
@pytest.mark.xdist_group("prefect")
def test_a_part_that_cannot_start_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    config = follow_urls(tmp_path / "home", {})
    code, said = up(config, free_port(), "--prefect-database", "postgresql://nobody@127.0.0.1:1/prefect")
    assert code == 1
    assert "scholarwatch: server ended with exit code " in said
    assert f"the end of {config.with_name('prefect')}/server.log:\n  " in said


def test_a_port_that_another_program_has(tmp_path: Path) -> None:
    config = follow_urls(tmp_path / "home", {})
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        port = listener.getsockname()[1]
        code, said = up(config, port)
    assert (code, said) == (1, f"scholarwatch: port {port} is used by another program; choose another --port\n")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    config = follow_urls(tmp_path / "home", {})
    (tmp_path / "taken").write_text("", "utf-8")
    said = up(config, free_port(), "--home", str(tmp_path / "taken"))
    assert said == (1, f"scholarwatch: the folder {tmp_path / 'taken'} cannot be made: File exists\n")


# ---- places


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:4200"),
        ("0.0.0.0", "http://127.0.0.1:4200"),
        ("::", "http://[::1]:4200"),
        ("::1", "http://[::1]:4200"),
        ("lab.example.org", "http://lab.example.org:4200"),
    ],
)
def test_the_address_can_be_asked(host: str, address: str) -> None:
    place = Place(home=Path("/srv/prefect"), host=host, port=4200, environment={})
    assert (place.address, place.api) == (address, f"{address}/api")


def test_the_parts_are_on_one_server_and_one_database_whatever_the_environment_says() -> None:
    environment = {
        "PATH": "/bin",
        "PREFECT_API_URL": "https://elsewhere.example.org/api",
        "PREFECT_HOME": "/elsewhere",
        "PREFECT_PROFILE": "work",
        "PREFECT_API_DATABASE_CONNECTION_URL": "sqlite+aiosqlite:////elsewhere.db",
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P1D",
    }
    place = Place(home=Path("/srv/prefect"), host="127.0.0.1", port=4200, environment=environment)
    there = place.surroundings
    assert there["PATH"] == "/bin"
    assert there["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
    assert there["PREFECT_HOME"] == "/srv/prefect"
    assert there["PREFECT_SERVER_DATABASE_CONNECTION_URL"] == "sqlite+aiosqlite:////srv/prefect/prefect.db"
    assert {"PREFECT_API_DATABASE_CONNECTION_URL", "PREFECT_PROFILE"} & set(there) == set()
    # What somebody has chosen otherwise holds; of the rest Prefect's database stays small.
    assert there["PREFECT_SERVER_EVENTS_RETENTION_PERIOD"] == "P1D"
    assert there["PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED"] == RETENTION["PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED"]


@pytest.mark.parametrize(
    ("written", "environment", "found"),
    [
        (None, {}, None),
        (None, {"PREFECT_SERVER_DATABASE_CONNECTION_URL": ""}, None),
        ("postgresql://me:word@db/prefect", {}, "postgresql+asyncpg://me:word@db/prefect"),
        ("postgresql+asyncpg://db/prefect", {}, "postgresql+asyncpg://db/prefect"),
        # The same name on another server.
        ("postgresql://elsewhere/watch", {}, "postgresql+asyncpg://elsewhere/watch"),
        (None, {"PREFECT_API_DATABASE_CONNECTION_URL": "postgres://db/prefect"}, "postgresql+asyncpg://db/prefect"),
        (
            "sqlite:////srv/prefect.db",
            {"PREFECT_SERVER_DATABASE_CONNECTION_URL": "postgres://db/p"},
            "sqlite+aiosqlite:////srv/prefect.db",
        ),
    ],
)
def test_prefects_database_as_it_is_written(
    written: str | None, environment: dict[str, str], found: str | None
) -> None:
    assert prefect_database(written, environment, _OURS) == found


@pytest.mark.parametrize(
    ("written", "ours", "said"),
    [
        ("mysql://me:word@db/prefect", _OURS, "mysql:// is not understood; write postgresql+asyncpg://"),
        ("word", _OURS, "it must be a URL; write postgresql+asyncpg://"),
        ("postgresql://[word/prefect", _OURS, "the URL cannot be read"),
        ("postgresql+asyncpg://other:word@db:5432/watch", _OURS, "must be another than Scholarwatch's own"),
        (
            "postgresql:///watch?host=/run/pg",
            "postgresql+psycopg:///watch?host=/run/pg",
            "must be another than Scholarwatch's own",
        ),
        ("sqlite:////srv/watch.db", "/srv/watch.db", "must be another than Scholarwatch's own"),
    ],
)
def test_a_database_that_cannot_be_prefects(written: str, ours: str, said: str) -> None:
    with pytest.raises(UpError) as refused:
        prefect_database(written, {}, ours)
    assert said in str(refused.value)
    assert "word" not in str(refused.value)
