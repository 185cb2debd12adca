"""One paper, many sources."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.builders import NOON, paper
from tests.tracking.person import Person, told
from tracking.check import CheckIntent, Outcome, PaperIdentity, Watch
from tracking.elsewhere import Elsewhere, ShownPaper, as_recorded, is_second_showing, relate
from tracking.event import Cause, Event, EventKind
from tracking.reading import PaperReading

RIVERS = paper("Rivers below a glacier", "2026-11-20", authors=("Ada Example", "Bo Sample"))
OLD = paper("Counting bees in spring", "2020-05-01")
WATCH = Watch(profile_id=1, revision=0, person_id=1, person="Ada", source="openalex", key="1", url="")


def begun(*sources: str) -> Person:
    """Each source has shown an old paper."""
    person = Person(*sources)
    for source in sources:
        person.shows(source, OLD)
    person.days_go_by(1)
    return person


@pytest.mark.parametrize(
    "second",
    [
        RIVERS,
        replace(RIVERS, arxiv_id="2611.00001"),
        replace(RIVERS, authors=("A Example",), authors_complete=False),
        paper("Rivers below a glacier", "2025", authors=("A Example", "B Sample")),
        paper("Rivers b\ufffdlow a glacier", "2026", authors=("A Example", "B Sample")),
        paper("Quite another title", "2026-11-20", doi="10.1/rivers"),
    ],
    ids=["the same", "with an arXiv id", "cut authors", "another year", "damaged title", "the DOI alone"],
)
def test_the_first_source_tells_the_second_enriches(second: PaperReading) -> None:
    first = replace(RIVERS, doi="10.1/rivers")
    person = begun("scholarfeed", "openalex")
    assert person.hears("scholarfeed", OLD, first) == ["paper.new: Rivers below a glacier"]
    shown_at = person.now
    person.days_go_by(3)
    intent = person.shows("openalex", OLD, second)
    [event] = [event for event in intent.events if event.paper_key]
    assert (event.kind, event.cause, event.field) == (EventKind.PAPER_ENRICHED, Cause.ENRICHMENT, "source")
    assert (event.before, event.after, event.since) == ("scholarfeed", "openalex", shown_at)
    assert (event.paper, event.paper_title) == (second, second.title)


def test_a_third_source_names_the_first() -> None:
    person = begun("a", "b", "c")
    for source in ("b", "a"):
        person.shows(source, OLD, RIVERS)
    [event] = person.shows("c", OLD, RIVERS).events
    assert (event.before, event.after) == ("b", "c")


def test_a_paper_that_was_there_from_the_start_is_no_news_elsewhere() -> None:
    person = Person("a", "b")
    person.shows("a", OLD, RIVERS)
    person.shows("b", OLD)
    assert person.hears("b", OLD, RIVERS) == ["paper.enriched: Rivers below a glacier"]


def test_sources_that_are_followed_from_the_start_or_added_later_begin_with_a_baseline_each() -> None:
    person = Person("a", "b")
    assert [event.kind for event in person.shows("a", OLD, RIVERS).events] == [EventKind.PROFILE_BASELINE]
    person.days_go_by(40)
    assert [event.kind for event in person.shows("b", OLD, RIVERS).events] == [EventKind.PROFILE_BASELINE]


def test_an_older_paper_is_told_late_by_the_first_only() -> None:
    person = begun("a", "b")
    late = paper("Lakes that drain at night", "2019-01-02")
    assert person.hears("a", OLD, late) == ["paper.late: Lakes that drain at night"]
    assert person.hears("b", OLD, late) == ["paper.enriched: Lakes that drain at night"]


@pytest.mark.parametrize(
    "other",
    [
        paper("Lakes below a glacier", "2026-11-20"),
        paper("Rivers below a glacier II", "2026-11-20"),
        paper("Rivers below a glacier", "2026-11-20", authors=("Zoe Other",)),
        replace(RIVERS, arxiv_id="2611.00002"),
    ],
    ids=["another title", "part two", "another author", "another arXiv id"],
)
def test_another_paper_is_told_by_each_source(other: PaperReading) -> None:
    person = begun("a", "b")
    person.shows("a", OLD, replace(RIVERS, arxiv_id="2611.00001"))
    assert person.hears("b", OLD, other) == [f"paper.new: {other.title}"]


def elsewhere(
    shown: PaperReading, *aliases: str, source: str = "arxiv", hours: float = -1, key: str = "k"
) -> Elsewhere:
    at = NOON.replace(hour=NOON.hour + int(hours))
    named = frozenset({key, *aliases})
    return (ShownPaper(key=key, aliases=named, paper=shown, profile_id=2, source=source, first_shown_at=at),)


def meets(shown: PaperReading, *aliases: str, cause: Cause = Cause.SOURCE) -> CheckIntent:
    """A check that meets one paper, whose event has an id of its own."""
    event = Event(
        id="e", kind=EventKind.PAPER_NEW, cause=cause, profile_id=1, observed_at=NOON, paper_key="p", paper=shown
    )
    identity = PaperIdentity(key="p", aliases=frozenset({"p", *aliases}), paper=shown)
    return CheckIntent(
        profile_id=1,
        revision=0,
        observed_at=NOON,
        outcome=Outcome.OK,
        papers=(identity,),
        listed=("p",),
        events=(event,),
    )


def test_the_event_keeps_its_id() -> None:
    intent = meets(RIVERS, "fp:1")
    related = relate(intent, WATCH, None, elsewhere(RIVERS, "fp:1"))
    assert [event.id for event in related.events] == ["e"]
    assert related.events[0].kind is EventKind.PAPER_ENRICHED


@pytest.mark.parametrize(
    ("shown", "intent"),
    [
        (elsewhere(RIVERS, "fp:1", hours=1), meets(RIVERS, "fp:1")),
        (elsewhere(RIVERS, "fp:1", source="openalex"), meets(RIVERS, "fp:1")),
        (elsewhere(RIVERS, "fp:1"), meets(RIVERS, "fp:1", cause=Cause.BACKFILL)),
        (elsewhere(RIVERS, "doi:1"), meets(OLD, "doi:2")),
        ((), meets(RIVERS)),
    ],
    ids=["shown after this check", "another profile of the source", "of the past", "another DOI", "nothing elsewhere"],
)
def test_an_arrival_that_stays_one(shown: Elsewhere, intent: CheckIntent) -> None:
    assert relate(intent, WATCH, None, shown).events == intent.events


def test_a_check_that_meets_nothing_is_left_alone() -> None:
    blank = CheckIntent(profile_id=1, revision=0, observed_at=NOON, outcome=Outcome.UNCHANGED)
    assert relate(blank, WATCH, None, elsewhere(RIVERS)) is blank


# ---- links


def links(intent: CheckIntent, shown: Elsewhere) -> list[tuple[str, str, bool]]:
    return [(link.key, link.other_key, link.elsewhere) for link in relate(intent, WATCH, None, shown).links]


@pytest.mark.parametrize(
    ("shown", "intent", "linked"),
    [
        (elsewhere(RIVERS, "doi:1"), meets(RIVERS, "doi:1"), True),
        (
            elsewhere(replace(RIVERS, doi="10.1109/a"), "doi:10.1109/a"),
            meets(replace(RIVERS, doi="10.1145/b"), "doi:10.1145/b"),
            True,
        ),
        (elsewhere(OLD, "fp:1"), meets(RIVERS, "fp:1"), False),
        (elsewhere(OLD), meets(RIVERS), False),
        ((*elsewhere(RIVERS), *elsewhere(replace(RIVERS, published=None), key="l")), meets(RIVERS), False),
    ],
    ids=["one identifier", "evidence", "a fingerprint joins or not", "nothing", "namesakes on the other profile"],
)
def test_links_to_what_is_shown_elsewhere(shown: Elsewhere, intent: CheckIntent, linked: bool) -> None:
    assert links(intent, shown) == ([("p", "k", True)] if linked else [])


def test_the_evidence_of_an_identifier_names_the_sources() -> None:
    [link] = relate(meets(RIVERS, "doi:1", "fp:1"), WATCH, None, elsewhere(RIVERS, "doi:1", "fp:1")).links
    assert link.evidence == "“Rivers below a glacier” bears doi:1 at arxiv and at openalex"


def test_namesakes_on_the_own_profile_leave_it_open_which_is_meant() -> None:
    person = Person("a", "b")
    person.shows("a", OLD, RIVERS, paper("Rivers below a glacier", "2025"))
    intent = person.shows("b", OLD, paper("Rivers below a glacier", "2024"))
    assert intent.links == ()


def test_preprint_and_published_version_on_one_profile_are_linked() -> None:
    """DBLP lists what CoRR has beside what a conference has."""
    person = Person("dblp")
    preprint = replace(RIVERS, arxiv_id="2611.00001", source_id="journals/corr/abs-2611-00001")
    published = paper("Rivers below a glacier", "2025", doi="10.1109/a", source_id="conf/x/Example25")
    intent = person.shows("dblp", preprint, published)
    [link] = intent.links
    assert {link.key, link.other_key} == {"arxiv:2611.00001", "doi:10.1109/a"}
    assert not link.elsewhere


def test_two_published_papers_of_one_title_on_one_profile_are_not_linked() -> None:
    person = Person("dblp")
    assert person.shows("dblp", RIVERS, paper("Rivers below a glacier", "2025")).links == ()


def test_a_published_version_met_later_is_linked_to_the_preprint_that_the_profile_has() -> None:
    person = Person("dblp")
    preprint = replace(RIVERS, arxiv_id="2611.00001")
    person.shows("dblp", preprint)
    person.days_go_by(200)
    published = paper("Rivers below a glacier", "2027", doi="10.1109/a")
    [link] = person.shows("dblp", preprint, published).links
    assert (link.key, link.other_key) == ("doi:10.1109/a", "arxiv:2611.00001")


def test_a_published_version_elsewhere_is_linked_to_both_of_the_versions() -> None:
    person = Person("dblp", "openalex")
    preprint = replace(RIVERS, arxiv_id="2611.00001")
    published = paper("Rivers below a glacier", "2025", doi="10.1109/a")
    person.shows("dblp", preprint, published)
    intent = person.shows("openalex", replace(published, arxiv_id="2611.00001"))
    assert {link.other_key for link in intent.links} == {"arxiv:2611.00001", "doi:10.1109/a"}


# ---- what the pages of one profile say, and what was recorded

ARRIVED = Event(id="e", kind=EventKind.PAPER_NEW, cause=Cause.SOURCE, profile_id=1, observed_at=NOON, paper_key="p")
SECOND = replace(
    ARRIVED, kind=EventKind.PAPER_ENRICHED, cause=Cause.ENRICHMENT, field="source", before="a", after="b", since=NOON
)


@pytest.mark.parametrize(
    ("found", "recorded", "expected"),
    [
        (ARRIVED, SECOND, SECOND),
        (replace(ARRIVED, kind=EventKind.PAPER_LATE), SECOND, SECOND),
        (replace(ARRIVED, paper_key="q"), SECOND, replace(SECOND, paper_key="q")),
        (ARRIVED, ARRIVED, ARRIVED),
        (replace(SECOND, field="score"), SECOND, replace(SECOND, field="score")),
        (ARRIVED, replace(SECOND, field="score"), ARRIVED),
    ],
    ids=["new", "late", "under another key", "told", "no arrival", "enriched otherwise"],
)
def test_an_arrival_as_it_was_recorded(found: Event, recorded: Event, expected: Event) -> None:
    assert as_recorded(found, recorded) == expected


def test_second_showings() -> None:
    assert is_second_showing(SECOND.kind, SECOND.field)
    assert not is_second_showing(EventKind.PAPER_ENRICHED, "score")
    assert not is_second_showing(EventKind.PAPER_NEW, None)


# ---- laws

TITLES = ("Rivers below a glacier", "Lakes that drain at night", "Maps of melting ice", "Winters on a river of ice")
#: How a source may show a paper that others show otherwise.
VARIANTS: tuple[dict[str, object], ...] = (
    {},
    {"arxiv_id": "2611.0000{}"},
    {"doi": "10.1109/{}"},
    {"authors": ("A Example", "B Sample"), "authors_complete": False},
    {"damaged": True},
)


def variant(data: st.DataObject, number: int) -> PaperReading:
    facts = dict(data.draw(st.sampled_from(VARIANTS)))
    title = TITLES[number].replace("e", "\ufffd", 1) if facts.pop("damaged", False) else TITLES[number]
    facts = {name: fact.format(number) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return paper(title, "2026-11-20", **({"authors": ("Ada Example", "Bo Sample")} | facts))


@given(st.data(), st.permutations(["a", "b", "c"]), st.integers(1, len(TITLES)))
def test_exactly_one_source_tells_whatever_the_order(data: st.DataObject, order: list[str], papers: int) -> None:
    """Also when a source shows one paper today and the others another day."""
    person = begun("a", "b", "c")
    shown: dict[str, list[PaperReading]] = {source: [OLD] for source in order}
    waiting = [(source, number) for source in order for number in range(papers)]
    intents = []
    for source, number in data.draw(st.permutations(waiting)):
        shown[source].append(variant(data, number))
        if data.draw(st.booleans()):
            intents.append(person.shows(source, *shown[source]))
    intents += [person.shows(source, *shown[source]) for source in order]
    assert sorted(title.replace("\ufffd", "e") for title in told(intents)) == sorted(TITLES[:papers])


@given(st.data(), st.lists(st.integers(0, 3), unique=True), st.lists(st.integers(0, 3), unique=True))
def test_a_paper_that_nobody_else_shows_stays_new(data: st.DataObject, here: list[int], there: list[int]) -> None:
    person = begun("a", "b")
    person.shows("b", OLD, *(variant(data, number) for number in there))
    mine = {number: variant(data, number) for number in here}
    intent = person.shows("a", OLD, *mine.values())
    assert set(told([intent])) == {shown.title for number, shown in mine.items() if number not in there}


def test_of_three_sources_that_show_it_at_once_each_may_be_the_first() -> None:
    for order in permutations(["a", "b", "c"]):
        person = begun("a", "b", "c")
        assert told([person.shows(source, OLD, RIVERS) for source in order]) == ["Rivers below a glacier"]
