"""The replay as a Prefect flow: its form, and that it leaves what the plain function leaves."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from storage.store import Store
from tests.flows.past_pages import settings_for
from tests.flows.stored_pages import FIRST_DAY, a_day, follow
from tests.prefect_server import PrefectServer
from tests.scenarios.command import scholarwatch

ROOT = Path(__file__).parents[2]
FLOW = """
import asyncio, json
from flows.orchestrated import replay
print(json.dumps(asyncio.run(replay(since="2026-11-22", until="2026-11-22", apply=True, now="2026-12-01"))))
"""


@pytest.mark.xdist_group("prefect")
def test_the_form_of_the_flow_explains_every_field() -> None:
    from flows.orchestrated import replay as flow

    fields = flow.parameters.properties
    assert {name for name, field in fields.items() if not field.get("description")} == set()
    assert flow.parameters.required == []


@pytest.mark.prefect
@pytest.mark.xdist_group("prefect")
def test_plain_and_through_prefect_leave_the_same(prefect_server: PrefectServer, tmp_path: Path) -> None:
    manifests = []
    for name in ("plain", "flow"):
        home = tmp_path / name
        home.mkdir()
        settings_for(home)
        with Store.open(str(home / "scholarwatch.db")) as store:
            follow(store, "Ada Example", "Bo Example")
            a_day(store, FIRST_DAY, parser="scholarfeed/0")
        if name == "plain":
            words = ("--since", "2026-11-22", "--until", "2026-11-22", "--apply", "--now", "2026-12-01", "--json")
            out = scholarwatch("replay", *words, cwd=home).stdout
        else:
            environment = prefect_server.environment | {"PYTHONPATH": str(ROOT)}
            done = subprocess.run(
                [sys.executable, "-c", FLOW], cwd=home, env=environment, capture_output=True, text=True, timeout=300
            )
            assert done.returncode == 0, done.stderr
            out = done.stdout.splitlines()[-1]
        with Store.open(str(home / "scholarwatch.db")) as store:
            parsers = {snapshot.parser for snapshot in store.stored_snapshots()}
        manifests.append((json.loads(out) | {"elapsed_seconds": None}, parsers))
    assert manifests[0] == manifests[1]
    assert manifests[0][0]["same"] == 2
    assert "scholarfeed/0" not in manifests[0][1]
