"""What is known beside the entries of a message: as it was when the message was made, however often it is sent."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from storage import tables
from storage.engine import Database
from storage.store import Store
from tests.storage.builders import accepted, apply, day, event, followed, page, paper, verdict, watch
from tests.storage.news import news
from tracking.alert import NOTHING_BESIDE, Beside, PendingMessage
from tracking.check import PaperIdentity, PaperLink, Parsed
from tracking.event import Event, EventKind
from tracking.late import LateSighting
from tracking.reading import ProfileReading


@pytest.fixture(autouse=True)
def _followed(store: Store) -> None:
    store.follow([followed("Ada", "1", "11"), followed("Bo", "2"), followed("Cy", "3")], day(0))


def waiting(store: Store, at: float) -> PendingMessage:
    [message] = store.undelivered(day(at))
    return message


def beside(store: Store, at: float) -> Beside:
    return waiting(store, at).beside


def show(store: Store, key: str, at: float, *papers: PaperIdentity) -> None:
    apply(store, accepted(watch(store, key), day(at), papers))


def measure(store: Store, at: float, citations: int | None) -> None:
    apply(store, accepted(watch(store), day(at), [], metrics={"citations": citations, "papers": 5}))


def moved(store: Store, at: float, before: int, after: int, kind: EventKind = EventKind.METRIC_CHANGED) -> Event:
    """The value moves, and somebody is to hear of it."""
    of = watch(store)
    told = event(of, kind, day(at), field="citations", before=before, after=after)
    shown = accepted(of, day(at), [], metrics={"citations": after}, events=(told,))
    apply(store, shown, verdicts=[verdict(told)])
    return told


def fill_in(store: Store, key: str, at: datetime, papers: int) -> None:
    """A page of an archive, filled in after all that these tests tell."""
    [profile] = [each for each in store.to_fill() if each.key == key]
    titles = [paper(f"k{number}").paper for number in range(papers)]
    reading = ProfileReading(source="scholarfeed", name="Ada Lovelace", metrics={"citations": 3}, papers=tuple(titles))
    finding = Parsed(page=page(f"{key} {at}"), reading=reading, parser="scholarfeed/1")
    late = LateSighting(observed_at=at, finding=finding, origin="pages", place=key)
    store.insert(profile.profile_id, [late], run_id=store.begin_run("backfill", day(90)), recorded_at=day(90))


# ---- metrics


def test_the_values_of_a_metric_up_to_its_event(store: Store) -> None:
    measure(store, 0, 10)
    measure(store, 1, None)
    measure(store, 2, 12)
    told = moved(store, 3, 12, 20)
    history = ((day(0), 10), (day(1), None), (day(2), 12), (day(3), 20))
    assert beside(store, 3).histories == {told.id: history}
    measure(store, 4, 30)
    assert beside(store, 4).histories == {told.id: history}


def test_of_a_long_history_the_end(store: Store, database: str) -> None:
    measure(store, 0, 0)
    opened = Database.at(database)
    with opened.writing() as connection:
        row = connection.execute(select(tables.metric).where(tables.metric.c.name == "citations")).one()
        rows = [row._asdict() | {"since": day(at), "until": day(at + 1), "value": at} for at in range(1, 64)]
        connection.execute(insert(tables.metric), rows)
    opened.engine.dispose()
    told = moved(store, 64, 63, 64, EventKind.METRIC_MILESTONE)
    history = beside(store, 64).histories[told.id]
    assert [value for _, value in history] == list(range(5, 65))


def test_other_events_have_no_history(store: Store) -> None:
    measure(store, 0, 10)
    of = watch(store)
    told = event(of, EventKind.SOURCE_RECOUNT, day(1), field="citations", after="all fell")
    apply(store, accepted(of, day(1), [paper("a")], events=(told,)), verdicts=[verdict(told)])
    assert beside(store, 1) == NOTHING_BESIDE


# ---- papers


def test_news_of_a_known_paper_says_since_when_it_is_known(store: Store) -> None:
    show(store, "2", 0, paper("a"))
    show(store, "1", 1, paper("a"), paper("b"))
    of = watch(store)
    told = [event(of, EventKind.PAPER_ENRICHED, day(5), key=key, field="score", after=9) for key in ("a", "b", "c")]
    shown = accepted(of, day(5), [paper(key) for key in "abc"], new=[paper("c")], events=tuple(told))
    apply(store, shown, verdicts=[verdict(each) for each in told])
    first_seen = {told[0].id: day(1), told[1].id: day(1)}
    assert beside(store, 5).first_seen == first_seen
    fill_in(store, "1", day(0.5), papers=2)
    assert beside(store, 91).first_seen == first_seen


def test_the_first_paper_of_two_people(store: Store) -> None:
    show(store, "1", 0, paper("of-ada"), paper("of-ada-and-cy"))
    show(store, "2", 0, paper("of-bo"))
    show(store, "3", 0, paper("of-ada-and-cy"))
    told = [news(store, key, day(1), "joint")[0] for key in ("1", "2", "3")]
    ada, bo, cy = (each.id for each in told)
    assert {frozenset(pair) for pair in beside(store, 1).first_together} == {frozenset({ada, bo}), frozenset({bo, cy})}


def test_a_second_paper_is_not_the_first(store: Store) -> None:
    for key in ("1", "2"):
        news(store, key, day(1), "joint")
    store.delivered(waiting(store, 1).id, day(1))
    for key in ("1", "2"):
        news(store, key, day(2), "another")
    assert beside(store, 2).first_together == ()


def test_of_two_papers_at_once_one_is_the_first(store: Store) -> None:
    for key in ("1", "2"):
        news(store, key, day(1), "joint", "another")
    message = waiting(store, 1)
    assert len(message.beside.first_together) == 1
    topics = {entry.event_id: entry.topic for entry in message.entries}
    [(one, other)] = message.beside.first_together
    assert topics[one] == topics[other]


def test_two_profiles_of_one_person_are_no_two_people(store: Store) -> None:
    news(store, "1", day(1), "joint")
    news(store, "11", day(1), "joint")
    assert beside(store, 1) == NOTHING_BESIDE


def test_a_paper_that_only_one_of_them_had_shown_is_none_of_both(store: Store) -> None:
    show(store, "11", 0, paper("a"))
    show(store, "3", 0, paper("a"))
    for key in ("1", "2"):
        news(store, key, day(1), "joint")
    assert len(beside(store, 1).first_together) == 1


def test_another_version_of_the_paper_is_no_other_paper(store: Store) -> None:
    for key in ("1", "2"):
        show(store, key, 0, paper("preprint"))
    link = PaperLink(key="joint", other_key="preprint", evidence="one work", elsewhere=True)
    for key in ("1", "2"):
        of = watch(store, key)
        told = event(of, EventKind.PAPER_NEW, day(1), key="joint")
        shown = accepted(of, day(1), [paper("joint")], events=(told,), links=(link,))
        apply(store, shown, verdicts=[verdict(told)])
    assert len(beside(store, 1).first_together) == 1


def test_what_is_filled_in_later_does_not_change_what_is_said(store: Store) -> None:
    for key in ("1", "2"):
        news(store, key, day(1), "joint")
    said = waiting(store, 1)
    assert len(said.beside.first_together) == 1
    for key in ("1", "2"):
        fill_in(store, key, day(1) - timedelta(days=300), papers=3)
        assert len(store.person(key, day(0)).profiles[0].papers) == 3
    assert waiting(store, 91) == said
