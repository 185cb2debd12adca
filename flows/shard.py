"""One shard of a run, in whatever process, on whatever machine.

    lock        the worker's, held as long as it lives
      | claim          hosts that no living shard of another run has claimed
      | check          the profiles at those hosts that are still to be done, as `flows.track` checks all of them
      | claim again    hosts that were another's at first
      | finish         the tally

It follows nobody and judges nothing over all profiles: the run does (`flows.sharded`).
"""

import asyncio
import os
import socket
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from time import perf_counter

from flows.batches import CheckBatch
from flows.config.whole import Settings
from flows.judging import asked_host
from flows.manifest import Tally
from flows.shard_tally import tally_to_json
from flows.track import check_all
from storage.store import Store
from tracking.check import Watch
from tracking.sharding import Shard

#: How long a shard that has nothing else to do waits for hosts that another one asks.
_LONGEST_WAIT = timedelta(seconds=10)
_BETWEEN_TRIES = timedelta(seconds=0.25)


async def check_shard(
    store: Store, settings: Settings, run_id: str, number: int, *, check_batch: CheckBatch | None = None
) -> Tally:
    """Do what is left to do of a shard. Raises StoreError where it is not to be done by this worker."""
    worker = f"{socket.gethostname()}, process {os.getpid()}"
    with store.shard_at_work(run_id, number, configuration=digest(settings), worker=worker) as shard:
        tally = await _check(store, settings, shard, check_batch)
        store.finish_shard(shard, tally_to_json(tally))
    return tally


def digest(settings: Settings) -> str:
    """Of the file's bytes: workers with another configuration would ask and judge otherwise."""
    return sha256(settings.config_path.read_bytes()).hexdigest()


async def _check(store: Store, settings: Settings, shard: Shard, check_batch: CheckBatch | None) -> Tally:
    began = perf_counter() - shard.elapsed_seconds
    gaps = {host: settings.policy(host).min_interval_seconds for host in shard.plan.hosts}
    tally, deadline = Tally(), None
    while gaps:
        mine = store.claim_hosts(shard, gaps)
        if not mine and deadline is not None and perf_counter() > deadline:
            break
        if mine:
            part = await check_all(
                store,
                settings,
                shard.now,
                shard.run_id,
                _at(store.left_to_do(shard), mine),
                began=began,
                check_batch=check_batch,
                shared_people=shard.shared_people,
            )
            tally.add(part)
            gaps = _without(gaps, mine)
            deadline = perf_counter() + _LONGEST_WAIT.total_seconds()
        else:
            deadline = deadline or perf_counter() + _LONGEST_WAIT.total_seconds()
            await asyncio.sleep(_BETWEEN_TRIES.total_seconds())
    return tally


def _at(watches: list[Watch], hosts: set[str]) -> list[Watch]:
    return [watch for watch in watches if asked_host(watch.source, watch.url) in hosts]


def _without(gaps: Mapping[str, float], hosts: set[str]) -> dict[str, float]:
    return {host: gap for host, gap in gaps.items() if host not in hosts}
