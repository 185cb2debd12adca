"""Writing what was decided: all of it, once, or nothing."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, StatementError

from storage import tables
from storage.engine import Database
from storage.errors import StoreError
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, event, followed, page, paper, verdict, watch
from tests.storage.processes import together
from tracking.check import CheckIntent, Known, KnownMetric, Outcome, Watch
from tracking.event import EventKind


@pytest.fixture(autouse=True)
def _followed(store: Store) -> None:
    store.follow([followed("Ada Lovelace", "1"), followed("Mary Shaw", "2")], day(0))


def _known(store: Store, key: str = "1") -> Known:
    profile_id = watch(store, key).profile_id
    return store.known([profile_id])[profile_id]


def _counts(database: str) -> dict[str, int]:
    """Rows of every table but those of runs."""
    opened = Database.at(database)
    with opened.reading() as connection:
        counts = {
            table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
            for table in tables.Row.metadata.sorted_tables
            if table.name != "run"
        }
    opened.engine.dispose()
    return counts


def test_nothing_is_known_before_the_first_snapshot(store: Store) -> None:
    assert store.known([watch(store).profile_id]) == {}
    assert store.last_page(watch(store).profile_id) is None
    apply(store, ended(watch(store), day(0), Outcome.PARSE_FAILED, detail="no name"))
    assert store.known([watch(store).profile_id]) == {}


def test_what_was_accepted_is_known(store: Store) -> None:
    engines, notes = paper("arxiv:1", "fp:1", abstract="Of engines."), paper("fp:2", category="LG")
    metrics = {"citations": 1204, "novelty": 0.55}
    intent = accepted(watch(store), day(0), [engines, notes], metrics=metrics)
    assert apply(store, intent) == [True]
    known = _known(store)
    assert intent.snapshot is not None
    assert (known.reading, known.keys) == (intent.snapshot.reading, ("arxiv:1", "fp:2"))
    assert (known.observed_at, known.confirmed_at) == (day(0), day(0))
    assert known.metrics == {"citations": KnownMetric(1204, day(0)), "novelty": KnownMetric(0.55, day(0))}
    assert {key: (each.aliases, each.paper, each.listed) for key, each in known.papers.items()} == {
        "arxiv:1": (frozenset({"arxiv:1", "fp:1"}), engines.paper, True),
        "fp:2": (frozenset({"fp:2"}), notes.paper, True),
    }


def test_the_page_is_kept_with_what_says_something_of_it(store: Store) -> None:
    answer = page("<h1>Ada</h1>", etag='"1"', **{"set-cookie": "id=1", "x-cache": "HIT"})
    apply(store, accepted(watch(store), day(0), [], answer=answer))
    kept = store.last_page(watch(store).profile_id)
    assert kept is not None
    assert (kept.url, kept.status, kept.body) == (answer.url, 200, b"<h1>Ada</h1>")
    assert kept.headers == {"content-type": "text/html; charset=utf-8", "etag": '"1"'}


@pytest.mark.parametrize("outcome", [Outcome.NOT_MODIFIED, Outcome.UNCHANGED])
def test_a_check_that_finds_the_same_confirms_the_snapshot(store: Store, outcome: Outcome) -> None:
    apply(store, accepted(watch(store), day(0), [paper("arxiv:1")]))
    apply(store, ended(watch(store), day(1), outcome))
    apply(store, ended(watch(store), day(2), Outcome.BLOCKED))
    known = _known(store)
    assert (known.observed_at, known.confirmed_at) == (day(0), day(1))


def test_other_bytes_that_say_the_same_are_not_stored_again(store: Store, database: str) -> None:
    apply(store, accepted(watch(store), day(0), [], answer=page("Ada")))
    before = _counts(database)
    apply(store, ended(watch(store), day(1), Outcome.UNCHANGED, page=page("Ada <!-- 2 -->")))
    assert _counts(database) == before | {"checklog": 2}


def test_the_same_decision_twice_is_once(store: Store, database: str) -> None:
    intent = _full_intent(watch(store))
    about = [verdict(each) for each in intent.events]
    assert apply(store, intent, verdicts=about) == [True]
    before = _counts(database)
    assert apply(store, intent, verdicts=about) == [False]
    assert _counts(database) == before


def _full_intent(of: Watch) -> CheckIntent:
    """A decision that writes into every table."""
    return accepted(
        of,
        day(0),
        [paper("arxiv:1"), paper("arxiv:2", "fp:2")],
        metrics={"citations": 7},
        events=(event(of, EventKind.PAPER_NEW, day(0), key="arxiv:2"),),
    )


def test_one_stale_decision_does_not_hold_up_the_others(store: Store) -> None:
    first, second = watch(store, "1"), watch(store, "2")
    apply(store, ended(first, day(0), Outcome.BLOCKED))
    written = apply(store, accepted(first, day(1), [paper("arxiv:1")]), accepted(second, day(1), [paper("arxiv:2")]))
    assert written == [False, True]
    assert store.known([first.profile_id, second.profile_id]).keys() == {second.profile_id}


@pytest.mark.parametrize("at", [day(0), day(1)], ids=["earlier", "same time"])
def test_a_check_from_before_the_last_one_comes_too_late(store: Store, at: datetime) -> None:
    apply(store, ended(watch(store), day(1), Outcome.BLOCKED))
    assert apply(store, accepted(watch(store), at, [])) == [False]


def test_a_profile_that_is_not_there_is_not_written(store: Store) -> None:
    unknown = Watch(profile_id=99, revision=0, person_id=1, person="", source="scholarfeed", key="9", url="")
    assert apply(store, accepted(unknown, day(0), [])) == [False]


def test_two_decisions_about_one_profile_are_a_mistake(store: Store) -> None:
    of = watch(store)
    with pytest.raises(ValueError, match="two decisions about one profile"):
        apply(store, ended(of, day(0), Outcome.BLOCKED), ended(of, day(1), Outcome.BLOCKED))


def test_a_snapshot_without_its_page_is_a_mistake(store: Store) -> None:
    intent = replace(accepted(watch(store), day(0), []), page=None)
    with pytest.raises(ValueError, match="without its page"):
        apply(store, intent)


def test_a_time_without_a_zone_is_refused_and_nothing_is_written(store: Store, database: str) -> None:
    before = _counts(database)
    decision = (_full_intent(watch(store)), ())
    run_id = store.begin_run("track", day(0))
    with pytest.raises(StatementError, match="without a time zone"):
        store.apply([decision], run_id=run_id, recorded_at=datetime(2026, 3, 1))
    assert _counts(database) == before


def test_a_run_that_was_not_begun_is_refused_and_nothing_is_written(store: Store, database: str) -> None:
    before = _counts(database)
    with pytest.raises(IntegrityError):
        store.apply([(_full_intent(watch(store)), ())], run_id="77", recorded_at=day(0))
    assert _counts(database) == before


def test_an_event_is_recorded_once_however_often_it_is_found(store: Store, database: str) -> None:
    of = watch(store)
    new = event(of, EventKind.PAPER_NEW, day(0), key="arxiv:1")
    apply(store, accepted(of, day(0), [paper("arxiv:1")], events=(new,)), verdicts=[verdict(new)])
    before = _counts(database)
    again = ended(watch(store), day(1), Outcome.OK, events=(new,))
    apply(store, again, verdicts=[verdict(new), verdict(new, "log")])
    assert _counts(database) == before | {"checklog": 2}


def test_an_item_without_a_paper_stays_as_it_was_worded(store: Store) -> None:
    of = watch(store)
    moved = event(of, EventKind.METRIC_CHANGED, day(0), field="citations", before=1, after=9)
    worded = replace(verdict(moved), item={"title": "citations 1 → 9"})
    apply(store, accepted(of, day(0), [], events=(moved,)), verdicts=[worded])
    (message,) = store.undelivered(day(0))
    assert [entry.item for entry in message.entries] == [{"title": "citations 1 → 9"}]


def test_a_page_may_claim_any_number(store: Store) -> None:
    claimed = paper("arxiv:1", citations=9_999_999_999, version=9_999_999_999)
    apply(store, accepted(watch(store), day(0), [claimed], metrics={"citations": 9_999_999_999}))
    apply(store, accepted(watch(store), day(1), [], unlisted={"arxiv:1": claimed.paper}))
    assert _known(store).papers["arxiv:1"].paper == claimed.paper


def test_more_papers_than_fit_into_one_question(store: Store) -> None:
    many = [paper(f"arxiv:{number}", title="On Engines") for number in range(5_001)]
    apply(store, accepted(watch(store, "1"), day(0), many))
    apply(store, accepted(watch(store, "2"), day(0), many))
    assert _known(store, "2").papers.keys() == {each.key for each in many}
    assert store.status().papers == len(many)


def test_an_empty_batch_is_fine(store: Store) -> None:
    assert store.apply([], run_id=store.begin_run("track", day(0)), recorded_at=day(0)) == []


def test_a_paper_leaves_is_missed_is_removed_and_returns(store: Store) -> None:
    engines, notes = paper("arxiv:1"), paper("arxiv:2", abstract="Of notes.")
    apply(store, accepted(watch(store), day(0), [engines, notes]))
    apply(
        store, accepted(watch(store), day(1), [engines], new=[], unlisted={"arxiv:2": notes.paper}, missed=("arxiv:2",))
    )
    gone = _known(store).papers["arxiv:2"]
    assert (gone.listed, gone.missed_at, gone.removed) == (False, day(1), False)
    assert (gone.paper.title, gone.paper.authors, gone.paper.abstract) == ("On arxiv:2", ("Mary Shaw",), None)
    apply(store, ended(watch(store), day(2), Outcome.OK, removed=("arxiv:2",)))
    assert _known(store).papers["arxiv:2"].removed
    apply(store, accepted(watch(store), day(3), [engines, notes], new=[notes]))
    back = _known(store).papers["arxiv:2"]
    assert (back.listed, back.missed_at, back.removed, back.paper) == (True, None, False, notes.paper)


def test_a_metric_that_is_hidden_keeps_its_last_value(store: Store) -> None:
    """Scenario 38."""
    apply(store, accepted(watch(store), day(0), [], metrics={"citations": 7, "h_index": 2}))
    apply(store, accepted(watch(store), day(1), [], metrics={"citations": None, "h_index": 3}))
    assert _known(store).metrics == {"citations": KnownMetric(7, day(0)), "h_index": KnownMetric(3, day(1))}
    apply(store, accepted(watch(store), day(8), [], metrics={"citations": 9}))
    assert _known(store).metrics["citations"] == KnownMetric(9, day(8))


def test_new_facts_of_a_paper_are_kept_when_it_leaves(store: Store) -> None:
    before, after = paper("arxiv:1"), paper("arxiv:1", "doi:1", score=98.1, has_code=True)
    apply(store, accepted(watch(store), day(0), [before]))
    enriched = accepted(watch(store), day(1), [after])
    apply(store, replace(enriched, listed=()))
    apply(store, accepted(watch(store), day(2), [], unlisted={"arxiv:1": after.paper}))
    kept = _known(store).papers["arxiv:1"]
    assert (kept.paper, kept.aliases) == (after.paper, after.aliases)


def test_two_processes_write_a_check_once(store: Store, database: str) -> None:
    """Scenario 6."""
    of = watch(store)
    assert sorted(together(_apply_full, [(database, of)] * 3)) == [False, False, True]
    assert len(store.undelivered(day(1))) == 1
    assert len(list(store.events())) == 1


def _apply_full(database: str, of: Watch) -> bool:
    with Store.open(database) as store:
        intent = _full_intent(of)
        return apply(store, intent, verdicts=[verdict(each) for each in intent.events])[0]


def test_processes_that_meet_the_same_papers_agree_on_them(store: Store, database: str) -> None:
    """Each process checks another profile; all of them show the same papers for the first time."""
    keys = [str(number) for number in range(4)]
    store.follow([followed(f"Person {key}", key) for key in keys], day(0))
    assert together(_apply_shared, [(database, watch(store, key), key) for key in keys]) == [True] * 4
    shown = [set(_known(store, key).papers) for key in keys]
    assert shown == [shown[0]] * 4
    assert store.status().papers == 20


def _apply_shared(database: str, of: Watch, key: str) -> bool:
    """Every process knows the papers by another key of its own, and by one alias in common."""
    with Store.open(database) as store:
        papers = [paper(f"own:{key}:{number}", f"arxiv:{number}") for number in range(20)]
        return apply(store, accepted(of, day(0), papers))[0]


def test_a_run_that_is_not_there_is_an_error(store: Store) -> None:
    with pytest.raises(StoreError, match="was not begun here"):
        store.end_run("77", {})
