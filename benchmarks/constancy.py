"""What a profile's check costs beside the page itself, by the number of profiles and by the length of their histories.

    python -m benchmarks.constancy [--profiles 100 1000 10000] [--days 300]

CPU time of what the daily run does with an answer: asking the store what is due and what is known, deciding, storing.
Fetching and parsing are left out: they know nothing of other profiles nor of the past. Readings of large pages are
made from one that was parsed. Figures are compared with the first of their kind: 1.0 is constant.
"""

import argparse
import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.made_up import FIRST_DAY, PAPERS, page, parsed, person, profile
from storage.store import Store
from tracking.check import Finding, NotModified, Parsed, Watch
from tracking.decide import decide

#: As many as the daily run writes together.
_TOGETHER = 50
#: Profiles whose history grows.
_WITH_HISTORY = 20
_DAYS_OF_A_FIGURE = 20

Find = Callable[[Watch], Finding]


def main() -> None:
    options = _options()
    print(f"{PAPERS} papers each; ms of CPU for one profile and day")
    with TemporaryDirectory(prefix="scholarwatch-bench-") as folder:
        _by_profiles(Path(folder), options.profiles)
        _by_days(Path(folder), options.days)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profiles", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--days", type=int, default=300, help="of the longest history")
    return parser.parse_args()


def _by_profiles(folder: Path, numbers: Sequence[int]) -> None:
    first: dict[str, float] = {}
    for profiles in numbers:
        with Store.open(str(folder / f"{profiles}.db")) as store:
            store.follow([person(number) for number in range(profiles)], FIRST_DAY)
            kinds: dict[str, Find] = {
                "first sight": lambda watch: _shown(watch, 0),
                "not modified (304)": lambda watch: NotModified(url=watch.url),
                "one number changed": lambda watch: _shown(watch, 1),
            }
            for day, (kind, find) in enumerate(kinds.items()):
                cost = _day(store, day, find)
                first.setdefault(kind, cost)
                print(f"{profiles:6} profiles, {kind:<19} {cost:6.2f} ms, {cost / first[kind]:.2f} of the first")


def _by_days(folder: Path, days: int) -> None:
    with Store.open(str(folder / "history.db")) as store:
        store.follow([person(number) for number in range(_WITH_HISTORY)], FIRST_DAY)
        costs = [_day(store, day, lambda watch, day=day: _shown(watch, day)) for day in range(days)][1:]
    first = statistics.median(costs[:_DAYS_OF_A_FIGURE])
    for end in _ends(len(costs)):
        cost = statistics.median(costs[max(0, end - _DAYS_OF_A_FIGURE) : end])
        print(f"one number changed, the {end:4}th day of its kind {cost:6.2f} ms, {cost / first:.2f} of the first")


def _ends(days: int) -> list[int]:
    """Days of which each is twice as late as the one before, and the last."""
    ends = [_DAYS_OF_A_FIGURE]
    while ends[-1] * 2 < days:
        ends.append(ends[-1] * 2)
    return [*ends, days]


def _day(store: Store, day: int, find: Find) -> float:
    """Check everybody; milliseconds of CPU for each, without what making up the answers takes."""
    now = FIRST_DAY + day * timedelta(days=1)
    run_id = store.begin_run("track", now)
    began = process_time()
    watches = store.due(now, cadence=None)
    spent = process_time() - began
    for start in range(0, len(watches), _TOGETHER):
        part = watches[start : start + _TOGETHER]
        findings = [find(watch) for watch in part]
        began = process_time()
        known = store.known([watch.profile_id for watch, found in zip(part, findings, strict=True) if _is_read(found)])
        intents = [
            decide(watch, found, known.get(watch.profile_id), now) for watch, found in zip(part, findings, strict=True)
        ]
        store.apply([(intent, ()) for intent in intents], run_id=run_id, recorded_at=now)
        spent += process_time() - began
    store.end_run(run_id, {})
    return spent / len(watches) * 1000


def _is_read(found: Finding) -> bool:
    return isinstance(found, Parsed)


_MODEL = parsed(page(profile(1), FIRST_DAY.date()), FIRST_DAY.date())


def _shown(watch: Watch, day: int) -> Parsed:
    """What the page of a profile says on a day: papers of its own, and more citations than the day before."""
    reading, citations = _MODEL.reading, 1000 + 7 * day
    papers = tuple(replace(paper, title=f"{paper.title} {watch.key}", arxiv_id=None) for paper in reading.papers)
    body = _MODEL.page.body.replace(b"1,000", f"{citations:,}".encode()) + f"<!-- {watch.key} -->".encode()
    return replace(
        _MODEL,
        page=replace(_MODEL.page, url=watch.url, body=body),
        reading=replace(reading, metrics={**reading.metrics, "citations": citations}, papers=papers),
    )


if __name__ == "__main__":
    main()
