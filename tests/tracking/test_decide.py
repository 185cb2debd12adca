"""Stories of one profile, check by check; the numbers are those of the scenario contract."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.builders import DAY, Profile, page, paper, parsed, reading, twenty
from tests.tracking.strategies import damaged_readings, papers, readings
from tracking.check import Failure, NotModified, Outcome, SameBytes
from tracking.classify import is_cut_of, is_recent, is_recount
from tracking.event import Cause, EventKind, event_id, topic
from tracking.reading import PaperReading, ProfileReading, Published


def yesterday(profile: Profile) -> str:
    """The day before the profile's next check."""
    return str(profile.now.date())


@pytest.fixture
def ada() -> Profile:
    profile = Profile()
    profile.sees(reading(twenty()))
    return profile


def test_first_sight_is_one_note() -> None:
    intent = Profile().sees(reading(twenty()))
    assert [(e.kind, e.after) for e in intent.events] == [(EventKind.PROFILE_BASELINE, 20)]
    assert len(intent.papers) == len(intent.listed) == 20
    assert intent.metrics == {"h_index": 12, "citations": 1204}
    assert intent.page is not None


def test_an_empty_profile_is_a_baseline_too() -> None:
    assert Profile().heard(reading([])) == ["profile.baseline: 0"]


@pytest.mark.parametrize(
    ("finding", "outcome"),
    [
        (NotModified(url="u"), Outcome.NOT_MODIFIED),
        (SameBytes(page=page()), Outcome.UNCHANGED),
        (reading(twenty()), Outcome.UNCHANGED),
        (reading(list(reversed(twenty()))), Outcome.UNCHANGED),
        (Failure(outcome=Outcome.BLOCKED, detail="a captcha", status=200, size=9), Outcome.BLOCKED),
    ],
)
def test_nothing_is_heard_of_nothing(ada: Profile, finding: NotModified, outcome: Outcome) -> None:
    intent = ada.sees(finding)
    assert (intent.outcome, intent.events, intent.snapshot) == (outcome, (), None)
    assert ada.heard(reading(twenty())) == []


def test_a_failure_keeps_what_the_server_said(ada: Profile) -> None:
    intent = ada.sees(
        Failure(outcome=Outcome.THROTTLED, detail="429", status=429, retry_after_seconds=60, size=3, elapsed_seconds=1)
    )
    assert (intent.status, intent.retry_after_seconds, intent.size, intent.elapsed_seconds) == (429, 60, 3, 1)
    assert intent.page is None


def test_a_paper_of_yesterday_is_new(ada: Profile) -> None:
    added = paper("Bees at night", yesterday(ada))
    intent = ada.sees(reading([added, *twenty()]))
    (event,) = intent.events
    assert (event.kind, event.paper_title, event.paper, event.cause) == (
        EventKind.PAPER_NEW, "Bees at night", added, Cause.SOURCE,
    )  # fmt: skip
    assert intent.listed == (event.paper_key,)
    assert [identity.paper for identity in intent.papers] == [added]
    assert ada.heard(reading([added, *twenty()])) == []


def test_an_old_paper_pushed_on_a_capped_list_is_late() -> None:
    ada = Profile()
    ada.sees(reading(twenty(), complete=False))
    old = paper("Bees at noon", "2022-05-01")
    assert ada.heard(reading([old, *twenty()[1:]], complete=False)) == ["paper.late: Bees at noon"]
    assert ada.heard(reading(twenty(), complete=False)) == []


@pytest.mark.parametrize(
    ("published", "complete", "recent"),
    [
        ("2026-10-24", True, True),
        ("2026-10-22", True, False),
        ("2026-10", True, True),
        ("2026", False, True),
        ("2025", True, False),
        (None, True, True),
        (None, False, False),
    ],
)
def test_recent_is_thirty_days(ada: Profile, published: str | None, complete: bool, recent: bool) -> None:
    now = ada.now.replace(month=11, day=22)
    date = Published.parse(published) if published else None
    assert is_recent(date, now - DAY, now, complete=complete) is recent


def test_recent_reaches_back_to_the_last_check(ada: Profile) -> None:
    published = str((ada.now + 2 * DAY).date())
    assert ada.heard(reading([paper("Bees", published), *twenty()]), after=90 * DAY) == ["paper.new: Bees"]


def test_a_paper_missing_once_is_not_told(ada: Profile) -> None:
    assert ada.heard(reading(twenty()[1:])) == []
    assert ada.watch.unsettled
    assert ada.heard(reading(twenty())) == []
    assert not ada.watch.unsettled


def test_a_paper_missing_twice_is_removed_and_may_return(ada: Profile) -> None:
    title = twenty()[0].title
    assert ada.heard(reading(twenty()[1:])) == []
    assert ada.heard(reading(twenty()[1:]), after=timedelta(hours=3)) == []
    intent = ada.sees(reading(twenty()[1:]))
    assert [(e.kind, e.paper_title) for e in intent.events] == [(EventKind.PAPER_REMOVED, title)]
    assert (intent.outcome, intent.snapshot, len(intent.removed)) == (Outcome.OK, None, 1)
    assert not ada.watch.unsettled
    assert ada.heard(reading(twenty()[1:])) == []
    assert ada.heard(reading(twenty())) == [f"paper.returned: {title}"]


def test_a_removal_is_told_with_what_else_changed(ada: Profile) -> None:
    ada.sees(reading(twenty()[1:]))
    heard = ada.heard(reading(twenty()[1:], metrics={"h_index": 12, "citations": 1205}))
    assert heard == ["metric.changed: citations", f"paper.removed: {twenty()[0].title}"]


def test_a_cut_list_removes_nothing(ada: Profile) -> None:
    assert ada.heard(reading(twenty()[:5], complete=False)) == []
    assert not ada.watch.unsettled
    assert ada.heard(reading(twenty()[:5], complete=False)) == []
    assert ada.heard(reading(twenty(), complete=False)) == []


def test_what_a_cut_list_lacked_is_missed_from_the_first_complete_one_on(ada: Profile) -> None:
    ada.sees(reading(twenty()[1:], complete=False))
    assert len(ada.sees(reading(twenty()[1:])).missed) == 1
    assert ada.heard(reading(twenty()[1:])) == [f"paper.removed: {twenty()[0].title}"]


def test_an_empty_list_is_implausible(ada: Profile) -> None:
    intent = ada.sees(reading([]))
    assert (intent.outcome, intent.events) == (Outcome.IMPLAUSIBLE, ())
    assert "20 papers" in intent.detail
    assert ada.heard(reading(twenty())) == []


MANY = [paper(f"{word} in the field of {word}s", "2026-10-25") for word in
        ["Salt", "Moss", "Clay", "Wool", "Iron", "Silk", "Sand", "Wax"]]  # fmt: skip


@pytest.mark.parametrize(
    ("page_after", "why"),
    [
        (reading([*MANY, *twenty()]), "8 papers at once"),
        (reading(twenty()[:15]), "5 of 20 papers are gone"),
        (reading([*twenty()[:17], *MANY[:3]], name="Zed Other", complete=False), "the name is 'Zed Other'"),
    ],
    ids=["many new", "many gone", "name and papers"],
)
def test_a_mass_change_is_one_question(ada: Profile, page_after: ProfileReading, why: str) -> None:
    intent = ada.sees(page_after)
    assert intent.outcome is Outcome.QUARANTINED
    assert why in intent.detail
    assert [e.kind for e in intent.events] == [EventKind.PROFILE_SUSPECT]
    assert ada.heard(page_after) == []
    assert ada.heard(reading(twenty())) == []


def test_an_accepted_mass_change_is_told_once(ada: Profile) -> None:
    ada.sees(reading([*MANY, *twenty()]))
    ada.watch = replace(ada.watch, accept_next=True)
    assert len(ada.heard(reading([*MANY, *twenty()]))) == 8
    assert ada.heard(reading([*MANY, *twenty()])) == []


@pytest.mark.parametrize(
    ("facts", "heard"),
    [
        ({"score": 98.1}, ["paper.enriched: Bees"]),
        ({"has_code": True}, ["paper.enriched: Bees"]),
        ({"institutions": ("mila",)}, ["paper.enriched: Bees"]),
        ({"abstract": "b" * 300}, ["paper.enriched: Bees"]),
        ({"title": "Wild bees"}, ["paper.retitled: Wild bees"]),
        ({"title": "BEES!"}, []),
        ({"version": 2}, ["paper.revised: Bees"]),
        ({"category": "CL"}, ["paper.revised: Bees"]),
        ({"category": None}, []),
        ({"authors": ("Ada Example",), "authors_complete": False}, []),
        ({"authors": ("Ada Example", "Bo Sample", "Cy Third")}, []),
        ({"authors": ("Ada Example", "Di Fourth")}, ["paper.revised: Bees"]),
        ({"published": Published(2025, 3)}, []),
        ({"published": Published(2025, 6, 1)}, ["paper.revised: Bees"]),
        ({"published": Published(2025, 6, 1), "year_inferred": True}, []),
        ({"published": None}, []),
        ({"url": "http://127.0.0.1/p"}, []),
        ({"citations": 3}, []),
    ],
    ids=str,
)
def test_changes_of_a_paper(ada: Profile, facts: dict[str, object], heard: list[str]) -> None:
    bees = paper("Bees", version=1, abstract="x" * 300)
    ada.sees(reading([bees, *twenty()]))
    changed = replace(bees, **facts)  # type: ignore[arg-type]
    assert ada.heard(reading([changed, *twenty()])) == heard


def test_an_event_holds_values_as_json_does(ada: Profile) -> None:
    bees = paper("Bees")
    ada.sees(reading([bees, *twenty()]))
    changed = replace(bees, abstract="a" * 300, institutions=("mila",), published=Published(2025, 6, 1))
    intent = ada.sees(reading([changed, *twenty()]))
    after = {event.field: (event.before, event.after) for event in intent.events}
    assert after == {
        "institutions": ([], ["mila"]),
        "published": ("2025-03-04", "2025-06-01"),
        "abstract": (None, "a" * 199 + "…"),
    }


@pytest.mark.parametrize(("facts", "word"), [({"score": 1.0}, "enrichment"), ({"version": 2}, "source")])
def test_only_enrichment_is_caused_by_enrichment(ada: Profile, facts: dict[str, object], word: str) -> None:
    bees = paper("Bees", version=1)
    ada.sees(reading([bees, *twenty()]))
    (event,) = ada.sees(reading([replace(bees, **facts), *twenty()])).events  # type: ignore[arg-type]
    assert event.cause == word


@pytest.mark.parametrize(
    ("name", "before", "after", "kind"),
    [
        ("citations", 1204, 1311, EventKind.METRIC_CHANGED),
        ("citations", 1204, 1200, EventKind.METRIC_CHANGED),
        ("citations", 1204, 900, EventKind.METRIC_RECOUNT),
        ("h_index", 30, 29, EventKind.METRIC_CHANGED),
        ("novelty", 0.55, 0.20, EventKind.METRIC_CHANGED),
    ],
)
def test_metrics_move(name: str, before: float, after: float, kind: EventKind) -> None:
    ada = Profile()
    first = ada.now + DAY
    ada.sees(reading(twenty(), metrics={name: before}))
    (event,) = ada.sees(reading(twenty(), metrics={name: after})).events
    assert (event.kind, event.field, event.before, event.after, event.since) == (kind, name, before, after, first)


def test_a_hidden_metric_is_compared_with_what_was_shown_last(ada: Profile) -> None:
    hidden = ada.sees(reading(twenty(), metrics={"h_index": 12}))
    assert (hidden.events, hidden.metrics) == ((), {"citations": None})
    ada.sees(reading(twenty(), metrics={"h_index": 12, "citations": None}))
    assert ada.heard(reading(twenty())) == []
    ada.sees(reading(twenty(), metrics={"h_index": 12}))
    (event,) = ada.sees(reading(twenty(), metrics={"h_index": 12, "citations": 1300})).events
    assert (event.before, event.after) == (1204, 1300)


def test_a_metric_shown_for_the_first_time_did_not_change(ada: Profile) -> None:
    assert ada.heard(reading(twenty(), metrics={"h_index": 12, "citations": 1204, "novelty": 0.5})) == []


def test_recounts_need_more_than_noise() -> None:
    assert not is_recount(10, 7)
    assert is_recount(10, 6)
    assert not is_recount(20_000, 19_001)


@pytest.mark.parametrize(("name", "heard"), [("ADA  EXAMPLE", []), ("Ada B. Example", ["profile.renamed: name"])])
def test_a_new_name(ada: Profile, name: str, heard: list[str]) -> None:
    assert ada.heard(reading(twenty(), name=name)) == heard


def test_a_better_parser_is_no_news(ada: Profile) -> None:
    bees = paper("Bees at dawn", "2020-01-01")
    scored = [replace(shown, score=5.0) for shown in twenty()]
    old_page = reading([*scored, bees], metrics={"h_index": 12, "citations": 1204, "novelty": 0.4})
    intent = ada.sees(parsed(old_page, previous=old_page, parser="scholarfeed/2"))
    assert intent.events == ()
    assert intent.snapshot is not None
    assert intent.metrics == {"novelty": 0.4}
    assert len(intent.listed) == 1
    moved = replace(old_page, metrics={"h_index": 12, "citations": 1204, "novelty": 0.5})
    (event,) = ada.sees(parsed(moved, parser="scholarfeed/2")).events
    assert (event.before, event.after) == (0.4, 0.5)


def test_a_better_parser_and_a_change_of_the_page_are_told_apart(ada: Profile) -> None:
    then = reading(twenty(), metrics={"h_index": 12, "citations": 1210, "novelty": None})
    now = reading(twenty(), metrics={"h_index": 13, "citations": 1210})
    intent = ada.sees(parsed(now, previous=then, parser="scholarfeed/2"))
    assert [(e.kind, e.before, e.after) for e in intent.events] == [
        (EventKind.METRIC_CHANGED, 12, 13),
        (EventKind.METRIC_MILESTONE, 12, 13),
    ]
    assert intent.metrics == {"h_index": 13, "citations": 1210}


def test_a_new_parser_that_reads_the_same_is_recorded(ada: Profile) -> None:
    intent = ada.sees(parsed(reading(twenty()), previous=reading(twenty()), parser="scholarfeed/2"))
    assert (intent.outcome, intent.events) == (Outcome.OK, ())
    assert intent.snapshot is not None
    assert intent.snapshot.parser == "scholarfeed/2"


def test_links_that_come_later_join_the_papers(ada: Profile) -> None:
    linked = [replace(shown, arxiv_id=f"2503.{n:05d}") for n, shown in enumerate(twenty())]
    intent = ada.sees(reading(linked))
    assert {event.kind for event in intent.events} == {EventKind.PAPER_ENRICHED}
    assert (intent.listed, intent.unlisted) == ((), {})
    retitled = [replace(shown, title=f"Renamed beyond recognition {n}") for n, shown in enumerate(linked)]
    assert ada.sees(reading(retitled)).listed == ()


def test_part_two_is_new(ada: Profile) -> None:
    ada.sees(reading([paper("Sheaves, Part I"), *twenty()]))
    later = [paper("Sheaves, Part II", yesterday(ada)), paper("Sheaves, Part I"), *twenty()]
    assert ada.heard(reading(later)) == ["paper.new: Sheaves, Part II"]


def test_author_lists_cut_elsewhere() -> None:
    assert is_cut_of(("A. Example",), ("Ada Example", "Bo Sample"))
    assert not is_cut_of(("Ada Example", "Bo Sample"), ("Ada Example",))


def test_an_event_is_named_by_what_the_page_shows_not_by_the_key(ada: Profile) -> None:
    """The key may change when an older snapshot is found; the id of an event does not."""
    shown = paper("Bees", "2020-01-01", doi="10.1/Bees")
    (late,) = ada.sees(reading([shown, *twenty()])).events
    assert late.id == event_id("scholarfeed", "1", EventKind.PAPER_LATE, "doi:10.1/bees", ada.now)
    linked = replace(shown, arxiv_id="2001.00001")
    (enriched,) = ada.sees(reading([linked, *twenty()])).events
    assert enriched.paper_key == "doi:10.1/bees"
    expected = event_id("scholarfeed", "1", EventKind.PAPER_ENRICHED, "arxiv:2001.00001/arxiv_id", ada.now)
    assert enriched.id == expected
    ada.sees(reading(twenty()))
    (removed,) = ada.sees(reading(twenty())).events
    assert removed.id == event_id("scholarfeed", "1", EventKind.PAPER_REMOVED, "arxiv:2001.00001", ada.now)


def test_two_papers_under_one_identifier_have_events_of_their_own(ada: Profile) -> None:
    """A page that is wrong about an identifier: each paper is known by its title."""
    two = [paper("Bees at dawn", arxiv_id="2001.00001"), paper("A census of glass lakes", "2011-11-11")]
    ada.sees(reading([*two, *twenty()]))
    wrong = [replace(each, arxiv_id="2001.00001", score=5.0) for each in two]
    scored = [e for e in ada.sees(reading([*wrong, *twenty()])).events if e.field == "score"]
    assert len({event.paper_key for event in scored}) == len({event.id for event in scored}) == 2
    for page_after in (reading(twenty()), reading(twenty())):
        removed = ada.sees(page_after).events
    assert len({event.paper_key for event in removed}) == len({event.id for event in removed}) == 2


def test_what_is_not_shown_any_more_is_given_as_it_was_shown(ada: Profile) -> None:
    bees = paper("Bees", abstract="Of bees.", score=5.0)
    ada.sees(reading([bees, *twenty()]))
    intent = ada.sees(reading(twenty()))
    assert list(intent.unlisted.values()) == [bees]
    assert intent.unlisted.keys() == set(intent.missed)


def test_topics_join_one_paper_of_many_people(ada: Profile) -> None:
    (new,) = ada.sees(reading([paper("Bees", yesterday(ada), arxiv_id="2611.00001"), *twenty()])).events
    assert topic(new) == "paper.new/arxiv:2611.00001"
    other = replace(new, kind=EventKind.PAPER_LATE)
    assert topic(other) == other.id == event_id("scholarfeed", "1", EventKind.PAPER_NEW, str(new.paper_key), ada.now)


NEWS = {EventKind.PAPER_NEW, EventKind.PAPER_LATE, EventKind.PAPER_REMOVED}


@given(readings(min_papers=1), st.randoms(), st.data())
def test_dropping_and_restoring_on_a_capped_list_yields_nothing_new(
    read: ProfileReading,
    chance: "st.random.Random",  # type: ignore[name-defined]
    data: st.DataObject,
) -> None:
    profile, full = Profile(), replace(read, complete=False)
    profile.sees(full)
    for _ in range(3):
        kept = data.draw(st.integers(1, len(full.papers)))
        shown = chance.sample(list(full.papers), kept)
        assert profile.sees(replace(full, papers=tuple(shown))).events == ()
    assert profile.sees(full).events == ()


@given(st.data())
def test_damaged_text_never_makes_a_paper_new(data: st.DataObject) -> None:
    """Neither the page that is damaged nor the good one after it."""
    read = data.draw(readings(min_papers=1, lookalikes=False))
    profile = Profile()
    profile.sees(read)
    for page_after in (data.draw(damaged_readings(read)), read):
        assert not {event.kind for event in profile.sees(page_after).events} & NEWS


@given(readings(min_papers=3, lookalikes=False), papers(), st.data())
def test_a_new_paper_on_a_damaged_page_is_still_new(
    read: ProfileReading, added: PaperReading, data: st.DataObject
) -> None:
    profile = Profile()
    profile.sees(read)
    recent = replace(
        added,
        title="An entirely fresh inquiry",
        abstract="Nobody has said " * 20,
        arxiv_id="9999.00001",
        published=Published.parse(yesterday(profile)),
    )
    hurt = data.draw(damaged_readings(read))
    events = profile.sees(replace(hurt, papers=(recent, *hurt.papers))).events
    assert [e.paper_title for e in events if e.kind is EventKind.PAPER_NEW] == ["An entirely fresh inquiry"]


@given(readings(), readings())
def test_checking_twice_is_checking_once(one: ProfileReading, other: ProfileReading) -> None:
    profile = Profile()
    profile.sees(one)
    profile.sees(other)
    assert not {e.kind for e in profile.sees(other, after=timedelta(hours=1)).events} - {EventKind.PROFILE_SUSPECT}


def test_what_is_new_since_the_last_capture_of_an_archive_is_no_news() -> None:
    profile = Profile()
    profile.sees(reading(twenty()[:10]))
    assert profile.known is not None
    profile.known = replace(profile.known, seen_live=False)
    news = profile.sees(reading([*twenty()[:10], paper("Quite new", str(profile.now.date()))])).events
    assert [(event.kind, event.cause) for event in news] == [(EventKind.PAPER_NEW, Cause.BACKFILL)]


@pytest.mark.parametrize("damaged_first", [True, False])
def test_a_character_that_could_not_be_decoded_is_no_news(damaged_first: bool) -> None:
    pages = [[paper(title)] for title in ("\ufffdber die Fl\ufffdsse von Erd\ufffds", "Über die Flüsse von Erdős")]
    before, after = pages if damaged_first else reversed(pages)
    profile = Profile()
    profile.sees(reading(before))
    assert profile.heard(reading(after)) == []
    assert profile.heard(reading(before)) == []
