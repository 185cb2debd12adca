"""Shards as processes on this machine: each a worker of its own, none of which outlives the run."""

import asyncio
import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

from flows.config.error import ConfigError
from flows.config.whole import Settings
from flows.logs import ensure_logging
from flows.settings import log_wish
from flows.shard import check_shard
from flows.sharded import Sharding
from flows.workers import die_with_parent
from flows.yesterday import load_or_yesterday
from storage.errors import StoreError
from storage.store import Store

#: A process that is to call a function with these arguments.
NewProcess = Callable[..., BaseProcess]


def in_processes(shards: int, settings: Settings, *, new_process: NewProcess | None = None) -> Sharding:
    """A process for each shard, that reads the same file and opens the same database."""
    new = new_process or _forked

    async def start(run_id: str, number: int) -> None:
        process = new(work, str(settings.config_path), settings.database, run_id, number)
        process.start()
        try:
            await asyncio.to_thread(process.join)
        finally:
            # Of a run that is interrupted nobody waits for the rest.
            process.kill()

    return Sharding(shards=shards, start=start)


def _forked(function: Callable[..., None], *arguments: object) -> BaseProcess:
    # As in flows.workers: a fork of a process that runs threads may deadlock. What is long to import is imported once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context.Process(target=function, args=arguments)


def work(config: str, database: str, run_id: str, number: int) -> None:
    """Be the process of a shard. Ends with exit code 1, and says why, where it could not do it."""
    die_with_parent()
    try:
        ensure_logging(log_wish())
        settings = load_or_yesterday(Path(config), database=database)
        with Store.open_existing(settings.database) as store:
            asyncio.run(check_shard(store, settings, run_id, number))
    except (ConfigError, StoreError) as error:
        print(f"shard {number}: {error}", file=sys.stderr)
        sys.exit(1)
