"""How a database grows, and what a late capture costs in a short history and in a long one.

    python -m benchmarks.growth [--profiles 10] [--days 60] [--longest 1600]

Growth is the size of the SQLite file, vacuumed, before and after so many days of one kind; pages are as large as real
ones and are parsed, decided and stored as the daily run does it. A late capture is inserted into the middle of
histories of which each is four times as long as the one before.
"""

import argparse
import hashlib
import sqlite3
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.made_up import FIRST_DAY, PAGE_BYTES, PAPERS, page, parsed, person, profile
from storage.store import Store
from tracking.check import Finding, NotModified, Page, SameBytes, Watch
from tracking.decide import decide
from tracking.late import LateSighting
from world.profile import Profile

DAY = timedelta(days=1)
#: Bytes for one profile and day.
AIMS = {"not modified (304)": 200, "the same bytes": 200, "one metric changed": 1000}

#: What the network gives on a day of so many, of a profile that is watched.
Answer = Callable[[Watch, int], Page | NotModified]


def main() -> None:
    options = _options()
    print(
        f"{options.profiles} profiles, {PAGE_BYTES // 1000} KB and {PAPERS} papers each, "
        f"{options.days} days of each kind"
    )
    with TemporaryDirectory(prefix="scholarwatch-bench-") as folder:
        _growth(Path(folder), options.profiles, options.days)
        _late_captures(Path(folder), options.longest)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profiles", type=int, default=10)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--longest", type=int, default=1600, help="captures in the longest history")
    return parser.parse_args()


def _growth(folder: Path, profiles: int, days: int) -> None:
    everybody = {str(number): profile(number) for number in range(profiles)}
    richer = {str(number): profile(number, PAPERS + days) for number in range(profiles)}

    def calm(of: Watch, _number: int) -> Page:
        return page(everybody[of.key], FIRST_DAY.date())

    kinds: dict[str, Answer] = {
        "not modified (304)": lambda of, _number: NotModified(url=of.url),
        "the same bytes": calm,
        "one metric changed": lambda of, number: page(everybody[of.key], FIRST_DAY.date(), citations=1000 + 7 * number),
        "one paper more": lambda of, number: page(_with_papers(richer[of.key], PAPERS + number), FIRST_DAY.date()),
    }
    for kind, answer in kinds.items():
        database = folder / f"{kind}.db"
        with Store.open(str(database)) as store:
            store.follow([person(number) for number in range(profiles)], FIRST_DAY)
            _check(store, 0, calm if kind != "one paper more" else answer)
        before = _vacuumed(database)
        with Store.open(str(database)) as store:
            for number in range(1, days + 1):
                _check(store, number, answer)
        grown = (_vacuumed(database) - before) / (profiles * days)
        aim = f" (aim {AIMS[kind]})" if kind in AIMS else ""
        print(f"{kind:<20} {grown:7.0f} bytes for one profile and day{aim}; first sight {before / profiles:7.0f}")


def _with_papers(of: Profile, count: int) -> Profile:
    return replace(of, papers=of.papers[-count:], metrics={**of.metrics, "papers": count})


def _check(store: Store, number: int, answer: Answer) -> None:
    """What the daily run does of one day."""
    now = FIRST_DAY + number * DAY
    run_id = store.begin_run("track", now)
    watches = store.due(now, cadence=None)
    findings = {watch.profile_id: _finding(watch, answer(watch, number)) for watch in watches}
    known = store.known(list(findings))
    intents = [decide(watch, findings[watch.profile_id], known.get(watch.profile_id), now) for watch in watches]
    store.apply([(intent, ()) for intent in intents], run_id=run_id, recorded_at=now)
    store.end_run(run_id, {})


def _finding(watch: Watch, answer: Page | NotModified) -> Finding:
    if isinstance(answer, NotModified):
        return answer
    if hashlib.sha256(answer.body).digest() == watch.body_sha256:
        return SameBytes(page=answer)
    return parsed(answer, FIRST_DAY.date())


def _vacuumed(database: Path) -> int:
    connection = sqlite3.connect(database)
    connection.execute("VACUUM")
    connection.close()
    return database.stat().st_size


def _late_captures(folder: Path, longest: int) -> None:
    """Wall time of inserting one capture, by the length of the history that it comes into."""
    shown = profile(1)
    seconds: dict[int, float] = {}
    length = max(1, longest // 64)
    while length <= longest:
        with Store.open(str(folder / f"late-{length}.db")) as store:
            store.follow([person(1)], FIRST_DAY)
            (followed,) = store.to_fill()

            def insert(times: list[float], store: Store = store, profile_id: int = followed.profile_id) -> float:
                sightings = [
                    LateSighting(
                        observed_at=FIRST_DAY + number * DAY,
                        finding=parsed(
                            page(shown, FIRST_DAY.date(), citations=round(1000 + 8 * number)), FIRST_DAY.date()
                        ),
                        origin="pages",
                    )
                    for number in times
                ]
                run_id = store.begin_run("backfill", FIRST_DAY)
                started = time.perf_counter()
                store.insert(profile_id, sightings, run_id=run_id, recorded_at=FIRST_DAY)
                return time.perf_counter() - started

            for start in range(0, length, 50):
                insert([float(number) for number in range(start, min(start + 50, length))])
            seconds[length] = statistics.median(insert([length // 2 + part / 16]) for part in range(1, 16))
        print(f"one capture into a history of {length:5} captures: {seconds[length] * 1000:6.1f} ms (median of 15)")
        length *= 4
    print(f"the longest history against the shortest: ratio {seconds[max(seconds)] / seconds[min(seconds)]:.2f}")


if __name__ == "__main__":
    main()
