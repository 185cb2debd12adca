"""Pages that are held back, from the question to the answer, and what a run that is taken back leaves of both."""

from dataclasses import replace

import pytest

from storage.errors import StoreError, UnknownPerson
from storage.store import Store
from tests.storage.builders import followed, watch
from tests.storage.reverting import OLD, Heard, Person, day, shows, take_back
from tests.tracking.builders import PARSER, paper
from tracking.check import Failure, Outcome, Page, Parsed
from tracking.event import EventKind
from tracking.kept import HeldPage
from tracking.late import LateSighting
from tracking.reading import ProfileReading
from tracking.rejecting import Refusal, refuse
from tracking.rejection import rejected_at
from tracking.suspicion import Doubt
from tracking.view import QuarantineView

MANY = [paper(f"{word} in the field of {word}s", "2026-10-25") for word in
        ["Salt", "Moss", "Clay", "Wool", "Iron", "Silk", "Sand", "Wax"]]  # fmt: skip
SUSPECT = shows(*MANY)


@pytest.fixture
def ada(store: Store) -> Person:
    """Somebody who was read once, and whose page was held back a day later."""
    store.follow([followed("Ada", "1"), followed("Bo", "2")], day(-1))
    person = Person(store)
    person.looks(day(0), shows())
    person.looks(day(1), SUSPECT, accept=False)
    return person


def held_page(store: Store) -> HeldPage:
    (held,) = store.held_pages("Ada")
    return held


def refusal_of(store: Store, page: ProfileReading) -> Refusal:
    of = watch(store)
    known = store.known([of.profile_id])[of.profile_id]
    return refuse(known, page)


def reject(store: Store, page: ProfileReading, at: float) -> None:
    store.reject_held(held_page(store), refusal_of(store, page), day(at))


def kinds(store: Store) -> list[EventKind]:
    return [event.kind for event in store.events()]


def test_what_waits_for_an_answer(store: Store, ada: Person) -> None:
    (view,) = store.quarantine()
    assert view == QuarantineView(
        profile_id=watch(store).profile_id,
        person_id=view.person_id,
        person="Ada",
        profile=ada.url,
        checked_at=day(1),
        held_at=day(1),
        detail=view.detail,
        accepted=False,
        rejected=0,
    )
    assert store.person_of_id(view.person_id).person.name == "Ada"
    assert "8 papers at once" in view.detail
    held = held_page(store)
    assert (held.watch, held.observed_at, held.detail) == (watch(store), day(1), view.detail)
    assert held.page is not None
    assert held.page.body.startswith(b"1 ProfileReading")
    assert store.held_pages("Bo") == []
    assert [store.held_page(one.profile_id) for one in (view, replace(view, profile_id=99))] == [held, None]
    with pytest.raises(UnknownPerson):
        store.held_pages("Cy")


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.COOLING_DOWN, Outcome.UNREACHABLE])
def test_it_waits_while_nothing_better_comes(store: Store, ada: Person, outcome: Outcome) -> None:
    ada.finds(day(2), Failure(outcome=outcome, detail="later"))
    assert [view.held_at for view in store.quarantine()] == [day(1)]
    ada.looks(day(3), SUSPECT, accept=False)
    assert [view.held_at for view in store.quarantine()] == [day(3)]
    assert kinds(store).count(EventKind.PROFILE_SUSPECT) == 1
    ada.looks(day(4), shows())
    assert store.quarantine() == []
    assert store.status().held == 0


def test_nobody_is_asked_about_who_is_not_followed(store: Store, ada: Person) -> None:
    store.follow([followed("Bo", "2")], day(2))
    assert store.quarantine() == []
    assert store.held_pages("Ada") == []
    assert store.accept_next("Ada") == 0
    store.follow([followed("Ada", "1")], day(3))
    assert store.accept_next("Ada") == 1
    assert ada.url == watch(store).url


@pytest.mark.usefixtures("ada")
def test_a_rejection_is_remembered(store: Store) -> None:
    before = watch(store)
    reject(store, SUSPECT, 1.5)
    of = watch(store)
    assert of.revision == before.revision + 1
    assert len(rejected_at(of.rejections, day(9))) == 8
    assert {one.since for one in of.rejections} == {day(1.5)}
    assert of.asked_about is not None
    assert (of.asked_about.doubt, of.asked_about.rejected) == (Doubt.NEW_PAPERS, True)
    assert [(view.held_at, view.rejected) for view in store.quarantine()] == [(None, 8)]
    assert [profile.rejected for person in store.people() for profile in person.profiles] == [8, 0]
    assert store.person("Ada").profiles[0].profile.rejected == 8


def test_what_was_decided_before_comes_too_late(store: Store, ada: Person) -> None:
    held, refusal = held_page(store), refusal_of(store, SUSPECT)
    intent = ada.decide(day(2), Failure(outcome=Outcome.UNREACHABLE, detail="nobody answers"))
    store.reject_held(held, refusal, day(1.5))
    run_id = store.begin_run("track", day(2))
    assert store.apply([(intent, [])], run_id=run_id, recorded_at=day(2)) == [False]
    with pytest.raises(StoreError, match="has been checked meanwhile"):
        store.reject_held(held, refusal, day(1.6))


def test_what_was_rejected_last_is_taken_back_first(store: Store, ada: Person) -> None:
    reject(store, SUSPECT, 1.5)
    others = shows(*[paper(f"{one.title} revisited", "2026-10-26") for one in MANY[:7]])
    ada.looks(day(2), others, accept=False)
    reject(store, others, 2.5)
    assert [view.rejected for view in store.quarantine()] == [15]
    assert store.accept_next("Ada") == 1
    assert [view.rejected for view in store.quarantine()] == [8]
    assert store.accept_next("Ada") == 1
    assert [(view.accepted, view.rejected) for view in store.quarantine()] == [(True, 0)]


def test_a_page_that_waits_is_accepted_before_a_rejection_is_taken_back(store: Store, ada: Person) -> None:
    reject(store, SUSPECT, 1.5)
    ada.looks(day(2), shows(*[paper(f"{one.title} revisited", "2026-10-26") for one in MANY]), accept=False)
    assert store.accept_next("Ada") == 1
    assert [(view.held_at, view.accepted, view.rejected) for view in store.quarantine()] == [(day(2), True, 8)]
    assert store.status().held == 0


@pytest.mark.usefixtures("ada")
def test_one_profile_is_answered_for_by_itself(store: Store) -> None:
    [view] = store.quarantine()
    assert not store.accept_next_of(view.profile_id + 1)
    assert store.accept_next_of(view.profile_id)
    assert [one.accepted for one in store.quarantine()] == [True]


def test_papers_that_are_gone_are_rejected_and_accepted_after_all(store: Store, ada: Person) -> None:
    few = replace(shows(), papers=tuple(OLD[:3]))
    ada.looks(day(2), shows())
    ada.looks(day(3), few, accept=False)
    reject(store, few, 3.5)
    ada.looks(day(4), few, accept=False)
    (view,) = store.quarantine()
    assert (view.held_at, view.rejected, view.detail) == (None, 0, "3 of 6 papers are gone at once; this was rejected")
    assert store.status().held == 0
    assert store.accept_next("Ada") == 1
    assert watch(store).accept_next


def test_taken_back_it_holds_for_the_pages_before(store: Store, ada: Person) -> None:
    reject(store, SUSPECT, 1.5)
    ada.looks(day(2), shows())
    before = watch(store)
    assert before.validators is not None
    assert store.accept_next("Ada") == 1
    of = watch(store)
    assert (of.accept_next, of.validators, of.body_sha256, of.asked_about) == (True, None, None, None)
    assert of.revision == before.revision + 1
    assert len(rejected_at(of.rejections, day(2))) == 8
    assert rejected_at(of.rejections, day(3)) == frozenset()
    assert store.quarantine() == []
    assert store.accept_next("Ada") == 0


def test_rejected_again_within_the_same_moment(store: Store, ada: Person) -> None:
    reject(store, SUSPECT, 1.5)
    store.accept_next("Ada")
    ada.looks(day(2), SUSPECT, accept=False)
    reject(store, SUSPECT, 1.5)
    assert [view.rejected for view in store.quarantine()] == [8]
    assert len(watch(store).rejections) == 8


# ---- a run that is taken back


def test_a_question_that_went_with_its_run_is_asked_again(store: Store, ada: Person) -> None:
    ada.looks(day(2), shows())
    run_id = ada.looks(day(3), shows(*[paper(f"{one.title} again", "2026-10-26") for one in MANY]), accept=False)
    take_back(store, run_id, Heard())
    assert (store.quarantine(), watch(store).asked_about) == ([], None)
    ada.looks(day(4), SUSPECT, accept=False)
    assert [view.held_at for view in store.quarantine()] == [day(4)]


def test_a_page_that_was_held_back_before_is_so_again(store: Store, ada: Person) -> None:
    asked = watch(store).asked_about
    run_id = ada.looks(day(2), SUSPECT)
    assert store.quarantine() == []
    take_back(store, run_id, Heard())
    assert [view.held_at for view in store.quarantine()] == [day(1)]
    assert watch(store).asked_about == asked


def test_a_rejection_outlives_the_run_whose_page_it_is_of(store: Store, ada: Person) -> None:
    reject(store, SUSPECT, 1.5)
    page = replace(SUSPECT, papers=tuple(OLD))
    run_id = ada.looks(day(2), page)
    take_back(store, run_id, Heard())
    assert [(view.held_at, view.rejected) for view in store.quarantine()] == [(None, 8)]


# ---- pages of the past


@pytest.mark.parametrize("at", [-0.5, 0.5, 1.8])
def test_a_page_of_the_past_is_read_without_them(store: Store, ada: Person, at: float) -> None:
    reject(store, SUSPECT, 1.5)
    ada.looks(day(2), shows())
    page = Page(url=ada.url, status=200, headers={}, body=b"from an archive")
    finding = Parsed(page=page, reading=SUSPECT, parser=PARSER)
    sighting = LateSighting(observed_at=day(at), finding=finding, origin="pages", place="a file")
    run_id = store.begin_run("backfill", day(3))
    inserted = store.insert(watch(store).profile_id, [sighting], run_id=run_id, recorded_at=day(3))
    assert [outcome.is_good for outcome, _ in inserted.outcomes.values()] == [True]
    assert {event.kind for event in inserted.events} <= {EventKind.PROFILE_BASELINE}
    (profile,) = store.person("Ada").profiles
    assert {listed.paper.title for listed in profile.papers} == {one.title for one in OLD}


def test_a_page_of_the_past_with_a_rejected_name_is_not_believed(store: Store, ada: Person) -> None:
    other = replace(shows(*MANY), name="Zed Other")
    ada.looks(day(2), other, accept=False)
    reject(store, other, 2.5)
    finding = Parsed(page=Page(url=ada.url, status=200, headers={}, body=b"old"), reading=other, parser=PARSER)
    sighting = LateSighting(observed_at=day(0.5), finding=finding, origin="pages", place="a file")
    run_id = store.begin_run("backfill", day(3))
    inserted = store.insert(watch(store).profile_id, [sighting], run_id=run_id, recorded_at=day(3))
    assert list(inserted.outcomes.values()) == [
        (Outcome.QUARANTINED, "the page is of 'Zed Other', a name that was rejected")
    ]
