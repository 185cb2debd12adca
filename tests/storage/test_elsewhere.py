"""What is read of a person's other profiles."""

from dataclasses import replace

import pytest

from storage.store import Store
from tests.storage.builders import accepted, apply, day, paper, watch
from tracking.elsewhere import ShownPaper
from tracking.view import FollowedPerson, FollowedProfile


def person(name: str, **keys: str) -> FollowedPerson:
    """Followed at sources by name, with a key each."""
    profiles = [
        FollowedProfile(source=source, key=key, url=f"https://example.org/{key}") for source, key in keys.items()
    ]
    return FollowedPerson(name=name, profiles=tuple(profiles))


ADA, BEN = person("Ada", scholarfeed="1", openalex="A1", arxiv="x1"), person("Ben", scholarfeed="2")


@pytest.fixture(autouse=True)
def _followed(store: Store) -> None:
    store.follow([ADA, BEN], day(0))


def elsewhere(store: Store, key: str) -> dict[str, ShownPaper]:
    profile_id = watch(store, key).profile_id
    return {shown.key: shown for shown in store.elsewhere([profile_id]).get(profile_id, ())}


def test_the_papers_of_the_other_profiles_with_all_their_aliases(store: Store) -> None:
    mine = paper("doi:1", "fp:1", abstract="Of engines.")
    apply(store, accepted(watch(store, "1"), day(1), [mine]))
    apply(store, accepted(watch(store, "2"), day(2), [paper("arxiv:1", "doi:1")]))
    of = watch(store, "1")
    assert elsewhere(store, "A1") == {
        "doi:1": ShownPaper(
            key="doi:1",
            aliases=frozenset({"doi:1", "fp:1", "arxiv:1"}),
            paper=mine.paper,
            profile_id=of.profile_id,
            source="scholarfeed",
            first_shown_at=day(1),
        )
    }
    assert elsewhere(store, "1") == {}
    assert elsewhere(store, "2") == {}


def test_what_has_left_a_page_was_shown_all_the_same(store: Store) -> None:
    gone = paper("arxiv:1")
    apply(store, accepted(watch(store, "1"), day(1), [gone]))
    apply(store, accepted(watch(store, "1"), day(2), [], unlisted={"arxiv:1": gone.paper}))
    apply(store, accepted(watch(store, "1"), day(3), [gone], new=[gone]))
    assert elsewhere(store, "A1")["arxiv:1"].first_shown_at == day(1)


def test_a_profile_that_is_not_followed_any_more_shows_nothing(store: Store) -> None:
    apply(store, accepted(watch(store, "1"), day(1), [paper("arxiv:1")]))
    store.follow([replace(ADA, profiles=ADA.profiles[1:]), BEN], day(2))
    assert elsewhere(store, "A1") == {}


def test_many_profiles_are_asked_for_at_once(store: Store) -> None:
    apply(store, accepted(watch(store, "1"), day(1), [paper("arxiv:1")]))
    apply(store, accepted(watch(store, "A1"), day(1), [paper("arxiv:1"), paper("arxiv:2")]))
    asked = {key: watch(store, key).profile_id for key in ("1", "A1", "x1", "2")}
    found = store.elsewhere(list(asked.values()))
    assert {key: sorted(one.key for one in found.get(number, ())) for key, number in asked.items()} == {
        "1": ["arxiv:1", "arxiv:2"],
        "A1": ["arxiv:1"],
        "x1": ["arxiv:1", "arxiv:1", "arxiv:2"],
        "2": [],
    }


def test_when_each_source_showed_a_paper_first(store: Store) -> None:
    first, second = paper("arxiv:1"), paper("arxiv:2")
    apply(store, accepted(watch(store, "2"), day(0), [first]))
    apply(store, accepted(watch(store, "1"), day(1), [first]))
    apply(store, accepted(watch(store, "1"), day(2), [first, second], new=[second]))
    apply(store, accepted(watch(store, "A1"), day(4), [second]))
    said = [(one.key, one.source, one.since, one.from_start) for one in store.showings()]
    assert said == [
        ("arxiv:1", "scholarfeed", day(1), True),
        ("arxiv:2", "scholarfeed", day(2), False),
        ("arxiv:2", "openalex", day(4), True),
    ]
    assert [one.source for one in store.showings("Ada")] == ["scholarfeed", "scholarfeed", "openalex"]
    assert [one.key for one in store.showings("Ben")] == ["arxiv:1"]
