"""Metrics of a source's profiles together: what is recorded of their moves, and what of it is told."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import select

from storage import tables
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, event, followed, paper, verdict, watch
from tests.storage.past import database_of
from tests.storage.reverting import Heard, take_back
from tracking.alert import VerdictKind
from tracking.check import Outcome
from tracking.event import Cause, Event, EventKind
from tracking.recount import DAYS_BEFORE, TODAY, Move, Stretch

SHOWN = [paper("arxiv:1")]
PLACE = ("scholarfeed", "citations")


@pytest.fixture(autouse=True)
def _followed(store: Store) -> None:
    """Three profiles with 100 citations, seen on day 0."""
    store.follow([followed(f"Person {key}", key) for key in "123"], day(0))
    apply(store, *(accepted(watch(store, key), day(0), SHOWN, metrics={"citations": 100}) for key in "123"))


def moves(
    store: Store,
    key: str,
    at: float,
    before: int,
    after: int,
    *,
    cause: Cause = Cause.SOURCE,
    field: str = "citations",
    ends: bool = True,
) -> str:
    """A check in which a metric moves, of which the receiver is to hear at once; the id of its run."""
    of = watch(store, key)
    kind = EventKind.METRIC_CHANGED if after > before else EventKind.METRIC_RECOUNT
    moved = event(of, kind, day(at), field=field, before=before, after=after)
    moved = Event(**{name: getattr(moved, name) for name in Event.__slots__} | {"cause": cause})
    passed = event(of, EventKind.METRIC_MILESTONE, day(at), field=field, before=before, after=after)
    events = (moved, passed) if after > before else (moved,)
    intent = accepted(of, day(at), SHOWN, new=[], metrics={field: after}, events=events)
    run_id = store.begin_run("track", day(at))
    assert store.apply([(intent, [verdict(one) for one in events])], run_id=run_id, recorded_at=day(at)) == [True]
    if ends:
        store.end_run(run_id, {})
    return run_id


def told(store: Store, at: float, key: str = "1") -> Event:
    return event(watch(store, key), EventKind.SOURCE_RECOUNT, day(at), field="citations", after="all fell")


def tell(store: Store, at: float, *, covered: bool = True) -> tuple[list[Event], str]:
    """What the end of a run does that has found a recount; what was told, and the id of the run."""
    found = told(store, at)
    run_id = store.begin_run("track", day(at))
    events = store.record_recounts(
        {PLACE: found},
        [verdict(found)],
        {PLACE: "counted anew"} if covered else {},
        after=day(at) - TODAY,
        until=day(at),
        run_id=run_id,
    )
    store.end_run(run_id, {})
    return events, run_id


def heard(store: Store, at: float) -> list[tuple[str, str]]:
    """Kind and event of what goes out."""
    kinds = {one.id: one.kind for one in store.events()}
    return sorted(
        (kinds[entry.event_id], entry.event_id) for message in store.undelivered(day(at)) for entry in message.entries
    )


def verdicts(store: Store, kind: EventKind) -> Sequence[tuple[str, str]]:
    verdict_, event_ = tables.verdict.c, tables.event.c
    query = select(verdict_.kind, verdict_.why).join_from(tables.verdict, tables.event, event_.id == verdict_.event_id)
    with database_of(store).reading() as connection:
        return [tuple(row) for row in connection.execute(query.where(event_.kind == kind).order_by(event_.id))]


def move(profile_id: int, before: int, after: int, at: datetime) -> Move:
    return Move(profile_id=profile_id, before=before, after=after, at=at)


# ---- what is recorded


def test_what_moved_in_a_day_is_one_move_for_each_profile(store: Store) -> None:
    moves(store, "1", 1, 100, 90)
    moves(store, "2", 1.1, 100, 120)
    moves(store, "1", 1.5, 90, 95)
    recorded = store.recorded_moves(day(0.6), day(1.5))
    assert recorded.moves == {PLACE: (move(1, 100, 95, day(1.5)), move(2, 100, 120, day(1.1)))}
    assert recorded.told == frozenset()
    assert store.recorded_moves(day(1), day(1.4)).moves == {PLACE: (move(2, 100, 120, day(1.1)),)}
    assert store.recorded_moves(day(1.5), day(9)).moves == {}


def test_what_the_source_did_not_do_is_no_move_of_it(store: Store) -> None:
    moves(store, "1", 1, 100, 90, cause=Cause.PARSER)
    moves(store, "2", 1, 100, 90, cause=Cause.BACKFILL)
    reverted = moves(store, "3", 1, 100, 90)
    take_back(store, reverted, Heard(), at=2)
    assert store.recorded_moves(day(0.5), day(1)).moves == {}
    moves(store, "3", 3, 100, 90)
    assert len(store.recorded_moves(day(2.5), day(3)).moves) == 1
    store.follow([followed(f"Person {key}", key) for key in "12"], day(4))
    assert store.recorded_moves(day(2.5), day(3)).moves == {}


def test_how_many_profiles_were_read(store: Store) -> None:
    apply(store, ended(watch(store, "1"), day(1), Outcome.UNCHANGED))
    apply(store, ended(watch(store, "2"), day(1), Outcome.BLOCKED))
    apply(store, accepted(watch(store, "3"), day(1), SHOWN, new=[], metrics={"h_index": 3, "citations": None}))
    assert store.count_read(PLACE, day(0.5), day(1)) == 1
    assert store.count_read(("scholarfeed", "h_index"), day(0.5), day(1)) == 1
    assert store.count_read(PLACE, day(-1), day(1)) == 2
    assert store.count_read(PLACE, day(1), day(2)) == 0
    assert store.count_read(("dblp", "citations"), day(-1), day(1)) == 0


def test_the_days_before(store: Store) -> None:
    moves(store, "1", 1, 100, 90)
    moves(store, "2", 1, 100, 99)
    moves(store, "2", 1.2, 99, 98, field="h_index")
    tell(store, 1.5, covered=False)
    apply(store, ended(watch(store, "3"), day(2.5), Outcome.UNCHANGED))
    days = store.days_before(PLACE, day(4))
    assert len(days) == DAYS_BEFORE
    assert [(one.read, [(each.profile_id, each.before) for each in one.moves], one.told) for one in days[:5]] == [
        (0, [], False),
        (1, [], False),
        (1, [], True),
        (2, [(1, 100), (2, 100)], False),
        # The first look of all.
        (3, [], False),
    ]
    assert days[5:] == [Stretch(read=0)] * (DAYS_BEFORE - 5)


# ---- what is told


def test_what_waits_is_told_by_the_source_alone(store: Store) -> None:
    moves(store, "1", 1, 100, 90)
    moves(store, "2", 1.2, 100, 1_000)
    moves(store, "3", 1.3, 0, 7, field="citations_since_2021")
    events, _ = tell(store, 1.5)
    assert [one.id for one in events] == [told(store, 1.5).id]
    assert heard(store, 1.5) == [("source.recount", told(store, 1.5).id)]
    for kind in (EventKind.METRIC_CHANGED, EventKind.METRIC_RECOUNT, EventKind.METRIC_MILESTONE):
        assert set(verdicts(store, kind)) == {(VerdictKind.RECOUNT, "counted anew")}
    # What comes later is told later.
    moves(store, "1", 2.5, 90, 91)
    assert [kind for kind, _ in heard(store, 3)] == ["metric.changed", "metric.milestone", "source.recount"]


def test_what_is_of_another_metric_or_time_or_on_its_way_stays(store: Store) -> None:
    moves(store, "3", 1.3, 100, 90)
    assert [kind for kind, _ in heard(store, 1.3)] == ["metric.recount"]
    moves(store, "1", 0.5, 100, 101)
    moves(store, "2", 1.4, 5, 6, field="h_index")
    tell(store, 1.5)
    assert [kind for kind, _ in heard(store, 1.5)] == [
        "metric.changed", "metric.changed", "metric.milestone", "metric.milestone", "metric.recount", "source.recount",
    ]  # fmt: skip
    assert {kind for kind, _ in verdicts(store, EventKind.METRIC_RECOUNT)} == {VerdictKind.SENT}


def test_another_run_that_has_found_the_same_tells_nothing(store: Store) -> None:
    moves(store, "1", 1, 100, 90)
    tell(store, 1.5)
    moves(store, "2", 1.6, 100, 90)
    events, _ = tell(store, 1.7)
    assert events == []
    assert heard(store, 2) == [("source.recount", told(store, 1.5).id)]


def test_taken_back_it_was_not_told_and_what_it_stood_for_is_not_told_for_that(store: Store) -> None:
    moves(store, "1", 1, 100, 90)
    _, run_id = tell(store, 1.5)
    store.undelivered(day(1.5))
    # The run that told it had looked at nobody of whom it told.
    done = take_back(store, run_id, Heard(), at=2)
    assert done.events == {"source.recount": 1}
    assert heard(store, 2) == []
    assert store.recorded_moves(day(0.9), day(1.5)).told == frozenset()
    assert [kind for kind, _ in verdicts(store, EventKind.METRIC_RECOUNT)] == [VerdictKind.RECOUNT]
    events, _ = tell(store, 1.6)
    assert [one.id for one in events] == [told(store, 1.6).id]


# ---- not before the run can know


def test_metrics_wait_for_the_end_of_their_run(store: Store) -> None:
    run_id = moves(store, "1", 1, 100, 120, ends=False)
    assert heard(store, 1.1) == []
    store.end_run(run_id, {})
    assert [kind for kind, _ in heard(store, 1.1)] == ["metric.changed", "metric.milestone"]


def test_other_news_does_not_wait(store: Store) -> None:
    run_id = store.begin_run("track", day(1))
    more = [*SHOWN, paper("arxiv:2")]
    new = event(watch(store), EventKind.PAPER_NEW, day(1), key="arxiv:2")
    intent = accepted(watch(store), day(1), more, new=more[1:], metrics={"citations": 100}, events=(new,))
    assert store.apply([(intent, [verdict(new)])], run_id=run_id, recorded_at=day(1)) == [True]
    assert [kind for kind, _ in heard(store, 1)] == ["paper.new"]


def test_a_run_without_an_end_is_waited_for_six_hours_and_not_when_another_has_ended(store: Store) -> None:
    moves(store, "1", 1, 100, 120, ends=False)
    assert heard(store, 1 + 5.9 / 24) == []
    assert len(heard(store, 1 + 6.1 / 24)) == 2
    moves(store, "2", 2, 100, 120, ends=False)
    assert len(heard(store, 2)) == 2
    other = store.begin_run("track", day(2))
    assert len(heard(store, 2)) == 2
    store.end_run(other, {})
    assert len(heard(store, 2)) == 4


def test_a_delivery_or_an_earlier_run_that_ends_says_nothing(store: Store) -> None:
    earlier = store.begin_run("track", day(1))
    moves(store, "1", 1, 100, 120, ends=False)
    delivery = store.begin_run("deliver", day(1))
    for run_id in (earlier, delivery):
        store.end_run(run_id, {})
    assert heard(store, 1) == []


def test_what_is_waited_for_is_forgotten_with_its_run(store: Store) -> None:
    run_id = moves(store, "1", 1, 100, 120, ends=False)
    take_back(store, run_id, Heard(), at=1, force=True)
    assert heard(store, 1) == []
    assert store.status().undelivered == 0
