"""Versions of one work: linked with the check that finds them, joined and split by hand, taken back with their run."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from storage import tables
from storage.engine import Database
from storage.errors import StoreError, UnknownPaper
from storage.store import Store
from storage.superseding import correct_events
from tests.storage.builders import accepted, apply, day, event, followed, paper, verdict, watch
from tracking.check import CheckIntent, PaperIdentity, PaperLink
from tracking.event import EventKind

PREPRINT, PUBLISHED = paper("arxiv:1", "fp:1"), paper("doi:1", "fp:2")


@pytest.fixture(autouse=True)
def _followed(store: Store) -> None:
    store.follow([followed("Ada", "1", "2"), followed("Ben", "3")], day(0))


def link(key: str, other_key: str, *, elsewhere: bool = True) -> PaperLink:
    return PaperLink(key=key, other_key=other_key, evidence="both are called “On engines”", elsewhere=elsewhere)


def show(store: Store, key: str, at: float, *shown: PaperIdentity, links: tuple[PaperLink, ...] = ()) -> str:
    """A check that brings these papers; the id of its run."""
    run_id = store.begin_run("track", day(at))
    intent = accepted(watch(store, key), day(at), shown, links=links)
    assert store.apply([(intent, [])], run_id=run_id, recorded_at=day(at)) == [True]
    store.end_run(run_id, {})
    return run_id


def linked(store: Store) -> list[tuple[str, str]]:
    return [(one.key, one.other_key) for one in store.links() if one.severed_at is None]


def both(store: Store) -> str:
    """Preprint and published version on a profile each, linked; the id of the run that found it."""
    show(store, "1", 0, PREPRINT)
    return show(store, "2", 1, PUBLISHED, links=(link("doi:1", "arxiv:1"),))


def test_a_link_says_why_since_when_and_which_run_found_it(store: Store) -> None:
    run_id = both(store)
    [found] = store.links()
    assert (found.key, found.other_key, found.evidence) == ("arxiv:1", "doi:1", "both are called “On engines”")
    assert (found.since, found.run_id, found.severed_at) == (day(1), run_id, None)
    assert store.links("Ada") == [found]
    assert store.links("Ben") == []
    assert store.person("Ada").links == (("arxiv:1", "doi:1"),)


def test_papers_that_turn_out_to_be_one_are_not_linked(store: Store) -> None:
    show(store, "1", 0, PREPRINT)
    show(store, "2", 1, paper("doi:1", "fp:1"), links=(link("doi:1", "arxiv:1"),))
    assert store.links() == []


def test_a_provisional_key_that_belongs_to_another_paper_is_not_mixed_up_with_it(store: Store) -> None:
    """What the page calls fp:2 the store calls fp:2#2, because the fp:2 that it knows has another DOI."""
    show(store, "1", 0, paper("fp:2", "doi:7"))
    show(store, "2", 1, paper("fp:2", "doi:8"), links=(link("fp:2", "fp:2"),))
    assert linked(store) == [("fp:2", "doi:8")]


def test_papers_of_one_page_are_linked_by_the_keys_that_they_get(store: Store) -> None:
    show(store, "1", 0, paper("old", "fp:1"))
    show(store, "2", 1, PREPRINT, PUBLISHED, links=(link("doi:1", "arxiv:1", elsewhere=False),))
    assert linked(store) == [("old", "doi:1")]


def test_a_key_that_is_not_there_any_more_links_nothing(store: Store) -> None:
    show(store, "2", 1, PUBLISHED, links=(link("doi:1", "arxiv:9"),))
    assert store.links() == []


def test_splitting_is_for_good(store: Store) -> None:
    both(store)
    assert store.split("doi:1", "arxiv:1", day(2))
    assert not store.split("arxiv:1", "doi:1", day(3))
    show(store, "3", 4, PUBLISHED, links=(link("doi:1", "arxiv:1"),))
    [found] = store.links()
    assert found.severed_at == day(2)
    assert store.person("Ada").links == ()


def test_joining_by_hand(store: Store) -> None:
    show(store, "1", 0, PREPRINT)
    show(store, "2", 1, PUBLISHED)
    assert store.join("fp:2", "arxiv:1", day(2))
    assert not store.join("arxiv:1", "doi:1", day(3))
    [found] = store.links()
    assert (found.evidence, found.since, found.run_id) == ("joined by hand", day(2), None)
    store.split("arxiv:1", "doi:1", day(4))
    assert store.join("arxiv:1", "doi:1", day(5))
    assert linked(store) == [("arxiv:1", "doi:1")]


def test_what_can_not_be_split_or_joined(store: Store) -> None:
    show(store, "1", 0, PREPRINT, paper("doi:2"))
    show(store, "2", 1, PUBLISHED)
    with pytest.raises(UnknownPaper, match="no one paper goes by “arxiv:9”"):
        store.join("arxiv:9", "doi:1", day(2))
    with pytest.raises(StoreError, match="are one paper"):
        store.join("arxiv:1", "fp:1", day(2))
    with pytest.raises(StoreError, match=r"doi:1 and arxiv:1 are not linked$"):
        store.split("doi:1", "arxiv:1", day(2))
    store.join("arxiv:1", "doi:2", day(2))
    store.join("doi:1", "doi:2", day(2))
    with pytest.raises(StoreError, match=r"not linked with each other, but by way of doi:2$"):
        store.split("doi:1", "arxiv:1", day(2))


def revert(store: Store, run_id: str) -> None:
    reverted = store.revert(run_id, now=day(9), correct=lambda _: ([], []))
    store.end_run(str(reverted.by_run), {})


@pytest.mark.parametrize("split", [True, False])
def test_a_run_that_is_taken_back_takes_its_links_with_it(store: Store, split: bool) -> None:
    run_id = both(store)
    if split:
        store.split("arxiv:1", "doi:1", day(2))
    revert(store, run_id)
    assert [one.severed_at for one in store.links()] == ([day(2)] if split else [])


def test_what_was_joined_by_hand_outlives_every_run(store: Store) -> None:
    show(store, "1", 0, PREPRINT)
    run_id = show(store, "2", 1, PUBLISHED)
    store.join("arxiv:1", "doi:1", day(2))
    revert(store, run_id)
    assert linked(store) == [("arxiv:1", "doi:1")]


# ---- who has heard of the one has heard of the other


def arrival(store: Store, key: str, at: float, shown: PaperIdentity, links: tuple[PaperLink, ...] = ()) -> CheckIntent:
    of = watch(store, key)
    new = event(of, EventKind.PAPER_NEW, day(at), key=shown.key)
    return accepted(of, day(at), [shown], events=(new,), links=links)


def tell(store: Store, *intents: CheckIntent) -> list[tuple[str, int]]:
    """Topic and number of labels of each thing that goes out."""
    apply(store, *intents, verdicts=[verdict(one) for intent in intents for one in intent.events])
    found = []
    for message in store.undelivered(intents[0].observed_at):
        topics = [entry.topic for entry in message.entries]
        found += [(topic, topics.count(topic)) for topic in dict.fromkeys(topics)]
        store.delivered(message.id, intents[0].observed_at)
    return found


def test_a_version_of_what_was_told_is_not_told(store: Store) -> None:
    assert tell(store, arrival(store, "1", 1, PREPRINT)) == [("paper.new/arxiv:1", 1)]
    assert tell(store, arrival(store, "2", 2, PUBLISHED, links=(link("doi:1", "arxiv:1"),))) == []
    third = paper("doi:3")
    assert tell(store, arrival(store, "3", 3, third, links=(link("doi:3", "doi:1"),))) == []


def test_after_a_split_the_other_version_is_told(store: Store) -> None:
    tell(store, arrival(store, "1", 1, PREPRINT))
    show(store, "2", 2, PUBLISHED, links=(link("doi:1", "arxiv:1"),))
    store.split("arxiv:1", "doi:1", day(3))
    assert tell(store, arrival(store, "3", 4, PUBLISHED)) == [("paper.new/doi:1", 1)]


def test_versions_that_come_up_at_once_are_one_item_with_two_labels(store: Store) -> None:
    of = watch(store, "1")
    news = tuple(event(of, EventKind.PAPER_NEW, day(1), key=key) for key in ("arxiv:1", "doi:1"))
    linked_page = (link("doi:1", "arxiv:1", elsewhere=False),)
    intent = accepted(of, day(1), [PREPRINT, PUBLISHED], events=news, links=linked_page)
    assert tell(store, intent) == [("paper.new/arxiv:1", 2)]


def test_an_event_that_is_corrected_keeps_what_other_profiles_said(store: Store, database: str) -> None:
    """A late snapshot gives a paper another title; which source was the first is no matter of this profile's pages."""
    of = watch(store, "2")
    arrived = event(of, EventKind.PAPER_NEW, day(2), key="doi:1")
    second = replace(
        arrived, kind=EventKind.PAPER_ENRICHED, field="source", before="arxiv", after="scholarfeed", since=day(1)
    )
    apply(store, accepted(of, day(2), [PUBLISHED], events=(second,)))
    opened = Database.at(database)
    with opened.writing() as connection:
        paper_ids = {"doi:1": connection.execute(select(tables.paper.c.id)).scalar_one()}
        correct_events(connection, [replace(arrived, paper_title="On Other Engines")], paper_ids)
    opened.engine.dispose()
    [found] = store.events()
    assert (found.kind, found.paper_title) == (EventKind.PAPER_ENRICHED, "On Other Engines")
    assert (found.field, found.before, found.after) == ("source", "arxiv", "scholarfeed")
