"""The series of a metric: one spell per change, gaps between them, clipped to what was asked for."""

from collections.abc import Sequence

import pytest

from storage.errors import UnknownMetric, UnknownPerson
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, followed, paper, watch
from tracking.check import Outcome
from tracking.view import MetricSeries, Spell

SHOWN = [paper("arxiv:1")]
#: Value, days of the beginning and the end, and the difference to the value before.
CITATIONS = [(1_000, 0, 2, None), (1_003, 2, 3, 3), (None, 3, 6, None), (1_003, 6, 7, 0), (998, 7, None, -5)]


@pytest.fixture
def store(store: Store) -> Store:
    """Two profiles of Ada, the second with citations only from day 4 on; nothing of Mary."""
    store.follow([followed("Ada Lovelace", "1", "2"), followed("Mary Shaw", "3")], day(-1))
    novelty = {0: 0.55, 2: 0.55, 3: 0.55, 6: 0.56, 7: 0.56}
    before: dict[str, int | float | None] = {}
    for value, since, _, _ in CITATIONS:
        shown = {"citations": value, "novelty": novelty[since]}
        changed = {name: value for name, value in shown.items() if before.get(name, 0) != value}
        new = SHOWN if since == 0 else []
        apply(store, accepted(watch(store), day(since), SHOWN, new=new, metrics=changed))
        before = shown
    apply(store, ended(watch(store), day(8), Outcome.UNCHANGED))
    apply(store, accepted(watch(store, "2"), day(4), SHOWN, metrics={"citations": 20}))
    return store


def _series(store: Store, metric: str | None = None, **asked: object) -> dict[tuple[str, str], Sequence[Spell]]:
    found = store.series("Ada Lovelace", metric, **asked)  # type: ignore[arg-type]
    assert {(one.person, one.source) for one in found} <= {("Ada Lovelace", "scholarfeed")}
    return {(one.metric, one.profile): one.spells for one in found}


def _spells(rows: Sequence[tuple[float | None, float, float | None, float | None]]) -> tuple[Spell, ...]:
    return tuple(
        Spell(value=value, since=day(since), until=None if until is None else day(until), delta=delta)
        for value, since, until, delta in rows
    )


def test_one_spell_per_change_of_each_profile(store: Store) -> None:
    assert _series(store, "citations") == {
        ("citations", "1"): _spells(CITATIONS),
        ("citations", "2"): _spells([(20, 4, None, None)]),
    }


def test_all_metrics_by_name(store: Store) -> None:
    found = _series(store)
    assert list(found) == [("citations", "1"), ("citations", "2"), ("novelty", "1")]
    # Not 0.010000000000000009.
    assert [spell.delta for spell in found["novelty", "1"]] == [None, 0.01]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, [0, 1, 2, 3, 4]),
        (0, None, [0, 1, 2, 3, 4]),
        (2.5, None, [1, 2, 3, 4]),
        (3, None, [2, 3, 4]),
        (100, None, [4]),
        (None, 2.9, [0, 1]),
        (None, 3, [0, 1, 2]),
        (2.5, 2.6, [1]),
        (None, -0.1, []),
    ],
    ids=[
        "everything",
        "from the first day",
        "the value that held then comes first",
        "what ended then is over",
        "what has held ever since",
        "until before a change",
        "until the change",
        "within one spell",
        "before the first page",
    ],
)
def test_clipped(store: Store, since: float | None, until: float | None, expected: list[int]) -> None:
    asked = {name: day(at) for name, at in (("since", since), ("until", until)) if at is not None}
    found = _series(store, "citations", **asked)
    whole = _spells(CITATIONS)
    assert found.get(("citations", "1"), ()) == tuple(whole[number] for number in expected)


@pytest.mark.parametrize("name", ["citations", "Citations", " CITATIONS "])
def test_a_metric_by_any_spelling(store: Store, name: str) -> None:
    assert {metric for metric, _ in _series(store, name)} == {"citations"}


def test_a_metric_that_nobody_has_shown(store: Store) -> None:
    with pytest.raises(UnknownMetric, match=r"no metric is called “h-index”; there are: citations, novelty$"):
        store.series("Ada Lovelace", "h-index")
    with pytest.raises(UnknownMetric, match=r"there are none yet$"):
        store.series("Mary Shaw", "citations")


def test_somebody_who_has_shown_nothing(store: Store) -> None:
    assert store.series("Mary Shaw") == list[MetricSeries]()


def test_nobody(store: Store) -> None:
    with pytest.raises(UnknownPerson):
        store.series("Grace Hopper")
