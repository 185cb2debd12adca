"""What was known of a profile at a time is what a check right after it was decided on."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from storage import tables
from storage.engine import Database
from storage.errors import StoreError
from storage.known import known_at
from storage.store import Store
from tests.laws import tried_on
from tests.storage.builders import accepted, apply, day, ended, followed, page, paper, watch
from tests.tracking.strategies import damaged_readings, readings
from tracking.check import Failure, Finding, Known, KnownMetric, NotModified, Outcome, Parsed
from tracking.decide import decide
from tracking.reading import ProfileReading

_INSTANT = timedelta(microseconds=1)
#: A check a day that fails, finds the page of the day before, or finds another page.
_Check = Finding | ProfileReading


@st.composite
def _stories(draw: st.DrawFn) -> list[tuple[datetime, _Check]]:
    pages = draw(st.lists(readings(lookalikes=False), min_size=1, max_size=3))
    pages += [draw(damaged_readings(page)) for page in pages]
    checks = st.one_of(
        st.sampled_from(pages),
        st.just(NotModified(url="https://example.org/author/1")),
        st.just(Failure(outcome=Outcome.BLOCKED, detail="a captcha")),
    )
    hours = draw(st.lists(st.integers(1, 60), min_size=1, max_size=6))
    return [(day(sum(hours[: n + 1]) / 24), draw(checks)) for n in range(len(hours))]


def _check(store: Store, key: str, at: datetime, found: _Check) -> None:
    """One check as the daily run does it. Nothing can be unchanged before there is a snapshot."""
    of = watch(store, key)
    known = store.known([of.profile_id]).get(of.profile_id)
    if isinstance(found, NotModified) and known is None:
        return
    if isinstance(found, ProfileReading):
        found = Parsed(page=page(f"{found!r}"), reading=found, parser="scholarfeed/1")
    assert apply(store, decide(of, found, known, at)) == [True]


@pytest.fixture
def told(store: Store) -> Store:
    """A paper leaves on day 2, is removed on day 3 and comes back with another name on day 5."""
    store.follow([followed("Ada Lovelace", "1")], day(-1))
    engines, notes = paper("arxiv:1", abstract="Of engines."), paper("arxiv:2", abstract="Of notes.")
    apply(store, accepted(watch(store), day(0), [engines, notes], metrics={"citations": 7, "h_index": 2}))
    apply(store, ended(watch(store), day(1), Outcome.UNCHANGED))
    apply(store, ended(watch(store), day(1.5), Outcome.BLOCKED))
    left = accepted(
        watch(store), day(2), [engines], new=[], unlisted={"arxiv:2": notes.paper}, missed=("arxiv:2",),
        metrics={"citations": None, "h_index": 3},
    )  # fmt: skip
    apply(store, left)
    apply(store, ended(watch(store), day(3), Outcome.OK, removed=("arxiv:2",)))
    apply(store, accepted(watch(store), day(5), [engines, notes], new=[paper("arxiv:2", "doi:2")]))
    return store


def _known(store: Store, at: float | None) -> Known:
    profile_id = watch(store).profile_id
    return store.known([profile_id], None if at is None else day(at))[profile_id]


def test_when_it_was_seen_and_confirmed(told: Store) -> None:
    for at, observed, confirmed in (
        (0, 0, 0), (0.9, 0, 0), (1, 0, 1), (1.9, 0, 1), (2, 2, 2), (2.9, 2, 2), (3, 2, 3), (4.9, 2, 3), (9, 5, 5),
        (None, 5, 5),
    ):  # fmt: skip
        known = _known(told, at)
        assert (known.observed_at, known.confirmed_at) == (day(observed), day(confirmed)), at


@pytest.mark.parametrize(
    ("at", "listed", "missed_at", "removed", "abstract"),
    [
        (1.9, True, None, False, "Of notes."),
        (2, False, 2, False, None),
        (2.9, False, 2, False, None),
        (3, False, 2, True, None),
        (4.9, False, 2, True, None),
        (5, True, None, False, "Of notes."),
    ],
)
def test_a_paper_that_leaves_and_returns(
    told: Store, at: float, listed: bool, missed_at: float | None, removed: bool, abstract: str | None
) -> None:
    notes = _known(told, at).papers["arxiv:2"]
    assert (notes.listed, notes.removed, notes.paper.abstract) == (listed, removed, abstract)
    assert notes.missed_at == (None if missed_at is None else day(missed_at))
    assert notes.aliases == ({"arxiv:2"} if at < 5 else {"arxiv:2", "doi:2"})


@pytest.mark.parametrize(
    ("at", "citations", "h_index"), [(1.9, (7, 0), (2, 0)), (2, (7, 0), (3, 2)), (9, (7, 0), (3, 2))]
)
def test_metrics_as_they_were_last_shown(
    told: Store, at: float, citations: tuple[int, float], h_index: tuple[int, float]
) -> None:
    assert _known(told, at).metrics == {
        "citations": KnownMetric(citations[0], day(citations[1])),
        "h_index": KnownMetric(h_index[0], day(h_index[1])),
    }


def test_nothing_is_known_before_the_first_snapshot(told: Store, database: str) -> None:
    profile_id = watch(told).profile_id
    assert told.known([profile_id], day(0) - _INSTANT) == {}
    opened = Database.at(database)
    with opened.reading() as connection:
        assert known_at(connection, profile_id, before=day(0)) is None
    opened.engine.dispose()


def test_just_before_a_check_what_it_says_is_not_known(told: Store, database: str) -> None:
    profile_id = watch(told).profile_id
    opened = Database.at(database)
    with opened.reading() as connection:
        for at in (1, 2, 3, 5, 9):
            before = known_at(connection, profile_id, before=day(at))
            assert before == _known(told, at - 0.01)
    opened.engine.dispose()


def test_a_check_of_a_run_that_was_taken_back_confirms_nothing(told: Store, database: str) -> None:
    apply(told, ended(watch(told), day(6), Outcome.UNCHANGED))
    apply(told, ended(watch(told), day(7), Outcome.UNCHANGED))
    assert _known(told, 6.5).confirmed_at == day(6)
    opened = Database.at(database)
    with opened.writing() as connection:
        connection.execute(update(tables.run).where(tables.run.c.now == day(6)).values(reverted_at=day(8)))
    opened.engine.dispose()
    assert _known(told, 6.5).confirmed_at == day(5)


def test_a_snapshot_that_does_not_count_is_not_known(told: Store, database: str) -> None:
    """The row stays, and another may take its time."""
    opened = Database.at(database)
    with opened.writing() as connection:
        columns = tables.snapshot.c
        last = columns.observed_at == day(5)
        connection.execute(update(tables.snapshot).where(last).values(superseded_at=day(8)))
        connection.execute(delete(tables.listing).where(tables.listing.c.since == day(5)))
    opened.engine.dispose()
    assert _known(told, None).observed_at == _known(told, 9).observed_at == day(2)
    apply(told, ended(watch(told), day(9), Outcome.UNCHANGED))
    assert _known(told, None).confirmed_at == day(9)
    assert told.status().snapshots == 2
    (state,) = told.person("Ada Lovelace").profiles
    assert state.observed_at == day(2)


def test_a_reading_that_was_stored_under_a_former_key_says_the_present_one(told: Store, database: str) -> None:
    _rename(database, "arxiv:1", "fp:older")
    known = _known(told, None)
    assert known.keys == ("fp:older", "arxiv:2")
    assert known.papers["fp:older"].aliases == {"arxiv:1"}
    assert _known(told, 2).keys == ("fp:older",)
    (state,) = told.person("Ada Lovelace").profiles
    assert [each.key for each in state.papers] == ["fp:older", "arxiv:2"]


def _rename(database: str, old: str, new: str) -> None:
    opened = Database.at(database)
    paper = tables.paper.c
    with opened.writing() as connection:
        changed = update(tables.paper).where(paper.key == old).values(key=new).returning(paper.id)
        paper_id = connection.execute(changed).scalar_one()
        connection.execute(insert(tables.former_key).values(text=old, paper_id=paper_id))
    opened.engine.dispose()


def test_a_key_by_which_no_paper_ever_went_is_an_error(told: Store, database: str) -> None:
    opened = Database.at(database)
    with opened.writing() as connection:
        connection.execute(update(tables.paper).where(tables.paper.c.key == "arxiv:1").values(key="arxiv:0"))
    opened.engine.dispose()
    with pytest.raises(StoreError, match="no paper of profile 1 goes by arxiv:1"):
        _known(told, None)


def _empty(database: Database) -> None:
    with database.writing() as connection:
        for table in reversed(tables.Row.metadata.sorted_tables):
            connection.execute(delete(table))


def test_a_check_was_decided_on_what_was_known_at_its_time(store: Store, database: str) -> None:
    """Whatever came later: what is known as of each moment of a story is what was known in it."""
    opened = Database.at(database)

    @tried_on(database, 16)
    @given(_stories())
    def law(story: list[tuple[datetime, _Check]]) -> None:
        _empty(opened)
        store.follow([followed("Ada Lovelace", "1"), followed("Mary Shaw", "2")], day(-1))
        profile_id = watch(store).profile_id
        lived: dict[datetime, Known | None] = {}
        for at, found in story:
            _check(store, "1", at, found)
            _check(store, "2", at + timedelta(minutes=1), found)
            lived[at] = store.known([profile_id]).get(profile_id)
        for at, known in lived.items():
            assert store.known([profile_id], at).get(profile_id) == known
            with opened.reading() as connection:
                assert known_at(connection, profile_id, before=at + _INSTANT) == known

    law()
    opened.engine.dispose()
