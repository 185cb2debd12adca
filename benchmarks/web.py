"""How long each page takes over a large database.

    python -m benchmarks.web [--people 10000] [--rounds 15] [--keep FILE]

The database is SQLite: so many people with 50 papers each and a year of history: a check a day, another number of
citations a week, an event and a verdict with each. Beside the median of each page stands the time that its queries
alone take in it, and the ratio of the two. Both are of the processor, and the whole database is in memory, as it is on
the second look. A processor that others share is slower, too: so the time of a bare soup of a real page (143 KB) stands
below, which takes some 15 ms on a machine of one's own. ``--keep`` makes the file once and uses it again.
"""

import argparse
import sqlite3
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, thread_time
from typing import Any

from bs4 import BeautifulSoup
from fastapi import FastAPI
from sqlalchemy import Engine, event

from benchmarks.made_up import page, parsed, person, profile
from flows.settings import load
from storage.store import Store
from tests.web.visitor import Visitor
from tracking.decide import decide
from tracking.event import EventKind
from web.app import create

#: In milliseconds, of the median.
AIM, AIM_TODAY = 100, 50
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
BEGAN = NOW - timedelta(weeks=52)
#: People with pages of their own; the others have the pages of one of these.
_DISTINCT = 200
_CHECKED_TOGETHER = 20


def main() -> None:
    options = _options()
    with TemporaryDirectory(prefix="scholarwatch-bench-") as folder:
        database = Path(options.keep) if options.keep else Path(folder) / "scholarwatch.db"
        if not database.exists():
            _make(database, options.people)
        config = Path(folder) / "scholarwatch.yaml"
        config.write_text(f"people: []\ndatabase: {str(database.absolute())!r}\n", "utf-8")
        slow = _measure(config, options.rounds)
    sys.exit(1 if slow and options.strict else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--keep", metavar="FILE", help="make the database there, unless it is there already")
    parser.add_argument("--strict", action="store_true", help="exit code 1 where a page takes longer than it should")
    return parser.parse_args()


# ---- the pages


def _measure(config: Path, rounds: int) -> list[str]:
    app = create(load(config), lambda: NOW)
    store: Store = app.state.desk.store
    queries = _Queries(store._database.engine)
    [some] = store.news(NOW - timedelta(days=30), kinds=list(EventKind), limit=1)
    paths = {
        "today": "/",
        "today, a month": "/?since=month",
        "people": "/people",
        "people, by last change": "/people?sort=changed",
        "people, by citations": "/people?sort=citations",
        "people, by name": "/people?q=example%2042",
        "people who cannot be read": "/people?health=failing",
        "groups": "/groups",
        "a group": "/groups/lab-7",
        "a person": "/people/17",
        "a person, half a year ago": "/people/17?at=2026-05-01",
        "papers": "/people/17/papers?q=the",
        "timeline": "/people/17/events",
        "two days": "/people/17/compare?earlier=2026-02-01&later=2026-10-01",
        "sources": "/people/17/sources",
        "raw pages": "/people/17/pages",
        "an event": f"/events/{some.event.id}",
        "follow": "/follow",
    }
    slow = []
    print(f"{'page':<28} {'median':>9} {'queries':>9} {'ratio':>6} {'longest':>9}")
    answers = _Answers(app)
    with Visitor(answers) as visitor:  # type: ignore[arg-type]  # whatever answers as an application does
        for name, path in paths.items():
            took, asked = _times(lambda path=path: visitor.page_bytes(path), answers, queries, rounds)  # type: ignore[misc]
            median, bare = statistics.median(took), statistics.median(asked)
            is_slow = median > (AIM_TODAY if path == "/" else AIM)
            slow += [name] if is_slow else []
            ratio = median / bare if bare else 0.0
            mark = "  more than aimed at" if is_slow else ""
            print(f"{name:<28} {median:6.1f} ms {bare:6.1f} ms {ratio:6.1f} {max(took):6.1f} ms{mark}")
    store.close()
    print(f"{'(a bare soup of a page)':<28} {_soup_milliseconds(rounds):6.1f} ms")
    return slow


def _soup_milliseconds(rounds: int) -> float:
    """How fast the machine is just now."""
    markup = page(profile(1), BEGAN.date()).body.decode()
    took = []
    for _ in range(rounds):
        began = process_time()
        BeautifulSoup(markup, "lxml")
        took.append((process_time() - began) * 1000)
    return statistics.median(took)


def _times(
    look: Callable[[], object], answers: "_Answers", queries: "_Queries", rounds: int
) -> tuple[list[float], list[float]]:
    look()
    took, asked = [], []
    for _ in range(rounds):
        queries.milliseconds = 0.0
        look()
        took.append(answers.milliseconds)
        asked.append(queries.milliseconds)
    return took, asked


class _Answers:
    """How long the application takes from a request to the end of its answer, without who asks."""

    def __init__(self, app: FastAPI) -> None:
        self.milliseconds = 0.0
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        began = process_time()
        await self._app(scope, receive, send)
        self.milliseconds = (process_time() - began) * 1000


class _Queries:
    """How long the database takes for the statements alone."""

    def __init__(self, engine: Engine) -> None:
        self.milliseconds = 0.0
        self._began = 0.0
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)

    def _before(self, *_: Any) -> None:
        self._began = thread_time()

    def _after(self, *_: Any) -> None:
        self.milliseconds += (thread_time() - self._began) * 1000


# ---- the database


def _make(database: Path, people: int) -> None:
    began = perf_counter()
    distinct = min(_DISTINCT, people)
    with Store.open(str(database)) as store:
        store.follow([person(number) for number in range(distinct)], BEGAN)
        run_id = store.begin_run("track", BEGAN)
        watches = {int(watch.key): watch for watch in store.due(BEGAN, cadence=None)}
        for start in range(0, distinct, _CHECKED_TOGETHER):
            part = [watches[number] for number in range(start, min(start + _CHECKED_TOGETHER, distinct))]
            findings = [parsed(page(profile(int(watch.key)), BEGAN.date()), BEGAN.date()) for watch in part]
            known = store.known([watch.profile_id for watch in part])
            intents = [
                decide(watch, finding, known.get(watch.profile_id), BEGAN)
                for watch, finding in zip(part, findings, strict=True)
            ]
            store.apply([(intent, ()) for intent in intents], run_id=run_id, recorded_at=BEGAN)
        store.end_run(run_id, {"state": "ok", "outcomes": {"ok": people}, "failed": 0})
    connection = sqlite3.connect(database)
    _multiply(connection, distinct, people)
    connection.close()
    size = database.stat().st_size / 1e6
    print(f"{people:,} people with a year of history, {size:,.0f} MB, made in {perf_counter() - began:.0f} s")


def _multiply(connection: sqlite3.Connection, distinct: int, people: int) -> None:
    """The same pages for everybody, and a year of days, weeks and quarters: in SQL, which takes seconds."""
    began = int(BEGAN.timestamp() * 1e6)
    day, week = 86_400_000_000, 7 * 86_400_000_000
    numbers = "WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
    everybody = numbers.format(first=distinct + 1, last=people)
    weeks = numbers.format(first=1, last=52)
    days = numbers.format(first=1, last=364)
    profile_columns = _columns(connection, "profile", "id", "person_id", "key", "url")
    snapshot_columns = _columns(connection, "snapshot", "id", "profile_id")
    of = f"((n.i - 1) % {distinct}) + 1"
    for statement in (
        "INSERT INTO person SELECT i, 'Ada Example ' || i, '[\"lab-' || (i % 200) || '\"]' FROM n",
        f"INSERT INTO profile (id, person_id, key, url, {profile_columns}) SELECT n.i, n.i, n.i, "
        f"'http://127.0.0.1/author/' || n.i, {profile_columns} FROM n JOIN profile p ON p.id = {of}",
        f"INSERT INTO snapshot (profile_id, {snapshot_columns}) SELECT n.i, {snapshot_columns} "
        f"FROM n JOIN snapshot s ON s.profile_id = {of}",
        f"INSERT INTO listing SELECT n.i, l.paper_id, l.since, l.until, l.missed_at, l.removed_at, l.last_shown "
        f"FROM n JOIN listing l ON l.profile_id = {of}",
        f"INSERT INTO metric SELECT n.i, m.name, m.since, m.until, m.value FROM n JOIN metric m ON m.profile_id = {of}",
    ):
        connection.execute(_with(everybody, statement))
    connection.execute("""UPDATE person SET tags = '["lab-' || (id % 200) || '"]'""")
    connection.execute("UPDATE profile SET outcome = 'unreachable', detail = 'no answer' WHERE id % 97 = 0")
    connection.execute(f"UPDATE profile SET checked_at = {began + 364 * day}, asked_at = {began + 364 * day}")
    connection.execute("DELETE FROM metric WHERE name = 'citations'")
    for statement in (
        _with(
            days,
            f"INSERT INTO run (kind, now, started_at, finished_at, manifest) SELECT 'track', {began} + i * {day}, "
            f"{began} + i * {day}, {began} + i * {day} + 60000000, "
            f"""'{{"state":"ok","outcomes":{{"ok":{people}}},"failed":0}}' FROM n""",
        ),
        _with(
            days,
            f"INSERT INTO checklog (profile_id, observed_at, run_id, outcome, size, elapsed_ms) "
            f"SELECT p.id, {began} + n.i * {day}, n.i + 1, 'not_modified', 0, 20 FROM n, profile p",
        ),
        _with(
            weeks,
            f"INSERT INTO metric SELECT p.id, 'citations', {began} + (n.i - 1) * {week}, "
            f"CASE n.i WHEN 52 THEN NULL ELSE {began} + n.i * {week} END, 1000 + p.id % 977 + n.i * (p.id % 11) "
            "FROM n, profile p",
        ),
        _with(
            weeks,
            "INSERT INTO event (id, profile_id, kind, cause, field, before, after, observed_at, recorded_at, run_id) "
            "SELECT printf('%016x', p.id * 1000 + n.i), p.id, CASE p.id % 50 WHEN n.i THEN 'metric.milestone' ELSE "
            f"'metric.changed' END, 'source', 'citations', 1000, 1010, {began} + n.i * {week} - (p.id % 7) * {day}, "
            f"{began} + n.i * {week} - (p.id % 7) * {day}, n.i * 7 FROM n, profile p",
        ),
        """INSERT INTO verdict SELECT id, 'me', 'digest', '["metrics"]', 'rule “metrics”: citations rose by 10' """
        "FROM event WHERE kind != 'profile.baseline'",
    ):
        connection.execute(statement)
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()


def _with(numbers: str, insert: str) -> str:
    """``INSERT INTO t SELECT …`` with numbers to select from."""
    into, _, selected = insert.partition(" SELECT ")
    return f"{into} {numbers} SELECT {selected}"


def _columns(connection: sqlite3.Connection, table: str, *without: str) -> str:
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    return ", ".join(name for name in names if name not in without)


if __name__ == "__main__":
    main()
