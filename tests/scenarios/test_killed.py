"""A SIGKILL at any point of a run, then the same run again: as if nothing had happened, and no message lost."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from storage.store import Store
from tests.forked import is_killed_at, kill_group, started_program
from tests.scenarios.command import alerts, follow_urls, scholarwatch
from world.rates import NO_TROUBLE, Rates
from world.simulation import World
from world.stock import StockPlan

pytestmark = pytest.mark.xdist_group("killed")

#: More than one transaction takes.
RESEARCHERS = 52


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    plan = StockPlan(papers_each=(2, 3), abstract_characters=(100, 500))
    rates = Rates(most_new_papers_a_day=9)
    with World(3, researchers=RESEARCHERS, troubles=NO_TROUBLE, plan=plan, rates=rates) as world:
        yield world


@pytest.fixture(scope="module")
def checked(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everybody was checked some days ago; today there is news."""
    folder = tmp_path_factory.mktemp("checked") / "yesterday"
    follow_urls(folder, {world.people[key].name + key: url for key, url in world.urls.items()})
    run(folder, world)
    for _ in range(3):
        world.advance()
    return folder


@pytest.fixture(scope="module")
def expected(world: World, checked: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What an undisturbed run leaves."""
    folder = Path(shutil.copytree(checked, tmp_path_factory.mktemp("undisturbed") / "yesterday"))
    run(folder, world)
    left = state(folder)
    assert any(kind == "paper.new" for kind, _ in titles(left["alerts"].values()))
    return left


@pytest.fixture
def yesterday(checked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(checked, tmp_path / "yesterday"))


def run(folder: Path, world: World) -> None:
    scholarwatch("run", "--now", world.now.isoformat(), cwd=folder)


def kill_when(point: Callable[[], bool], folder: Path, world: World) -> bool:
    """A run that is killed, with all it has started, as soon as ``point`` is reached; False if it ended before."""
    with started_program("run", "--now", world.now.isoformat(), cwd=folder) as process:
        while process.is_alive() and not point():
            time.sleep(0.0005)
        return kill_group(process)


def kill_after(answers: int, folder: Path, world: World) -> None:
    """A run that is killed while it waits for a site that answers no more, after the pages of so many people."""
    for key in list(world.urls)[answers:]:
        world.site.hang(key)
    asked = len(world.site.requests)
    # Besides the pages, for the rules of the site.
    assert kill_when(lambda: len(world.site.requests) - asked > answers + 1, folder, world)
    world.site.up()


def state(folder: Path) -> dict[str, Any]:
    """What is recorded and told; a message that came twice under one id counts once."""
    with Store.open_existing(str(folder / "scholarwatch.db")) as store:
        status = store.status()
        return {
            "events": list(store.events()),
            "people": store.people(),
            "persons": [store.person(person.name) for person in store.people()[:3]],
            "counts": {k: v for k, v in asdict(status).items() if k in ("papers", "snapshots", "undelivered", "dead")},
            "alerts": {message["id"]: message for message in alerts(folder)},
        }


def assert_recovers(folder: Path, world: World, expected: dict[str, Any]) -> None:
    run(folder, world)
    assert state(folder) == expected
    ids = [message["id"] for message in alerts(folder)]
    assert len(ids) - len(set(ids)) <= 1


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_killed_at_any_transaction(
    step: int, world: World, yesterday: Path, expected: dict[str, Any], tmp_path: Path
) -> None:
    """At each in the soak; at every fourth, beginning with the first, in the ordinary run."""
    recorded_at_kill = []
    for commit in count(1, step):
        folder = Path(shutil.copytree(yesterday, tmp_path / f"commit {commit}"))
        if not is_killed_at(commit, "run", "--now", world.now.isoformat(), cwd=folder):
            break
        recorded_at_kill.append(len(state(folder)["events"]))
        assert_recovers(folder, world, expected)
        shutil.rmtree(folder)
    assert state(folder) == expected
    # The kills fell before, between and after the transactions that matter.
    assert recorded_at_kill[0] < recorded_at_kill[-1] == len(expected["events"])


def test_killed_while_fetching_and_between_send_and_mark(
    world: World, yesterday: Path, expected: dict[str, Any], tmp_path: Path
) -> None:
    for answers in (0, RESEARCHERS - 1):
        folder = Path(shutil.copytree(yesterday, tmp_path / f"answers {answers}"))
        kill_after(answers, folder, world)
        assert_recovers(folder, world, expected)
    folder = Path(shutil.copytree(yesterday, tmp_path / "sent"))
    told = len(alerts(folder))
    kill_when(lambda: len((folder / "alerts.jsonl").read_bytes().splitlines()) > told, folder, world)
    assert_recovers(folder, world, expected)


def test_a_day_later_the_work_of_a_killed_run_is_done_too(
    world: World, yesterday: Path, expected: dict[str, Any]
) -> None:
    kill_after(RESEARCHERS // 2, yesterday, world)
    tomorrow = (world.now + timedelta(days=1)).isoformat()
    scholarwatch("run", "--now", tomorrow, cwd=yesterday)
    assert titles(alerts(yesterday)) == titles(expected["alerts"].values())


def titles(messages: Any) -> set[tuple[str, str]]:
    return {(item["kind"], item["title"]) for message in messages for item in message["items"]}
