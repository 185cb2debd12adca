"""Checks as Prefect knows them: a task for a batch of profiles, and what starts the shards of a run.

    track(shards=4)                                   processes of the worker that runs the flow
    track(shards=4, shard_deployment="shard/shard")   flow runs of a deployment, on any worker of its pool
    track(shards=4, dask="tcp://10.0.0.5:8786")       tasks on the workers of a Dask cluster

With `flows.orchestrated` the only modules that import Prefect.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import arun_deployment

from flows import forms
from flows.batches import Batch
from flows.config.error import ConfigError
from flows.config.whole import Settings
from flows.logs import ensure_logging
from flows.manifest import Tally
from flows.redaction import without_secrets
from flows.settings import log_wish
from flows.shard import check_shard
from flows.shard_processes import in_processes
from flows.sharded import Sharding
from flows.yesterday import load_or_yesterday
from storage.store import Store

_BETWEEN_LOOKS = timedelta(seconds=2)


@task(name="check", task_run_name="check {batch.name}", cache_policy=NO_CACHE)
@without_secrets
async def check(batch: Batch) -> Tally:
    """Fetch, parse, decide and store one batch of profiles."""
    return await batch.run()


@flow(name="shard", flow_run_name="shard {number} of run {run}")
@without_secrets
async def shard(
    run: forms.Run, number: forms.Number, config: forms.ConfigFile = None, database: forms.DatabaseName = None
) -> dict[str, Any]:
    """Check one part of a run's profiles. The run starts this; what it has not done, the next run does."""
    return await _work(run, number, config, database, in_tasks=True)


@task(name="shard", task_run_name="shard {number} of run {run}", cache_policy=NO_CACHE)
@without_secrets
async def shard_on_cluster(run: str, number: int, config: str | None, database: str | None) -> dict[str, Any]:
    """The same as a task, on whatever machine of a cluster."""
    return await _work(run, number, config, database, in_tasks=False)


async def _work(run: str, number: int, config: str | None, database: str | None, *, in_tasks: bool) -> dict[str, Any]:
    ensure_logging(log_wish())
    settings = load_or_yesterday(Path(config) if config else None, database=database)
    with Store.open_existing(settings.database) as store:
        tally = await check_shard(store, settings, run, number, check_batch=check if in_tasks else None)
    return {"run": run, "shard": number, "checked": tally.checked}


@contextmanager
def sharding_for(
    shards: int, shard_deployment: str | None, dask: str | None, settings: Settings, database: str | None
) -> Iterator[Sharding | None]:
    """What starts the shards of a run, for as long as the block lasts; None: it is not in shards.

    ``settings`` are those of this machine's processes; on others the configuration is where their environment says,
    and ``database`` what goes before its own. Raises ConfigError for what can not be, or not together.
    """
    if shards < 1:
        raise ConfigError("is less than one", file="the flow's parameters", path=("shards",))
    if shard_deployment and dask:
        raise ConfigError("is of no use beside a deployment", file="the flow's parameters", path=("dask",))
    if shard_deployment:
        yield _on_workers(shards, shard_deployment, database)
    elif dask:
        with _cluster(dask) as runner:
            yield _on_cluster(shards, runner, database)
    else:
        yield in_processes(shards, settings) if shards > 1 else None


def _on_workers(shards: int, deployment: str, database: str | None) -> Sharding:
    async def start(run_id: str, number: int) -> None:
        parameters = {"run": run_id, "number": number, "database": database}
        started = await arun_deployment(deployment, parameters=parameters, timeout=0)
        await _until_final(started)

    return Sharding(shards=shards, start=start)


async def _until_final(started: FlowRun) -> None:
    """Where a worker is lost with its machine, its flow run never ends: the database knows better."""
    async with get_client() as client:
        while not (started.state and started.state.is_final()):
            await asyncio.sleep(_BETWEEN_LOOKS.total_seconds())
            started = await client.read_flow_run(started.id)


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    """A task runner that is connected to the scheduler of a Dask cluster."""
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise ConfigError(
            "needs prefect-dask: pip install 'scholarwatch[dask]'", file="the flow's parameters", path=("dask",)
        ) from None
    with DaskTaskRunner(address=address) as runner:
        yield runner


def _on_cluster(shards: int, runner: Any, database: str | None) -> Sharding:
    async def start(run_id: str, number: int) -> None:
        parameters = {"run": run_id, "number": number, "config": None, "database": database}
        future = await asyncio.to_thread(runner.submit, shard_on_cluster, parameters)
        await asyncio.to_thread(future.wait)

    return Sharding(shards=shards, start=start)
