"""The backfill as a Prefect flow: its form, and that it leaves what the plain function leaves."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from flows.backfill_wanted import OriginKind
from tests.flows.past_pages import ADA, BO, NOW, save_three_days, say_whose, settings_for
from tests.forked import staying_program
from tests.prefect_server import PrefectServer
from tests.scenarios.command import history


@pytest.mark.xdist_group("prefect")
def test_the_form_of_the_flow_explains_every_field() -> None:
    from flows.orchestrated import backfill as flow

    fields = flow.parameters.properties
    assert {name for name, field in fields.items() if not field.get("description")} == set()
    assert fields["origin"]["enum"] == [kind.value for kind in OriginKind]
    assert flow.parameters.required == []


@pytest.mark.prefect
@pytest.mark.xdist_group("prefect")
def test_plain_and_through_prefect_leave_the_same(prefect_server: PrefectServer, tmp_path: Path) -> None:
    folder = save_three_days(tmp_path / "saved")
    whose = {"ada_2026-03-01.html": ADA, "ada_2026-03-02.html": ADA, "ada_2026-03-04.html": BO}
    table = say_whose(tmp_path / "saved.csv", *(f"{name},{name[4:14]},{url}" for name, url in whose.items()))
    words = ["backfill", "--pages", str(folder), "--manifest", str(table), "--now", NOW.isoformat(), "--json"]
    left = []
    for name, environment in (("plain", dict(os.environ)), ("flow", prefect_server.environment)):
        home = tmp_path / name
        home.mkdir()
        settings_for(home)
        with staying_program(cwd=home, environment=environment) as run:
            done = [run(*words, *more) for more in (["--dry-run"], ["--until", "2026-03-02"], [])]
        assert [one.returncode for one in done] == [0, 0, 0], done
        manifests = [json.loads(one.stdout) | {"elapsed_seconds": None} for one in done]
        left.append((manifests, history(home)))
    assert left[0] == left[1]
    tasks = Counter(str(run["name"]) for run in prefect_server.post("/task_runs/filter", {}))
    assert (tasks["fill Ada Example"], tasks["fill Bo Example"]) == (2, 2)
