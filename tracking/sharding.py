"""A run in parts that go on side by side, on one machine or several: which hosts are whose.

    profiles by host ──shares──> hosts by shard ──a worker each──> a ShardView each ──> one manifest

A host is asked by one shard only: what it is owed needs no word between them. A shard that ends before it is done
leaves the rest to the next run.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


def shares(profiles: Mapping[str, int], shards: int) -> tuple[tuple[str, ...], ...]:
    """The hosts of each shard, by name; ``profiles`` is how many are read at each host.

    Every host is in one of them. No two shards differ by more profiles than one host has, none is empty, and there are
    no more than there are hosts. The same hosts give the same shares. Raises ValueError for less than one shard.
    """
    if shards < 1:
        raise ValueError(f"{shards} shards")
    # The largest first, each to whoever has least.
    load = [(0, number) for number in range(min(shards, len(profiles)))]
    found: list[list[str]] = [[] for _ in load]
    for host in sorted(profiles, key=lambda host: (-profiles[host], host)):
        least, number = load[0]
        found[number].append(host)
        heapq.heapreplace(load, (least + profiles[host], number))
    return tuple(tuple(sorted(hosts)) for hosts in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one shard is to do."""

    hosts: tuple[str, ...]
    #: By id, in the order in which they are to be checked.
    profile_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A shard as its worker takes it up."""

    shard_id: int
    run_id: str
    #: From 1 on.
    number: int
    plan: Plan
    #: The time that the run is of.
    now: datetime
    #: Since the run was planned, by the clock of the database, which is the same for all workers.
    elapsed_seconds: float
    #: People who are followed at profiles of other shards too.
    shared_people: frozenset[int]


class ShardState(StrEnum):
    """How a shard stands."""

    WAITING = "waiting"
    """no worker has taken it up"""
    AT_WORK = "at_work"
    DONE = "done"
    FAILED = "failed"
    """its worker said why it does not go on"""
    DIED = "died"
    """its worker is gone, and said nothing"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardView:
    """A shard as the run sees it."""

    shard_id: int
    number: int
    plan: Plan
    state: ShardState
    #: Machine and process that took it up last; None: none did.
    worker: str | None
    #: Why it failed.
    detail: str
