"""Scholarwatch beside what people use instead: the same pages, from the same server, in turns.

    python -m benchmarks.peers [--pages 1000] [--peer urlwatch …] [--rounds 1] [--programs FOLDER]

The peers are installed from the package index, each into an environment of its own under ``--programs`` (by default a
temporary folder, and gone afterwards). How each is set up stands in its file in `benchmarks.contest`. In every phase
one contestant after the other looks at all pages:

- first sight;
- nothing changed, and the site answers validators with a 304;
- nothing changed, and the site has no validators: the same bytes with status 200;
- every page differs by one number.

A contestant that cannot be installed or run is out, with the reason, and the others go on.
"""

import argparse
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.contest.changedetection import Changedetection
from benchmarks.contest.contestant import Contestant
from benchmarks.contest.measured import Cost, CouldNotRun
from benchmarks.contest.ours import Scholarwatch
from benchmarks.contest.scrapy_peer import ScrapySpider
from benchmarks.contest.watchers import Urlwatch, Webchanges
from benchmarks.served import PAGE_KB, PAPERS, ask, asked_so_far, profile_urls, served_site

#: What happens to the site before each phase.
PHASES: dict[str, str | None] = {
    "first sight": None,
    "unchanged, 304": None,
    "unchanged, 200": "no_validators",
    "one number": "cite",
}
PEERS: dict[str, Callable[[Path], Contestant]] = {
    "urlwatch": Urlwatch,
    "webchanges": Webchanges,
    "changedetection.io": Changedetection,
    "scrapy": ScrapySpider,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one contestant did in one phase."""

    contestant: Contestant
    cost: Cost
    disk_bytes: int
    requests: dict[str, int]


def main() -> None:
    options = _options()
    print(f"{options.pages} pages, {PAGE_KB} KB and {PAPERS} papers each; {_machine()}")
    with TemporaryDirectory(prefix="scholarwatch-peers-") as folder:
        programs = options.programs or Path(folder) / "programs"
        for number in range(options.rounds):
            contestants = [Scholarwatch(), *(PEERS[name](programs.absolute()) for name in options.peer)]
            _round(Path(folder) / f"round-{number}", options.pages, contestants)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--peer", action="append", choices=list(PEERS), help="one of them; may be given several times")
    parser.add_argument("--rounds", type=int, default=1, help="how often all of it is done, each time from the start")
    parser.add_argument("--programs", type=Path, help="where the peers are installed, and found the next time")
    options = parser.parse_args()
    options.peer = options.peer or list(PEERS)
    return options


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def _round(folder: Path, pages: int, contestants: Sequence[Contestant]) -> None:
    with served_site(pages) as root, ExitStack() as leaving:
        ready: list[Contestant] = []
        for contestant in contestants:
            own = folder / contestant.name
            own.mkdir(parents=True)
            leaving.callback(contestant.end)
            try:
                contestant.begin(own, profile_urls(root))
                ready.append(contestant)
            except CouldNotRun as reason:
                print(f"{contestant.name} is out: {reason}")
        for day, (phase, order) in enumerate(PHASES.items()):
            if order is not None:
                ask(f"{root}/_world/{order}")
            lines = list(_phase(day, root, ready))
            ready = [line.contestant for line in lines]
            _print(phase, lines)


def _phase(day: int, root: str, contestants: Sequence[Contestant]) -> Iterator[Line]:
    for contestant in contestants:
        before = asked_so_far(root)
        try:
            cost = contestant.look(day)
        except CouldNotRun as reason:
            print(f"{contestant.name} is out: {reason}")
            continue
        requests = {status: count - before.get(status, 0) for status, count in asked_so_far(root).items()}
        yield Line(contestant=contestant, cost=cost, disk_bytes=contestant.disk_bytes(), requests=requests)


def _print(phase: str, lines: Sequence[Line]) -> None:
    for line in lines:
        cost = line.cost
        requests = ", ".join(f"{count} × {status}" for status, count in line.requests.items() if count)
        print(
            f"{phase:<15} {line.contestant.name:<18} {cost.wall_seconds:7.1f} s wall {cost.cpu_seconds:7.1f} s CPU "
            f"{cost.peak_bytes / 1e6:5.0f} MB peak {line.disk_bytes / 1e6:7.1f} MB disk; {requests}; "
            f"{line.contestant.says}",
            flush=True,
        )
    ours, peers = lines[0].cost, [line.cost for line in lines[1:]]
    if peers:
        wall = ours.wall_seconds / min(cost.wall_seconds for cost in peers)
        cpu = ours.cpu_seconds / min(cost.cpu_seconds for cost in peers)
        memory = ours.peak_bytes / min(cost.peak_bytes for cost in peers)
        print(
            f"{phase:<15} to the best of the peers: {wall:.2f} wall, {cpu:.2f} CPU, {memory:.2f} memory\n", flush=True
        )


if __name__ == "__main__":
    main()
