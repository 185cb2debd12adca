"""How much of the machine's parsing capacity a replay uses.

    python -m benchmarks.replay [--profiles 20] [--days 50] [--rounds 5]

Capacity is what plain processes do with the same pages, one on each processor, each over its share of files in a
folder: no store, no comparison, no report. Both sides start their own processes, and take turns, because a machine
that has other things to do has more of them in some minutes than in others. The aim is a ratio of 0.90 in time; the
ratio in CPU time is what it comes to where nothing else runs and no processor waits.
"""

import argparse
import multiprocessing
import multiprocessing.connection
import os
import statistics
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import psutil

from benchmarks import made_up
from benchmarks.made_up import FIRST_DAY, PAGE_BYTES, PAPERS
from flows.replay import read_again
from scrapers.parse import parse_page, saved_page
from storage.engine import Database
from storage.pages import StoredSnapshots
from storage.store import Store
from tracking.check import CheckIntent, Outcome, Page, PaperIdentity, Snapshot
from tracking.identity import identify

AIM = 0.90


def main() -> None:
    options = _options()
    with TemporaryDirectory(prefix="scholarwatch-bench-") as name:
        folder = Path(name)
        database = folder / "scholarwatch.db"
        files = _fill(database, folder, options.profiles, options.days)
        print(
            f"{len(files)} stored pages of {PAGE_BYTES // 1000} KB and {PAPERS} papers, {os.cpu_count()} cores, "
            f"database {database.stat().st_size / 1e6:.1f} MB"
        )
        ratios, cpu_ratios = [], []
        for turn in range(options.rounds):
            alone, again = _capacity(files), _replay(database, len(files))
            ratios.append(alone.seconds / again.seconds)
            cpu_ratios.append(alone.cpu_seconds / again.cpu_seconds)
            print(
                f"turn {turn + 1}: parsing alone {alone.seconds:6.2f} s ({alone.cpu_seconds:6.2f} s CPU), "
                f"replay {again.seconds:6.2f} s ({again.cpu_seconds:6.2f} s CPU), "
                f"ratio {ratios[-1]:.3f} ({cpu_ratios[-1]:.3f} CPU)"
            )
        print(
            f"ratio {statistics.median(ratios):.3f}, {statistics.median(cpu_ratios):.3f} CPU, aim {AIM:.2f} (medians)"
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profiles", type=int, default=20)
    parser.add_argument("--days", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def _fill(database: Path, folder: Path, profiles: int, days: int) -> list[Path]:
    """A store in which every profile had other citations every day, and all its pages as files beside it."""
    people = [made_up.person(number) for number in range(profiles)]
    shown = [made_up.profile(number) for number in range(profiles)]
    files = []
    with Store.open(str(database)) as store:
        store.follow(people, FIRST_DAY)
        for number in range(days):
            now = FIRST_DAY + timedelta(days=number)
            run_id = store.begin_run("track", now)
            decisions = []
            for watch, profile in zip(store.due(now, cadence=None), shown, strict=True):
                page = made_up.page(profile, now.date(), citations=1000 + number)
                files.append(folder / f"{watch.key}-{number}.html")
                files[-1].write_bytes(page.body)
                decisions.append((_accepted(watch.profile_id, watch.revision, page, now, is_first=number == 0), ()))
            store.apply(decisions, run_id=run_id, recorded_at=now)
            store.end_run(run_id, {})
    return files


def _accepted(profile_id: int, revision: int, page: Page, now: datetime, *, is_first: bool) -> CheckIntent:
    parsed = made_up.parsed(page, now.date())
    identified = identify("scholarfeed", parsed.reading.papers, {})
    papers = [
        PaperIdentity(key=key, aliases=identified.aliases[key], paper=paper)
        for key, paper in zip(identified.keys, parsed.reading.papers, strict=True)
    ]
    return CheckIntent(
        profile_id=profile_id,
        revision=revision,
        observed_at=now,
        outcome=Outcome.OK,
        page=page,
        snapshot=Snapshot(reading=parsed.reading, keys=identified.keys, parser=parsed.parser),
        papers=tuple(papers) if is_first else (),
        listed=identified.keys if is_first else (),
        metrics=parsed.reading.metrics,
    )


@dataclass(frozen=True, slots=True)
class Spent:
    seconds: float
    #: Of all processes together.
    cpu_seconds: float


def _capacity(files: list[Path]) -> Spent:
    """The time in which plain processes, one on each processor, would parse all files if they ended together."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scrapers.parse"])
    count = os.cpu_count() or 1
    started = time.perf_counter()
    shares = [files[share::count] for share in range(count)]
    cpu_seconds = context.SimpleQueue()
    processes = [context.Process(target=_parse_files, args=(share, cpu_seconds)) for share in shares]
    for process in processes:
        process.start()
    pages_per_second = 0.0
    running = {process.sentinel: len(share) for process, share in zip(processes, shares, strict=True)}
    while running:
        for ended in multiprocessing.connection.wait(list(running)):
            pages_per_second += running.pop(cast(int, ended)) / (time.perf_counter() - started)
    return Spent(len(files) / pages_per_second, sum(cpu_seconds.get() for _ in processes))


def _parse_files(files: list[Path], cpu_seconds: "SimpleQueue[float]") -> None:
    for path in files:
        parse_page("scholarfeed", saved_page(path), FIRST_DAY.date())
    cpu_seconds.put(time.process_time())


def _replay(database: Path, pages: int) -> Spent:
    """What a replay of all stored pages takes; it must find that nothing differs."""
    workers: dict[int, float] = {}

    def look_at_workers(_total: int, _done: int) -> None:
        for process in psutil.Process().children(recursive=True):
            times = process.cpu_times()
            workers[process.pid] = times.user + times.system

    # The fork server has worked before, and other workers of it are gone.
    look_at_workers(0, 0)
    before = sum(workers.values())
    cpu_before, started = time.process_time(), time.perf_counter()
    snapshots = StoredSnapshots(database=Database.at(str(database)))
    report = read_again(snapshots.packed(), pages, progress=look_at_workers)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_before
    if report.same != pages:
        raise SystemExit(f"something differs: {report.to_json()}")
    return Spent(seconds, cpu_seconds + sum(workers.values()) - before)


if __name__ == "__main__":
    main()
