"""Taking over a configuration: who comes, who goes, who stays the same person."""

import pytest

from storage.errors import StoreError
from storage.store import Store
from tests.storage.builders import accepted, apply, day, followed, page, paper, watch
from tracking.view import FollowedPerson, Following


def _names(store: Store) -> dict[str, list[str]]:
    """The keys of the profiles that each person is followed on."""
    return {view.name: [profile.key for profile in view.profiles] for view in store.people()}


def _ids(store: Store) -> dict[str, int]:
    return {view.name: view.person_id for view in store.people(include_retired=True)}


ADA, MARY = followed("Ada Lovelace", "1", tags=("maths",)), followed("Mary Shaw", "2", "3")


def test_everybody_is_new_at_first(store: Store) -> None:
    assert store.follow([ADA, MARY], day(0)) == Following(followed=3)
    assert _names(store) == {"Ada Lovelace": ["1"], "Mary Shaw": ["2", "3"]}
    assert store.people()[0].tags == ("maths",)


def test_the_same_configuration_again_changes_nothing(store: Store) -> None:
    store.follow([ADA, MARY], day(0))
    before = store.people()
    assert store.follow([MARY, ADA], day(1)) == Following(unchanged=3)
    assert store.people() == before


@pytest.mark.parametrize(
    ("then", "expected", "people"),
    [
        ([MARY], Following(retired=1, unchanged=2), {"Mary Shaw": ["2", "3"]}),
        ([ADA, followed("Mary Shaw", "2")], Following(retired=1, unchanged=2), {"Ada Lovelace": ["1"], "Mary Shaw": ["2"]}),
        (
            [followed("Augusta Ada King", "1", tags=("maths",)), MARY],
            Following(changed=1, unchanged=2),
            {"Augusta Ada King": ["1"], "Mary Shaw": ["2", "3"]},
        ),
        (
            [followed("Ada Lovelace", "1"), MARY],
            Following(changed=1, unchanged=2),
            {"Ada Lovelace": ["1"], "Mary Shaw": ["2", "3"]},
        ),
        (
            [followed("Ada Lovelace", "1", "3", tags=("maths",)), followed("Mary Shaw", "2")],
            Following(changed=1, unchanged=2),
            {"Ada Lovelace": ["1", "3"], "Mary Shaw": ["2"]},
        ),
        (
            [followed("Mary Shaw", "2", "1", "3")],
            Following(changed=1, unchanged=2),
            {"Mary Shaw": ["1", "2", "3"]},
        ),
        (
            [ADA, MARY, followed("Grace Hopper", "4")],
            Following(followed=1, unchanged=3),
            {"Ada Lovelace": ["1"], "Grace Hopper": ["4"], "Mary Shaw": ["2", "3"]},
        ),
        ([], Following(retired=3), {}),
    ],
    ids=["person gone", "profile gone", "renamed", "tags gone", "profile moved", "merged", "person added", "nobody"],
)  # fmt: skip
def test_a_changed_configuration(
    store: Store, then: list[FollowedPerson], expected: Following, people: dict[str, list[str]]
) -> None:
    store.follow([ADA, MARY], day(0))
    assert store.follow(then, day(1)) == expected
    assert _names(store) == people


def test_people_keep_who_they_are_when_profiles_move(store: Store) -> None:
    """Mary takes a profile of Ada's and stands first in the file: nobody becomes somebody else."""
    store.follow([followed("Ada Lovelace", "1", "2"), followed("Mary Shaw", "3")], day(0))
    before = _ids(store)
    store.follow([followed("Mary Shaw", "2", "3"), followed("Ada Lovelace", "1")], day(1))
    assert _ids(store) == before


def test_a_person_who_is_split_keeps_one_half(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1", "2")], day(0))
    before = _ids(store)["Ada Lovelace"]
    store.follow([followed("Another Ada", "2"), followed("Ada Lovelace", "1")], day(1))
    assert _names(store) == {"Ada Lovelace": ["1"], "Another Ada": ["2"]}
    assert _ids(store)["Ada Lovelace"] == before


def test_a_profile_that_comes_back_has_its_history(store: Store) -> None:
    """Scenario 30."""
    store.follow([ADA, MARY], day(0))
    apply(store, accepted(watch(store), day(0), [paper("arxiv:1")]))
    store.follow([MARY], day(1))
    assert [view.active for view in store.people(include_retired=True)] == [False, True]
    assert store.follow([MARY], day(2)) == Following(unchanged=2)
    assert [each.key for each in store.due(day(2), cadence=None)] == ["2", "3"]
    assert store.follow([ADA, MARY], day(31)) == Following(restored=1, unchanged=2)
    found = watch(store)
    assert list(store.known([found.profile_id])[found.profile_id].papers) == ["arxiv:1"]


def test_a_new_url_forgets_the_validators_and_the_check_under_way(store: Store) -> None:
    store.follow([ADA], day(0))
    first = watch(store)
    apply(store, accepted(first, day(0), [], answer=page("Ada", etag='"1"')))
    under_way = watch(store)
    assert under_way.validators is not None
    moved = followed("Ada Lovelace", "1", tags=("maths",), host="new.example.org")
    assert store.follow([moved], day(1)) == Following(changed=1)
    now = watch(store)
    assert (now.url, now.validators) == ("https://new.example.org/author/1", None)
    assert apply(store, accepted(under_way, day(1), [])) == [False]


def test_one_profile_can_not_be_two_people(store: Store) -> None:
    with pytest.raises(StoreError, match="profile 1 is given to 2 people"):
        store.follow([ADA, followed("Mary Shaw", "1")], day(0))
    assert store.people(include_retired=True) == []


def test_a_profile_that_one_person_names_twice_is_one(store: Store) -> None:
    assert store.follow([followed("Ada Lovelace", "1", "1")], day(0)) == Following(followed=1)


def test_without_a_name_the_first_reading_gives_it(store: Store) -> None:
    store.follow([followed(None, "1"), MARY], day(0))
    assert watch(store).person == ""
    apply(store, accepted(watch(store), day(0), [], name="Ada Lovelace"))
    assert watch(store).person == "Ada Lovelace"
    apply(store, accepted(watch(store), day(1), [], name="A. Lovelace"))
    apply(store, accepted(watch(store, "2"), day(1), [], name="M. Shaw"))
    assert store.follow([followed(None, "1"), MARY], day(2)) == Following(unchanged=3)
    assert list(_names(store)) == ["Ada Lovelace", "Mary Shaw"]
