"""Events and runs piece by piece, and what feeds are made of, as the database cuts them."""

from datetime import datetime

import pytest

from storage.store import Store
from tests.storage.builders import accepted, apply, day, event, followed, paper, verdict, watch
from tracking.event import EventKind
from tracking.listing import WantedEvents
from tracking.told import WantedTold
from tracking.view import EventView


@pytest.fixture
def followed_two(store: Store) -> Store:
    """Ada, and Ben with a tag; each has a page that was read."""
    store.follow([followed("Ada Lovelace", "1"), followed("Ben Example", "2", tags=("rl",))], day(0))
    apply(store, *(accepted(watch(store, key), day(1), [paper(f"k{key}")]) for key in "12"))
    return store


def record(store: Store, key: str, at: datetime, *fields: str, told_by: tuple[str, ...] = ("me",)) -> None:
    """Metrics of a profile changed at a time."""
    profile = watch(store, key)
    found = [event(profile, EventKind.METRIC_CHANGED, at, field=field, before=1, after=2) for field in fields]
    run = store.begin_run("track", at)
    verdicts = [verdict(one, receiver) for one in found for receiver in told_by]
    store.record(found, verdicts, run_id=run, recorded_at=at)
    store.end_run(run, {})


@pytest.mark.parametrize("newest_first", [False, True], ids=["oldest", "newest"])
def test_a_walk_has_every_event_once_while_others_come(followed_two: Store, newest_first: bool) -> None:
    store = followed_two
    for number in range(2, 6):
        record(store, "1", day(number), "a", "b")
    there = {one.id for one in store.events()}
    had: list[EventView] = []
    after = None
    for number in range(20):
        wanted = WantedEvents(newest_first=newest_first, after=after, limit=3)
        piece = store.listed_events(wanted)
        had += piece
        if len(piece) < 3:
            break
        after = (piece[-1].observed_at, piece[-1].id)
        if number < 3:
            # One behind the place, one before it, one at the very time of the last that was had.
            record(store, "2", day(number + 10), f"late {number}")
            record(store, "2", day(1) + (day(number) - day(0)) / 100, f"early {number}")
            record(store, "2", piece[-1].observed_at, f"same {number}")
    ids = [one.id for one in had]
    assert len(ids) == len(set(ids))
    assert there <= set(ids)
    places = [(one.observed_at, one.id) for one in had]
    assert places == sorted(places, reverse=newest_first)


def test_events_are_chosen_by_source_person_and_time(followed_two: Store) -> None:
    store = followed_two
    record(store, "1", day(2), "a")
    record(store, "2", day(3), "b")

    def fields(**wanted: object) -> list[str | None]:
        chosen = WantedEvents(kinds=[EventKind.METRIC_CHANGED], **wanted)  # type: ignore[arg-type]
        return [one.field for one in store.listed_events(chosen)]

    assert fields() == ["a", "b"]
    assert fields(person_id=store.find_person("Ben")) == ["b"]
    assert fields(since=day(3)) == ["b"]
    assert fields(until=day(2)) == ["a"]
    assert fields(sources=["dblp"]) == []
    store.acknowledge(store.listed_events(WantedEvents(since=day(2)))[0].id, "", day(4))
    assert fields(unacknowledged=True) == ["b"]


def test_runs_are_listed_behind_the_last_one_had(followed_two: Store) -> None:
    store = followed_two
    record(store, "1", day(2), "a")
    newest, *_ = store.listed_runs(limit=1)
    record(store, "1", day(3), "a")
    rest = store.listed_runs(before=int(newest.run_id), limit=9)
    assert [int(one.run_id) for one in rest] == list(range(int(newest.run_id) - 1, 0, -1))


def test_what_was_told_is_there_once_whoever_heard_of_it(followed_two: Store) -> None:
    store = followed_two
    record(store, "1", day(2), "a", told_by=("me", "hook"))
    record(store, "2", day(3), "b")
    record(store, "2", day(4), "untold", told_by=())
    both = store.told(WantedTold())
    assert [entry.rules for entry in both.entries] == [("new papers",), ("new papers",)]
    assert sorted(both.recorded_at.values()) == [day(2), day(3)]
    assert list(store.told(WantedTold(tag="rl")).recorded_at.values()) == [day(3)]
    assert list(store.told(WantedTold(person_id=store.find_person("Ada"))).recorded_at.values()) == [day(2)]
    assert len(store.told(WantedTold(rule="new papers")).entries) == 2
    assert store.told(WantedTold(rule="papers")).entries == ()
    assert list(store.told(WantedTold(limit=1)).recorded_at.values()) == [day(3)]
