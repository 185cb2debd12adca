"""Runs in shards: real processes over several hosts and PostgreSQL leave what one process leaves."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from flows.deliver import deliver
from flows.manifest import TrackManifest
from flows.settings import load
from flows.shard import check_shard
from flows.shard_processes import in_processes
from flows.sharded import Sharding, StartShard, plans, track_in_shards
from flows.track import track
from storage.errors import StoreError
from storage.store import Store
from tests.flows.several_hosts import PEOPLE, Hosts, days, history, hosts, run
from tests.forked import process
from tests.scenarios.command import scholarwatch
from tracking.sharding import ShardState

pytestmark = pytest.mark.xdist_group("shards")

New = Callable[[], str]


@pytest.fixture
def world() -> Iterator[Hosts]:
    with hosts() as world:
        yield world


@contextmanager
def followed(folder: Path, world: Hosts, database: str) -> Iterator[Callable[[StartShard], TrackManifest]]:
    """A run in two shards of all that is followed, which are started as is said."""
    settings = load(world.follow(folder, database))
    with Store.open(database) as store:
        yield lambda start: asyncio.run(track_in_shards(store, settings, world.now, Sharding(shards=2, start=start)))


def processes(config: Path) -> StartShard:
    """Shards in processes of their own."""
    return in_processes(2, load(config), new_process=process).start


def here(config: Path) -> StartShard:
    """Shards that are done in this process."""
    settings = load(config)

    async def start(run_id: str, number: int) -> None:
        with Store.open(settings.database) as store:
            await check_shard(store, settings, run_id, number)

    return start


async def nobody(_run_id: str, _number: int) -> None:
    """There is no worker."""


@pytest.mark.parametrize("workers", ["here", pytest.param("processes", marks=pytest.mark.slow)])
def test_shards_leave_what_one_process_leaves(
    workers: str, world: Hosts, migrated_postgres_database: New, tmp_path: Path
) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    databases = migrated_postgres_database(), migrated_postgres_database()
    settings = [load(world.follow(folder, at)) for folder, at in zip((whole, parts), databases, strict=True)]
    with (
        Store.open(databases[0]) as store,
        followed(parts, world, databases[1]) as in_shards,
        Store.open(databases[1]) as other,
    ):
        for _ in days(world):
            one = asyncio.run(track(store, settings[0], world.now))
            two = in_shards({"here": here, "processes": processes}[workers](settings[1].config_path))
            assert [part.state for part in two.shards] == [ShardState.DONE, ShardState.DONE]
            assert counted(one) == counted(two)
            deliver(store, settings[0], world.now)
            deliver(other, settings[1], world.now)
        assert [view.shape for view in store.source_shapes("scholarfeed", limit=9)] == [
            view.shape for view in other.source_shapes("scholarfeed", limit=9)
        ]
    left = history(whole)
    assert left == history(parts)
    kinds = [json.loads(line)["kind"] for line in left.events.splitlines()]
    for kind in ("source.recount", "host.down", "host.back"):
        assert kinds.count(kind) == 1
    told = [item["title"] for message in left.alerts for item in json.loads(message)["items"]]
    assert told.count("One Work on Two Pages") == 1


def counted(manifest: TrackManifest) -> dict[str, Any]:
    """What does not depend on which part of a run came first."""
    said = manifest.to_json()
    for name in ("elapsed_seconds", "left", "shards"):
        said.pop(name, None)
    return said | {"failures": sorted(said["failures"], key=json.dumps)}


@pytest.mark.slow
def test_the_command_line_starts_processes(world: Hosts, postgres_database: str, tmp_path: Path) -> None:
    world.follow(tmp_path / "home", postgres_database)
    done = run(tmp_path / "home", world, "--shards", "2")["track"]
    workers = {shard["worker"] for shard in done["shards"]}
    assert (len(workers), done["left"], done["outcomes"]) == (2, 0, {"ok": 3 * PEOPLE})


def test_nothing_is_left_of_the_shards_of_a_run_that_has_ended(
    world: Hosts, postgres_database: str, tmp_path: Path
) -> None:
    with followed(tmp_path / "home", world, postgres_database) as in_shards, Store.open(postgres_database) as store:
        manifest = in_shards(here(tmp_path / "home" / "scholarwatch.yaml"))
        assert [(part.hosts, part.checked) for part in manifest.shards] == [(2, 2 * PEOPLE), (1, PEOPLE)]
        assert store.shards(manifest.run_id) == []
        with pytest.raises(StoreError, match="not waited for any more"):
            asyncio.run(check_shard(store, load(tmp_path / "home" / "scholarwatch.yaml"), manifest.run_id, 1))


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_nothing(world: Hosts, migrated_postgres_database: New, tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    databases = migrated_postgres_database(), migrated_postgres_database()
    settings = [load(world.follow(folder, at)) for folder, at in zip((whole, parts), databases, strict=True)]
    with Store.open(databases[0]) as store, followed(parts, world, databases[1]) as in_shards:
        other = Store.open(databases[1])
        asyncio.run(track(store, settings[0], world.now))
        in_shards(processes(settings[1].config_path))
        world.tomorrow()
        world.publish()
        asyncio.run(track(store, settings[0], world.now))
        before = world.requests
        slow = world.keys[world.sites[2]][-1]
        world.sites[2].hang(slow)
        died = in_shards(killed_once(settings[1].config_path, lambda: hangs(other, world, slow, before)))
        world.sites[2].up()
        assert [part.state for part in died.shards].count(ShardState.DIED) == 1
        assert died.to_json()["state"] == "degraded"
        assert (died.left, died.tally.checked + died.left) == (1, died.profiles)
        again = in_shards(processes(settings[1].config_path))
        assert (again.profiles, again.left) == (1, 0)
        for each, of in ((store, settings[0]), (other, settings[1])):
            deliver(each, of, world.now)
        other.close()
    assert history(whole) == history(parts)
    twice = {path for path, times in world.requests.items() if times - before[path] > 1}
    assert twice == {f"/author/{slow}"}


def killed_once(config: Path, is_time: Callable[[], bool]) -> StartShard:
    """Shards in processes; the one with the host of the last site is killed when it is time to."""
    started: dict[int, BaseProcess] = {}

    def new(*arguments: Any) -> BaseProcess:
        started[arguments[-1]] = process(*arguments)
        return started[arguments[-1]]

    start_process = in_processes(2, load(config), new_process=new).start

    async def start(run_id: str, number: int) -> None:
        working = asyncio.create_task(start_process(run_id, number))
        while not working.done():
            await asyncio.sleep(0.02)
            if not is_time():
                continue
            with Store.open(load(config).database) as store:
                (busy,) = [view.number for view in store.shards(run_id) if view.state is ShardState.AT_WORK]
            started[busy].kill()
            break
        await working

    return start


def hangs(store: Store, world: Hosts, key: str, before: dict[str, int]) -> bool:
    """Whether the page is asked for, and everything else of the run is written."""
    path = f"/author/{key}"
    checked = [profile.checked_at for person in store.people() for profile in person.profiles]
    return world.requests[path] > before[path] and checked.count(world.now) == len(checked) - 1


def test_what_no_worker_takes_up_is_left_to_the_next_run(world: Hosts, postgres_database: str, tmp_path: Path) -> None:
    with followed(tmp_path / "home", world, postgres_database) as in_shards, Store.open(postgres_database) as store:
        manifest = in_shards(nobody)
        assert manifest.to_json()["state"] == "degraded"
        assert (manifest.left, manifest.tally.checked) == (3 * PEOPLE, 0)
        assert {part.detail for part in manifest.shards} == {"no worker took it up"}
        settings = load(tmp_path / "home" / "scholarwatch.yaml")
        assert asyncio.run(track(store, settings, world.now)).profiles == 3 * PEOPLE


def test_a_machine_with_another_configuration_asks_for_nothing(
    world: Hosts, postgres_database: str, tmp_path: Path
) -> None:
    config = tmp_path / "home" / "scholarwatch.yaml"
    old = tmp_path / "old.yaml"
    with followed(tmp_path / "home", world, postgres_database) as in_shards:
        old.write_text(config.read_text("utf-8") + "\n# of last month\n", "utf-8")
        manifest = in_shards(here(old))
    assert manifest.left == 3 * PEOPLE
    assert all("configuration" in part.detail for part in manifest.shards)
    assert not world.requests


def test_a_host_that_another_shard_asks_is_left_to_it(
    world: Hosts, postgres_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs at once, as from a machine that should have been switched off."""
    monkeypatch.setattr("flows.shard._LONGEST_WAIT", timedelta(0))
    config = world.follow(tmp_path / "home", postgres_database)
    settings = load(config)
    with Store.open(postgres_database) as store:
        store.follow(settings.people, world.now)
        other = store.begin_run("track", world.now)
        store.plan_shards(other, plans(store.due(world.now, cadence=None), 2), configuration="theirs")
        with store.shard_at_work(other, 1, configuration="theirs", worker="elsewhere") as theirs:
            claimed = store.claim_hosts(theirs, dict.fromkeys(theirs.plan.hosts, 0.0))
            sharding = Sharding(shards=2, start=here(config))
            manifest = asyncio.run(track_in_shards(store, settings, world.now, sharding))
        asked = {site.root.removeprefix("http://") for site in world.sites if site.requests}
        assert claimed == set(theirs.plan.hosts)
        assert asked.isdisjoint(claimed)
        assert manifest.left == len(theirs.plan.profile_ids)
        # Its worker is gone, and so is its claim.
        again = asyncio.run(track_in_shards(store, settings, world.now, sharding))
        assert (again.left, again.profiles) == (0, manifest.left)


def test_shards_of_a_file_are_refused(tmp_path: Path, world: Hosts) -> None:
    world.follow(tmp_path / "home", "scholarwatch.db")
    done = scholarwatch("run", "--shards", "2", cwd=tmp_path / "home", codes=(1,))
    assert "shards need PostgreSQL" in done.stderr
    assert not world.requests
    assert scholarwatch("run", "list", cwd=tmp_path / "home").stdout.count("track") == 0
