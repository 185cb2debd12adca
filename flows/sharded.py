"""The daily run in shards: several workers, one run, one manifest.

    store.due
      | plan           each host in one shard, about as many profiles in each
      | start          a worker for each: a process, a flow run of a deployment, a task on a cluster
      | wait           for what the database says of each; who starts a worker need not know how it ends
      | afterwards     what is judged over all profiles, once
      | manifest       of the whole; what a shard has not done is left to the next run, and it says so

Workers meet in the database and nowhere else.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter

from flows.config.whole import Settings
from flows.judging import asked_host
from flows.manifest import ShardPart, Tally, TrackManifest
from flows.shard import digest
from flows.shard_tally import named_profiles, tally_from_json, tally_of_recorded
from flows.track import Progress, conclude
from flows.yesterday import take_over
from storage.store import Store
from tracking.cadence import Cadences
from tracking.check import Watch
from tracking.sharding import Plan, ShardState, ShardView, shares

_BETWEEN_LOOKS = timedelta(seconds=1)
_OPEN = (ShardState.WAITING, ShardState.AT_WORK)

#: Starts the worker of a shard, by run and number, and returns when that can do no more: it has ended, or nobody knows.
StartShard = Callable[[str, int], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharding:
    """In how many shards a run goes on, and what starts them."""

    shards: int
    start: StartShard
    #: How long a shard may wait for a worker.
    longest_start: timedelta = timedelta(minutes=15)
    #: How long a shard whose worker died may wait for another.
    longest_restart: timedelta = timedelta(seconds=60)


async def track_in_shards(
    store: Store,
    settings: Settings,
    now: datetime,
    sharding: Sharding,
    *,
    cadence: Cadences | None = None,
    progress: Progress | None = None,
) -> TrackManifest:
    """As `flows.track.track`: the same is recorded, and told. Raises StoreError on SQLite."""
    started = perf_counter()
    store.require_shards()
    take_over(store, settings, now)
    run_id = store.begin_run("track", now)
    watches = store.due(now, cadence=cadence)
    store.plan_shards(run_id, plans(watches, sharding.shards), configuration=digest(settings))
    tell = None if progress is None else partial(progress, len(watches))
    await _Waiting(store, run_id, sharding, tell).until_all_have_ended()
    parts = [_part(store, run_id, view, stored) for view, stored in _ended(store, run_id)]
    total = Tally()
    for _, tally in parts:
        total.add(tally)
    shards = tuple(part for part, _ in parts)
    manifest = conclude(store, settings, now, run_id, len(watches), total, began=started, shards=shards)
    store.let_go_of_shards(run_id)
    store.end_run(run_id, manifest.to_json())
    return manifest


def plans(watches: Iterable[Watch], shards: int) -> list[Plan]:
    """What each shard is to do; the profiles of each in the order given."""
    by_host: defaultdict[str, list[int]] = defaultdict(list)
    order: dict[int, int] = {}
    for place, watch in enumerate(watches):
        by_host[asked_host(watch.source, watch.url)].append(watch.profile_id)
        order[watch.profile_id] = place
    return [
        Plan(
            hosts=hosts,
            profile_ids=tuple(sorted((one for host in hosts for one in by_host[host]), key=order.__getitem__)),
        )
        for hosts in shares({host: len(of_host) for host, of_host in by_host.items()}, shards)
    ]


@dataclass(slots=True)
class _Waiting:
    """For the shards of one run."""

    store: Store
    run_id: str
    sharding: Sharding
    tell: Callable[[int], None] | None
    began: float = field(default_factory=perf_counter)
    #: When each shard was first seen without a worker that had one.
    died: dict[int, float] = field(default_factory=dict)

    async def until_all_have_ended(self) -> None:
        """Start them, and wait until each has ended or can do no more."""
        profiles = {view.number: len(view.plan.profile_ids) for view in self.store.shards(self.run_id)}
        starting = {number: asyncio.create_task(self._start(number)) for number in profiles}
        try:
            while self._going_on(profiles, {number: _end(task) for number, task in starting.items() if task.done()}):
                pending = [task for task in starting.values() if not task.done()]
                if pending:
                    await asyncio.wait(
                        pending, timeout=_BETWEEN_LOOKS.total_seconds(), return_when=asyncio.FIRST_COMPLETED
                    )
                else:
                    await asyncio.sleep(_BETWEEN_LOOKS.total_seconds())
        finally:
            for task in starting.values():
                task.cancel()
            await asyncio.gather(*starting.values(), return_exceptions=True)

    async def _start(self, number: int) -> None:
        await self.sharding.start(self.run_id, number)

    def _going_on(self, profiles: Mapping[int, int], over: Mapping[int, str]) -> bool:
        """Whether any shard may still do something; those whose start is ``over``, and how, get no other worker."""
        states = self.store.shard_states(self.run_id)
        if self.tell is not None:
            self.tell(sum(profiles[number] for number, state in states.items() if state is ShardState.DONE))
        return any(self._may_go_on(number, state, over) for number, state in states.items())

    def _may_go_on(self, number: int, state: ShardState, over: Mapping[int, str]) -> bool:
        match state:
            case ShardState.DONE | ShardState.FAILED:
                return False
            case ShardState.AT_WORK:
                self.died.pop(number, None)
                return True
            case ShardState.WAITING:
                is_late = perf_counter() - self.began > self.sharding.longest_start.total_seconds()
                if number not in over and not is_late:
                    return True
                why = f"no worker took it up{over.get(number, '')}"
                return not self.store.give_up_shard(self.run_id, number, why)
            case ShardState.DIED:
                since = self.died.setdefault(number, perf_counter())
                return number not in over and perf_counter() - since < self.sharding.longest_restart.total_seconds()


def _end(start: "asyncio.Task[None]") -> str:
    """What is to be said of a start that is over: nothing, or what went wrong."""
    error = start.exception()
    return "" if error is None else f": {error or type(error).__name__}"


def _ended(store: Store, run_id: str) -> Iterable[tuple[ShardView, Tally | None]]:
    """The shards, with what they said they have counted; None: they said nothing."""
    stored = store.shard_tallies(run_id)
    watches = store.watches(sorted({one for tally in stored.values() for one in named_profiles(tally)}))
    for view in store.shards(run_id):
        tally = stored.get(view.number)
        yield view, None if tally is None else tally_from_json(tally, watches)


def _part(store: Store, run_id: str, view: ShardView, tally: Tally | None) -> tuple[ShardPart, Tally]:
    """What came of a shard. What it has not counted itself, or a worker before it, is counted from the record."""
    profiles = len(view.plan.profile_ids)
    if tally is None or tally.checked < profiles:
        recorded = tally_of_recorded(store.recorded_checks(run_id, view.plan.profile_ids))
        if tally is not None:
            recorded.absorbed, recorded.shapes = tally.absorbed, tally.shapes
        tally = recorded
    part = ShardPart(
        number=view.number,
        state=view.state,
        hosts=len(view.plan.hosts),
        profiles=profiles,
        checked=tally.checked,
        worker=view.worker,
        detail=view.detail,
    )
    return part, tally
