"""Taking runs back, and reading pages again: the history is as if it had never been otherwise."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import StoreError
from storage.store import Store
from tests.storage.builders import START
from tests.storage.past import check_daily, emptied, follow_one, insert_late, view
from tests.storage.test_late import OF_ONE_STORE
from tests.tracking.builders import DAY, NOON, reading, twenty
from tests.tracking.histories import Sightings, histories, read
from tracking.alert import Verdict
from tracking.event import Cause, Event
from tracking.reading import ProfileReading
from tracking.reread import ReadAgain
from tracking.view import Reverted


def nobody(told: object) -> tuple[list[Event], list[Verdict]]:
    assert not told
    return [], []


def take_back(store: Store, run_id: str) -> Reverted:
    return store.revert(run_id, now=START, correct=nobody, force=True)


@given(data=st.data())
@OF_ONE_STORE
def test_taking_runs_back_is_never_having_run(store: Store, data: st.DataObject) -> None:
    history = data.draw(histories(max_size=7))
    times = [at for at, _ in history]
    out = data.draw(st.sets(st.sampled_from(range(len(history))), min_size=1))
    follow_one(emptied(store))
    check_daily(store, [sighting for position, sighting in enumerate(history) if position not in out])
    expected = view(store, times)
    follow_one(emptied(store))
    runs = check_daily(store, history)
    for position in data.draw(st.permutations(sorted(out))):
        take_back(store, runs[position])
    assert view(store, times) == expected


@given(data=st.data())
@OF_ONE_STORE
def test_taking_the_latest_back_and_running_again_is_having_run_once(store: Store, data: st.DataObject) -> None:
    history = data.draw(histories(max_size=6))
    times = [at for at, _ in history]
    follow_one(emptied(store))
    runs = check_daily(store, history)
    once = view(store, times)
    take_back(store, runs[-1])
    check_daily(store, history[-1:])
    assert view(store, times) == once


def test_a_backfill_is_taken_back_whole(store: Store) -> None:
    profile_id = follow_one(store)
    check_daily(store, [(NOON + 9 * DAY, read(reading(twenty()), "today"))])
    before = view(store, [NOON, NOON + 9 * DAY])
    insert_late(store, profile_id, days(5))
    run_id = str(int(store.begin_run("backfill", START)) - 1)
    reverted = take_back(store, run_id)
    assert (reverted.profiles, reverted.snapshots) == (1, 5)
    assert view(store, [NOON, NOON + 9 * DAY]) == before


def days(count: int) -> Sightings:
    return [
        (NOON + day * DAY, read(reading(twenty()[: 5 + day], metrics={"citations": 100 + day}), f"day {day}"))
        for day in range(count)
    ]


def test_a_run_is_taken_back_once_and_stays_on_record(store: Store) -> None:
    follow_one(store)
    (run_id,) = check_daily(store, days(1))
    take_back(store, run_id)
    with pytest.raises(StoreError, match=f"run {run_id} was taken back on"):
        take_back(store, run_id)
    with pytest.raises(StoreError, match="there is no run 999"):
        take_back(store, "999")
    delivery = store.begin_run("deliver", START)
    with pytest.raises(StoreError, match="a run of deliver"):
        take_back(store, delivery)


def spoilt(shown: ProfileReading) -> ProfileReading:
    """What a parser makes of a page that overlooks the last paper and counts one too many."""
    papers = shown.papers[:-1] if len(shown.papers) > 1 else shown.papers
    return replace(shown, papers=papers, metrics={name: (value or 0) + 1 for name, value in shown.metrics.items()})


@given(data=st.data())
@OF_ONE_STORE
def test_pages_read_again_tell_what_they_always_would_have(store: Store, data: st.DataObject) -> None:
    # Every page differs from the one before also to the spoilt parser: what confirms a page is not read again.
    history = [
        (at, replace(page, ref=f"page {number}", reading=replace(page.reading, metrics={"citations": 100 + number})))
        for number, (at, page) in enumerate(data.draw(histories(max_size=6)))
    ]
    times = [at for at, _ in history]
    profile_id = follow_one(emptied(store))
    insert_late(store, profile_id, history)
    expected = view(store, times)
    profile_id = follow_one(emptied(store))
    for at, page in data.draw(st.permutations(history)):
        wrong = replace(page, reading=spoilt(page.reading), parser="scholarfeed/0")
        insert_late(store, profile_id, [(at, wrong)])
    before = view(store, times)
    again = [
        ReadAgain(profile_id=profile_id, observed_at=at, reading=page.reading, parser=page.parser)
        for at, page in history
    ]
    run_id = store.begin_run("replay", START)
    assert store.reread(again, run_id=run_id, recorded_at=START) == len(history)
    assert view(store, times) == expected
    take_back(store, run_id)
    assert view(store, times) == before


def test_what_reading_again_finds_has_the_parser_as_its_cause(store: Store) -> None:
    profile_id = follow_one(store)
    history = days(3)
    wrong = [(at, replace(page, reading=spoilt(page.reading), parser="scholarfeed/0")) for at, page in history]
    check_daily(store, wrong)
    told_before = {event.id for event in store.events()}
    again = [
        ReadAgain(profile_id=profile_id, observed_at=at, reading=page.reading, parser=page.parser)
        for at, page in history
    ]
    store.reread(again, run_id=store.begin_run("replay", START), recorded_at=START)
    found = [event for event in store.events() if event.id not in told_before]
    assert found
    assert {event.cause for event in found} == {Cause.PARSER}
    assert store.undelivered(NOON + 10 * DAY) == []
