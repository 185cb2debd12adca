"""What one check costs on this machine: the figures that `benchmarks.capacity` reckons with.

    python -m benchmarks.capacity_costs DATABASE [--profiles 200] > costs.json

DATABASE is an empty PostgreSQL database. Pages are as large as real ones; a site in a process of its own serves them.
Where something is done many times, the median counts: others may use the machine.
"""

import argparse
import asyncio
import json
import multiprocessing
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import yaml
from sqlalchemy import create_engine, text

from alerts.subject import Subject
from benchmarks.capacity import Costs
from benchmarks.made_up import FIRST_DAY, PAGE_BYTES, page, parsed, profile
from flows.config.whole import Settings
from flows.judging import verdicts_about
from flows.settings import load
from flows.track import track
from storage.store import Store
from tracking.check import Finding, NotModified, Watch
from tracking.decide import decide
from tracking.host import HostPolicy
from world.site import Site

DAY = timedelta(days=1)
TOGETHER = 50
TURNS = 200


@dataclass(frozen=True, slots=True)
class Size:
    rows: int
    bytes: int

    def __sub__(self, other: "Size") -> "Size":
        return Size(self.rows - other.rows, self.bytes - other.bytes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", help="postgresql+psycopg://…, with nothing in it")
    parser.add_argument("--profiles", type=int, default=200)
    options = parser.parse_args()
    costs = measure(options.database, options.profiles)
    print(json.dumps(asdict(costs), indent=2))


def measure(database: str, profiles: int) -> Costs:
    shown = {str(number): profile(number) for number in range(profiles)}
    with TemporaryDirectory() as folder, _site(profiles) as root, Store.open(database) as store:
        settings = load(_config(Path(folder), root, profiles, database))
        empty = _size(database)
        asyncio.run(track(store, settings, FIRST_DAY))
        first = _size(database)
        began = process_time()
        asyncio.run(track(store, settings, FIRST_DAY + DAY))
        check_seconds = (process_time() - began) / profiles
        calm = _day(store, settings, 2, lambda watch, _: NotModified(url=watch.url))
        unchanged = _size(database)
        pages = {key: page(of, FIRST_DAY.date(), citations=1_001) for key, of in shown.items()}
        readings, parsing = _timed_each(lambda key: parsed(pages[key], FIRST_DAY.date()), list(pages))
        news = _day(store, settings, 3, lambda watch, _: readings[watch.key])
        changed = _size(database)
        turns = _turns(store)
    print(f"{profiles} profiles, pages of {PAGE_BYTES:,} bytes", file=sys.stderr)
    return Costs(
        check_seconds=check_seconds,
        change_seconds=news.own,
        parse_seconds=parsing,
        turn_seconds=turns,
        write_seconds=calm.write,
        write_change_seconds=news.write,
        # Two days without news were written by then.
        bytes_unchanged=(unchanged - first).bytes / (2 * profiles),
        bytes_changed=(changed - unchanged).bytes / profiles,
        bytes_first=(first - empty).bytes / profiles,
        rows_unchanged=(unchanged - first).rows / (2 * profiles),
        rows_changed=(changed - unchanged).rows / profiles,
        rows_first=(first - empty).rows / profiles,
    )


@dataclass(frozen=True, slots=True)
class Day:
    """Seconds for one profile: of the process beside asking and parsing, and while it writes."""

    own: float
    write: float


def _day(store: Store, settings: Settings, number: int, answer: Callable[[Watch, int], Finding]) -> Day:
    """Decide, judge and write as the daily run does."""
    now = FIRST_DAY + number * DAY
    run_id = store.begin_run("track", now)
    watches = store.due(now, cadence=None)
    own, write = [], []
    for start in range(0, len(watches), TOGETHER):
        part = watches[start : start + TOGETHER]
        began = process_time()
        findings = [answer(watch, number) for watch in part]
        known = store.known([watch.profile_id for watch in part])
        intents = [
            decide(watch, finding, known.get(watch.profile_id), now)
            for watch, finding in zip(part, findings, strict=True)
        ]
        found = [(intent.events, _subject(watch)) for watch, intent in zip(part, intents, strict=True)]
        verdicts = verdicts_about(store, settings, found, now)
        own.append((process_time() - began) / len(part))
        began_writing = perf_counter()
        store.apply(list(zip(intents, verdicts, strict=True)), run_id=run_id, recorded_at=now)
        write.append((perf_counter() - began_writing) / len(part))
    store.end_run(run_id, {})
    return Day(median(own), median(write))


def _subject(watch: Watch) -> Subject:
    return Subject(person=watch.person, tags=watch.tags, source=watch.source, profile_url=watch.url)


def _timed_each(work: Callable[[str], Finding], keys: list[str]) -> tuple[dict[str, Finding], float]:
    """What each gave, and the median of the processor's seconds."""
    done, seconds = {}, []
    for key in keys:
        began = process_time()
        done[key] = work(key)
        seconds.append(process_time() - began)
    return done, median(seconds)


def _turns(store: Store) -> float:
    policy = HostPolicy(min_interval_seconds=1)
    seconds = []
    for number in range(TURNS):
        began = perf_counter()
        store.take_turns("www.example.org", policy, FIRST_DAY + number * timedelta(seconds=2))
        seconds.append(perf_counter() - began)
    return median(seconds)


def _size(database: str) -> Size:
    """Rows and bytes of all tables, without what others have left dead in them."""
    engine = create_engine(database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM FULL"))
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        rows = sum(connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names)
        taken = sum(
            connection.execute(text(f"SELECT pg_total_relation_size('\"{name}\"')")).scalar_one() for name in names
        )
    engine.dispose()
    return Size(rows, taken)


# ---- the site


@contextmanager
def _site(profiles: int) -> Iterator[str]:
    """A site in a process of its own, so that its work is not counted; its address."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, profiles), daemon=True)
    process.start()
    try:
        yield str(ours.recv())
    finally:
        ours.send(None)
        process.join()


def _serve(pipe: "Connection[Any, Any]", profiles: int) -> None:
    with Site(today=date(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day), pad_to_bytes=PAGE_BYTES) as site:
        for number in range(profiles):
            site.show(profile(number))
        pipe.send(site.root)
        pipe.recv()


def _config(folder: Path, root: str, profiles: int, database: str) -> Path:
    people: list[Mapping[str, Any]] = [
        {"name": f"Ada Example {number}", "profiles": [{"url": f"{root}/author/{number}", "source": "scholarfeed"}]}
        for number in range(profiles)
    ]
    config = folder / "scholarwatch.yaml"
    written = {"people": people, "receivers": {"me": {"file": "alerts.jsonl"}}, "database": database}
    config.write_text(yaml.safe_dump(written), "utf-8")
    return config


if __name__ == "__main__":
    main()
