"""The history as a reader sees it, at any day of it."""

from dataclasses import replace

import pytest

from storage.errors import UnknownPerson
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, event, followed, paper, watch
from tracking.check import KnownMetric, Outcome
from tracking.event import EventKind
from tracking.view import ListedPaper, ProfileState

ENGINES, NOTES = paper("arxiv:1", abstract="Of engines."), paper("arxiv:2")


@pytest.fixture
def told(store: Store) -> Store:
    """Two papers; the second leaves on day 2, is missed, is removed on day 3 and comes back on day 5."""
    store.follow([followed("Ada Lovelace", "1", tags=("maths",)), followed("Mary Shaw", "2")], day(-1))
    both = {"citations": 7, "novelty": 0.5}
    apply(store, accepted(watch(store), day(0), [ENGINES, NOTES], metrics=both))
    apply(store, ended(watch(store), day(1), Outcome.UNCHANGED))
    left = accepted(watch(store), day(2), [ENGINES], new=[], unlisted={"arxiv:2": NOTES.paper}, missed=("arxiv:2",))
    apply(store, replace(left, metrics={"citations": 9, "novelty": None}))
    apply(store, ended(watch(store), day(3), Outcome.OK, removed=("arxiv:2",)))
    apply(store, ended(watch(store), day(4), Outcome.BLOCKED, detail="a captcha"))
    apply(store, accepted(watch(store), day(5), [NOTES, ENGINES], new=[NOTES], name="Ada King", complete=False))
    return store


def _state(store: Store, at: float | None) -> ProfileState:
    (state,) = store.person("Ada Lovelace", None if at is None else day(at)).profiles
    return state


def test_nothing_before_the_first_snapshot(told: Store) -> None:
    state = _state(told, -0.5)
    assert state == ProfileState(profile=state.profile, begins_at=day(0))


def test_a_page_at_any_day(told: Store) -> None:
    first: dict[str, tuple[float, float]] = {"citations": (7, 0), "novelty": (0.5, 0)}
    then: dict[str, tuple[float, float]] = {"citations": (9, 2)}
    days: list[tuple[float | None, list[str], dict[str, bool], dict[str, tuple[float, float]]]] = [
        (0, ["arxiv:1", "arxiv:2"], {}, first),
        (1.9, ["arxiv:1", "arxiv:2"], {}, first),
        (2, ["arxiv:1"], {"arxiv:2": False}, then),
        (3, ["arxiv:1"], {"arxiv:2": True}, then),
        (4.9, ["arxiv:1"], {"arxiv:2": True}, then),
        (5, ["arxiv:2", "arxiv:1"], {}, then),
        (None, ["arxiv:2", "arxiv:1"], {}, then),
    ]
    for at, listed, gone, metrics in days:
        state = _state(told, at)
        assert [each.key for each in state.papers if each.listed] == listed, at
        assert {each.key: each.removed for each in state.papers if not each.listed} == gone, at
        assert {each.first_seen for each in state.papers} == {day(0)}, at
        assert state.metrics == {name: KnownMetric(value, day(since)) for name, (value, since) in metrics.items()}, at


def test_what_a_page_said_of_itself(told: Store) -> None:
    before, now = _state(told, 4), _state(told, None)
    assert (before.name, before.complete, before.observed_at) == ("Ada Lovelace", True, day(2))
    assert (now.name, now.complete, now.observed_at) == ("Ada King", False, day(5))
    assert now.papers[1] == ListedPaper(
        key="arxiv:1", paper=ENGINES.paper, first_seen=day(0), listed=True, removed=False
    )


def test_people_with_the_state_of_their_profiles(told: Store) -> None:
    ada, mary = told.people()
    (profile,) = ada.profiles
    assert (ada.name, ada.tags, ada.active) == ("Ada Lovelace", ("maths",), True)
    assert (profile.checked_at, profile.outcome) == (day(5), Outcome.OK)
    assert (profile.observed_at, profile.confirmed_at) == (day(5), day(5))
    assert (mary.profiles[0].outcome, mary.profiles[0].observed_at) == (None, None)


def test_a_failed_check_says_why(told: Store) -> None:
    apply(told, ended(watch(told), day(6), Outcome.PARSE_FAILED, detail="no h-index"))
    (profile,) = told.people()[0].profiles
    assert (profile.outcome, profile.detail, profile.confirmed_at) == (Outcome.PARSE_FAILED, "no h-index", day(5))


def test_retired_people_are_listed_when_asked_for(told: Store) -> None:
    told.follow([followed("Mary Shaw", "2")], day(7))
    assert [view.name for view in told.people()] == ["Mary Shaw"]
    assert [(view.name, view.active) for view in told.people(include_retired=True)] == [
        ("Ada Lovelace", False),
        ("Mary Shaw", True),
    ]
    assert told.person("Ada Lovelace").profiles[0].observed_at == day(5)


@pytest.fixture
def eventful(store: Store) -> Store:
    """On each of four days, Ada's citations rise; on the second, Mary has a new paper."""
    store.follow([followed("Ada Lovelace", "1"), followed("Mary Shaw", "2")], day(0))
    for number in range(4):
        of = watch(store)
        moved = event(of, EventKind.METRIC_CHANGED, day(number), field="citations", before=number, after=number + 1)
        apply(store, accepted(of, day(number), [], events=(moved,)))
    of = watch(store, "2")
    new = event(of, EventKind.PAPER_NEW, day(1), key="arxiv:1", since=day(0))
    retitled = event(of, EventKind.PAPER_RETITLED, day(1), key="arxiv:1", field="title", before="a", after=["b", "c"])
    apply(store, accepted(of, day(1), [ENGINES], events=(new, retitled)))
    return store


def test_an_event_says_what_it_is_about(eventful: Store) -> None:
    (new,) = eventful.events(kinds=[EventKind.PAPER_NEW])
    assert (new.person, new.profile, new.source) == ("Mary Shaw", "2", "scholarfeed")
    assert (new.paper_key, new.paper_title) == ("arxiv:1", "On arxiv:1")
    assert (new.observed_at, new.recorded_at) == (day(1), day(1))


def test_values_before_and_after_come_back_as_they_were(eventful: Store) -> None:
    found = [(each.before, each.after) for each in eventful.events()]
    assert sorted(found, key=str) == sorted([(0, 1), (1, 2), (2, 3), (3, 4), (None, None), ("a", ["b", "c"])], key=str)


def test_events_come_in_the_order_in_which_they_were_observed(eventful: Store) -> None:
    everything = list(eventful.events())
    assert len(everything) == 6
    assert everything == sorted(everything, key=lambda each: (each.observed_at, each.id))


def test_events_are_narrowed_by_time_person_and_kind(eventful: Store) -> None:
    assert len(list(eventful.events(since=day(1)))) == 5
    assert len(list(eventful.events(since=day(1.1)))) == 2
    assert len(list(eventful.events(person="mary"))) == 2
    assert len(list(eventful.events(person="Ada", since=day(2), kinds=[EventKind.METRIC_CHANGED]))) == 2
    assert list(eventful.events(person="Ada", kinds=[EventKind.PAPER_NEW])) == []


def test_events_of_nobody_are_an_error_at_once(eventful: Store) -> None:
    with pytest.raises(UnknownPerson):
        eventful.events(person="Grace")


def test_many_events_are_read_a_few_at_a_time(store: Store) -> None:
    """More than are read at once, many of them observed at the same time."""
    store.follow([followed("Ada Lovelace", "1")], day(0))
    of = watch(store)
    events = [
        event(of, EventKind.METRIC_CHANGED, day(number // 700), field=f"metric {number}") for number in range(2_500)
    ]
    apply(store, accepted(of, day(0), [], events=tuple(events)))
    expected = sorted((each.observed_at, each.id) for each in events)
    found = store.events()
    assert (next(found).observed_at, next(found).id) == (expected[0][0], expected[1][1])
    assert [(each.observed_at, each.id) for each in store.events()] == expected


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("ada lovelace", "Ada Lovelace"),
        ("lovelace", "Ada Lovelace"),
        ("Mary", "Mary"),
        ("mary", "Mary"),
        ("shaw", "Mary Shaw"),
        ("17", "Mary Shaw"),
        ("scholarfeed/17", "Mary Shaw"),
        ("https://example.org/author/17", "Mary Shaw"),
        ("Œrsted", "Hans Œrsted"),
        ("œrsted", "Hans Œrsted"),
    ],
)
def test_whom_a_name_means(store: Store, asked: str, name: str) -> None:
    people = {"Ada Lovelace": "1", "Mary": "2", "Mary Shaw": "17", "Hans Œrsted": "4"}
    store.follow([followed(called, key) for called, key in people.items()], day(0))
    assert store.person(asked).person.name == name


@pytest.mark.parametrize(
    ("asked", "message", "candidates"),
    [
        ("mar", "may be any of", ("Marc Hill (scholarfeed/2)", "Mary Shaw (scholarfeed/3)")),
        ("Twin", "may be any of", ("Twin (scholarfeed/4)", "Twin (scholarfeed/5)")),
        ("Mary Show", "near it are: Mary Shaw", ("Mary Shaw",)),
        ("Zzyzx", "nobody is followed as “Zzyzx”$", ()),
    ],
)
def test_a_name_that_means_nobody_or_several(
    store: Store, asked: str, message: str, candidates: tuple[str, ...]
) -> None:
    people = [("Marc Hill", "2"), ("Mary Shaw", "3"), ("Twin", "4"), ("Twin", "5")]
    store.follow([followed(called, key) for called, key in people], day(0))
    with pytest.raises(UnknownPerson, match=message) as caught:
        store.person(asked)
    assert caught.value.candidates[: len(candidates)] == candidates


def test_who_is_followed_goes_before_who_was(store: Store) -> None:
    store.follow([followed("Twin", "4"), followed("Twin", "5")], day(0))
    store.follow([followed("Twin", "5")], day(1))
    assert [profile.key for profile in store.person("Twin").person.profiles] == ["5"]
