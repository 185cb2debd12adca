"""A run of checks as it is started: by hand, or by a timer that may start it at the wrong time.

    lock       held while it is at work, so that others know
      | leave early?     only where a timer started it: another run is at work, or did its work, or nobody is due
      | track

A process that dies gives up the lock: it keeps nobody from taking up its work. A run that somebody starts by hand
never leaves; what two of them find is told once all the same.
"""

from datetime import datetime

from flows.batches import CheckBatch
from flows.config.whole import Settings
from flows.manifest import Tally, TrackManifest
from flows.sharded import Sharding, track_in_shards
from flows.track import Progress, track
from flows.yesterday import take_over
from storage.store import Store
from tracking.holder import Holder
from tracking.punctuality import Skip, leave_early


async def track_in_turn(
    store: Store,
    settings: Settings,
    now: datetime,
    *,
    only_due: bool,
    scheduled_at: datetime | None = None,
    progress: Progress | None = None,
    check_batch: CheckBatch | None = None,
    sharding: Sharding | None = None,
) -> TrackManifest:
    """`track`, with the cadences of the configuration where ``only_due``; in shards where ``sharding`` says so.

    ``scheduled_at`` is the time for which a timer had planned it; None: somebody started it by hand.
    """
    with store.tracking_lock(now) as other:
        if scheduled_at is not None:
            skip = _reason_to_leave(store, settings, now, scheduled_at, other)
            if skip is not None:
                return _left(store, skip, now)
        cadence = settings.cadences if only_due else None
        if sharding is not None:
            return await track_in_shards(store, settings, now, sharding, cadence=cadence, progress=progress)
        return await track(store, settings, now, cadence=cadence, progress=progress, check_batch=check_batch)


def _reason_to_leave(
    store: Store, settings: Settings, now: datetime, scheduled_at: datetime, other: Holder | None
) -> Skip | None:
    # Somebody who was added to the configuration since the last run is due.
    take_over(store, settings, now)
    return leave_early(
        scheduled_at,
        other=other,
        last_good=store.runs_so_far(now).good,
        anybody_due=store.is_anybody_due(now, settings.cadences),
    )


def _left(store: Store, skip: Skip, now: datetime) -> TrackManifest:
    run_id = store.begin_run("track", now)
    manifest = TrackManifest(run_id=run_id, now=now, profiles=0, tally=Tally(), elapsed_seconds=0.0, skip=skip)
    store.end_run(run_id, manifest.to_json())
    return manifest
