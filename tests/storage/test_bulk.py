"""A first sight of many profiles is written in batches, not one row at a time."""

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from storage.store import Store
from tests.effort import seconds_of
from tests.storage.builders import accepted, apply, day, followed
from tests.storage.pages import large_page, papers

_PROFILES = 50


def _follow(store: Store) -> None:
    store.follow([followed(f"Person {number}", str(number)) for number in range(_PROFILES)], day(0))


def test_a_first_sight_of_fifty_profiles_is_few_statements_and_little_work(store: Store) -> None:
    """2,500 papers and pages of 100 KB; the whole of a thousand profiles is twenty times this."""
    _follow(store)
    shown = [papers(number, 50) for number in range(_PROFILES)]
    intents = [
        accepted(of, day(0), mine, metrics={"citations": 7}, answer=large_page(mine, {}, 0))
        for of, mine in zip(store.due(day(0), cadence=None), shown, strict=True)
    ]
    statements: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    applied: list[bool] = []
    try:
        seconds = seconds_of(lambda: applied.extend(apply(store, *intents)))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert applied == [True] * _PROFILES
    assert seconds < 2
    assert len(statements) < 60
    assert store.status().papers == 50 * _PROFILES


def test_what_is_known_of_many_profiles_is_read_in_few_statements(store: Store) -> None:
    _follow(store)
    watches = store.due(day(0), cadence=None)
    shown = [papers(number, 5) for number in range(_PROFILES)]
    apply(
        store,
        *(accepted(of, day(0), mine, metrics={"citations": 7}) for of, mine in zip(watches, shown, strict=True)),
    )
    known = store.known([of.profile_id for of in watches])
    assert [len(known[of.profile_id].papers) for of in watches] == [5] * _PROFILES
