"""What `deployments/` says: deployments that exist, forms that read well, automations that a server understands."""

from pathlib import Path
from typing import Any

import pytest
import yaml

_FOLDER = Path(__file__).parents[2] / "deployments"
#: One of the processes of the tests reads Prefect, which takes seconds.
pytestmark = pytest.mark.xdist_group("prefect")

_PREFECT = yaml.safe_load((_FOLDER / "prefect.yaml").read_text("utf-8"))
_AUTOMATIONS = yaml.safe_load((_FOLDER / "automations.yaml").read_text("utf-8"))["automations"]
_DEPLOYMENTS = {one["name"]: one for one in _PREFECT["deployments"]}
#: A shard is started by its run, the others by somebody.
_WITHOUT_SCHEDULE = ("shard", "digest", "backfill", "replay")


def flow_of(deployment: dict[str, Any]) -> Any:
    from flows import orchestrated, orchestrated_checks

    file, _, name = deployment["entrypoint"].partition(":")
    modules = {"flows/orchestrated.py": orchestrated, "flows/orchestrated_checks.py": orchestrated_checks}
    return getattr(modules[file], name)


def form_of(name: str) -> dict[str, dict[str, Any]]:
    """The parameters as Prefect's pages ask for them."""
    from prefect.utilities.callables import parameter_schema

    return dict(parameter_schema(flow_of(_DEPLOYMENTS[name])).properties)


def test_there_is_one_for_each_flow() -> None:
    assert list(_DEPLOYMENTS) == ["track", "shard", "deliver", "digest", "watch", "backfill", "replay"]
    for name, deployment in _DEPLOYMENTS.items():
        assert flow_of(deployment).name == name
        assert deployment["description"].endswith(".")


def test_schedules_have_a_named_time_zone_and_the_others_have_none() -> None:
    schedules = {name: one.get("schedules", []) for name, one in _DEPLOYMENTS.items()}
    assert {name for name, found in schedules.items() if not found} == set(_WITHOUT_SCHEDULE)
    for found in schedules.values():
        assert all(schedule["timezone"] == "Europe/Zurich" and schedule["slug"] for schedule in found)


@pytest.mark.prefect
@pytest.mark.parametrize("name", list(_DEPLOYMENTS))
def test_every_field_of_a_form_has_a_title_and_a_sentence(name: str) -> None:
    for parameter, field in form_of(name).items():
        assert field["title"] != parameter, f"{name}: {parameter} is shown by its name"
        assert field["title"][0].isupper()
        assert field.get("description", "").endswith("."), f"{name}: nothing is said of {parameter}"


@pytest.mark.prefect
def test_what_a_form_asks_for() -> None:
    """The whole form of a backfill, in the order in which it is asked for: a flow's parameters and their defaults."""
    form = form_of("backfill")
    titles = [field["title"] for field in sorted(form.values(), key=lambda field: field["position"])]
    assert titles == [
        "Where from", "Address or paths", "People", "One profile", "From", "Until", "Saved at", "Table of saved pages",
        "File in the repository", "Tell of it", "Only look", "Configuration", "Database", "As of",
    ]  # fmt: skip
    assert form["origin"]["enum"] == ["wayback", "archive", "pages", "warc", "git"]
    assert (form["origin"]["default"], form["people"]["default"], form["notify"]["default"]) == ("wayback", [], False)
    assert {"format": "date", "type": "string"} in form["since"]["anyOf"]


@pytest.mark.prefect
def test_a_run_that_is_silent_is_looked_for_after_more_than_one_sign_of_life() -> None:
    from prefect.events.schemas.automations import AutomationCore, EventTrigger

    [killed] = [AutomationCore.model_validate(one) for one in _AUTOMATIONS]
    assert isinstance(killed.trigger, EventTrigger)
    for deployment in _DEPLOYMENTS.values():
        seconds = int(deployment["work_pool"]["job_variables"]["env"]["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"])
        # Prefect sends none more often than every 30 seconds.
        assert 30 <= seconds <= killed.trigger.within.total_seconds() / 3
        assert "scholarwatch" in deployment["tags"]
    # A run that ends in a state of our own is not silent.
    assert {
        "prefect.flow-run.Degraded",
        "prefect.flow-run.Skipped",
        "prefect.flow-run.Completed",
    } <= killed.trigger.expect


@pytest.mark.parametrize("name", list(_DEPLOYMENTS))
def test_every_deployment_has_the_pool_that_up_makes(name: str) -> None:
    from flows.up_server import POOL

    assert _DEPLOYMENTS[name]["work_pool"]["name"] == POOL
