"""Which stored paper a paper of a page is, when other profiles have shown it before."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, select

from storage import tables
from storage.engine import Database
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
    assert _papers(store, "2")["fp:1"].aliases == {"fp:1", "arxiv:1"}
    assert store.status().papers == 2


def test_a_profile_knows_the_aliases_that_it_has_shown(store: Store) -> None:
    """What another profile shows of the same paper is no part of this one's history."""
    _show(store, "1", [paper("fp:1")], 0)
    _show(store, "2", [paper("arxiv:1", "fp:1")], 1)
    _show(store, "3", [paper("doi:1", "arxiv:1")], 2)
    assert {key: _papers(store, key)["fp:1"].aliases for key in ("1", "2", "3")} == {
        "1": {"fp:1"},
        "2": {"fp:1", "arxiv:1"},
        "3": {"arxiv:1", "doi:1"},
    }


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


@pytest.mark.parametrize(
    ("stored", "shown", "meant"),
    [
        (["fp:old", "arxiv:young"], ["source:7", "arxiv:young", "fp:old", "doi:7"], "arxiv:young"),
        (["source:7", "doi:1"], ["source:7", "doi:1"], "doi:1"),
        (["fp:1", "source:7"], ["fp:1", "source:7"], "source:7"),
        (["fp:b", "fp:a"], ["fp:b", "fp:a", "fp:c"], "fp:a"),
    ],
    ids=["arXiv before all", "DOI before the source's", "the source's before a fingerprint", "then by text"],
)
def test_of_two_papers_that_of_the_strongest_alias_is_meant(
    store: Store, stored: list[str], shown: list[str], meant: str
) -> None:
    _show(store, "1", [paper(key) for key in stored], 0)
    _show(store, "2", [paper("fp:own", *shown)], 1)
    assert _papers(store, "2").keys() == {meant}
    assert _papers(store, "2")[meant].aliases == {"fp:own", *shown}
    assert {key: each.aliases for key, each in _papers(store, "1").items()} == {key: {key} for key in stored}


def test_of_two_papers_of_one_alias_the_oldest_is_meant(store: Store) -> None:
    _show(store, "1", [paper("doi:1", "fp:1")], 0)
    _show(store, "2", [paper("doi:2", "fp:1")], 1)
    _show(store, "3", [paper("fp:1")], 2)
    assert _papers(store, "3").keys() == {"doi:1"}


def test_a_key_once_issued_on_a_profile_stays(store: Store) -> None:
    """A paper of this profile turns out to have an alias that belongs to an older one of another profile."""
    _show(store, "1", [paper("fp:old")], 0)
    _show(store, "2", [paper("arxiv:mine")], 1)
    _show(store, "2", [paper("arxiv:mine", "fp:old", "doi:new")], 2)
    assert {key: each.listed for key, each in _papers(store, "2").items()} == {"arxiv:mine": True}
    assert _papers(store, "2")["arxiv:mine"].aliases == {"arxiv:mine", "fp:old", "doi:new"}


def test_two_papers_of_a_page_stay_two_whatever_another_profile_says(store: Store) -> None:
    """The first takes the paper of the other profile; for the second it is no candidate any more."""
    _show(store, "1", [paper("arxiv:1", "fp:a", "fp:b")], 0)
    shown = [paper("fp:a", title="On Engines"), paper("fp:b", title="On Engines, Again")]
    _show(store, "2", shown, 1)
    known = _papers(store, "2")
    assert {key: each.paper for key, each in known.items()} == {"arxiv:1": shown[0].paper, "fp:b": shown[1].paper}


def test_a_new_paper_does_not_join_one_that_the_profile_has_already(store: Store) -> None:
    _show(store, "1", [paper("arxiv:1", "fp:a", "fp:b")], 0)
    _show(store, "2", [paper("fp:a")], 1)
    _show(store, "2", [paper("fp:b")], 2, new=[paper("fp:b")], unlisted={"arxiv:1": paper("fp:a").paper})
    assert {key: each.listed for key, each in _papers(store, "2").items()} == {"arxiv:1": False, "fp:b": True}


def test_two_papers_do_not_bear_one_key(store: Store) -> None:
    """Two works of one fingerprint: where an identifier keeps the second apart, it is named by that."""
    _show(store, "1", [paper("fp:1", "doi:1")], 0)
    _show(store, "2", [paper("fp:1", "doi:2")], 1)
    assert _papers(store, "2").keys() == {"doi:2"}


def test_a_key_is_numbered_where_all_names_of_a_paper_are_taken(store: Store, database: str) -> None:
    """The paper that bears the fingerprint as its key is on the profile already, by an identifier."""
    _show(store, "1", [paper("fp:1", "doi:1")], 0)
    both = [paper("doi:1"), paper("fp:1", title="Another")]
    _show(store, "2", both, 1)
    assert {key: each.paper.title for key, each in _papers(store, "2").items()} == {
        "fp:1": "On doi:1",
        "fp:1#2": "Another",
    }
    _abandon(database, "fp:1#2")
    _show(store, "3", both, 2)
    assert _papers(store, "3").keys() == {"fp:1", "fp:1#3"}


def _abandon(database: str, key: str) -> None:
    """Leave a paper to no profile, as when all snapshots that show it are taken out."""
    opened = Database.at(database)
    with opened.writing() as connection:
        paper_id = connection.execute(select(tables.paper.c.id).where(tables.paper.c.key == key)).scalar_one()
        for table in (tables.alias, tables.listing):
            connection.execute(delete(table).where(table.c.paper_id == paper_id))
    opened.engine.dispose()


def test_a_paper_that_no_profile_shows_any_more_is_found_again_by_its_key(store: Store, database: str) -> None:
    _show(store, "1", [paper("arxiv:1", "fp:1")], 3)
    _abandon(database, "arxiv:1")
    _show(store, "2", [paper("arxiv:1", "fp:1")], 1)
    assert _papers(store, "2")["arxiv:1"].aliases == {"arxiv:1", "fp:1"}
    assert store.status().papers == 1


def test_when_a_paper_was_first_shown_anywhere(store: Store, database: str) -> None:
    _show(store, "1", [paper("arxiv:1"), paper("arxiv:2")], 5)
    _show(store, "2", [paper("arxiv:1")], 3)
    _show(store, "3", [paper("arxiv:1"), paper("arxiv:2")], 7)
    opened = Database.at(database)
    with opened.reading() as connection:
        rows = connection.execute(select(tables.paper.c.key, tables.paper.c.first_shown_at)).all()
    opened.engine.dispose()
    assert dict(rows) == {"arxiv:1": day(3), "arxiv:2": day(5)}


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        (["arxiv:1"], ["arxiv:2"], False),
        (["doi:1"], ["doi:2"], False),
        (["arxiv:1", "doi:1"], ["arxiv:1", "doi:2"], True),
        (["arxiv:1"], ["doi:1"], True),
        (["doi:1", "doi:2"], ["doi:2"], True),
        (["arxiv:1"], [], True),
    ],
    ids=["other arXiv id", "other DOI", "same arXiv id", "ids of two kinds", "one of two DOIs", "no id"],
)
def test_a_fingerprint_does_not_join_what_identifiers_keep_apart(
    store: Store, before: list[str], after: list[str], joined: bool
) -> None:
    _show(store, "1", [paper("fp:first", "fp:1", *before)], 0)
    _show(store, "2", [paper("fp:second", "fp:1", *after)], 1)
    assert _papers(store, "2").keys() == ({"fp:first"} if joined else {"fp:second"})


def test_what_is_known_of_a_paper_that_left_is_what_its_own_profile_showed(store: Store) -> None:
    mine = paper("arxiv:1", score=98.1, authors=("A", "B"), abstract="Of engines.")
    _show(store, "1", [mine], 0)
    _show(store, "2", [paper("arxiv:1", has_code=True, authors=("A",), authors_complete=False)], 1)
    _show(store, "1", [], 2, unlisted={"arxiv:1": mine.paper})
    assert _papers(store, "1")["arxiv:1"].paper == replace(mine.paper, abstract=None)
