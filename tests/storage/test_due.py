"""Who is to be checked now, and what the check starts from."""

from datetime import timedelta

import pytest

from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, followed, page, watch
from tracking.cadence import Cadences, Every
from tracking.check import Outcome, Validators, Watch
from tracking.suspicion import Doubt, Suspicion

DAILY = Cadences()
MANY = Suspicion(Doubt.NEW_PAPERS, ("fp:1", "fp:2"))


@pytest.fixture(autouse=True)
def _followed(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1", tags=("maths", "engines"))], day(0))


def test_a_profile_that_was_never_checked_is_due(store: Store) -> None:
    assert store.due(day(0), cadence=DAILY) == [
        Watch(
            profile_id=1,
            revision=0,
            person_id=1,
            person="Ada Lovelace",
            tags=("maths", "engines"),
            source="scholarfeed",
            key="1",
            url="https://example.org/author/1",
        )
    ]


@pytest.mark.parametrize(
    ("hours", "cadence", "is_due"),
    [
        (19.9, DAILY, False),
        (20, DAILY, True),
        (24, DAILY, True),
        (9.9, Cadences(default=Every(timedelta(hours=12))), False),
        (10, Cadences(default=Every(timedelta(hours=12))), True),
        (163, Cadences(default=Every(timedelta(days=7))), False),
        (164, Cadences(default=Every(timedelta(days=7))), True),
        (0, None, False),
        (0.01, None, True),
        (-1, None, False),
    ],
)
def test_when_a_profile_is_due_again(store: Store, hours: float, cadence: Cadences | None, is_due: bool) -> None:
    apply(store, ended(watch(store), day(0), Outcome.UNREACHABLE))
    assert bool(store.due(day(hours / 24), cadence=cadence)) is is_due


def test_the_order_is_that_in_which_profiles_were_first_followed(store: Store) -> None:
    store.follow([followed("Zoe", "9"), followed("Ada Lovelace", "1"), followed("Bea", "5")], day(0))
    assert [each.key for each in store.due(day(1), cadence=DAILY)] == ["1", "9", "5"]


@pytest.mark.parametrize(
    ("seconds", "after_seconds", "is_due"),
    [(3600, 600, False), (3600, 3600, True), (None, 600, True), (10.0**12, 6 * 86_400, False), (10.0**12, 7 * 86_400, True)],
    ids=["too early", "over", "nothing asked", "no server rules for years", "a week at most"],
)  # fmt: skip
def test_a_server_that_asked_to_wait_is_left_alone(
    store: Store, seconds: float | None, after_seconds: int, is_due: bool
) -> None:
    """Scenario 9."""
    apply(store, ended(watch(store), day(0), Outcome.THROTTLED, status=429, retry_after_seconds=seconds))
    assert bool(store.due(day(after_seconds / 86_400), cadence=None)) is is_due


_FIRST, _SECOND = page("first", etag='"1"'), page("second", **{"last-modified": "Mon, 02 Mar 2026 08:00:00 GMT"})


@pytest.mark.parametrize(
    ("outcome", "answer", "remembers_second"),
    [
        (Outcome.UNCHANGED, _SECOND, True),
        (Outcome.UNCHANGED, None, False),
        (Outcome.NOT_MODIFIED, None, False),
        (Outcome.PARSE_FAILED, _SECOND, False),
        (Outcome.QUARANTINED, None, False),
        (Outcome.BLOCKED, None, False),
    ],
)
def test_validators_change_only_beside_an_accepted_answer(
    store: Store, outcome: Outcome, answer: object, remembers_second: bool
) -> None:
    apply(store, accepted(watch(store), day(0), [], answer=_FIRST))
    first = watch(store)
    assert (first.validators, first.parser) == (Validators('"1"', None), "scholarfeed/1")
    apply(store, ended(first, day(1), outcome, page=answer, detail="why", unsettled=True))
    after = watch(store)
    assert (after.last_outcome, after.checked_at, after.revision, after.unsettled) == (outcome, day(1), 2, True)
    if remembers_second:
        assert after.validators == Validators(None, "Mon, 02 Mar 2026 08:00:00 GMT")
        assert after.body_sha256 != first.body_sha256
    else:
        assert (after.validators, after.body_sha256) == (first.validators, first.body_sha256)


def test_a_quarantined_page_is_accepted_next_time(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1", "2"), followed("Mary Shaw", "3")], day(0))
    apply(store, *(ended(watch(store, key), day(0), Outcome.QUARANTINED, suspicion=MANY) for key in ("1", "3")))
    apply(store, accepted(watch(store, "2"), day(0), []))
    assert store.accept_next("Ada Lovelace") == 1
    assert [watch(store, key).accept_next for key in ("1", "2", "3")] == [True, False, False]
    apply(store, ended(watch(store), day(1), Outcome.UNREACHABLE))
    assert watch(store).accept_next
    apply(store, accepted(watch(store), day(2), []))
    assert not watch(store).accept_next


def test_a_profile_that_was_not_asked_for_stays_due(store: Store) -> None:
    apply(store, ended(watch(store), day(0), Outcome.UNREACHABLE))
    apply(store, ended(watch(store), day(1), Outcome.COOLING_DOWN, detail="the host rests"))
    (profile,) = store.people()[0].profiles
    assert (profile.checked_at, profile.outcome, profile.detail) == (day(1), Outcome.COOLING_DOWN, "the host rests")
    assert len(store.due(day(1), cadence=DAILY)) == len(store.due(day(1), cadence=None)) == 1
    # The same run, again: once more without its turn, and then with one.
    assert apply(store, ended(watch(store), day(1), Outcome.COOLING_DOWN)) == [True]
    assert apply(store, ended(watch(store), day(1), Outcome.UNCHANGED)) == [True]
    assert store.due(day(1), cadence=None) == store.due(day(1.5), cadence=DAILY) == []
    assert apply(store, ended(watch(store), day(1), Outcome.UNCHANGED)) == [False]


def test_who_has_waited_longest_goes_first(store: Store) -> None:
    store.follow([followed(name, name) for name in "1234"], day(0))
    for number, key in enumerate("3142"):
        apply(store, ended(watch(store, key), day(number / 10), Outcome.NOT_MODIFIED))
    apply(store, *(ended(watch(store, key), day(2), Outcome.COOLING_DOWN) for key in "13"))
    store.follow([followed(name, name) for name in "12345"], day(2))
    assert [each.key for each in store.due(day(2), cadence=DAILY)] == ["5", "3", "1", "4", "2"]


def test_a_held_back_page_stays_so_while_its_host_is_left_alone(store: Store) -> None:
    apply(store, ended(watch(store), day(0), Outcome.QUARANTINED, detail="all papers are new", suspicion=MANY))
    apply(store, ended(watch(store), day(1), Outcome.COOLING_DOWN, detail="the host rests"))
    (profile,) = store.people()[0].profiles
    assert (profile.outcome, profile.detail) == (Outcome.QUARANTINED, "all papers are new")
