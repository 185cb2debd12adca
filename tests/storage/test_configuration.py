"""The configuration that was sound last; and what a comparison says of another is what following it does."""

from dataclasses import replace
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from storage.store import Store
from tests.laws import tried_on_one_store
from tests.storage.builders import day, followed
from tracking.following import ChangeKind, changes
from tracking.view import FollowedPerson, KeptConfiguration

NUMBERS = count()


def test_the_last_one_is_kept(store: Store) -> None:
    assert store.kept_configuration() is None
    store.keep_configuration("people: []\n", day(0))
    store.keep_configuration("people: []\n", day(1))
    assert store.kept_configuration() == KeptConfiguration("people: []\n", day(1))
    store.keep_configuration("rules: [“ä”]\n", day(2))
    assert store.kept_configuration() == KeptConfiguration("rules: [“ä”]\n", day(2))


def test_who_was_ever_followed_is_known(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1", "2", tags=("rl",))], day(0))
    store.follow([followed("Ada Lovelace", "1", tags=("rl",))], day(1))
    known = store.known_following()
    assert [(person.name, person.tags) for person in known.people.values()] == [("Ada Lovelace", ("rl",))]
    assert {key: page.is_retired for (_, key), page in known.pages.items()} == {"1": False, "2": True}


@st.composite
def configurations(draw: st.DrawFn) -> list[FollowedPerson]:
    """Up to four people, who share out up to six pages among them."""
    names = draw(st.lists(st.sampled_from(["Ada", "Bo", "Cy", "Di"]), max_size=4, unique=True))
    keys = draw(st.permutations("123456"))[: draw(st.integers(len(names), 6))]
    return [
        followed(
            draw(st.sampled_from([name, None])),
            *keys[position :: len(names)],
            tags=draw(st.sampled_from([(), ("rl",), ("rl", "cl")])),
            host=draw(st.sampled_from(["example.org", "example.com"])),
        )
        for position, name in enumerate(names)
    ]


@given(before=configurations(), after=configurations())
@tried_on_one_store(60)
def test_what_is_planned_is_what_is_done(
    store: Store, before: list[FollowedPerson], after: list[FollowedPerson]
) -> None:
    # Pages of their own for each example: what another has left stays followed by nobody.
    prefix = f"{next(NUMBERS)}-"
    before, after = ([of_example(person, prefix) for person in people] for people in (before, after))
    store.follow(before, day(0))
    planned = changes(store.known_following(), after)
    done = store.follow(after, day(1))
    kinds = [change.kind for change in planned]
    assert kinds.count(ChangeKind.FOLLOWED) == done.followed
    assert kinds.count(ChangeKind.RESTORED) == done.restored
    assert kinds.count(ChangeKind.RETIRED) == done.retired
    assert bool(planned) == bool(done.followed or done.restored or done.retired or done.changed)
    assert changes(store.known_following(), after) == []


def of_example(person: FollowedPerson, prefix: str) -> FollowedPerson:
    pages = (replace(page, key=prefix + page.key, url=f"{page.url}?{prefix}") for page in person.profiles)
    return replace(person, profiles=tuple(pages))
