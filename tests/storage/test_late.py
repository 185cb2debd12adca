"""Late captures: whatever the order in which they are written, the history is as if each had come on its day."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event as sqlalchemy_event

from storage.errors import StoreError
from storage.store import Store
from tests.laws import tried_on, tried_on_one_store
from tests.storage.builders import START
from tests.storage.past import check_daily, database_of, emptied, follow_one, insert_late, view
from tests.tracking.builders import DAY, NOON, paper, reading, twenty
from tests.tracking.histories import histories, read
from tracking.check import Failure, Outcome
from tracking.event import Cause, EventKind
from tracking.late import LateSighting

OF_ONE_STORE = tried_on_one_store(10)


def test_any_order_equals_the_daily_run(store: Store, database: str) -> None:
    @tried_on(database, 15)
    @given(data=st.data())
    def law(data: st.DataObject) -> None:
        history = data.draw(histories(max_size=7))
        times = [at for at, _ in history]
        follow_one(emptied(store))
        check_daily(store, history)
        live = view(store, times)
        profile_id = follow_one(emptied(store))
        left = data.draw(st.permutations(history))
        while left:
            count = data.draw(st.integers(1, len(left)))
            insert_late(store, profile_id, left[:count])
            left = left[count:]
        assert view(store, times) == live

    law()


def test_between_daily_checks_as_well(store: Store, database: str) -> None:
    @tried_on(database, 15)
    @given(data=st.data())
    def law(data: st.DataObject) -> None:
        history = data.draw(histories(max_size=7))
        times = [at for at, _ in history]
        follow_one(emptied(store))
        check_daily(store, history)
        live = view(store, times)
        profile_id = follow_one(emptied(store))
        late = data.draw(st.lists(st.sampled_from(history), unique_by=lambda sighting: sighting[0]))
        check_daily(store, [sighting for sighting in history if sighting not in late])
        for sighting in late:
            insert_late(store, profile_id, [sighting])
        assert view(store, times) == live

    law()


def test_a_capture_that_comes_twice_changes_nothing(store: Store) -> None:
    profile_id = follow_one(store)
    history = [(NOON + day * DAY, read(reading(twenty()[: 5 + day]), f"day {day}")) for day in range(4)]
    insert_late(store, profile_id, history)
    before = view(store, [at for at, _ in history])
    again = insert_late(store, profile_id, history)
    assert again.repeated == tuple(at for at, _ in history)
    assert (again.outcomes, again.events, again.withdrawn) == ({}, (), ())
    assert view(store, [at for at, _ in history]) == before


def test_events_of_the_past_say_so_and_tell_nobody(store: Store) -> None:
    profile_id = follow_one(store)
    check_daily(store, [(NOON + 9 * DAY, read(reading(twenty()), "today"))])
    insert_late(store, profile_id, [(NOON, read(reading(twenty()[:12]), "then"))])
    events = list(store.events())
    assert {event.cause for event in events} == {Cause.BACKFILL}
    assert [event.kind for event in events if event.observed_at == NOON] == [EventKind.PROFILE_BASELINE]
    assert sum(event.kind.startswith("paper.") for event in events) == 8
    assert store.undelivered(NOON + 10 * DAY) == []


def test_what_a_capture_was_not_is_written_down_and_may_be_tried_again(store: Store) -> None:
    profile_id = follow_one(store)
    run_id = store.begin_run("backfill", START)
    captcha = Failure(outcome=Outcome.BLOCKED, detail="a captcha", status=200)
    broken = Failure(outcome=Outcome.PARSE_FAILED, detail="no list of papers", status=200)
    sightings = [
        LateSighting(observed_at=NOON, finding=captcha, origin="wayback", place="one"),
        LateSighting(observed_at=NOON + DAY, finding=broken, origin="wayback", place="two"),
    ]
    inserted = store.insert(profile_id, sightings, run_id=run_id, recorded_at=START)
    assert inserted.outcomes == {
        NOON: (Outcome.BLOCKED, "a captcha"),
        NOON + DAY: (Outcome.PARSE_FAILED, "no list of papers"),
    }
    (profile,) = store.to_fill()
    assert profile.seen == {NOON}
    insert_late(store, profile_id, [(NOON + DAY, read(reading(twenty()), "two, read at last"))])
    assert store.to_fill()[0].seen == {NOON, NOON + DAY}


def test_the_key_of_a_paper_is_that_of_its_earliest_showing(store: Store) -> None:
    profile_id = follow_one(store)
    linked = paper("On glaciers", arxiv_id="2501.00001")
    insert_late(store, profile_id, [(NOON + DAY, read(reading([linked]), "with links"))])
    assert [shown.key for shown in store.person("Ada").profiles[0].papers] == ["arxiv:2501.00001"]
    insert_late(store, profile_id, [(NOON, read(reading([paper("On glaciers")]), "a text copy"))])
    (shown,) = store.person("Ada").profiles[0].papers
    assert shown.key.startswith("fp:")
    assert shown.first_seen == NOON
    enriched = [event for event in store.events() if event.kind is EventKind.PAPER_ENRICHED]
    assert [(event.paper_key, event.field) for event in enriched] == [(shown.key, "arxiv_id")]


def test_a_check_that_was_decided_before_a_capture_came_is_not_written(store: Store) -> None:
    profile_id = follow_one(store)
    check_daily(store, [(NOON, read(reading(twenty()), "first"))])
    (before,) = store.due(NOON + DAY, cadence=None)
    insert_late(store, profile_id, [(NOON + timedelta(hours=5), read(reading(twenty()[:9]), "late"))])
    (after,) = store.due(NOON + DAY, cadence=None)
    assert after.revision > before.revision
    # The server must not be asked whether something has changed since a page that is not the last one any more.
    assert (after.validators, after.body_sha256) == (None, None)


@pytest.mark.parametrize(
    "citations",
    [pytest.param(5, id="a fall"), pytest.param(13, id="the highest value for some days", marks=pytest.mark.slow)],
)
def test_one_late_capture_costs_its_neighbourhood_and_not_the_history(store: Store, citations: int) -> None:
    def statements(length: int) -> int:
        profile_id = follow_one(emptied(store))
        papers = twenty()
        history = [
            (NOON + day * DAY, read(reading(papers[day % 7 :], metrics={"citations": day}), f"day {day}"))
            for day in range(length)
        ]
        insert_late(store, profile_id, history)
        late = read(reading(papers, metrics={"citations": citations}), "late")
        done: list[str] = []
        engine = database_of(store).engine

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            done.append(statement)

        sqlalchemy_event.listen(engine, "after_cursor_execute", note)
        insert_late(store, profile_id, [(NOON + 10.5 * DAY, late)])
        sqlalchemy_event.remove(engine, "after_cursor_execute", note)
        return len(done)

    assert statements(80) <= statements(20) + 5


def test_there_must_be_such_a_profile(store: Store) -> None:
    with pytest.raises(StoreError, match="there is no profile 77"):
        insert_late(store, 77, [(NOON, read(reading(twenty()), "of nobody"))])


def test_what_is_new_since_an_archive_last_looked_is_told_to_nobody_and_what_comes_then_is(store: Store) -> None:
    profile_id = follow_one(store)
    insert_late(store, profile_id, [(NOON, read(reading(twenty()[:8]), "archived"))])
    assert not store.known([profile_id])[profile_id].seen_live
    check_daily(store, [(NOON + DAY, read(reading(twenty()[:9]), "the first that we see"))])
    assert store.known([profile_id])[profile_id].seen_live
    check_daily(store, [(NOON + 2 * DAY, read(reading(twenty()[:10]), "the next day"))])
    late = [event.cause for event in store.events() if event.kind is EventKind.PAPER_LATE]
    assert late == [Cause.BACKFILL, Cause.SOURCE]
