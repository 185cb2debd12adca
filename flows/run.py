"""`track`, `deliver` and `backfill`, plain or through Prefect: one choice, made in one place.

Without a configured Prefect API the plain functions run here: a flow would first boot a server of its own, which
takes ten seconds and more. With one, the flows run in this process and report to it. What is recorded is the same.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flows.backfill_plan import Progress as BackfillProgress
from flows.backfill_wanted import Wanted
from flows.config.hosts import authority
from flows.config.secrets import passwords_in
from flows.config.whole import Settings, say_who_asks
from flows.deliver import deliver
from flows.digest import digest
from flows.doctor import Examined, canary_of, examine
from flows.fetching import fetcher_for
from flows.heartbeat import as_json, with_heartbeat
from flows.keep import keep
from flows.logs import log_run
from flows.manifest import TrackManifest
from flows.politeness import stored_gate
from flows.scheduled import track_in_turn
from flows.sending import Progress as DeliverProgress
from flows.settings import prefect_api_url, said_database
from flows.shard_processes import in_processes
from flows.track import Progress
from flows.turns import Waiting
from flows.watch import watch
from storage.store import Store


def run_track(
    settings: Settings,
    now: datetime,
    *,
    only_due: bool = False,
    scheduled_at: datetime | None = None,
    shards: int = 1,
    database: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Check everybody who is followed and was not checked at ``now`` or later; the manifest as JSON values.

    With ``only_due``, those only whose next check has come by the cadences of the configuration. With ``scheduled_at``,
    the time for which a timer had planned it, the run leaves early where it has nothing to do (`flows.scheduled`).
    More than one of ``shards``: as many processes share the work; raises StoreError on SQLite. ``database`` is what the
    command line said instead of the configuration. A flow gets that and no more: its parameters are shown to whoever
    sees the server, and the configuration's database may hold a password.
    """
    if prefect_api_url() is not None:
        from flows import orchestrated

        return asyncio.run(
            orchestrated.track(
                config=str(settings.config_path),
                database=_shown(database),
                now=now,
                only_due=only_due,
                scheduled_at=scheduled_at,
                shards=shards,
            )
        )
    sharding = in_processes(shards, settings) if shards > 1 else None

    async def tracked() -> TrackManifest:
        with Store.open(settings.database) as store:
            return await track_in_turn(
                store,
                settings,
                now,
                only_due=only_due,
                scheduled_at=scheduled_at,
                progress=progress,
                sharding=sharding,
            )

    return _logged(as_json(*asyncio.run(with_heartbeat(tracked(), settings.watch.heartbeat))))


def run_watch(settings: Settings, now: datetime, *, database: str | None = None) -> dict[str, Any]:
    """Look whether the program is at work; the manifest as JSON values. ``database`` as in `run_track`.

    With ``keep``, the manifest of what was let go of, where something was to be.
    """
    if prefect_api_url() is not None:
        from flows import orchestrated

        config = str(settings.config_path)
        return asyncio.run(orchestrated.watch(config=config, database=_shown(database), now=now))
    with Store.open(settings.database) as store:
        watched = watch(store, settings, now).to_json()
        kept = keep(store, settings, now)
    return _logged(watched | ({"keep": kept.to_json()} if kept else {}))


def run_deliver(
    settings: Settings,
    now: datetime,
    *,
    database: str | None = None,
    progress: DeliverProgress | None = None,
) -> dict[str, Any]:
    """Send what is due at ``now``; the manifest as JSON values. ``database`` as in `run_track`."""
    if prefect_api_url() is not None:
        from flows import orchestrated

        config = str(settings.config_path)
        return asyncio.run(orchestrated.deliver(config=config, database=_shown(database), now=now))
    with Store.open(settings.database) as store:
        return _logged(deliver(store, settings, now, progress=progress).to_json())


def run_digest(
    settings: Settings,
    now: datetime,
    receivers: Sequence[str],
    *,
    database: str | None = None,
    progress: DeliverProgress | None = None,
) -> dict[str, Any]:
    """Send what is due and what waits for a digest; otherwise as `run_deliver`. Raises UnknownReceiverError."""
    if prefect_api_url() is not None:
        from flows import orchestrated

        config = str(settings.config_path)
        return asyncio.run(orchestrated.digest(list(receivers), config, _shown(database), now))
    with Store.open(settings.database) as store:
        return _logged(digest(store, settings, now, receivers, progress=progress).to_json())


def run_backfill(
    settings: Settings,
    now: datetime,
    wanted: Wanted,
    *,
    dry_run: bool = False,
    database: str | None = None,
    progress: BackfillProgress | None = None,
    waiting: Waiting,
) -> dict[str, Any]:
    """Fill in what is wanted of the past; the manifest, or with ``dry_run`` the plan, as JSON values.

    ``database`` as in `run_track`. ``waiting`` hears why it waits for its turn. Raises WrongWish and UnknownPerson.
    """
    if prefect_api_url() is not None:
        from flows import orchestrated

        chosen = wanted.origin
        return asyncio.run(
            orchestrated.backfill(
                origin=chosen.kind.value,
                where=list(chosen.where),
                people=list(wanted.people),
                profile=wanted.profile,
                since=wanted.since,
                until=wanted.until,
                at=chosen.at,
                manifest=str(chosen.manifest) if chosen.manifest else None,
                file=chosen.file,
                notify=wanted.notify,
                dry_run=dry_run,
                config=str(settings.config_path),
                database=_shown(database),
                now=now,
            )
        )
    from flows import backfill

    if dry_run:
        return asyncio.run(backfill.dry_run(settings, now, wanted, progress=progress)).to_json()
    with Store.open(settings.database) as store:
        filled = backfill.backfill(store, settings, now, wanted, progress=progress, waiting=waiting)
        return _logged(asyncio.run(filled).to_json())


def _shown(database: str | None) -> str | None:
    """What a server may see of the database that the command line named: none that holds a password.

    The flow runs in this process, and is told beside its parameters.
    """
    said_database.set(database)
    return None if database is not None and passwords_in(database) else database


def _logged(manifest: dict[str, Any]) -> dict[str, Any]:
    log_run(manifest)
    return manifest


async def run_doctor(settings: Settings, names: Sequence[str], now: datetime) -> list[Examined]:
    """Look at the canaries of these sources, at the same turns as everybody else who asks their hosts.

    Raises ConfigError where a host could not see who asks.
    """
    for name in names:
        if (url := canary_of(settings, name)) is not None:
            say_who_asks(settings, authority(url))
    with Store.open(settings.database) as store:
        async with (
            stored_gate(store, settings.policy, now) as gate,
            fetcher_for(settings, gate) as fetcher,
        ):
            return await examine(settings, fetcher, names, now)
