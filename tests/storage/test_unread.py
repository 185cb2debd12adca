"""Pages that could not be read: kept, found, read after all, and how the profiles of a source stand because of them."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from storage.errors import StoreError, UnknownPerson
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, event, followed, page, paper, verdict, watch
from tracking.alert import VerdictKind
from tracking.check import Outcome, Page, Parsed
from tracking.event import EventKind
from tracking.kept import KeptPage, UnreadPage
from tracking.late import Inserted, LateSighting
from tracking.reading import PaperReading, ProfileReading

FAILED = Outcome.PARSE_FAILED


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """Ada has two profiles, Bo one; each was read on day 0."""
    with Store.open(database) as store:
        store.follow([followed("Ada", "1", "2", tags=("rl",)), followed("Bo", "3")], day(0))
        apply(store, *(accepted(watch(store, key), day(0), [paper("doi:10.1/1")]) for key in "123"))
        yield store


def fails(store: Store, key: str, at: float, outcome: Outcome = FAILED, body: str | None = None) -> None:
    """A page comes and is not accepted."""
    of = watch(store, key)
    came = page(body or f"{key} on day {at}")
    assert apply(store, ended(of, day(at), outcome, detail="papers: no title", unread=came)) == [True]


def is_read(store: Store, key: str, at: float, outcome: Outcome = Outcome.UNCHANGED) -> None:
    assert apply(store, ended(watch(store, key), day(at), outcome)) == [True]


def read_after_all(store: Store, unread: UnreadPage, *, believable: bool = True) -> Inserted:
    shown = tuple(PaperReading(title=f"On Bees {n}", authors=("Mary Shaw",)) for n in range(0 if believable else 40))
    first = PaperReading(title="On doi:10.1/1", authors=("Mary Shaw",), doi="10.1/1")
    reading = ProfileReading(source="scholarfeed", name="Ada Lovelace", papers=(first, *shown), complete=True)
    finding = Parsed(page=unread.page, reading=reading, parser="scholarfeed/1")
    sighting = LateSighting(observed_at=unread.observed_at, finding=finding, origin="live", place=None)
    run_id = store.begin_run("replay", day(20))
    return store.insert(unread.profile_id, [sighting], run_id=run_id, recorded_at=day(20), cause=None)


def kept(store: Store, **chosen: str | datetime) -> list[tuple[str, datetime]]:
    """Profile and time of every unread page, as chosen."""
    pages = store.unread_pages(**chosen)  # type: ignore[arg-type]
    found = [(one.profile_key, one.observed_at) for one in pages]
    assert pages.count() == len(found)
    return found


def test_an_unread_page_has_all_that_is_needed_to_tell_of_it(store: Store) -> None:
    fails(store, "1", 1, body="a page")
    assert list(store.unread_pages()) == [
        UnreadPage(
            profile_id=watch(store, "1").profile_id,
            person="Ada",
            tags=("rl",),
            source="scholarfeed",
            profile_key="1",
            profile_url="https://example.org/author/1",
            followed=True,
            observed_at=day(1),
            page=Page(
                url="https://example.org/author/1",
                status=200,
                headers={"content-type": "text/html; charset=utf-8"},
                body=b"a page",
            ),
        )
    ]
    store.follow([followed("Bo", "3")], day(2))
    assert [one.followed for one in store.unread_pages()] == [False]


def test_pages_come_by_profile_and_time_whatever_their_number(store: Store) -> None:
    for at in range(1, 36):
        fails(store, "1", at)
        if at > 30:
            fails(store, "3", at)
    assert kept(store) == [("1", day(at)) for at in range(1, 36)] + [("3", day(at)) for at in range(31, 36)]
    assert kept(store, since=day(34), until=day(34)) == [("1", day(34)), ("3", day(34))]
    assert kept(store, person="Bo", until=day(32)) == [("3", day(31)), ("3", day(32))]
    assert len(kept(store, source="scholarfeed")) == 40
    assert kept(store, source="another") == []
    with pytest.raises(UnknownPerson):
        store.unread_pages(person="Cy")


def test_what_was_read_and_not_believed_is_the_owners(store: Store) -> None:
    fails(store, "1", 1, Outcome.QUARANTINED)
    fails(store, "1", 2, Outcome.IMPLAUSIBLE)
    assert kept(store) == []


def test_a_page_that_is_read_after_all_is_unread_no_more(store: Store) -> None:
    fails(store, "1", 1)
    fails(store, "1", 2)
    first, _ = store.unread_pages()
    assert read_after_all(store, first).outcomes == {day(1): (Outcome.OK, "")}
    assert kept(store) == [("1", day(2))]


def test_a_page_that_is_read_and_not_believed_stays(store: Store) -> None:
    fails(store, "1", 1)
    (only,) = store.unread_pages()
    inserted = read_after_all(store, only, believable=False)
    assert [outcome for outcome, _ in inserted.outcomes.values()] == [Outcome.QUARANTINED]
    assert kept(store) == []
    assert not store.raw_page("https://example.org/author/1").accepted


def test_the_snapshot_before_a_page(store: Store) -> None:
    profile_id = watch(store, "1").profile_id
    snapshots = store.stored_snapshots(since=day(5))
    found = snapshots.last_before(profile_id, day(1))
    assert found is not None
    assert (found.profile_id, found.observed_at, found.unpacked().keys) == (profile_id, day(0), ("doi:10.1/1",))
    assert snapshots.last_before(profile_id, day(0)) is None


def standing(store: Store) -> dict[str, tuple[Outcome, datetime | None]]:
    return {one.key: (one.outcome, one.unread_since) for one in store.last_checks()}


def test_since_when_pages_cannot_be_read(store: Store) -> None:
    assert store.last_checks() == []
    fails(store, "1", 1)
    is_read(store, "1", 2, Outcome.NOT_MODIFIED)
    assert store.last_checks() == []
    fails(store, "1", 3)
    is_read(store, "1", 4, Outcome.UNREACHABLE)
    fails(store, "1", 5)
    fails(store, "2", 5, Outcome.IMPLAUSIBLE)
    assert standing(store) == {
        "1": (FAILED, day(3)),
        "2": (Outcome.IMPLAUSIBLE, None),
        "3": (Outcome.OK, None),
    }
    (check, *_) = store.last_checks()
    assert (check.person, check.tags, check.checked_at, check.detail) == ("Ada", ("rl",), day(5), "papers: no title")
    is_read(store, "1", 6, Outcome.UNREACHABLE)
    assert store.last_checks() == []


def test_a_page_that_was_read_after_all_does_not_fail(store: Store) -> None:
    fails(store, "1", 1)
    (only,) = store.unread_pages()
    read_after_all(store, only)
    assert store.last_checks() == []


def test_who_is_not_followed_does_not_stand_for_the_source(store: Store) -> None:
    fails(store, "3", 1)
    store.follow([followed("Ada", "1", "2")], day(2))
    assert store.last_checks() == []


def test_the_last_drift_of_a_source(store: Store) -> None:
    assert store.last_drifts() == {}
    of = watch(store, "1")
    for at in (3, 5):
        drift = event(of, EventKind.SOURCE_DRIFT, day(at), after="…")
        run_id = store.begin_run("track", day(at))
        for _ in range(2):
            store.record([drift], [verdict(drift)], run_id=run_id, recorded_at=day(at))
    assert store.last_drifts() == {"scholarfeed": day(5)}
    (message,) = store.undelivered(day(5))
    assert len(message.entries) == 2


def raw(store: Store, asked: str, at: float | None = None) -> tuple[bytes, datetime, bool]:
    found: KeptPage = store.raw_page(asked, None if at is None else day(at))
    return found.page.body, found.observed_at, found.accepted


def test_the_page_of_a_time(store: Store) -> None:
    fails(store, "3", 1, body="torn")
    is_read(store, "3", 2)
    fails(store, "3", 4, Outcome.QUARANTINED, body="another person")
    assert raw(store, "Bo")[::2] == (b"another person", False)
    assert raw(store, "Bo", 4.5)[0] == b"another person"
    for at in (0, 0.5, 2, 3):
        assert raw(store, "Bo", at)[1:] == (day(0), True)
    for at in (1, 1.9):
        assert raw(store, "Bo", at) == (b"torn", day(1), False)
    with pytest.raises(StoreError, match="no page of “Bo” had come by then"):
        raw(store, "Bo", -1)


def test_the_page_of_one_of_several_profiles(store: Store) -> None:
    fails(store, "2", 1, body="torn")
    for asked in ("2", "scholarfeed/2", "https://example.org/author/2"):
        assert raw(store, asked) == (b"torn", day(1), False)
    with pytest.raises(UnknownPerson, match=r"may be any of: .*/author/1, .*/author/2$"):
        raw(store, "Ada")
    with pytest.raises(UnknownPerson):
        raw(store, "Cy")


def test_the_page_of_somebody_who_was_never_seen(store: Store) -> None:
    store.follow([followed("Cy", "4")], day(1))
    with pytest.raises(StoreError, match="no page of “Cy” has come yet"):
        raw(store, "Cy")


def ended_run(store: Store, kind: str, at: float, **manifest: int) -> str:
    run_id = store.begin_run(kind, day(at))
    store.end_run(run_id, manifest)
    return run_id


def test_what_was_absorbed_since_a_receivers_last_digest(store: Store) -> None:
    ended_run(store, "track", 1, absorbed=5)
    ended_run(store, "deliver", 1)
    ended_run(store, "replay", 2, absorbed=7)
    store.begin_run("track", day(2))
    assert [store.absorbed("me", day(at)) for at in (0, 1, 2)] == [0, 5, 12]
    digest(store, 2)
    assert [store.absorbed("me", day(at)) for at in (2, 3)] == [12, 0]
    assert store.absorbed("somebody else", day(3)) == 12
    ended_run(store, "track", 3, absorbed=1)
    assert store.absorbed("me", day(3)) == 1


def digest(store: Store, at: float) -> None:
    """A digest is put together for the receiver."""
    moved = event(watch(store, "1"), EventKind.METRIC_CHANGED, day(at), field="citations", before=1, after=2)
    run_id = store.begin_run("track", day(at))
    store.record([moved], [verdict(moved, kind=VerdictKind.DIGEST)], run_id=run_id, recorded_at=day(at))
    # What a run finds of metrics waits for its end.
    store.end_run(run_id, {})
    assert len(store.undelivered(day(at))) == 1
