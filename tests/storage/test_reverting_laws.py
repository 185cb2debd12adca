"""What was filled in or read again, and taken back, never was."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from storage.store import Store
from tests.storage.past import check_daily, emptied, follow_one, insert_late, view
from tests.storage.reverting import Heard, day, take_back, wrongly_sealed
from tests.storage.test_late import OF_ONE_STORE
from tests.tracking.histories import histories
from tracking.reread import ReadAgain


def whole_view(store: Store, times: Sequence[datetime]) -> object:
    """What anybody can ask, with the causes and the times at which it was recorded."""
    return view(store, times), [(event.id, event.cause, event.recorded_at) for event in store.events()]


@given(data=st.data())
@OF_ONE_STORE
def test_a_backfill_taken_back_never_was(store: Store, data: st.DataObject) -> None:
    history = data.draw(histories(max_size=7))
    times = [at for at, _ in history]
    late = data.draw(st.sets(st.sampled_from(range(len(history))), min_size=1))
    profile_id = follow_one(emptied(store))
    check_daily(store, [sighting for position, sighting in enumerate(history) if position not in late])
    before = whole_view(store, times)
    parts = data.draw(st.permutations(sorted(late)))
    runs = []
    for part in (parts[::2], parts[1::2]):
        if part:
            insert_late(store, profile_id, [history[position] for position in part])
            runs.append(store.runs(1)[0].run_id)
    for run_id in data.draw(st.permutations(runs)):
        take_back(store, run_id, Heard(), force=True)
    assert whole_view(store, times) == before
    assert wrongly_sealed(store) == []


@given(data=st.data())
@OF_ONE_STORE
def test_replays_taken_back_in_any_order_never_were(store: Store, data: st.DataObject) -> None:
    # Every page has bytes of its own and differs from the one before: what confirms a page is not read again.
    history = [
        (at, replace(page, ref=f"page {number}", reading=replace(page.reading, metrics={"citations": 100 + number})))
        for number, (at, page) in enumerate(data.draw(histories(max_size=5)))
    ]
    times = [at for at, _ in history]
    profile_id = follow_one(emptied(store))
    check_daily(store, history)
    before = whole_view(store, times)
    runs = []
    for version in (2, 3):
        again = [
            ReadAgain(
                profile_id=profile_id,
                observed_at=at,
                reading=replace(page.reading, metrics={"citations": 100 * version + number}),
                parser=f"scholarfeed/{version}",
            )
            for number, (at, page) in enumerate(history)
        ]
        runs.append(store.begin_run("replay", day(9)))
        store.reread(again, run_id=runs[-1], recorded_at=day(9))
    for run_id in data.draw(st.permutations(runs)):
        take_back(store, run_id, Heard(), force=True)
    assert whole_view(store, times) == before
    assert wrongly_sealed(store) == []
