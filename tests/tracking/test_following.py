"""What a configuration changes in who is followed."""

from typing import Any

import pytest

from tracking.following import ChangeKind, FollowChange, KnownFollowing, KnownPage, KnownPerson, changes, matched
from tracking.view import FollowedPerson, FollowedProfile


def url(key: str) -> str:
    return f"https://example.org/{key}"


def followed(
    name: str | None, *keys: str, tags: tuple[str, ...] = (), at: dict[str, str] | None = None
) -> FollowedPerson:
    pages = tuple(FollowedProfile(source="s", key=key, url=(at or {}).get(key, url(key))) for key in keys)
    return FollowedPerson(name=name, profiles=pages, tags=tags)


def known(
    people: dict[int, tuple[str | None, tuple[str, ...]]], pages: dict[str, int], *retired: str
) -> KnownFollowing:
    return KnownFollowing(
        people={number: KnownPerson(name=name, tags=tags) for number, (name, tags) in people.items()},
        pages={
            ("s", key): KnownPage(person_id=person, url=url(key), is_retired=key in retired)
            for key, person in pages.items()
        },
    )


def change(kind: ChangeKind, person: str, key: str | None = None, **values: Any) -> FollowChange:
    return FollowChange(kind=kind, person=person, profile=key and url(key), **values)


ADA = known({1: ("Ada", ("rl",))}, {"1": 1, "2": 1})
TWO = known({1: ("Ada", ()), 2: ("Bo", ())}, {"1": 1, "2": 2, "3": 2})


@pytest.mark.parametrize(
    ("before", "people", "told"),
    [
        pytest.param(ADA, [followed("Ada", "1", "2", tags=("rl",))], [], id="nothing"),
        pytest.param(known({}, {}), [], [], id="nobody"),
        pytest.param(
            ADA,
            [followed("Ada", "1", "2", "3", tags=("rl",)), followed(None, "4")],
            [change(ChangeKind.FOLLOWED, "Ada", "3"), change(ChangeKind.FOLLOWED, url("4"), "4")],
            id="more",
        ),
        pytest.param(
            TWO,
            [followed("Ada", "1")],
            [change(ChangeKind.RETIRED, "Bo", "2"), change(ChangeKind.RETIRED, "Bo", "3")],
            id="fewer",
        ),
        pytest.param(
            known({1: ("Ada", ())}, {"1": 1, "2": 1}, "2"),
            [followed("Ada", "1", "2")],
            [change(ChangeKind.RESTORED, "Ada", "2")],
            id="again",
        ),
        pytest.param(known({1: ("Ada", ())}, {"1": 1, "2": 1}, "2"), [followed("Ada", "1")], [], id="retired before"),
        pytest.param(
            TWO,
            [followed("Ada", "1", "3"), followed("Bo", "2")],
            [change(ChangeKind.MOVED, "Ada", "3", before="Bo", after="Ada")],
            id="moved",
        ),
        pytest.param(
            ADA,
            [followed("Ada Moreno", "1", "2", tags=("rl", "cl"))],
            [
                change(ChangeKind.RENAMED, "Ada Moreno", before="Ada", after="Ada Moreno"),
                change(ChangeKind.RETAGGED, "Ada Moreno", before="rl", after="rl, cl"),
            ],
            id="renamed and retagged",
        ),
        pytest.param(ADA, [followed(None, "1", "2", tags=("rl",))], [], id="a name that the page has told stays"),
        pytest.param(known({1: (None, ())}, {"1": 1}), [followed("Ada", "1")], [], id="a first name is no other one"),
        pytest.param(
            ADA,
            [followed("Ada", "1", "2", tags=("rl",), at={"2": "https://example.org/two"})],
            [
                FollowChange(
                    kind=ChangeKind.READDRESSED,
                    person="Ada",
                    profile="https://example.org/two",
                    before=url("2"),
                    after="https://example.org/two",
                )
            ],
            id="another URL",
        ),
        pytest.param(ADA, [followed("Ada", "1", "1", "2", tags=("rl",))], [], id="named twice"),
    ],
)
def test_changes(before: KnownFollowing, people: list[FollowedPerson], told: list[FollowChange]) -> None:
    assert changes(before, people) == told


def test_who_kept_their_name_is_settled_first() -> None:
    """Page 2 went from Bo to Ada, who comes first in the file: Bo is still Bo."""
    owners, names = {("s", "1"): 1, ("s", "2"): 2, ("s", "3"): 2}, {1: None, 2: "Bo"}
    people = [followed("Cy", "2", "1"), followed("Bo", "3"), followed("Di", "9")]
    assert matched(people, owners, names) == [1, 2, None]
