"""Yesterday's configuration under a real Prefect server: what a timer starts goes on, what somebody starts does not."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.forked import staying_program
from tests.prefect_server import PrefectServer
from tests.scenarios.command import alerts, follow_urls
from world.papers import papers
from world.site import Site

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]

MONDAY, TUESDAY = "2026-11-23T09:00:00+00:00", "2026-11-24T09:00:00+00:00"


def test_a_broken_file_degrades_what_a_timer_starts(prefect_server: PrefectServer, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Site() as site:
        site.on(date(2026, 11, 23))
        key = site.author("Ada Yesterday", papers(2, before=date(2020, 6, 1)))
        config = follow_urls(home, {"Ada Yesterday": site.url(key)})
        with staying_program(cwd=home, environment=prefect_server.environment) as run:
            first = run("run", "--now", MONDAY, "--json")
            assert first.returncode == 0, first.stderr
            config.write_text(config.read_text("utf-8") + "rulez: []\n", "utf-8")
            went_on = run("run", "--scheduled", "--now", TUESDAY, "--json")
            by_hand = run("run", "--now", "2026-11-25T09:00:00+00:00", "--json")
    assert went_on.returncode == 1, went_on.stderr
    manifests = json.loads(went_on.stdout)
    track = manifests["track"]
    assert (track["profiles"], track["state"], track["failed"]) == (1, "degraded", 0)
    assert "rulez: unknown key" in track["broken"]
    assert manifests["deliver"]["state"] == "ok"
    assert [item["kind"] for item in alerts(home)[-1]["items"]] == ["config.broken"]
    assert (by_hand.returncode, "rulez: unknown key; did you mean “rules”?" in by_hand.stderr) == (2, True)
    asked = {"flow_runs": {"state": {"name": {"any_": ["Degraded"]}}}, "sort": "START_TIME_DESC", "limit": 1}
    (degraded,) = prefect_server.post("/flow_runs/filter", asked)
    assert "rulez" in degraded["state"]["message"]
