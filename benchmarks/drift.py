"""How often the drift alarm is right: damaged variants of each source's template, over small worlds.

    python -m benchmarks.drift [SOURCE…] [--seeds 1] [--wrong]

A variant changes all answers of a site alike: something renamed, dropped, moved, emptied, cut, … The alarm is right
where it is told of a variant that spoils more than three in ten facts of one kind, and of no other. Each seed has its
own scholars and its own variants.
"""

import argparse
from collections.abc import Iterable

from tests.scrapers.damage.judging import Judged, false_alarm, judge_source
from tests.scrapers.damage.worlds import PLACES


def main() -> None:
    options = _options()
    print(f"{'source':18} {'variants':>8} {'harmful':>8} {'right':>6} {'missed':>7} {'false':>6}")
    everything: list[Judged] = []
    for source in options.sources or PLACES:
        judged = [one for seed in range(1, options.seeds + 1) for one in judge_source(source, seed)]
        everything += judged
        print(_line(source, judged))
        for one in judged:
            if options.all or (options.wrong and not one.is_right):
                print(f"    {one.variant}: {one.kind} {one.spoiled:.0%}; told: {one.told or '–'}")
    print(_line("all", everything))
    days = [false_alarm(source, seed) for source in options.sources or PLACES for seed in range(1, options.days + 1)]
    print(f"ordinary days: {len(days)}, told of {sum(map(bool, days))}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="*", metavar="SOURCE")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--days", type=int, default=3, help="ordinary days of each source")
    parser.add_argument("--wrong", action="store_true", help="name the variants on which the alarm is wrong")
    parser.add_argument("--all", action="store_true", help="name every variant")
    return parser.parse_args()


def _line(source: str, judged: Iterable[Judged]) -> str:
    found = list(judged)
    harmful = [one for one in found if one.is_harmful]
    missed = sum(not one.is_right for one in harmful)
    false = sum(not one.is_right for one in found) - missed
    right = sum(one.is_right for one in found) / len(found)
    return f"{source:18} {len(found):8} {len(harmful):8} {right:6.1%} {missed:7} {false:6}"


if __name__ == "__main__":
    main()
