"""The stored events once more, with what rules look at: as they are today, in the order of time, a part at a time."""

from datetime import datetime

import pytest

import storage.rehearsed
from storage.errors import UnknownPerson
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, event, followed, paper, watch
from tests.storage.past import insert_late
from tracking.check import CheckIntent, Outcome, PaperIdentity
from tracking.event import Cause, EventKind
from tracking.fold import Read
from tracking.past import PastMoment
from tracking.reading import PaperReading, ProfileReading

MOVED, NEW, GONE = EventKind.METRIC_CHANGED, EventKind.PAPER_NEW, EventKind.PAPER_REMOVED


def moved(store: Store, key: str, at: float, citations: int, **fields: object) -> CheckIntent:
    of = watch(store, key)
    happened = event(of, MOVED, day(at), field="citations", before=citations - 1, after=citations, **fields)
    return accepted(of, day(at), [], metrics={"citations": citations}, events=(happened,))


@pytest.fixture
def store(store: Store) -> Store:
    store.follow([followed("Ada Lovelace", "1", "2", tags=("rl",)), followed("Mary Shaw", "3")], day(0))
    return store


def ids(store: Store, *keys: str) -> list[int]:
    return [profile.profile_id for profile in store.past_profiles() if not keys or profile.key in keys]


def moments(
    store: Store, *keys: str, until: float = 100, kinds: tuple[EventKind, ...] = (MOVED, NEW)
) -> list[PastMoment]:
    parts = store.rehearsed(ids(store, *keys)).moments(kinds, day(until))
    return [moment for part in parts for moment in part]


def told(found: list[PastMoment]) -> list[tuple[datetime, list[tuple[int, list[object]]]]]:
    return [
        (moment.at, [(check.profile_id, [one.after for one in check.events]) for check in moment.checks])
        for moment in found
    ]


def test_moment_by_moment_whatever_is_read_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, three = ids(store)
    apply(store, moved(store, "1", 1, 10), moved(store, "3", 1, 30), moved(store, "2", 1, 20))
    apply(store, moved(store, "3", 2, 31))
    apply(store, moved(store, "1", 3, 11), moved(store, "2", 3, 21))
    expected = [
        (day(1), [(one, [10]), (two, [20]), (three, [30])]),
        (day(2), [(three, [31])]),
        (day(3), [(one, [11]), (two, [21])]),
    ]
    assert told(moments(store)) == expected
    for at_once in (1, 2, 3, 4):
        monkeypatch.setattr(storage.rehearsed, "_EVENTS_AT_ONCE", at_once)
        assert told(moments(store)) == expected
    assert told(moments(store, until=2)) == expected[:2]


@pytest.mark.parametrize("named", [0, 500], ids=["left out of what was read", "named to the database"])
def test_only_the_profiles_and_the_kinds_that_are_asked_for(
    store: Store, named: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.rehearsed, "_PROFILES_NAMED", named)
    one, _, three = ids(store)
    apply(store, moved(store, "1", 1, 10), moved(store, "3", 1, 30))
    of = watch(store)
    apply(store, accepted(of, day(2), [paper("k")], events=(event(of, NEW, day(2), key="k"),)))
    assert told(moments(store, "1", kinds=(MOVED,))) == [(day(1), [(one, [10])])]
    assert told(moments(store, "3")) == [(day(1), [(three, [30])])]
    mine = store.rehearsed([one])
    assert mine.span() == (day(1), day(2))
    assert mine.counts(day(0), day(2)) == {(MOVED, Cause.SOURCE): 1, (NEW, Cause.SOURCE): 1}
    assert mine.counts(day(0), day(1)) == {(MOVED, Cause.SOURCE): 1}
    assert mine.counts(day(1.5), day(2)) == {(NEW, Cause.SOURCE): 1}


def test_what_was_taken_back_has_not_happened(store: Store) -> None:
    apply(store, moved(store, "1", 1, 10))
    run_id = store.begin_run("track", day(2))
    store.apply([(moved(store, "1", 2, 11), [])], run_id=run_id, recorded_at=day(2))
    store.end_run(run_id, {})
    store.revert(run_id, now=day(3), correct=lambda _: ([], []))
    (one, *_) = ids(store)
    assert told(moments(store)) == [(day(1), [(one, [10])])]
    assert store.rehearsed([one]).span() == (day(1), day(1))


def test_no_history(store: Store) -> None:
    assert store.rehearsed(ids(store)).span() is None
    assert moments(store) == []


def test_profiles_with_the_names_and_tags_that_the_store_has(store: Store) -> None:
    assert [(one.key, one.person, one.tags) for one in store.past_profiles()] == [
        ("1", "Ada Lovelace", ("rl",)),
        ("2", "Ada Lovelace", ("rl",)),
        ("3", "Mary Shaw", ()),
    ]
    assert [one.key for one in store.past_profiles("Mary Shaw")] == ["3"]
    with pytest.raises(UnknownPerson):
        store.past_profiles("Nobody At All")


def test_papers_as_the_page_showed_them_then(store: Store) -> None:
    of = watch(store)
    bare, scored = paper("k", abstract="We wait."), paper("k", abstract="We wait.", score=98.1)
    new = event(of, NEW, day(1), key="k")
    apply(store, accepted(of, day(1), [bare], events=(new,)))
    of = watch(store)
    enriched = event(of, EventKind.PAPER_ENRICHED, day(2), key="k", field="score", after=98.1)
    apply(store, accepted(of, day(2), [scored, paper("m")], new=[paper("m")], events=(enriched,)))
    mine = store.rehearsed(ids(store))
    metric = event(of, MOVED, day(2), field="citations")
    assert mine.papers([new, enriched, metric]) == {new.id: bare.paper, enriched.id: scored.paper}
    of_no_page = event(of, NEW, day(1.5), key="k")
    assert mine.papers([of_no_page]) == {}
    assert mine.papers([]) == {}


def test_a_paper_that_is_gone_as_it_was_shown_last(store: Store) -> None:
    shown = paper("k", abstract="We wait.", category="LG")
    apply(store, accepted(watch(store), day(1), [shown]))
    missing = {"unlisted": {"k": shown.paper}, "missed": ("k",)}
    apply(store, accepted(watch(store), day(2), [], new=[], **missing))
    of = watch(store)
    gone = event(of, GONE, day(3), key="k")
    apply(store, ended(of, day(3), Outcome.UNCHANGED, removed=("k",), events=(gone,)))
    found = store.rehearsed(ids(store)).papers([gone])
    assert {event_id: (one.category, one.abstract) for event_id, one in found.items()} == {gone.id: ("LG", None)}


def test_a_paper_that_had_another_key_then(store: Store) -> None:
    """An older page of another profile, which comes later, has it under the name that it was first shown by."""
    of = watch(store)
    later = PaperReading(title="On Waiting", authors=("Ada Lovelace",), arxiv_id="2601.00001", doi="10.1/x")
    names = frozenset({"arxiv:2601.00001", "doi:10.1/x"})
    identity = PaperIdentity(key="arxiv:2601.00001", aliases=names, paper=later)
    new = event(of, NEW, day(5), key=identity.key)
    apply(store, accepted(of, day(5), [identity], events=(new,)))
    older = PaperReading(title="On Waiting", authors=("Ada Lovelace",), doi="10.1/x")
    reading = ProfileReading(source="scholarfeed", name="Mary Shaw", papers=(older,))
    read = Read(reading=reading, parser="scholarfeed/1", ref="older", page=b"older", accepted=False)
    *_, three = ids(store)
    insert_late(store, three, [(day(1), read)])
    [moment] = moments(store)
    [check] = moment.checks
    [now] = check.events
    assert now.paper_key == "doi:10.1/x"
    assert store.rehearsed(ids(store)).papers([now]) == {now.id: later}


def test_values_that_held_in_a_time(store: Store) -> None:
    for at, citations in ((1, 10), (2, 11), (3, None), (5, 12)):
        metrics = {"citations": citations, "h_index": 3} if at == 1 else {"citations": citations}
        apply(store, accepted(watch(store), day(at), [], metrics=metrics))
    (one, two, _) = ids(store)
    mine = store.rehearsed([one, two])

    def values(since: float, until: float) -> dict[int, dict[str, tuple[object, ...]]]:
        return mine.values([one, two], day(since), day(until))  # type: ignore[return-value]

    h_index = {"h_index": ((day(1), 3),)}
    assert values(2.5, 3) == {one: {"citations": ((day(2), 11), (day(3), None))} | h_index}
    assert values(2, 2) == {one: {"citations": ((day(2), 11),)} | h_index}
    assert values(4, 100) == {one: {"citations": ((day(3), None), (day(5), 12))} | h_index}
    assert values(0, 0.5) == {}


def test_deliveries_by_time(store: Store) -> None:
    for at in (3, 1, 2):
        store.end_run(store.begin_run("deliver", day(at)), {})
    store.end_run(store.begin_run("track", day(0)), {})
    assert store.rehearsed([]).deliveries() == [day(1), day(2), day(3)]


def test_the_oldest_version_of_each_work(store: Store) -> None:
    apply(store, accepted(watch(store), day(1), [paper("a"), paper("b"), paper("c"), paper("d")]))
    store.join("c", "b", day(2))
    store.join("b", "a", day(2))
    store.join("d", "a", day(2))
    store.split("d", "a", day(3))
    assert store.rehearsed([]).first_versions() == {"b": "a", "c": "a"}
