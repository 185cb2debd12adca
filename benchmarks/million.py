"""A million profiles with a year of history, at 1/20 scale: how long the everyday questions take there.

    python -m benchmarks.million DATABASE [--profiles 50000] [--days 365]

DATABASE is an empty PostgreSQL database; one that was made so before is asked again. The program itself writes the year
of a few profiles; PostgreSQL then copies their rows for all others, with ids, keys and digests of their own. So each
row is one that the program writes, but a copied page can not be unpacked: its digest is not that of its bytes. So
retention only looks, and lets go of nothing.
"""

import argparse
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import yaml
from sqlalchemy import Column, Connection, Engine, Table, create_engine, text

from alerts.subject import Subject
from benchmarks.made_up import FIRST_DAY, parsed
from flows.config.whole import Settings
from flows.judging import verdicts_about
from flows.rehearsal_stage import Wanted
from flows.rehearsing import rehearse
from flows.settings import load
from storage import tables
from storage.store import Store
from tracking.cadence import Cadences, Every
from tracking.check import Finding, NotModified, Page, Watch
from tracking.decide import decide
from world.markup import Style, render_page
from world.papers import Press
from world.profile import Profile

DAY = timedelta(days=1)
TEMPLATES = 20
PAPERS = 12
#: Of the templates, those whose pages change every day in the first weeks.
BUSY = 2
BUSY_DAYS = 20
#: Each question is asked so often, and the median counts.
TIMES = 3
#: Profiles that retention looks at, of all.
RETIRED = 500
#: Whatever a row refers to comes before it.
COPIED = (
    tables.person,
    tables.profile,
    tables.blob,
    tables.snapshot,
    tables.paper,
    tables.alias,
    tables.listing,
    tables.metric,
    tables.event,
    tables.verdict,
    tables.check_log,
)
#: What is unique, or named after what is.
NAMED = {"person.name", "profile.key", "profile.url", "paper.key", "alias.text"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", help="postgresql+psycopg://…, with nothing in it")
    parser.add_argument("--profiles", type=int, default=50_000)
    parser.add_argument("--days", type=int, default=365)
    options = parser.parse_args()
    folder = Path("million.yaml").absolute()
    settings = _settings(folder, options.database)
    folder.unlink()
    with Store.open(options.database) as store:
        engine = create_engine(options.database)
        if not store.people():
            _timed("the program writes the templates", lambda: _live(store, settings, options.days), times=1)
            copies = options.profiles // TEMPLATES - 1
            _timed(f"PostgreSQL copies them {copies:,} times", lambda: _copy(engine, copies), times=1)
        _say_sizes(engine)
        now = FIRST_DAY + options.days * DAY
        _ask(store, settings, now)
        engine.dispose()


def _ask(store: Store, settings: Settings, now: datetime) -> None:
    """What is asked every day, and what that took."""
    adaptive = Cadences(default=Every(None))
    print(f"due today: {_timed('the daily plan', lambda: len(store.due(now, cadence=Cadences()))):,}")
    print(f"due today: {_timed('the daily plan, adaptive', lambda: len(store.due(now, cadence=adaptive))):,}")
    person = store.person("Ada Example 7", None).person.name
    _timed("one person's page", lambda: store.person(person, None))
    _timed("one person's page, in the past", lambda: store.person(person, now - 200 * DAY))
    wanted = Wanted(since=now - 30 * DAY, until=now, rules=("new papers",))
    messages: list[object] = []
    _timed("one rule over 30 days", lambda: rehearse(store, settings, wanted, on_message=messages.append), times=1)
    print(f"messages: {len(messages):,}")
    _timed(f"retention, {RETIRED} profiles looked at", lambda: _retire(store, now), times=1)


class _EnoughError(Exception):
    """As many profiles as were to be looked at have been."""


def _retire(store: Store, now: datetime) -> None:
    def stop(_of: int, done: int) -> None:
        if done >= RETIRED:
            raise _EnoughError

    try:
        store.retire_pages(now - 90 * DAY, now=now, dry_run=True, progress=stop)
    except _EnoughError:
        return


def _timed(what: str, work: Callable[[], object], *, times: int = TIMES) -> object:
    seconds = []
    for _ in range(times):
        began = perf_counter()
        found = work()
        seconds.append(perf_counter() - began)
    print(f"{what:<40} {median(seconds):10.3f} s", flush=True)
    return found


# ---- a year of a few


def _settings(config: Path, database: str) -> Settings:
    """Those of a file that follows the templates."""
    people = [
        {"name": f"Ada Example {n}", "profiles": [{"url": f"http://127.0.0.1/author/{n}", "source": "scholarfeed"}]}
        for n in range(TEMPLATES)
    ]
    rules = [{"name": "new papers", "on": ["paper.new"], "notify": ["me"], "every": "daily"}]
    written = {"people": people, "rules": rules, "receivers": {"me": {"file": "alerts.jsonl"}}, "database": database}
    config.write_text(yaml.safe_dump(written), "utf-8")
    return load(config)


def _live(store: Store, settings: Settings, days: int) -> None:
    """Check the templates every day, as the daily run does."""
    store.follow(settings.people, FIRST_DAY)
    chance = random.Random(1)
    lives = {str(number): _Life(number, chance) for number in range(TEMPLATES)}
    for day in range(days):
        now = FIRST_DAY + day * DAY
        run_id = store.begin_run("track", now)
        watches = store.due(now, cadence=None)
        findings = [lives[watch.key].finding(watch, day) for watch in watches]
        known = store.known([watch.profile_id for watch in watches])
        intents = [
            decide(watch, finding, known.get(watch.profile_id), now)
            for watch, finding in zip(watches, findings, strict=True)
        ]
        found = [(intent.events, _subject(watch)) for watch, intent in zip(watches, intents, strict=True)]
        verdicts = verdicts_about(store, settings, found, now)
        store.apply(list(zip(intents, verdicts, strict=True)), run_id=run_id, recorded_at=now)
        store.end_run(run_id, {"state": "ok"})


def _subject(watch: Watch) -> Subject:
    return Subject(person=watch.person, tags=watch.tags, source=watch.source, profile_url=watch.url)


@dataclass(slots=True)
class _Life:
    """A page on which once a month citations rise, and every second month a paper is new."""

    number: int
    chance: random.Random

    def finding(self, watch: Watch, day: int) -> Finding:
        is_busy = self.number < BUSY and day < BUSY_DAYS
        if day % 30 and not is_busy:
            return NotModified(url=watch.url)
        now = FIRST_DAY + day * DAY
        body = render_page(self._shown(day), now.date(), Style()).encode()
        page = Page(url=watch.url, status=200, headers={"content-type": "text/html"}, body=body)
        return parsed(page, now.date())

    def _shown(self, day: int) -> Profile:
        press = Press(self.number, abstract_characters=(700, 1100))
        old = [press.paper((self._name, "Ben Example"), FIRST_DAY.date() - (60 + n) * DAY) for n in range(PAPERS)]
        new = [press.paper((self._name,), (FIRST_DAY + (60 * n - 1) * DAY).date()) for n in range(1, day // 60 + 1)]
        metrics = {"papers": PAPERS + len(new), "h_index": 12, "citations": 1000 + 7 * day, "novelty": 0.5}
        return Profile(
            key=str(self.number), name=self._name, field="LG", metrics=metrics, papers=(*reversed(new), *old)
        )

    @property
    def _name(self) -> str:
        return f"Ada Example {self.number}"


# ---- and of very many


def _copy(engine: Engine, copies: int) -> None:
    """Copy every row of the templates so often, in PostgreSQL; then gather statistics, as autovacuum would."""
    with engine.begin() as connection:
        # What is referred to is there, and indexes are built at the end: neither need be looked at for each row.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        strides = {table.name: _stride(connection, table) for table in COPIED if "id" in table.c}
        for table in COPIED:
            columns = ", ".join(f'"{column.name}"' for column in table.c)
            values = ", ".join(_copied(column, strides) for column in table.c)
            _keep_indexes(connection, table, ready=False)
            connection.execute(
                text(
                    f'INSERT INTO "{table.name}" ({columns}) '
                    f'SELECT {values} FROM "{table.name}" AS row, generate_series(1, :copies) AS copy'
                ),
                {"copies": copies},
            )
            _keep_indexes(connection, table, ready=True)
            connection.execute(text(f'REINDEX TABLE "{table.name}"'))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _keep_indexes(connection: Connection, table: Table, *, ready: bool) -> None:
    """Whether rows that are inserted are put into the table's indexes at once. Only a superuser may say so."""
    statement = "UPDATE pg_index SET indisready = :ready WHERE indrelid = CAST(:name AS regclass)"
    connection.execute(text(statement), {"ready": ready, "name": f'"{table.name}"'})


def _stride(connection: Connection, table: Table) -> int | None:
    """How far apart the ids of two copies are; None: ids are texts."""
    if table is tables.event:
        return None
    return int(connection.execute(text(f'SELECT max(id) FROM "{table.name}"')).scalar_one())


def _copied(column: Column[object], strides: dict[str, int | None]) -> str:
    """What a column holds in a copy."""
    name = f'row."{column.name}"'
    own = {column.table.name} if column.name == "id" else set()
    of = own | {key.column.table.name for key in column.foreign_keys} & strides.keys()
    if of:
        stride = strides[of.pop()]
        return f"left(md5({name} || ' ' || copy), 16)" if stride is None else f"{name} + copy * {stride}"
    if f"{column.table.name}.{column.name}" in NAMED:
        return f"{name} || '-' || copy"
    if column.name == "sha256":
        return f"sha256({name} || convert_to(copy::text, 'UTF8'))"
    return name


def _say_sizes(engine: Engine) -> None:
    with engine.connect() as connection:
        for table in COPIED:
            rows = connection.execute(text(f'SELECT count(*) FROM "{table.name}"')).scalar_one()
            size = connection.execute(text(f"SELECT pg_total_relation_size('\"{table.name}\"')")).scalar_one()
            print(f"{table.name:<12} {rows:>12,} rows {size / 1e6:>10,.1f} MB")


if __name__ == "__main__":
    main()
