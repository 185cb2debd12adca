"""The flows `track`, `deliver`, `digest`, `watch`, `backfill`, `replay`: what a schedule starts, what a server shows.

With `flows.orchestrated_checks` the only modules that import Prefect. The flows read the clock and the configuration
and hand over to the plain functions of the same name; both ways leave the same database, and the server hears what was
found. A task is a batch of profiles, or the whole past of one profile, never one page: a task run costs
rows in Prefect's database.
"""

import asyncio
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import Any, cast

from prefect import flow, task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext
from prefect.events import Event, RelatedResource, Resource, get_events_client
from prefect.logging import get_run_logger
from prefect.states import Completed

from flows import backfill as plain_backfill
from flows import forms
from flows.announcing import MOST, Announcement, announcements, messages_waiting
from flows.backfill_manifest import FillTally
from flows.backfill_wanted import OriginChoice, OriginKind, Wanted
from flows.config.whole import Settings
from flows.deliver import deliver as plain_deliver
from flows.digest import digest as plain_digest
from flows.heartbeat import as_json, with_heartbeat
from flows.keep import keep
from flows.logs import ensure_logging, log_run
from flows.manifest import Manifest, TrackManifest
from flows.manifest_page import markdown
from flows.orchestrated_checks import check, sharding_for
from flows.redaction import redacted, redacted_values, without_secrets
from flows.replay import replay as plain_replay
from flows.scheduled import track_in_turn
from flows.settings import load, log_wish, prefect_api_url, said_database
from flows.watch import watch as plain_watch
from flows.yesterday import load_or_yesterday
from storage.store import Store
from tracking.view import RunState

#: For all that a server hears of one run.
_ANNOUNCING_SECONDS = 60.0


@flow(name="track")
@without_secrets
async def track(
    config: forms.ConfigFile = None,
    database: forms.DatabaseName = None,
    now: forms.Now = None,
    only_due: forms.OnlyDue = True,
    scheduled_at: forms.ScheduledAt = None,
    shards: forms.Shards = 1,
    shard_deployment: forms.ShardDeployment = None,
    dask: forms.Dask = None,
) -> dict[str, Any]:
    """Check the profiles of everybody who is followed, and record what is new.

    A run that a schedule started leaves early where another is at work or did its work, or nobody is due.
    """
    planned = _aware(scheduled_at) if scheduled_at else _scheduled_at()
    settings = _settings(config, database, by_timer=planned is not None)

    async def tracked() -> TrackManifest:
        with (
            sharding_for(shards, shard_deployment, dask, settings, database) as sharding,
            Store.open(settings.database) as store,
        ):
            manifest = await track_in_turn(
                store,
                settings,
                _aware(now),
                only_due=only_due,
                scheduled_at=planned,
                check_batch=check,
                sharding=sharding,
            )
            await _announce(store, manifest.run_id, delivers=False)
            return manifest

    manifest, said = await with_heartbeat(tracked(), settings.watch.heartbeat)
    if said is not None and said.error is not None:
        get_run_logger().warning("heartbeat: %s", said.error)
    return await _finished(manifest, as_json(manifest, said))


@flow(name="deliver")
@without_secrets
async def deliver(
    config: forms.ConfigFile = None, database: forms.DatabaseName = None, now: forms.Now = None
) -> dict[str, Any]:
    """Send what waits in the outbox."""
    settings = _settings(config, database, by_timer=True)
    with Store.open(settings.database) as store:
        # Receivers block; the flow's own heartbeat must not.
        manifest = await asyncio.to_thread(plain_deliver, store, settings, _aware(now))
        await _announce(store, manifest.run_id)
    return await _finished(manifest)


@flow(name="digest")
@without_secrets
async def digest(
    receivers: forms.Receivers = [],  # noqa: B006 - Prefect shows it as the form's default, and nobody changes it
    config: forms.ConfigFile = None,
    database: forms.DatabaseName = None,
    now: forms.Now = None,
) -> dict[str, Any]:
    """Send now what waits for a digest. By themselves digests go out with `deliver`, each at its receiver's time."""
    settings = _settings(config, database)
    with Store.open(settings.database) as store:
        manifest = await asyncio.to_thread(plain_digest, store, settings, _aware(now), receivers)
        await _announce(store, manifest.run_id)
    return await _finished(manifest)


@flow(name="watch")
@without_secrets
async def watch(
    config: forms.ConfigFile = None, database: forms.DatabaseName = None, now: forms.Now = None
) -> dict[str, Any]:
    """Look whether there is a good run often enough and whether everybody's page is read, and record what is not so.

    Once a day it lets go of what the configuration no longer wants to be kept.
    """
    settings = _settings(config, database, by_timer=True)
    with Store.open(settings.database) as store:
        manifest = plain_watch(store, settings, _aware(now))
        await _announce(store, manifest.run_id, delivers=False)
        kept = await asyncio.to_thread(keep, store, settings, _aware(now))
    return await _finished(manifest, manifest.to_json() | ({"keep": kept.to_json()} if kept else {}))


@task(name="fill", task_run_name="fill {filling.person}", cache_policy=NO_CACHE)
@without_secrets
async def fill(filling: plain_backfill.Filling) -> FillTally:
    """Read and record the past of one profile."""
    return await filling.run()


@flow(name="backfill")
@without_secrets
async def backfill(
    origin: forms.Origin = "wayback",
    where: forms.Where = [],  # noqa: B006
    people: forms.People = [],  # noqa: B006
    profile: forms.ProfileUrl = None,
    since: forms.Since = None,
    until: forms.Until = None,
    at: forms.SavedAt = None,
    manifest: forms.Table = None,
    file: forms.FileInGit = None,
    notify: forms.Notify = False,
    dry_run: forms.DryRun = False,
    config: forms.ConfigFile = None,
    database: forms.DatabaseName = None,
    now: forms.Now = None,
) -> dict[str, Any]:
    """Fill in the past of people who are followed, oldest page first. The next run takes up what was cut off."""
    chosen = OriginChoice(
        kind=OriginKind(origin),
        where=tuple(where),
        at=_aware(at) if at else None,
        manifest=Path(manifest) if manifest else None,
        file=file,
    )
    wanted = Wanted(origin=chosen, people=tuple(people), profile=profile, since=since, until=until, notify=notify)
    settings = _settings(config, database)
    if dry_run:
        return await _finished(await plain_backfill.dry_run(settings, _aware(now), wanted))
    with Store.open(settings.database) as store:
        done = await plain_backfill.backfill(
            store, settings, _aware(now), wanted, fill_profile=fill, waiting=get_run_logger().info
        )
        await _announce(store, done.run_id, delivers=False)
    return await _finished(done)


@flow(name="replay")
@without_secrets
async def replay(
    source: forms.SourceName = None,
    person: forms.PersonName = None,
    since: forms.Since = None,
    until: forms.Until = None,
    apply: forms.Apply = False,
    config: forms.ConfigFile = None,
    database: forms.DatabaseName = None,
    now: forms.Now = None,
) -> dict[str, Any]:
    """Read stored pages again with today's parsers, and report every fact that would differ."""
    settings = _settings(config, database)
    with Store.open(settings.database) as store:
        reading = partial(
            plain_replay,
            store,
            _aware(now),
            source=source,
            person=person,
            since=datetime.combine(since, time.min, UTC) if since else None,
            until=datetime.combine(until, time.max, UTC) if until else None,
            record=settings if apply else None,
        )
        # Pages are read for minutes; the flow's own heartbeat must not wait for them.
        manifest = await asyncio.to_thread(reading)
        if manifest.run_id is not None:
            await _announce(store, manifest.run_id, delivers=False)
    return await _finished(manifest)


def _settings(config: str | None, database: str | None, *, by_timer: bool = False) -> Settings:
    """What every flow begins with: the log as the environment wants it, and the configuration.

    Where that is broken and nobody is there to mend it, what was sound last.
    """
    ensure_logging(log_wish())
    loading = load_or_yesterday if by_timer else load
    return loading(Path(config) if config else None, database=database or said_database.get())


async def _finished(manifest: Manifest, values: dict[str, Any] | None = None) -> dict[str, Any]:
    """The manifest as an artifact, and the state that says how it went: some failures degrade a run, no more.

    ``values`` are the manifest's, if there is more to return than those.
    """
    values = cast(dict[str, Any], redacted_values(manifest.to_json() if values is None else values))
    log_run(values)
    page = redacted(markdown(manifest))
    await acreate_markdown_artifact(page, key=f"{values['kind']}-manifest", description=values["run"])
    # A flow that returns a state ends in it, and its caller gets the data.
    state: State[Any]
    if values.get("state") == RunState.SKIPPED:
        state = Completed(name="Skipped", message=values["skipped"]["detail"], data=values)
    elif manifest.is_degraded:
        listed = f"{len(values['failures'])} failures are listed"
        state = Completed(name="Degraded", message=values.get("broken", listed), data=values)
    else:
        return values
    return cast(dict[str, Any], state)


async def _announce(store: Store, run_id: str, *, delivers: bool = True) -> None:
    """Let the server hear of what a run has found. Where it does not, the next run tells it.

    Of a run that delivers nothing itself it hears, too, that there is something to be delivered. The record of the run
    says from now on which flow run it was.

    Prefect's own ``emit_event`` leaves that to a thread that nobody hears of again.
    """
    if prefect_api_url() is None:
        return
    if (flow_run := _flow_run()) is not None:
        store.note_flow_run(run_id, str(flow_run.id))
    try:
        at = _aware(None)
        found = store.unannounced(run_id, limit=MOST)
        waiting = 0 if delivers else store.waiting_to_go_out(at)
        told = [*announcements(found), *([messages_waiting(run_id, waiting, at)] if waiting else [])]
        async with asyncio.timeout(_ANNOUNCING_SECONDS):
            await _emit(told)
        store.mark_announced(found, _aware(None))
    except Exception as error:  # noqa: BLE001 - whatever keeps the server from hearing, the run has ended as it has
        get_run_logger().warning("events were not announced, the next run tries again: %s", repr(error))


async def _emit(told: list[Announcement]) -> None:
    if not told:
        return
    flow_run = _flow_run()
    of_flow = [f"prefect.flow-run.{flow_run.id}"] if flow_run is not None else []
    related = [{"prefect.resource.id": name, "prefect.resource.role": "flow-run"} for name in of_flow]
    # Each is confirmed before the next is sent.
    async with get_events_client(reconnection_attempts=2, checkpoint_every=1) as client:
        for one in told:
            await client.emit(
                Event(
                    id=one.id,
                    event=one.event,
                    resource=Resource(dict(one.resource)),
                    related=[RelatedResource(dict(resource)) for resource in (*one.related, *related)],
                    payload=dict(one.payload),
                )
            )


def _scheduled_at() -> datetime | None:
    """The time for which a schedule had planned this flow run; None: somebody has started it."""
    run = _flow_run()
    return run.expected_start_time if run is not None and run.auto_scheduled else None


def _flow_run() -> FlowRun | None:
    """Where this runs as a flow, what the server knows of it."""
    context = FlowRunContext.get()
    return context.flow_run if context else None


def _aware(now: datetime | None) -> datetime:
    """The one reading of the clock in a flow run."""
    if now is None:
        return datetime.now(UTC)
    return now if now.tzinfo else now.replace(tzinfo=UTC)
