"""What is asked page by page: people in three orders, news, the pages of one person, groups."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from storage.directory import sample_times
from storage.errors import UnknownPerson, UnknownSnapshot
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, event, followed, paper, verdict, watch
from tracking.alert import VerdictKind
from tracking.cadence import Cadences
from tracking.check import Outcome
from tracking.directory import Directory, Group, Order, TagCount, Wanted
from tracking.event import Cause, EventKind


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """Five people with one profile each, of whom the first four were looked at on three days."""
    with Store.open(database) as store:
        store.follow(
            [
                followed("zoë Alt", "1", tags=("lab", 'Ö&"x"')),
                followed("ZOË Berg", "2", tags=("Lab",)),
                followed("Ada 50%", "3", tags=("lab",)),
                followed("ada_5", "4"),
                followed(None, "5"),
            ],
            day(0),
        )
        for at in range(3):
            for number in range(1, 5):
                of = watch(store, str(number))
                moved = event(of, EventKind.METRIC_CHANGED, day(at), field="citations", before=1, after=2)
                apply(
                    store,
                    accepted(
                        of,
                        day(at),
                        [paper("shared"), paper(f"own {number}")],
                        new=[paper("shared"), paper(f"own {number}")] if at == 0 else [],
                        metrics={"citations": 100 * number + at, "h_index": None if number == 4 else number},
                        events=(moved,) if number <= at + 1 else (),
                    ),
                )
        apply(store, ended(watch(store, "2"), day(3), Outcome.BLOCKED))
        yield store


def names(found: Directory) -> list[str]:
    return [line.person.name for line in found.lines]


def test_who_is_found_and_in_which_order(store: Store) -> None:
    for wanted, found in (
        (Wanted(), ["5", "Ada 50%", "ada_5", "zoë Alt", "ZOË Berg"]),
        (Wanted(text="Zoë"), ["zoë Alt", "ZOË Berg"]),
        (Wanted(text="50%"), ["Ada 50%"]),
        (Wanted(text="a_5"), ["ada_5"]),
        (Wanted(tag="lab"), ["Ada 50%", "zoë Alt"]),
        (Wanted(tag='Ö&"x"'), ["zoë Alt"]),
        (Wanted(tag="x"), []),
        (Wanted(outcomes=[Outcome.BLOCKED]), ["ZOË Berg"]),
        (Wanted(outcomes=[None]), ["5"]),
        (Wanted(order=Order.METRIC, metric="citations"), ["ada_5", "Ada 50%", "ZOË Berg", "zoë Alt", "5"]),
        (Wanted(order=Order.CHANGED), ["zoë Alt", "ZOË Berg", "Ada 50%", "ada_5", "5"]),
    ):
        answer = store.directory(wanted)
        # Databases order what is no letter each in its own way.
        same = sorted(found, key=str.casefold) == sorted(names(answer), key=str.casefold)
        assert (names(answer) == found) if wanted.order is not Order.NAME else same, wanted
        assert (answer.total, answer.after) == (len(found), None), wanted


def test_parts_make_the_whole(store: Store) -> None:
    for order in Order:
        wanted = Wanted(order=order, metric="citations", limit=2)
        whole = names(store.directory(Wanted(order=order, metric="citations")))
        found: list[str] = []
        while True:
            part = store.directory(wanted)
            assert len(part.lines) <= 2
            assert part.total == 5
            found += names(part)
            if part.after is None:
                break
            wanted = Wanted(order=order, metric="citations", limit=2, after=part.after)
        assert found == whole, order


def test_metrics_now_and_before(store: Store) -> None:
    times = [day(-1), day(0), day(1.5), day(9)]
    [line] = store.directory(Wanted(text="alt"), metrics=["citations", "never"], times=times).lines
    known = line.metrics["citations"]
    assert (known.value, known.samples) == (102, (None, 100, 101, 102))
    assert list(line.metrics) == ["citations"]
    assert line.changed_at == day(2)
    assert sample_times(day(10), timedelta(days=10), 3) == [day(0), day(5), day(10)]


def test_whom_nobody_follows_any_more_is_not_there(store: Store) -> None:
    store.follow([followed("zoë Alt", "1", tags=("lab",))], day(4))
    assert names(store.directory(Wanted())) == ["zoë Alt"]
    assert store.tag_counts() == [TagCount(tag="lab", people=1)]


def test_tags_are_counted(store: Store) -> None:
    assert [(one.tag, one.people) for one in store.tag_counts()] == [("Lab", 1), ("lab", 2), ('Ö&"x"', 1)]


def test_news_since_a_time(store: Store) -> None:
    of = watch(store, "1")
    old = event(of, EventKind.PAPER_LATE, day(4), key="shared")
    apply(store, accepted(of, day(4), [paper("shared")], new=[], events=(old,)))
    assert store.news_counts(day(1)) == {EventKind.METRIC_CHANGED: 3, EventKind.PAPER_LATE: 1}
    found = store.news(day(1), kinds=list(EventKind), limit=3)
    assert next((one.event.kind, one.person_id) for one in found) == (EventKind.PAPER_LATE, 1)
    assert len(found) == 3
    assert store.news(day(4), kinds=list(EventKind), limit=3) == []
    assert {one.event.cause for one in found} == {Cause.SOURCE}


def test_why_somebody_heard_of_events_or_did_not(store: Store) -> None:
    of = watch(store, "1")
    told, kept = (event(of, kind, day(4), key="shared") for kind in (EventKind.PAPER_LATE, EventKind.PAPER_ENRICHED))
    why = [verdict(told, receiver="you"), verdict(told, receiver="me", kind=VerdictKind.NO_RULE)]
    apply(store, accepted(of, day(4), [paper("shared")], new=[], events=(told, kept)), verdicts=why)
    found = store.reasons([told.id, kept.id])
    assert [(one.receiver, one.kind) for one in found[told.id]] == [
        ("me", VerdictKind.NO_RULE),
        ("you", why[0].kind),
    ]
    assert found[kept.id] == []


def test_what_happened_on_one_persons_pages_part_by_part(store: Store) -> None:
    first = store.happenings_of(1, kinds=list(EventKind), limit=2)
    assert [one.event.observed_at for one in first] == [day(2), day(1)]
    last = first[-1].event
    rest = store.happenings_of(1, kinds=list(EventKind), before=(last.observed_at, last.id), limit=2)
    assert [one.event.observed_at for one in rest] == [day(0)]
    assert store.happenings_of(1, kinds=[EventKind.PAPER_NEW], limit=2) == []
    assert [
        one.event.observed_at for one in store.happenings_of(1, kinds=list(EventKind), until=day(0.5), limit=2)
    ] == [day(0)]


def test_a_person_by_id(store: Store) -> None:
    assert store.person_at("scholarfeed", "3") == 3
    assert store.person_at("scholarfeed", "99") is None
    assert store.person_of_id(3).person.name == "Ada 50%"
    assert store.person_of_id(3, day(0.5)).profiles[0].metrics["citations"].value == 300
    assert {one.metric for one in store.series_of_id(3)} == {"citations", "h_index"}
    with pytest.raises(UnknownPerson):
        store.person_of_id(99)


def test_the_pages_that_were_kept(store: Store) -> None:
    first = store.kept_snapshots(2, limit=2)
    assert [one.observed_at for one in first] == [day(2), day(1)]
    rest = store.kept_snapshots(2, before=(first[-1].observed_at, first[-1].snapshot_id), limit=2)
    assert [one.observed_at for one in rest] == [day(0)]
    kept = store.kept_page(2, first[0].snapshot_id)
    assert (kept.person, kept.accepted, len(kept.page.body)) == ("ZOË Berg", True, first[0].size)
    with pytest.raises(UnknownSnapshot):
        store.kept_page(1, first[0].snapshot_id)


def test_how_long_a_paper_stood_there(store: Store) -> None:
    of = watch(store, "1")
    apply(store, accepted(of, day(5), [paper("shared")], new=[], unlisted={"own 1": paper("own 1").paper}))
    stays = store.stays(1)
    assert [(stay.since, stay.until, stay.removed) for stay in stays[1, "own 1"]] == [(day(0), day(5), False)]
    assert [stay.until for stay in stays[1, "shared"]] == [None]


def test_a_group_has_each_paper_once(store: Store) -> None:
    group = store.group("lab", limit=10)
    assert group.papers == 3
    [shared] = (one for one in group.latest if one.key == "shared")
    assert shared.people == (("Ada 50%", 3), ("zoë Alt", 1))
    assert len(store.group("lab", limit=2).latest) == 2
    assert store.group("nobody", limit=2) == Group(tag="nobody", papers=0, latest=())


def test_the_next_checks_of_some(store: Store) -> None:
    assert set(store.next_checks([1, 3], day(3), Cadences())) == {1, 3}
