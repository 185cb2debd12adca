"""Events of flows, as a real Prefect server hears of them."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.prefect_events import deaf, heard, heard_in_time
from tests.prefect_server import PrefectServer
from tests.scenarios.command import follow_urls, json_lines, scholarwatch
from world.papers import papers
from world.site import Site

# Prefect itself tries for long to be heard of.
pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.xdist_group("prefect")]

FIRST, SECOND = "2026-11-23T09:00:00+00:00", "2026-11-24T09:00:00+00:00"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def test_what_a_server_does_not_hear_the_next_run_tells(
    site: Site, prefect_server: PrefectServer, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    people = {}
    for number, name in enumerate(("Ada Deaf", "Bo Deaf")):
        key = site.author(name, papers(2, before=date(2026, 6, 1), seed=number), citations=3)
        people[name] = site.url(key)
    # A secret address that nobody answers, too.
    secret = f"{site.root}/ping/5e0c8a1d"
    follow_urls(home, people, watch={"heartbeat": secret})
    with deaf(prefect_server) as server:
        run = scholarwatch("run", "--now", FIRST, "--json", cwd=home, environment=server.environment)
    assert json.loads(run.stdout)["track"]["state"] == "ok"
    assert "events were not announced" in run.stderr
    assert "heartbeat: 127.0.0.1 answered 404 (Not Found)" in run.stderr
    assert "5e0c8a1d" not in run.stdout + run.stderr
    assert heard(prefect_server, people) == []

    site.set_metric("1001", "citations", 5)
    second = scholarwatch("run", "--now", SECOND, "--json", cwd=home, environment=prefect_server.environment)
    assert "events were not announced" not in second.stderr
    stored = {event["id"]: event for event in json_lines("events", cwd=home)}
    told = heard_in_time(prefect_server, people, len(stored))
    assert {event["payload"]["id"]: event["payload"] for event in told} == stored
    assert len({event["id"] for event in told}) == len(told) == len(stored)
    assert {event["event"] for event in told} >= {"scholarwatch.profile.baseline", "scholarwatch.metric.changed"}
    roles = {resource["prefect.resource.role"] for event in told for resource in event["related"]}
    assert roles >= {"person", "run", "flow-run"}
