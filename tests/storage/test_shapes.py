"""What the pages of a source showed together, as it comes back from the store."""

from storage.store import Store
from tests.storage.builders import day, event, followed, verdict, watch
from tracking.event import EventKind
from tracking.shape import SourceShape, Strikes
from tracking.traits import Fate


def shape(pages: int) -> SourceShape:
    found = SourceShape(pages=pages, papers=9 * pages, told={"score": Fate.LOST}, ended=("title",), lasting=("name",))
    found.shown["score"] = pages
    found.strikes["score"] = Strikes(kept=1, lost=2, profiles=(4, 7))
    return found


def run(store: Store, number: int, *sources: str) -> str:
    run_id = store.begin_run("track", day(number))
    store.record_shapes({source: shape(number) for source in sources}, [], [], run_id=run_id, recorded_at=day(number))
    return run_id


def test_the_newest_comes_first(store: Store) -> None:
    ids = [run(store, number, "feed") for number in (1, 2, 3)]
    run(store, 4, "other")
    found = store.source_shapes("feed", limit=2)
    assert [(view.run_id, view.now, view.source) for view in found] == [
        (ids[2], day(3), "feed"),
        (ids[1], day(2), "feed"),
    ]
    assert [view.shape for view in found] == [shape(3), shape(2)]
    assert [view.source for view in store.source_shapes()] == ["other", "feed", "feed", "feed"]


def test_a_run_that_was_taken_back_counts_no_more(store: Store) -> None:
    ids = [run(store, number, "feed") for number in (1, 2)]
    store.revert(ids[1], now=day(3), correct=lambda _: ((), ()), force=True)
    assert [view.run_id for view in store.source_shapes("feed")] == [ids[0]]


def test_what_is_told_is_stored_with_it(store: Store) -> None:
    store.follow([followed("Ada", "1")], day(0))
    run_id = store.begin_run("track", day(1))
    drift = event(watch(store), EventKind.SOURCE_DRIFT, day(1), after="score: …")
    store.record_shapes({"feed": shape(1)}, [drift], [verdict(drift)], run_id=run_id, recorded_at=day(1))
    assert store.last_drifts() == {"scholarfeed": day(1)}
    assert len(store.undelivered(day(1))) == 1
