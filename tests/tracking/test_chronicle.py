"""Whatever the order in which sightings are recorded, the history is the one of the oldest-first order."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.laws import tried
from tests.tracking.builders import DAY, NOON, paper, reading, twenty
from tests.tracking.histories import histories, read
from tests.tracking.ledger import WATCH, Ledger, canonical, folded
from tracking.check import Outcome
from tracking.chronicle import Edit, Later, Neighbourhood, rewrite
from tracking.event import EventKind
from tracking.fold import Read, names_by_position


@given(st.data())
@tried(100)
def test_any_order_and_any_repetition_leads_to_the_same_history(data: st.DataObject) -> None:
    sightings = data.draw(histories())
    ledger = Ledger()
    for sighting in data.draw(st.permutations(sightings)):
        ledger.insert(sighting)
    assert canonical(ledger.facts) == canonical(folded(sightings).facts)


@given(st.data())
def test_taking_out_is_never_having_seen(data: st.DataObject) -> None:
    sightings = data.draw(histories())
    ledger = Ledger()
    for sighting in data.draw(st.permutations(sightings)):
        ledger.insert(sighting)
    out = data.draw(st.sets(st.sampled_from([at for at, _ in sightings]), min_size=1))
    ledger.edit(Edit(remove=frozenset(out)))
    left = [sighting for sighting in sightings if sighting[0] not in out]
    assert canonical(ledger.facts) == canonical(folded(left).facts)


def days(count: int) -> list[tuple[object, Read]]:
    """A profile that gains a paper and some citations every day."""
    papers = twenty()
    return [
        (NOON + day * DAY, read(reading(papers[: 3 + day % 17], metrics={"citations": 100 + day}), ref=f"day {day}"))
        for day in range(count)
    ]


def test_a_late_page_costs_its_neighbourhood_whatever_the_length_of_the_history() -> None:
    ledger = Ledger()
    history = days(17)
    for at, page in history:
        ledger.insert((at, page))
    middle = reading(twenty()[:11], metrics={"citations": 999})
    ledger.insert((NOON + timedelta(days=8, hours=6), read(middle, ref="late")))
    assert ledger.loaded <= 4


def test_a_page_in_between_splits_what_was_confirmed() -> None:
    calm, other = reading([paper("On glaciers")]), reading([paper("On glaciers")], metrics={"citations": 7})
    ledger = Ledger()
    quiet = [(NOON + day * DAY, read(calm, ref=f"day {day}")) for day in (0, 1, 2, 3)]
    for sighting in quiet:
        ledger.insert(sighting)
    assert [len(span.seen) for span in ledger.facts.spans] == [4]
    ledger.insert((NOON + 1.5 * DAY, read(other, ref="late")))
    assert sorted(len(span.seen) for span in ledger.facts.spans) == [1, 2, 2]
    assert sorted((event.before, event.after) for event in ledger.facts.events.values() if event.field) == [
        (7, 1204),
        (1204, 7),
    ]


def test_the_same_bytes_say_the_same_whatever_a_parser_makes_of_their_day() -> None:
    first, later = reading([paper("On glaciers", "2025-05-12")]), reading([paper("On glaciers", "2026-05-12")])
    same = b"the same bytes"
    history = [(NOON, read(first, "a", page=same)), (NOON + 9 * DAY, read(later, "b", page=same))]
    for order in (history, history[::-1]):
        ledger = Ledger()
        for sighting in order:
            ledger.insert(sighting)
        (span,) = ledger.facts.spans
        assert span.seen == (NOON, NOON + 9 * DAY)
        assert [event.kind for event in ledger.facts.events.values()] == [EventKind.PROFILE_BASELINE]


def test_an_empty_page_is_not_believed_whenever_it_comes() -> None:
    history = [
        (NOON, read(reading(twenty()), "full")),
        (NOON + DAY, read(reading([]), "empty")),
        (NOON + 2 * DAY, read(reading(twenty()), "full again")),
    ]
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)):
        ledger = Ledger()
        rejected = {}
        for position in order:
            rejected |= ledger.insert(history[position]).rejected
        assert rejected[NOON + DAY][0] is Outcome.IMPLAUSIBLE
        assert [span.seen for span in ledger.facts.spans] == [(NOON, NOON + 2 * DAY)]


def test_the_page_of_another_person_is_refused() -> None:
    stranger = reading([paper(f"Quite other work, number {n}") for n in range(6)], name="Zoe Nobody")
    ledger = Ledger()
    ledger.insert((NOON, read(reading(twenty()), "ours")))
    for at in (NOON - DAY, NOON + DAY):
        rejected = ledger.insert((at, read(stranger, "theirs"))).rejected
        assert rejected[at][0] is Outcome.QUARANTINED
        assert "Zoe Nobody" in rejected[at][1]


def test_what_was_read_again_takes_the_place_of_what_was_read() -> None:
    history = days(6)
    ledger = Ledger()
    for at, page in history:
        spoilt = reading(page.reading.papers[:-1], metrics={"citations": 1})
        ledger.insert((at, read(spoilt, page.ref, parser="scholarfeed/0")))
    ledger.reread({page.ref: page for _, page in history})
    assert canonical(ledger.facts) == canonical(folded(history).facts)


def test_papers_of_a_page_that_is_read_again_keep_their_names() -> None:
    papers = twenty()[:3]
    stored = Read(reading=reading(papers), parser="scholarfeed/0", ref="a", keys=("one", "two", "three"))
    again = reading([papers[2], replace(papers[0], title=papers[0].title + "."), paper("Overlooked until now")])
    assert names_by_position("scholarfeed", again, stored) == ("three", "one", None)


def test_nothing_is_settled_before_something_is_left() -> None:
    alone = replace(read(reading(twenty()), "alone"), accepted=True)
    part = Neighbourhood(watch=WATCH, before=None, parser=None, sightings=((alone, (NOON,)),), later=Later())
    assert rewrite(part, Edit(remove=frozenset({NOON}))) is None
