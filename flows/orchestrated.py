"""`track` and `deliver` as Prefect flows: what a schedule starts, and what a server shows.

This is the only module that imports Prefect. The flows read the clock and the configuration and hand over to the
plain functions of the same name; both ways leave the same database. A task is a batch of profiles of one host,
never one profile: a task run costs rows in Prefect's database.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from prefect import flow, task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.deliver import deliver as plain_deliver
from flows.manifest import Manifest, Tally, markdown
from flows.settings import load
from flows.track import Batch
from flows.track import track as plain_track
from storage.store import Store


@task(name="check", task_run_name="check {batch.host}", cache_policy=NO_CACHE)
async def check(batch: Batch) -> Tally:
    """Fetch, parse, decide and store one batch of profiles of one host."""
    return await batch.run()


@flow(name="track")
async def track(
    config: str | None = None,
    database: str | None = None,
    now: datetime | None = None,
    only_due: bool = True,
) -> dict[str, Any]:
    """Check the profiles of everybody who is followed, and record what is new.

    Args:
        config: The configuration file; by default what the worker's environment names, else ./scholarwatch.yaml.
        database: Another database than the configuration's.
        now: The time that the run is to be of, with its offset; by default the present.
        only_due: Leave out profiles that were checked less than a day ago.
    """
    settings = load(Path(config) if config else None, database=database)
    cadence = timedelta(hours=settings.cadence_hours) if only_due else None
    with Store.open(settings.database) as store:
        manifest = await plain_track(store, settings, _aware(now), cadence=cadence, check_batch=check)
    return await _finished(manifest)


@flow(name="deliver")
async def deliver(
    config: str | None = None, database: str | None = None, now: datetime | None = None
) -> dict[str, Any]:
    """Send what waits in the outbox.

    Args:
        config: The configuration file; by default what the worker's environment names, else ./scholarwatch.yaml.
        database: Another database than the configuration's.
        now: The time that the run is to be of, with its offset; by default the present.
    """
    settings = load(Path(config) if config else None, database=database)
    with Store.open(settings.database) as store:
        # Receivers block; the flow's own heartbeat must not.
        manifest = await asyncio.to_thread(plain_deliver, store, settings, _aware(now))
    return await _finished(manifest)


async def _finished(manifest: Manifest) -> dict[str, Any]:
    """The manifest as an artifact, and the state that says how it went: some failures degrade a run, no more."""
    values = manifest.to_json()
    await acreate_markdown_artifact(markdown(manifest), key=f"{values['kind']}-manifest", description=values["run"])
    if not manifest.is_degraded:
        return values
    # A flow that returns a state ends in it, and its caller gets the data.
    degraded: State[Any] = Completed(
        name="Degraded", message=f"{len(values['failures'])} failures are listed", data=values
    )
    return cast(dict[str, Any], degraded)


def _aware(now: datetime | None) -> datetime:
    """The one reading of the clock in a flow run."""
    if now is None:
        return datetime.now(UTC)
    return now if now.tzinfo else now.replace(tzinfo=UTC)
