"""What so many profiles a day cost, and what holds the run up first: a model, and what it says.

    python -m benchmarks.capacity [--costs costs.json] [--changed 0.1]

The costs of one check are measured by ``python -m benchmarks.capacity_costs``; those below are of the machine in
docs/scale.md. `benchmarks.capacity_simulation` plays the same runs through, turn by turn, and a test compares.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from math import ceil
from pathlib import Path

DAY_SECONDS = 86_400
#: At most this share of a gap is added to it by chance: half of it on average (`tracking.host.HostPolicy`).
JITTER = 0.2
#: Turns that are taken together at a host without a gap, and pages of it that may be under way at once.
TURNS_TOGETHER = 32
PAGES_IN_FLIGHT = 32


class Bottleneck(StrEnum):
    """What a run waits for."""

    HOST = "a host's politeness"
    RUN = "the shards' own processes"
    PARSING = "parsing"
    DATABASE = "PostgreSQL's one writer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Of one profile's check, on one core of a machine; seconds and bytes."""

    #: The shard's own process: asking, deciding; and beside that for a page that has changed.
    check_seconds: float = 0.0072
    change_seconds: float = 0.0087
    #: A worker process, for a page of 143 KB with 50 papers.
    parse_seconds: float = 0.0797
    #: While nobody else may write: a turn at a host, a check without news, one that brings a snapshot.
    turn_seconds: float = 0.0305
    write_seconds: float = 0.0078
    write_change_seconds: float = 0.0282
    #: In the database with its indexes, raw pages included: a check without news, one metric changed, first sight.
    bytes_unchanged: float = 143
    bytes_changed: float = 2826
    bytes_first: float = 39731
    #: Rows: of a check, of an ordinary change, of first sight.
    rows_unchanged: float = 1
    rows_changed: float = 7
    rows_first: float = 167


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One day's run."""

    profiles: int
    hosts: int
    #: Of the profiles, those whose page has changed.
    changed: float = 0.1
    #: Between two requests to a host, in seconds, and until its answer is there.
    gap_seconds: float = 5.0
    answer_seconds: float = 0.5
    shards: int = 1
    #: Processes that parse, of each shard.
    parsers: int = 2

    @property
    def at_largest(self) -> int:
        """Profiles at the host with the most of them; hosts are alike."""
        return ceil(self.profiles / self.hosts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the model says of a run: seconds that each part is busy, and what is stored."""

    requests: int
    busy: dict[Bottleneck, float]
    seconds: float
    #: Seconds of processor time, all processes together; without the database's.
    cpu_seconds: float
    rows: float
    bytes: float

    @property
    def bottleneck(self) -> Bottleneck:
        return max(self.busy, key=self.busy.__getitem__)

    @property
    def gigabytes_a_year(self) -> float:
        return self.bytes * 365 / 1e9


def estimate(load: Load, costs: Costs) -> Estimate:
    """All parts work side by side: a run lasts as long as the busiest of them, and one check more."""
    changes = load.profiles * load.changed
    own = load.profiles * costs.check_seconds + changes * costs.change_seconds
    parsing = changes * costs.parse_seconds
    turns = load.profiles / (1 if load.gap_seconds else TURNS_TOGETHER)
    if load.gap_seconds:
        at_host = load.at_largest * load.gap_seconds * (1 + JITTER / 2)
    else:
        at_host = load.at_largest * load.answer_seconds / PAGES_IN_FLIGHT
    busy = {
        Bottleneck.HOST: at_host,
        Bottleneck.RUN: own / load.shards,
        Bottleneck.PARSING: parsing / (load.shards * load.parsers),
        Bottleneck.DATABASE: turns * costs.turn_seconds
        + (load.profiles - changes) * costs.write_seconds
        + changes * costs.write_change_seconds,
    }
    one_check = load.answer_seconds + costs.check_seconds + costs.parse_seconds + costs.write_change_seconds
    return Estimate(
        # And each host's robots.txt.
        requests=load.profiles + load.hosts,
        busy=busy,
        seconds=max(busy.values()) + one_check,
        cpu_seconds=own + parsing,
        rows=(load.profiles - changes) * costs.rows_unchanged + changes * costs.rows_changed,
        bytes=(load.profiles - changes) * costs.bytes_unchanged + changes * costs.bytes_changed,
    )


def shards_needed(load: Load, costs: Costs, within_seconds: float = DAY_SECONDS / 2) -> int | None:
    """The fewest shards whose own work and parsing are done in that time; None: no number of them helps."""
    one = estimate(load, costs)
    if max(one.busy[Bottleneck.HOST], one.busy[Bottleneck.DATABASE]) > within_seconds:
        return None
    own, parsing = one.busy[Bottleneck.RUN] * load.shards, one.busy[Bottleneck.PARSING] * load.shards
    return max(1, ceil(max(own, parsing) / within_seconds))


# ---- the table


def loads(changed: float) -> Iterator[Load]:
    """10³, 10⁵ and 10⁶ profiles a day: at one host, as many sources are; at 100; at one host for each thousand."""
    for profiles in (1_000, 100_000, 1_000_000):
        for hosts in sorted({1, 100, max(1, profiles // 1_000)}):
            yield Load(profiles=profiles, hosts=hosts, changed=changed)


def table(costs: Costs, changed: float) -> Iterator[str]:
    """As it stands in docs/scale.md."""
    yield "| profiles a day | hosts | requests | a run takes | CPU | shards for 12 h | rows | GB a year | waits for |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
    for load in loads(changed):
        said = estimate(load, costs)
        shards = shards_needed(load, costs)
        cells = (
            f"{load.profiles:,}",
            f"{load.hosts:,}",
            f"{said.requests:,}",
            _lasting(said.seconds),
            _lasting(said.cpu_seconds),
            "none will do" if shards is None else str(shards),
            f"{said.rows:,.0f}",
            f"{said.gigabytes_a_year:,.2f}",
            said.bottleneck.value,
        )
        yield f"| {' | '.join(cells)} |"


def _lasting(seconds: float) -> str:
    """``42 s``, ``1.5 h``, ``12 days``"""
    for size, unit in ((2 * DAY_SECONDS, "days"), (5_400, "h"), (90, "min")):
        if seconds >= size:
            return f"{seconds / {'days': DAY_SECONDS, 'h': 3_600, 'min': 60}[unit]:,.1f} {unit}"
    return f"{seconds:,.0f} s"


def read_costs(path: Path) -> Costs:
    """Those that `benchmarks.capacity_costs` has written. Raises SystemExit for others."""
    found = json.loads(path.read_text("utf-8"))
    unknown = found.keys() - {field.name for field in fields(Costs)}
    if unknown:
        raise SystemExit(f"{path}: no costs are called {', '.join(sorted(unknown))}")
    return Costs(**found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--costs", type=Path, help="a file that benchmarks.capacity_costs has written")
    parser.add_argument("--changed", type=float, default=0.1, help="share of the pages that have changed")
    options = parser.parse_args()
    costs = Costs() if options.costs is None else read_costs(options.costs)
    for line in table(costs, options.changed):
        print(line)


if __name__ == "__main__":
    main()
