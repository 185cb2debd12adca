"""Shards in the database: who may take one up, whose a host is, and what a killed worker leaves."""

import os
import signal
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from storage.errors import StoreError
from storage.store import Store
from tests.forked import process
from tracking.host import Grant, HostPolicy
from tracking.sharding import Plan, ShardState

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PLANS = (Plan(hosts=("a.org", "b.org"), profile_ids=()), Plan(hosts=("c.org",), profile_ids=()))
GAPS = {"a.org": 5.0, "b.org": 5.0}


def planned(store: Store, plans: Sequence[Plan] = PLANS) -> str:
    run_id = store.begin_run("track", NOW)
    store.plan_shards(run_id, plans, configuration="ours")
    return run_id


def test_how_a_shard_stands(postgres_store: Store) -> None:
    run_id = planned(postgres_store)
    assert postgres_store.shard_states(run_id) == {1: ShardState.WAITING, 2: ShardState.WAITING}
    with postgres_store.shard_at_work(run_id, 1, configuration="ours", worker="lab-7") as shard:
        assert shard.plan == PLANS[0]
        assert postgres_store.shard_states(run_id)[1] is ShardState.AT_WORK
        postgres_store.finish_shard(shard, {"outcomes": {}})
    assert postgres_store.shard_states(run_id) == {1: ShardState.DONE, 2: ShardState.WAITING}
    assert postgres_store.shard_tallies(run_id) == {1: {"outcomes": {}}}


def test_two_workers_do_not_do_the_same(postgres_store: Store) -> None:
    run_id = planned(postgres_store)
    with (
        postgres_store.shard_at_work(run_id, 1, configuration="ours", worker="lab-7"),
        pytest.raises(StoreError, match="another worker is at it"),
        postgres_store.shard_at_work(run_id, 1, configuration="ours", worker="lab-8"),
    ):
        pytest.fail("it has a worker")


def test_what_is_given_up_is_not_taken_up(postgres_store: Store) -> None:
    run_id = planned(postgres_store)
    assert postgres_store.give_up_shard(run_id, 1, "no worker took it up")
    with (
        pytest.raises(StoreError, match="has ended"),
        postgres_store.shard_at_work(run_id, 1, configuration="ours", worker="lab-7"),
    ):
        pytest.fail("nobody waits for it")
    (view, _) = postgres_store.shards(run_id)
    assert (view.state, view.detail) == (ShardState.FAILED, "no worker took it up")


def test_why_a_shard_failed_is_kept(postgres_store: Store) -> None:
    run_id = planned(postgres_store)
    with pytest.raises(StoreError, match="the disk is full"):
        fail(postgres_store, run_id)
    view = postgres_store.shards(run_id)[1]
    assert (view.state, view.worker) == (ShardState.FAILED, "lab-7")
    assert view.detail == "the disk is full"
    assert claimed(postgres_store, {"c.org": 1.0}) == {"c.org"}


def fail(store: Store, run_id: str) -> None:
    with store.shard_at_work(run_id, 2, configuration="ours", worker="lab-7") as shard:
        store.claim_hosts(shard, {"c.org": 1.0})
        raise StoreError("the disk is full")


def test_a_host_is_one_shards_as_long_as_its_worker_lives(postgres_store: Store) -> None:
    run_id = planned(postgres_store)
    with postgres_store.shard_at_work(run_id, 1, configuration="ours", worker="lab-7") as shard:
        assert postgres_store.claim_hosts(shard, GAPS) == {"a.org", "b.org"}
        assert postgres_store.claim_hosts(shard, GAPS) == {"a.org", "b.org"}
        assert claimed(postgres_store, GAPS | {"c.org": 5.0}) == {"c.org"}
        postgres_store.finish_shard(shard, {})
    assert claimed(postgres_store, GAPS) == {"a.org", "b.org"}


def claimed(store: Store, gaps: dict[str, float]) -> set[str]:
    """What the first shard of another run can claim now."""
    other = planned(store)
    with store.shard_at_work(other, 1, configuration="ours", worker="lab-8") as shard:
        return store.claim_hosts(shard, gaps)


def claim_and_die(database: str, run_id: str) -> None:
    with (
        Store.open_existing(database) as store,
        store.shard_at_work(run_id, 1, configuration="ours", worker="lab-7") as shard,
    ):
        store.claim_hosts(shard, GAPS)
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_worker_keeps_nothing(postgres_database: str, postgres_store: Store) -> None:
    run_id = planned(postgres_store)
    worker = process(claim_and_die, postgres_database, run_id)
    worker.start()
    worker.join(300)
    assert worker.exitcode == -signal.SIGKILL
    wait_until_died(postgres_store, run_id)
    assert claimed(postgres_store, GAPS) == {"a.org", "b.org"}
    with postgres_store.shard_at_work(run_id, 1, configuration="ours", worker="lab-9") as shard:
        assert shard.plan == PLANS[0]


def wait_until_died(store: Store, run_id: str) -> None:
    """PostgreSQL has to notice that the other end of the connection is gone."""
    for _ in range(10_000):
        if store.shard_states(run_id)[1] is ShardState.DIED:
            return
    pytest.fail("the lock is still held")


def test_nobody_keeps_less_than_the_gap_of_who_has_claimed_a_host(postgres_store: Store) -> None:
    """Another configuration, or an old one: its request comes no sooner."""
    policy = HostPolicy(min_interval_seconds=1, jitter=0)
    run_id = planned(postgres_store)
    with postgres_store.shard_at_work(run_id, 1, configuration="ours", worker="lab-7") as shard:
        postgres_store.claim_hosts(shard, {"a.org": 30.0})
        starts = [granted(postgres_store, "a.org", policy) for _ in range(2)]
        assert starts[1] - starts[0] == timedelta(seconds=30)
        postgres_store.finish_shard(shard, {})
    starts = [granted(postgres_store, "a.org", policy, after=timedelta(hours=1)) for _ in range(2)]
    assert starts[1] - starts[0] == timedelta(seconds=1)


def granted(store: Store, host: str, policy: HostPolicy, after: timedelta = timedelta(0)) -> datetime:
    grant = store.take_turns(host, policy, NOW + after)
    assert isinstance(grant, Grant)
    return grant.start_at


def test_shards_of_a_run_that_has_ended_are_forgotten(postgres_store: Store) -> None:
    run_id = planned(postgres_store)
    with postgres_store.shard_at_work(run_id, 1, configuration="ours", worker="lab-7") as shard:
        postgres_store.claim_hosts(shard, GAPS)
    postgres_store.let_go_of_shards(run_id)
    assert postgres_store.shards(run_id) == []
    with (
        pytest.raises(StoreError, match="not waited for any more"),
        postgres_store.shard_at_work(run_id, 1, configuration="ours", worker="lab-7"),
    ):
        pytest.fail("it is gone")


def test_a_file_can_not_be_shared(tmp_path: os.PathLike[str]) -> None:
    with Store.open(f"{os.fspath(tmp_path)}/scholarwatch.db") as store, pytest.raises(StoreError, match="PostgreSQL"):
        store.require_shards()
