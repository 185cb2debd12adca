"""A run played through, turn by turn: what `benchmarks.capacity` says in one line is looked at here.

    for each profile of a host    turn (the database's one writer) → gap → answer
                                  → the shard's own process → a parser, if the page has changed → written

Everybody who serves takes one thing at a time, in the order in which they come. Time is a number; nothing waits.
"""

import heapq
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from benchmarks.capacity import JITTER, PAGES_IN_FLIGHT, TURNS_TOGETHER, Bottleneck, Costs, Load

Deed = Callable[[float], None]


@dataclass(slots=True)
class Server:
    """Serves one at a time, as they come."""

    free_at: float = 0.0
    busy: float = 0.0

    def serve(self, at: float, seconds: float) -> float:
        """When what comes now is done."""
        self.free_at = max(at, self.free_at) + seconds
        self.busy += seconds
        return self.free_at


@dataclass(slots=True)
class Host:
    shard: int
    #: True: the page has changed.
    pages: list[bool]
    next_start_at: float = 0.0
    last_start_at: float = 0.0
    turns: int = 0
    under_way: int = 0


@dataclass(frozen=True, slots=True)
class Played:
    """How long a run took, and how long each part was busy: of hosts and shards the busiest, a parser on average."""

    seconds: float
    busy: dict[Bottleneck, float]


@dataclass(slots=True)
class _Run:
    load: Load
    costs: Costs
    chance: random.Random
    deeds: list[tuple[float, int, Deed]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)
    database: Server = field(default_factory=Server)
    own: defaultdict[int, Server] = field(default_factory=lambda: defaultdict(Server))
    parsers: dict[int, list[Server]] = field(default_factory=dict)
    ended_at: float = 0.0

    def at(self, time: float, deed: Deed) -> None:
        heapq.heappush(self.deeds, (time, next(self.numbers), deed))

    def play(self, hosts: list[Host]) -> None:
        for host in hosts:
            self.at(0.0, lambda time, host=host: self.next_page(time, host))  # type: ignore[misc]
        while self.deeds:
            time, _, deed = heapq.heappop(self.deeds)
            deed(time)

    def next_page(self, time: float, host: Host) -> None:
        """Ask for the host's next page, if there is one and not too many are under way."""
        if not host.pages or host.under_way >= PAGES_IN_FLIGHT:
            return
        is_changed = host.pages.pop()
        host.under_way += 1
        granted = self._turn(time, host)
        start = max(granted, host.next_start_at)
        gap = self.load.gap_seconds * (1 + JITTER * self.chance.random())
        host.next_start_at, host.last_start_at = start + gap, start
        self.at(start + self.load.answer_seconds, lambda at: self.answered(at, host, is_changed))
        # It asks again only after its last turn has started.
        self.at(start, lambda at: self.next_page(at, host))

    def _turn(self, time: float, host: Host) -> float:
        if host.turns == 0:
            host.turns = 1 if self.load.gap_seconds else TURNS_TOGETHER
            time = self.database.serve(time, self.costs.turn_seconds)
        host.turns -= 1
        return time

    def answered(self, time: float, host: Host, is_changed: bool) -> None:
        seconds = self.costs.check_seconds + (self.costs.change_seconds if is_changed else 0)
        done = self.own[host.shard].serve(time, seconds)
        if is_changed:
            self.at(done, lambda at: self.parse(at, host))
        else:
            self.at(done, lambda at: self.write(at, host, self.costs.write_seconds))

    def parse(self, time: float, host: Host) -> None:
        of_shard = self.parsers.setdefault(host.shard, [Server() for _ in range(self.load.parsers)])
        first = min(of_shard, key=lambda parser: parser.free_at)
        done = first.serve(time, self.costs.parse_seconds)
        self.at(done, lambda at: self.write(at, host, self.costs.write_change_seconds))

    def write(self, time: float, host: Host, seconds: float) -> None:
        self.ended_at = max(self.ended_at, self.database.serve(time, seconds))
        host.under_way -= 1
        self.next_page(time, host)


def play(load: Load, costs: Costs, seed: int) -> Played:
    """One run; ``seed`` says which pages have changed, and draws the jitter."""
    chance = random.Random(seed)
    changes = round(load.profiles * load.changed)
    pages = [True] * changes + [False] * (load.profiles - changes)
    chance.shuffle(pages)
    hosts = [Host(number % load.shards, pages[number :: load.hosts]) for number in range(load.hosts)]
    run = _Run(load, costs, chance)
    run.play(hosts)
    parsing = sum(server.busy for servers in run.parsers.values() for server in servers)
    return Played(
        seconds=run.ended_at,
        busy={
            Bottleneck.HOST: max(host.last_start_at for host in hosts) + load.gap_seconds,
            Bottleneck.RUN: max((server.busy for server in run.own.values()), default=0.0),
            Bottleneck.PARSING: parsing / (load.shards * load.parsers),
            Bottleneck.DATABASE: run.database.busy,
        },
    )
