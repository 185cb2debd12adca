"""What a rejection means for the pages that come, and for those that had come."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.builders import DAY, NOON, Profile, paper, parsed, reading, twenty
from tests.tracking.strategies import readings
from tracking.aliases import aliases
from tracking.check import Outcome
from tracking.event import Cause, EventKind
from tracking.reading import ProfileReading
from tracking.rejecting import as_believed, refuse, without
from tracking.rejection import Rejection, count_papers, rejected_at
from tracking.suspicion import Doubt

MANY = [paper(f"{word} in the field of {word}s", "2026-10-25") for word in
        ["Salt", "Moss", "Clay", "Wool", "Iron", "Silk", "Sand", "Wax"]]  # fmt: skip


@pytest.fixture
def ada() -> Profile:
    profile = Profile()
    profile.sees(reading(twenty()))
    return profile


def rejects(profile: Profile, page: ProfileReading) -> None:
    """The owner rejects this page, now."""
    assert profile.known is not None
    refusal = refuse(profile.known, page)
    spoken = [Rejection(alias=alias, paper=names[0], since=profile.now) for names in refusal.papers for alias in names]
    if refusal.name is not None:
        spoken.append(Rejection(alias=refusal.name, paper=None, since=profile.now))
    profile.watch = replace(
        profile.watch,
        rejections=(*profile.watch.rejections, *spoken),
        asked_about=refusal.suspicion or profile.watch.asked_about,
    )


def outcome_and_events(profile: Profile, page: ProfileReading) -> tuple[Outcome, list[EventKind]]:
    intent = profile.sees(as_believed(profile.watch, parsed(page), profile.known, profile.now + DAY))
    return intent.outcome, [event.kind for event in intent.events]


# ---- which papers


def test_a_paper_is_known_by_any_of_its_names() -> None:
    page = reading([paper("Bees", arxiv_id="2611.00001", doi="10.1/x"), paper("Wasps", doi="10.1/y"), *twenty()])
    for rejected in ("arxiv:2611.00001", "doi:10.1/x", aliases("scholarfeed", page.papers[0])[-1]):
        assert without(page, frozenset({rejected})) == replace(page, papers=page.papers[1:])
    assert without(page, frozenset({"doi:10.1/z"})) is page


@given(readings(), st.data())
def test_leaving_out_twice_is_leaving_out_once(page: ProfileReading, data: st.DataObject) -> None:
    names = sorted({alias for one in page.papers for alias in aliases(page.source, one)})
    rejected = frozenset(data.draw(st.lists(st.sampled_from(names or ["fp:1"]))))
    left = without(page, rejected)
    assert without(left, rejected) is left
    assert all(rejected.isdisjoint(aliases(page.source, one)) for one in left.papers)
    assert replace(left, papers=page.papers) == page


@pytest.mark.parametrize(
    ("observed", "recorded", "holds"),
    [(0, None, True), (5, None, True), (6, None, False), (0, 2, True), (0, 1, False), (6, 7, False)],
    ids=["before", "the last", "after", "read since", "read before", "read after"],
)
def test_the_time_of_a_rejection(observed: int, recorded: int | None, holds: bool) -> None:
    spoken = [Rejection(alias="fp:1", paper="fp:1", since=NOON + 2 * DAY, until=NOON + 5 * DAY)]
    at = None if recorded is None else NOON + recorded * DAY
    assert (rejected_at(spoken, NOON + observed * DAY, at) == {"fp:1"}) is holds
    assert count_papers(spoken) == 0


def test_papers_are_counted_and_not_their_names() -> None:
    spoken = [
        Rejection(alias=alias, paper=of, since=NOON) for alias, of in (("arxiv:1", "arxiv:1"), ("fp:1", "arxiv:1"))
    ]
    assert count_papers([*spoken, Rejection(alias="bo other", paper=None, since=NOON)]) == 1


def test_a_name_that_an_own_paper_has_is_not_rejected(ada: Profile) -> None:
    own = paper("Bees", arxiv_id="2611.00001")
    ada.sees(reading([own, *twenty()]))
    assert ada.known is not None
    other = paper("Bees", arxiv_id="2611.00002")
    refusal = refuse(ada.known, reading([other, *MANY, own, *twenty()]))
    assert ("arxiv:2611.00002",) in refusal.papers
    assert len(refusal.papers) == 9


# ---- what comes of it


def test_an_own_paper_among_rejected_ones_is_news(ada: Profile) -> None:
    page = reading([*MANY, *twenty()])
    ada.sees(page)
    rejects(ada, page)
    assert outcome_and_events(ada, page) == (Outcome.UNCHANGED, [])
    own = reading([paper("Bees", str((ada.now - DAY).date())), *MANY, *twenty()])
    assert outcome_and_events(ada, own) == (Outcome.OK, [EventKind.PAPER_NEW])
    assert outcome_and_events(ada, replace(own, papers=(own.papers[0], *twenty()))) == (Outcome.UNCHANGED, [])


def test_a_page_of_rejected_papers_only_is_no_empty_page(ada: Profile) -> None:
    ada.sees(reading([*MANY, *twenty()]))
    rejects(ada, reading([*MANY, *twenty()]))
    assert outcome_and_events(ada, reading(MANY)) == (Outcome.QUARANTINED, [])
    assert outcome_and_events(ada, reading([])) == (Outcome.IMPLAUSIBLE, [])


@pytest.mark.parametrize(
    ("page", "doubt"),
    [
        (reading(twenty()[:12]), Doubt.GONE_PAPERS),
        (reading([*MANY, *twenty()[:12]]), Doubt.GONE_PAPERS),
        (reading([*MANY, *twenty()[:12]], name="Zed Other"), Doubt.NAME),
        (reading([*MANY, *twenty()]), Doubt.NEW_PAPERS),
    ],
    ids=["gone", "gone and new", "another name", "new"],
)
def test_a_rejected_page_is_not_asked_about_again(ada: Profile, page: ProfileReading, doubt: Doubt) -> None:
    assert [event.kind for event in ada.sees(page).events] == [EventKind.PROFILE_SUSPECT]
    assert ada.known is not None
    left = refuse(ada.known, page).suspicion
    assert left is not None
    assert (left.doubt, left.rejected) == (doubt, True)
    rejects(ada, page)
    for _ in range(3):
        intent = ada.sees(as_believed(ada.watch, parsed(page), ada.known, ada.now + DAY))
        assert (intent.suspicion, intent.events) == (None, ())
    assert ada.heard(reading(twenty())) == []


def test_a_rejected_name_is_held_back_whatever_the_page_shows(ada: Profile) -> None:
    page = reading([*MANY, *twenty()[:12]], name="Zed Other")
    ada.sees(page)
    rejects(ada, page)
    assert outcome_and_events(ada, reading(twenty(), name="Zed  OTHER")) == (Outcome.QUARANTINED, [])
    other = reading([*MANY[:2], *twenty()[:10]], name="Yan Third")
    assert outcome_and_events(ada, other) == (Outcome.QUARANTINED, [EventKind.PROFILE_SUSPECT])


def test_the_page_before_is_read_as_it_was_then(ada: Profile) -> None:
    page = reading([*MANY, *twenty()])
    spoken = tuple(
        Rejection(alias=alias, paper=alias, since=ada.now, until=ada.now)
        for one in MANY
        for alias in aliases("scholarfeed", one)
    )
    watch = replace(ada.watch, rejections=spoken)
    believed = as_believed(watch, parsed(page, previous=page, parser="scholarfeed/2"), ada.known, ada.now + DAY)
    assert believed.previous == reading(twenty())
    assert (believed.reading, believed.left_out) == (page, 0)


# ---- what the page counts with them


def causes(profile: Profile, page: ProfileReading) -> list[tuple[EventKind, Cause]]:
    intent = profile.sees(as_believed(profile.watch, parsed(page), profile.known, profile.now + DAY))
    return [(event.kind, event.cause) for event in intent.events]


def test_what_a_page_counts_with_others_papers_is_no_news_when_it_comes(ada: Profile) -> None:
    held = reading([*MANY, *twenty()], metrics={"h_index": 19, "citations": 1204})
    assert causes(ada, held) == [(EventKind.PROFILE_SUSPECT, Cause.SOURCE)]
    rejects(ada, held)
    bees = paper("Bees at dawn", "2026-11-20")
    assert sorted(causes(ada, replace(held, papers=(bees, *held.papers)))) == [
        (EventKind.METRIC_CHANGED, Cause.IDENTITY),
        (EventKind.METRIC_MILESTONE, Cause.IDENTITY),
        (EventKind.PAPER_NEW, Cause.SOURCE),
    ]
    more = reading([bees, *held.papers], metrics={"h_index": 20, "citations": 1204})
    assert {cause for _, cause in causes(ada, more)} == {Cause.SOURCE}


def test_a_page_without_them_says_what_it_always_said(ada: Profile) -> None:
    held = reading([*MANY, *twenty()], metrics={"h_index": 19, "citations": 1204})
    ada.sees(held)
    rejects(ada, held)
    assert {cause for _, cause in causes(ada, reading(twenty(), metrics={"h_index": 13, "citations": 1204}))} == {
        Cause.SOURCE
    }
