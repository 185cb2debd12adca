"""A run is taken back: what waits to be told of it goes, what was told is found."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select, update

from storage import tables
from storage.seals import seal_of_entry
from storage.store import Store
from tests.storage.builders import followed, watch
from tests.storage.news import topics, verdicts
from tests.storage.past import database_of, insert_late
from tests.storage.reverting import NEW, Heard, Person, day, deliver, shows, take_back, wrongly_sealed
from tests.tracking.histories import read
from tracking.alert import PendingMessage
from tracking.event import EventKind
from tracking.reading import ProfileReading


@pytest.fixture
def ada(store: Store) -> Person:
    store.follow([followed("Ada", "1"), followed("Bo", "2")], day(0))
    return Person(store)


@pytest.fixture
def heard() -> Heard:
    return Heard()


def kinds(messages: Sequence[PendingMessage]) -> list[list[str]]:
    return [[entry.item["kind"] for entry in message.entries] for message in messages]


# ---- what waits


@pytest.mark.parametrize("composed", [False, True], ids=["in the outbox", "in a message"])
def test_what_waits_is_dropped(store: Store, ada: Person, heard: Heard, composed: bool) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW, citations=120))
    if composed:
        assert len(store.undelivered(day(1))) == 1
    done = take_back(store, run_id, heard)
    assert (done.waiting, done.messages, heard.told) == (2, int(composed), [])
    assert done.events == {"metric.changed": 1, "paper.new": 1}
    assert store.undelivered(day(9)) == []
    assert store.status().undelivered == 0


def test_a_message_that_has_more_to_say_keeps_its_id(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    Person(store, "2").looks(day(0), shows())
    ada.looks(day(1), shows(citations=120))
    run_id = Person(store, "2").looks(day(1), shows(NEW))
    (whole,) = store.undelivered(day(1))
    done = take_back(store, run_id, heard)
    assert (done.waiting, done.messages) == (1, 0)
    (rest,) = store.undelivered(day(9))
    assert rest.id == whole.id
    assert kinds([rest]) == [["metric.changed"]]


def test_what_waits_and_is_seen_later_goes_over(store: Store, ada: Person, heard: Heard, database: str) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW, citations=120))
    later = shows(NEW, citations=120), shows(NEW, citations=125)
    for number, shown in enumerate(later, 2):
        ada.looks(day(number), shown)
    assert take_back(store, run_id, heard).waiting == 0
    (message,) = store.undelivered(day(9))
    events = {event.id: event for event in store.events()}
    entries = {entry.item["kind"]: entry for entry in message.entries if events[entry.event_id].after != 125}
    assert {kind: events[entry.event_id].observed_at for kind, entry in entries.items()} == {
        "paper.new": day(2),
        "metric.changed": day(2),
    }
    assert {entry.item["observed_at"] for entry in entries.values()} == {day(2).isoformat()}
    assert {verdicts(database)[entry.event_id, "me"] for entry in entries.values()} == {"sent"}
    assert wrongly_sealed(store) == []


def test_what_waits_is_worded_by_what_it_is_compared_with_now(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(citations=105))
    ada.looks(day(2), shows(citations=110))
    take_back(store, run_id, heard)
    (message,) = store.undelivered(day(9))
    (entry,) = message.entries
    assert (entry.item["before"], entry.item["after"], entry.item["since"]) == (100, 110, day(0).isoformat())
    assert wrongly_sealed(store) == []


def test_a_sum_that_waits_keeps_what_it_is_measured_from(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(citations=105))
    ada.looks(day(2), shows(citations=110))
    summed = {"before": 90, "since": day(-5).isoformat(), "summed": True}
    with database_of(store).writing() as connection:
        for row in connection.execute(select(tables.outbox)).all():
            item = {**row.item, **summed}
            seal = seal_of_entry({**row._mapping, "item": item})
            connection.execute(update(tables.outbox).where(tables.outbox.c.id == row.id).values(item=item, seal=seal))
    take_back(store, run_id, heard)
    (message,) = store.undelivered(day(9))
    (entry,) = message.entries
    assert (entry.item["before"], entry.item["after"], entry.item["since"]) == (90, 110, day(-5).isoformat())
    assert wrongly_sealed(store) == []


def test_what_another_profile_says_too_goes_over_to_it(store: Store, ada: Person, heard: Heard) -> None:
    bo = Person(store, "2")
    for person in (ada, bo):
        person.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW))
    store.undelivered(day(1))
    bo.looks(day(2), shows(NEW))
    ada.looks(day(3), shows())
    assert take_back(store, run_id, heard).waiting == 0
    (message,) = store.undelivered(day(9))
    (entry,) = message.entries
    assert (entry.item["person"], entry.item["profile_url"]) == ("Bo", bo.url)


# ---- what was told


def test_who_was_told_is_to_hear_of_it(store: Store, ada: Person, heard: Heard) -> None:
    ada.receivers = ("me", "log")
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW, citations=120))
    deliver(store, 1)
    take_back(store, run_id, heard)
    told = [("log", "metric.changed"), ("log", "paper.new"), ("me", "metric.changed"), ("me", "paper.new")]
    assert sorted(heard.kinds) == told
    assert {one.delivered_at for one in heard.told} == {day(1)}
    assert [one.item["paper_key"] for one in heard.told if one.item["kind"] == "paper.new"] == ["arxiv:2611.00001"] * 2


def test_what_was_corrected_may_be_told_again(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW))
    (first,) = deliver(store, 1)
    take_back(store, run_id, heard)
    again = ada.looks(day(1), shows(NEW))
    (second,) = deliver(store, 1)
    assert topics([first]) == topics([second])
    assert first.id != second.id
    take_back(store, again, heard)
    assert heard.kinds == [("me", "paper.new")] * 2


@pytest.mark.parametrize(
    ("then", "corrected"),
    [
        (shows(NEW, citations=120), []),
        (shows(NEW, citations=130), ["metric.changed"]),
        (shows(citations=120), ["paper.new"]),
        (shows(), ["metric.changed", "paper.new"]),
    ],
    ids=["all of it", "the paper", "the metric", "nothing"],
)
def test_what_a_later_run_says_too_is_not_corrected(
    store: Store, ada: Person, heard: Heard, then: ProfileReading, corrected: list[str]
) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW, citations=120))
    deliver(store, 1)
    ada.looks(day(2), then)
    take_back(store, run_id, heard)
    assert sorted(one.item["kind"] for one in heard.told if one.delivered_at == day(1)) == corrected
    assert EventKind.PAPER_NEW in [event.kind for event in store.events()] or "paper.new" in corrected


def test_a_paper_that_turns_out_to_have_been_there_from_the_first_is_not_corrected(
    store: Store, ada: Person, heard: Heard
) -> None:
    first = ada.looks(day(0), shows())
    ada.looks(day(1), shows(NEW))
    deliver(store, 1)
    take_back(store, first, heard)
    assert [event.kind for event in store.events()] == [EventKind.PROFILE_BASELINE]
    assert heard.told == []


def test_a_value_that_is_right_was_only_compared_with_a_wrong_one(store: Store, ada: Person, heard: Heard) -> None:
    ada.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(citations=105))
    ada.looks(day(2), shows(citations=110))
    deliver(store, 2)
    take_back(store, run_id, heard)
    assert [(one.item["kind"], one.item["after"]) for one in heard.told] == [("metric.changed", 105)]
    (changed,) = (event for event in store.events() if event.kind is EventKind.METRIC_CHANGED)
    assert (changed.before, changed.after) == (100, 110)


def test_a_paper_of_which_another_profile_tells_is_not_corrected(store: Store, ada: Person, heard: Heard) -> None:
    bo = Person(store, "2")
    for person in (ada, bo):
        person.looks(day(0), shows())
    run_id = ada.looks(day(1), shows(NEW))
    deliver(store, 1)
    bo.looks(day(2), shows(NEW))
    ada.looks(day(3), shows())
    take_back(store, run_id, heard)
    assert ("me", "paper.new") not in heard.kinds


@pytest.mark.parametrize("first", ["track", "backfill"])
def test_what_an_older_page_had_moved_is_corrected_with_the_last_that_said_it(
    store: Store, ada: Person, heard: Heard, first: str
) -> None:
    ada.looks(day(0), shows())
    told_by = ada.looks(day(2), shows(NEW))
    deliver(store, 2)
    insert_late(store, watch(store).profile_id, [(day(1), read(shows(NEW, citations=101), "archived"))])
    filled_by = store.runs(1)[0].run_id
    order = [told_by, filled_by] if first == "track" else [filled_by, told_by]
    take_back(store, order[0], heard, force=True)
    assert heard.told == []
    take_back(store, order[1], heard, force=True)
    assert heard.kinds == [("me", "paper.new")]
