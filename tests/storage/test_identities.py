"""Which stored paper a paper of a page is, when other profiles have shown it before."""

from collections.abc import Sequence
from typing import Any

import pytest

from storage.store import Store
from tests.storage.builders import accepted, apply, day, event, followed, paper, verdict, watch
from tracking.check import KnownPaper, PaperIdentity
from tracking.event import EventKind


@pytest.fixture(autouse=True)
def _followed(store: Store) -> None:
    store.follow([followed(f"Person {key}", key) for key in ("1", "2", "3")], day(0))


def _show(store: Store, key: str, shown: Sequence[PaperIdentity], at: float, **written: Any) -> None:
    assert apply(store, accepted(watch(store, key), day(at), shown, **written)) == [True]


def _papers(store: Store, key: str) -> dict[str, KnownPaper]:
    profile_id = watch(store, key).profile_id
    return dict(store.known([profile_id])[profile_id].papers)


def test_an_alias_that_another_profile_brought_joins(store: Store) -> None:
    """Scenario 33: a copy without links, then a page with links."""
    _show(store, "1", [paper("fp:1")], 0)
    _show(store, "2", [paper("arxiv:1", "fp:1"), paper("arxiv:2")], 1)
    assert _papers(store, "2").keys() == {"fp:1", "arxiv:2"}
    assert _papers(store, "1")["fp:1"].aliases == {"fp:1", "arxiv:1"}
    assert store.status().papers == 2


def test_the_key_that_holds_is_in_everything_that_was_written(store: Store) -> None:
    _show(store, "1", [paper("fp:1")], 0)
    of = watch(store, "2")
    new = event(of, EventKind.PAPER_NEW, day(1), key="arxiv:1")
    intent = accepted(of, day(1), [paper("arxiv:1", "fp:1")], events=(new,))
    apply(store, intent, verdicts=[verdict(new)])
    known = store.known([of.profile_id])[of.profile_id]
    assert known.keys == ("fp:1",)
    assert [(each.id, each.paper_key, each.paper_title) for each in store.events()] == [(new.id, "fp:1", "On arxiv:1")]
    (message,) = store.undelivered(day(1))
    assert [(each.topic, each.item["paper_key"]) for each in message.entries] == [("paper.new/fp:1", "fp:1")]


def test_within_one_batch_the_first_profile_issues_the_key(store: Store) -> None:
    first, second = watch(store, "1"), watch(store, "2")
    apply(
        store,
        accepted(first, day(0), [paper("fp:1", "doi:1")]),
        accepted(second, day(0), [paper("arxiv:1", "doi:1")]),
    )
    assert _papers(store, "2").keys() == {"fp:1"}


def test_of_two_papers_the_oldest_is_meant(store: Store) -> None:
    _show(store, "1", [paper("fp:old"), paper("arxiv:young")], 0)
    _show(store, "2", [paper("source:7", "arxiv:young", "fp:old", "doi:7")], 1)
    assert _papers(store, "2").keys() == {"fp:old"}
    assert _papers(store, "1")["arxiv:young"].aliases == {"arxiv:young"}
    assert _papers(store, "1")["fp:old"].aliases == {"fp:old", "doi:7", "source:7"}


def test_a_key_once_issued_on_a_profile_stays(store: Store) -> None:
    """A paper of this profile turns out to have an alias that belongs to an older one of another profile."""
    _show(store, "1", [paper("fp:old")], 0)
    _show(store, "2", [paper("arxiv:mine")], 1)
    _show(store, "2", [paper("arxiv:mine", "fp:old", "doi:new")], 2)
    assert {key: each.listed for key, each in _papers(store, "2").items()} == {"arxiv:mine": True}
    assert _papers(store, "2")["arxiv:mine"].aliases == {"arxiv:mine", "doi:new"}


def test_two_papers_of_a_page_may_turn_out_to_be_one(store: Store) -> None:
    _show(store, "1", [paper("arxiv:1", "fp:a", "fp:b")], 0)
    shown = [paper("fp:a", title="On Engines"), paper("fp:b", title="On Engines.")]
    _show(store, "2", shown, 1)
    known = _papers(store, "2")
    assert list(known) == ["arxiv:1"]
    assert known["arxiv:1"].paper == shown[0].paper


@pytest.mark.parametrize(
    ("before", "after", "keys"),
    [
        ({"arxiv_id": "2601.1"}, {"arxiv_id": "2602.2"}, {"arxiv:2"}),
        ({"doi": "10.1/a"}, {"doi": "10.1/b"}, {"arxiv:2"}),
        ({"arxiv_id": "2601.1", "doi": "10.1/A"}, {"arxiv_id": "2601.1", "doi": "10.1/b"}, {"arxiv:1"}),
        ({"doi": "10.1/A"}, {"doi": "10.1/a"}, {"arxiv:1"}),
        ({"arxiv_id": "2601.1"}, {}, {"arxiv:1"}),
    ],
    ids=["other arXiv id", "other DOI", "same arXiv id", "DOI in other case", "no id"],
)
def test_a_fingerprint_does_not_join_what_identifiers_keep_apart(
    store: Store, before: dict[str, str], after: dict[str, str], keys: set[str]
) -> None:
    _show(store, "1", [paper("arxiv:1", "fp:1", **before)], 0)
    _show(store, "2", [paper("arxiv:2", "fp:1", **after)], 1)
    assert _papers(store, "2").keys() == keys


def test_a_paper_keeps_what_one_profile_shows_and_another_does_not(store: Store) -> None:
    _show(store, "1", [paper("arxiv:1", score=98.1, authors=("A", "B"))], 0)
    _show(store, "2", [paper("arxiv:1", has_code=True, authors=("A",), authors_complete=False)], 1)
    _show(store, "1", [], 2, unlisted=("arxiv:1",))
    kept = _papers(store, "1")["arxiv:1"].paper
    assert (kept.score, kept.has_code, kept.authors) == (98.1, True, ("A", "B"))
