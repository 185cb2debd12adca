"""A simulated world in a process of its own, for benchmarks and for looking at: ``python -m world.site``.

The first line it prints is its address. What it answers besides profiles:

- ``/_world/advance``: a day goes by; the new day, as JSON.
- ``/_world/cite``: everybody gets one more citation, so that every page differs by one number.
- ``/_world/no_validators``: from now on no page has an ETag or a Last-Modified, and none is answered with a 304.
- ``/_world/asked``: how often profiles were asked for so far, by the status of the answer, as JSON.
- ``/_world/urls``: the addresses of all profiles, as JSON.
- ``/_world/truth``: the papers and metric changes that good pages have shown so far, as JSON.
"""

import argparse
import contextlib
import json
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date

from world.markup import Skin, Style
from world.rates import NO_TROUBLE, TroubleRates
from world.simulation import World
from world.stock import StockPlan


def main() -> None:
    """Serve until interrupted."""
    with world_from(sys.argv[1:]) as world:
        world.site.print_all()
        print(world.site.root, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


def world_from(arguments: Sequence[str]) -> World:
    """The world that the command line describes, listening to orders once it is entered."""
    options = _options(arguments)
    world = World(
        options.seed,
        researchers=options.researchers,
        start=options.start,
        troubles=NO_TROUBLE if options.no_trouble else TroubleRates(),
        plan=StockPlan(
            papers_each=(6, 90) if options.papers is None else (options.papers, options.papers),
            abstract_characters=(1100, 1500) if options.pages_kb >= 100 else (400, 1500),
        ),
        style=Style(skin=options.skin, pad_to_bytes=1000 * options.pages_kb),
        port=options.port,
    )
    _take_orders(world)
    return world


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m world.site", description="An imitation of Scholar Feed.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--researchers", type=int, default=30)
    parser.add_argument("--papers", type=int, help="of every researcher; otherwise 6 to 90")
    parser.add_argument("--pages-kb", type=int, default=0, help="fill pages up to this many kilobytes (1000 bytes)")
    parser.add_argument("--skin", type=Skin, choices=list(Skin), default=Skin.ARTICLES)
    parser.add_argument("--start", type=date.fromisoformat, default=date(2026, 11, 22), metavar="YYYY-MM-DD")
    parser.add_argument("--no-trouble", action="store_true", help="nothing ever goes wrong")
    return parser.parse_args(arguments)


def _take_orders(world: World) -> None:
    def advance() -> str:
        day = world.advance()
        world.site.print_all()
        return json.dumps({"day": day.isoformat()})

    def cite() -> str:
        for key in world.people:
            world.count(key, "citations", 1)
        world.show_pages()
        world.site.print_all()
        return json.dumps({"cited": len(world.people)})

    def truth() -> str:
        record = {
            "new_papers": [paper._asdict() for paper in world.truth.new_papers()],
            "late_papers": [paper._asdict() for paper in world.truth.late_papers()],
            "metric_changes": [change._asdict() for change in world.truth.metric_changes()],
        }
        return json.dumps(record, default=date.isoformat)

    def no_validators() -> str:
        world.site.no_validators()
        return json.dumps({"validators": False})

    def asked() -> str:
        return json.dumps(Counter(str(request.status) for request in world.site.requests if request.key is not None))

    world.site.serve("/_world/advance", advance)
    world.site.serve("/_world/asked", asked)
    world.site.serve("/_world/cite", cite)
    world.site.serve("/_world/no_validators", no_validators)
    world.site.serve("/_world/truth", truth)
    world.site.serve("/_world/urls", lambda: json.dumps(world.urls))
