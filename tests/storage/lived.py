"""A database in which people were followed for a while: pages, events, messages, checks that found nothing."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.engine import Database
from storage.store import Store
from storage.tables import Row
from tests.storage.builders import accepted, apply, day, ended, event, followed, verdict, watch
from tests.storage.copied import copy_rows
from tests.storage.pages import large_page, papers
from tracking.check import CheckIntent, Outcome, PaperIdentity, Watch
from tracking.event import EventKind

_EVERY_THIRD = 3


def live(database: str, *, days: int, profiles: int = 2, told: bool = True) -> None:
    """Each profile shows a new figure a day, and a new paper every third day, of which somebody is told.

    A life is lived once, in SQLite; who wants the same again gets a copy. The database may have its tables already.
    """
    file = _lived(days, profiles, told)
    if Database.at(database).path is not None:
        Path(database).write_bytes(file)
        return
    with TemporaryDirectory() as folder:
        path = Path(folder, "lived.db")
        path.write_bytes(file)
        Store.open(database).close()
        copy_rows(str(path), database)


@cache
def _lived(days: int, profiles: int, told: bool) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "lived.db")
        _live(str(path), days=days, profiles=profiles, told=told)
        return path.read_bytes()


def _live(database: str, *, days: int, profiles: int, told: bool) -> None:
    with Store.open(database) as store:
        store.follow([followed(f"Zoë {number} 王", str(number), tags=("lab",)) for number in range(profiles)], day(0))
        listed = [papers(number, 3 + days // _EVERY_THIRD) for number in range(profiles)]
        for at in range(days):
            shown = [each[: 3 + at // _EVERY_THIRD] for each in listed]
            watches = [watch(store, str(number)) for number in range(profiles)]
            intents = [_one_day(of, at, mine) for of, mine in zip(watches, shown, strict=True)]
            events = [event for intent in intents for event in intent.events] if told else []
            assert all(apply(store, *intents, verdicts=[verdict(event) for event in events]))
        last = [watch(store, str(number)) for number in range(profiles)]
        apply(store, *(ended(of, day(days), Outcome.BLOCKED, detail="a captcha") for of in last))
        for message in store.undelivered(day(days)):
            store.delivered(message.id, day(days))


def _one_day(of: Watch, at: int, shown: list[PaperIdentity]) -> CheckIntent:
    metrics = {"citations": 1_000 + at, "novelty": 0.5 + at / 1_000, "h_index": None}
    is_new = at % _EVERY_THIRD == 0 and at > 0
    happened = event(of, EventKind.PAPER_NEW, day(at), key=shown[-1].key, after=["a", 1.5])
    return accepted(
        of,
        day(at),
        shown,
        new=shown if at == 0 else shown[-1:] if is_new else [],
        metrics=metrics,
        answer=large_page(shown, metrics, at),
        events=(happened,) if is_new else (),
    )


def rows_of(database: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, by table, in the order of their keys."""
    opened = Database.at(database)
    with opened.reading() as connection:
        rows = {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key))]
            for table in Row.metadata.sorted_tables
        }
    opened.engine.dispose()
    return rows
