"""Once means once: also when a paper gets another key, when an event counts no more, and when it counts again."""

from dataclasses import replace

import pytest
from sqlalchemy import Executable, func, insert, select, update

from storage import tables
from storage.engine import Database
from storage.store import Store
from tests.storage.builders import accepted, apply, day, event, followed, paper, verdict, watch
from tests.storage.news import news, topics, verdicts
from tracking.alert import VerdictKind
from tracking.event import Cause, EventKind


@pytest.fixture(autouse=True)
def _followed(store: Store) -> None:
    store.follow([followed(f"Person {key}", key) for key in ("1", "2", "3")], day(0))


def test_what_was_told_under_a_key_that_was_given_up_is_not_told_again(store: Store, database: str) -> None:
    """An older snapshot has shown the paper by another name; then a second profile shows it."""
    (first,) = news(store, "1", day(0), "arxiv:1")
    store.undelivered(day(0))
    _change(database, update(tables.paper).values(key="fp:1"))
    _change(
        database, insert(tables.former_key).values(text="arxiv:1", paper_id=select(tables.paper.c.id).scalar_subquery())
    )
    of = watch(store, "2")
    second = event(of, EventKind.PAPER_NEW, day(1), key="arxiv:1")
    apply(store, accepted(of, day(1), [paper("arxiv:1")], events=(second,)), verdicts=[verdict(second)])
    assert verdicts(database) == {(first.id, "me"): "sent", (second.id, "me"): "already_told"}


def test_what_was_told_under_an_alias_of_another_profile_is_not_told_again(store: Store, database: str) -> None:
    """The paper has lost its key and the profile that showed it so; another profile knows it by that name."""
    (first,) = news(store, "1", day(0), "doi:1")
    store.undelivered(day(0))
    of = watch(store, "2")
    apply(store, accepted(of, day(1), [paper("doi:1", "arxiv:1")]))
    _change(database, update(tables.paper).values(key="arxiv:1"))
    (second,) = news(store, "3", day(2), "arxiv:1")
    assert verdicts(database) == {(first.id, "me"): "sent", (second.id, "me"): "already_told"}


def test_what_waits_is_told_under_the_key_of_the_day(store: Store, database: str) -> None:
    """Two entries of one paper, recorded before and after it got another key, are one topic."""
    news(store, "1", day(0), "arxiv:1")
    _change(database, update(tables.paper).values(key="fp:1"))
    of = watch(store, "2")
    new = event(of, EventKind.PAPER_NEW, day(1), key="fp:1")
    apply(store, accepted(of, day(1), [paper("fp:1", "arxiv:1")], events=(new,)), verdicts=[verdict(new)])
    assert topics(store.undelivered(day(1))) == [("me", False, ["paper.new/fp:1"] * 2)]


def _supersede(database: str) -> None:
    _change(database, update(tables.event).values(superseded_at=day(1)))


def test_what_does_not_count_any_more_was_told_all_the_same(store: Store, database: str) -> None:
    """An old snapshot has moved the event; on another profile the paper is no news to anybody."""
    (first,) = news(store, "1", day(0), "arxiv:1")
    store.undelivered(day(0))
    _supersede(database)
    (second,) = news(store, "2", day(2), "arxiv:1")
    assert verdicts(database) == {(first.id, "me"): "sent", (second.id, "me"): "already_told"}


def test_what_was_corrected_is_told_again(store: Store, database: str) -> None:
    """Scenario 34, and then the same is found once more: another message, and the first stays on record."""
    (new,) = news(store, "1", day(0), "arxiv:1")
    (first,) = store.undelivered(day(0))
    store.delivered(first.id, day(0))
    _supersede(database)
    _change(database, update(tables.outbox).values(corrected_at=day(1)))
    apply(store, accepted(watch(store), day(2), [], events=(new,)), verdicts=[verdict(new)])
    (again,) = store.undelivered(day(2))
    assert (again.entries, again.receiver) == (first.entries, first.receiver)
    assert again.id != first.id
    assert _counts(database) == {"event": 1, "verdict": 1, "outbox": 2, "message": 2}
    assert [each.recorded_at for each in store.events()] == [day(2)]
    assert store.undelivered(day(3)) == [again]


def test_an_event_that_counts_again_is_as_it_is_found_now(store: Store, database: str) -> None:
    of = watch(store)
    moved = event(of, EventKind.METRIC_CHANGED, day(0), field="citations", before=1, after=9)
    apply(store, accepted(of, day(0), [], events=(moved,)), verdicts=[verdict(moved, kind=VerdictKind.NO_RULE)])
    _supersede(database)
    assert (list(store.events()), store.status().events) == ([], 0)
    again = replace(moved, before=2, cause=Cause.BACKFILL)
    apply(store, accepted(watch(store), day(2), [], events=(again,)), verdicts=[verdict(moved, kind=VerdictKind.CAUSE)])
    (found,) = store.events()
    assert (found.before, found.cause, found.recorded_at) == (2, Cause.BACKFILL, day(2))
    assert verdicts(database) == {(moved.id, "me"): "cause"}


@pytest.mark.parametrize("is_told", [True, False], ids=["told", "waiting"])
def test_an_event_that_counts_again_leaves_what_was_said_of_it(store: Store, database: str, is_told: bool) -> None:
    of = watch(store)
    moved = event(of, EventKind.METRIC_CHANGED, day(0), field="citations", before=1, after=9)
    apply(store, accepted(of, day(0), [], events=(moved,)), verdicts=[verdict(moved)])
    before = store.undelivered(day(0)) if is_told else []
    _supersede(database)
    apply(store, accepted(watch(store), day(2), [], events=(moved,)), verdicts=[verdict(moved, kind=VerdictKind.CAUSE)])
    assert verdicts(database) == {(moved.id, "me"): "sent"}
    messages = store.undelivered(day(2))
    assert (messages == before) is is_told
    assert topics(messages) == [("me", False, [moved.id])]


def _change(database: str, statement: Executable) -> None:
    opened = Database.at(database)
    with opened.writing() as connection:
        connection.execute(statement)
    opened.engine.dispose()


def _counts(database: str) -> dict[str, int]:
    opened = Database.at(database)
    with opened.reading() as connection:
        counts = {
            table.name: int(connection.scalar(select(func.count()).select_from(table)) or 0)
            for table in (tables.event, tables.verdict, tables.outbox, tables.message)
        }
    opened.engine.dispose()
    return counts


def test_what_rules_have_waited_for_is_told_once_whoever_shows_it(store: Store, database: str) -> None:
    """Two profiles get the badge of one paper on one day, a third a day later."""
    topic = "paper.enriched/arxiv:1/with code"
    for key in ("1", "2", "3"):
        news(store, key, day(0), "arxiv:1", kind=VerdictKind.WAITING)

    def badge(profile: str, at: float) -> str:
        of = watch(store, profile)
        found = event(of, EventKind.PAPER_ENRICHED, day(at), key="arxiv:1", field="has_code", after=True)
        intent = accepted(of, day(at), [paper("arxiv:1", has_code=True)], new=[], events=(found,))
        apply(store, intent, verdicts=[verdict(found, topic=topic)])
        return found.id

    for profile in "12":
        badge(profile, 1)
    assert topics(store.undelivered(day(1))) == [("me", False, [topic] * 2)]
    late = badge("3", 2)
    assert verdicts(database)[late, "me"] == "already_told"
    assert store.undelivered(day(1)) == store.undelivered(day(3))
