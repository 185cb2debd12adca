"""Old raw pages are let go of, never one that has to stay, and everything that stays is whole."""

import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, event, func, insert, select, update

from storage import tables
from storage.archive import DEPTH_MAX, Content, load, load_bases, load_kept, pack, retire, store
from storage.chains import Encoding
from storage.engine import Database
from storage.errors import ArchiveError, RetiredError
from storage.rebasing import rebase
from storage.retention import Retired, Seen, kept_snapshots, retire_pages
from storage.store import Store
from tests.forked import exit_code, kill_at
from tests.laws import tried_on_one_store
from tests.new_databases import new_sqlite
from tests.storage.builders import accepted, apply, day, followed, page, paper, watch
from tests.storage.lived import live
from tests.storage.pages import large_page, papers


@pytest.fixture
def opened(database: str) -> Iterator[Database]:
    opened = Database.at(database)
    yield opened
    opened.engine.dispose()


def _seen(number: int, at: float, *, confirmed: float | None = None, counts: bool = True) -> Seen:
    return Seen(
        snapshot_id=number,
        observed_at=day(at),
        confirmed_at=day(at if confirmed is None else confirmed),
        counts=counts,
        page_id=number,
        reading_id=-number,
    )


#: Day 0 is the first of March, 31 the first of April, 61 the first of May.
@pytest.mark.parametrize(
    ("seen", "told", "kept"),
    [
        ([], [], set()),
        ([_seen(1, 0)], [], {1}),
        ([_seen(1, 0), _seen(2, 1), _seen(3, 2)], [], {1, 3}),
        ([_seen(1, 0), _seen(2, 30), _seen(3, 31), _seen(4, 32), _seen(5, 33)], [], {1, 3, 5}),
        ([_seen(1, 0), _seen(2, 1), _seen(3, 99), _seen(4, 100), _seen(5, 101)], [], {1, 3, 4, 5}),
        ([_seen(1, 0), _seen(2, 1, confirmed=100), _seen(3, 101)], [], {1, 2, 3}),
        ([_seen(1, 0), _seen(2, 1), _seen(3, 2), _seen(4, 3), _seen(5, 4)], [3], {1, 3, 4, 5}),
        ([_seen(1, 0), _seen(2, 1), _seen(3, 2), _seen(4, 3), _seen(5, 4)], [2.5], {1, 2, 3, 5}),
        ([_seen(1, 0), _seen(2, 1), _seen(3, 2)], [-1, 0], {1, 3}),
        ([_seen(1, 0, counts=False), _seen(2, 1), _seen(3, 2), _seen(4, 3, counts=False)], [], {2, 3}),
        ([_seen(1, 0), _seen(2, 1), _seen(3, 1, counts=False), _seen(4, 2), _seen(5, 3)], [1], {1, 2, 3, 5}),
        ([_seen(1, 0), _seen(2, 1), _seen(3, 2, counts=False), _seen(4, 3), _seen(5, 4)], [3], {1, 2, 3, 4, 5}),
    ],
    ids=[
        "never seen",
        "seen once",
        "the first and the last",
        "the first of each month",
        "what is young",
        "what was confirmed not long ago",
        "what was told, and the page before",
        "told of what an unchanged page showed",
        "told of the first page, or before it",
        "the floor is of what counts",
        "evidence that was superseded",
        "superseded between what was told and the page before",
    ],
)
def test_what_is_kept(seen: list[Seen], told: list[float], kept: set[int]) -> None:
    assert kept_snapshots(seen, day(90), [day(at) for at in told]) == kept


def _pages(database: Database) -> list[tuple[datetime, bool]]:
    """Of each snapshot when it was observed, and whether its page is there; every reading has to be."""
    snapshot = tables.snapshot.c
    with database.reading() as connection:
        rows = connection.execute(select(tables.snapshot).order_by(snapshot.profile_id, snapshot.observed_at)).all()
        load(connection, [row.reading_id for row in rows])
        there = load_kept(connection, {row.page_id for row in rows})
    return [(row.observed_at, row.page_id in there) for row in rows]


def test_old_days_are_thinned_out(database: str, opened: Database) -> None:
    live(database, days=70, profiles=2, told=False)
    retired = retire_pages(opened, day(65), now=day(70))
    kept = [day(at) for at in (0, 31, 61, *range(65, 70))]
    assert [at for at, there in _pages(opened) if there] == kept * 2
    assert retired.pages == 2 * (70 - len(kept))
    assert retire_pages(opened, day(65), now=day(71)) == Retired(pages=0, freed_bytes=0)


def test_what_was_told_keeps_its_proof(database: str, opened: Database) -> None:
    """Every third day something was told: the pages of these days and of the days before stay."""
    live(database, days=40, profiles=1)
    expected = [day(at) for at in range(40) if at % 3 == 0 or (at % 3 == 2 and at < 39) or at == 31]
    before = day(39)
    assert retire_pages(opened, before, now=day(40), dry_run=True).pages == 40 - len(expected)
    assert retire_pages(opened, before, now=day(40)).pages == 40 - len(expected)
    assert [at for at, there in _pages(opened) if there] == expected
    retire_pages(opened, before, now=day(40), keep_told=False)
    assert [at for at, there in _pages(opened) if there] == [day(0), day(31), day(39)]


def test_a_dry_run_changes_nothing(database: str, opened: Database) -> None:
    live(database, days=20, profiles=1, told=False)
    with opened.reading() as connection:
        before = connection.execute(select(tables.blob)).all()
    assert retire_pages(opened, day(20), now=day(20), dry_run=True).pages == 18
    with opened.reading() as connection:
        assert connection.execute(select(tables.blob)).all() == before


def test_the_tombstone_says_what_was_there_and_when_it_went(database: str, opened: Database) -> None:
    live(database, days=3, profiles=1, told=False)
    with opened.reading() as connection:
        page_id = connection.execute(
            select(tables.snapshot.c.page_id).where(tables.snapshot.c.observed_at == day(1))
        ).scalar_one()
        body = load(connection, [page_id])[page_id]
    retire_pages(opened, day(3), now=day(3))
    with opened.reading() as connection:
        row = connection.execute(select(tables.blob).where(tables.blob.c.id == page_id)).one()
        assert (row.sha256, row.size, row.encoding) == (Content.of(body).sha256, len(body), Encoding.RETIRED)
        with pytest.raises(RetiredError, match=r"blob [0-9a-f]{16} of [\d,]+ bytes was let go of on 2026-03-04"):
            load(connection, [page_id])


def test_the_same_page_again_fills_the_tombstone(database: str, opened: Database) -> None:
    live(database, days=3, profiles=1, told=False)
    snapshot = tables.snapshot.c
    with opened.reading() as connection:
        page_id = connection.execute(select(snapshot.page_id).where(snapshot.observed_at == day(1))).scalar_one()
        body = load(connection, [page_id])[page_id]
    retire_pages(opened, day(3), now=day(3))
    with Store.open(database) as again:
        of = watch(again, "0")
        answer = again.last_page(of.profile_id)
        assert answer is not None
        answer = type(answer)(url=answer.url, status=200, headers={}, body=body)
        apply(again, accepted(of, day(9), [paper("arxiv:1")], answer=answer))
        assert again.last_page(of.profile_id) == answer
    assert retire_pages(opened, day(9), now=day(9)).pages == 1
    assert [there for _, there in _pages(opened)] == [True, True, False, True]


def test_a_page_that_two_profiles_show_is_kept(database: str, opened: Database) -> None:
    with Store.open(database) as both:
        both.follow([followed("Ada Lovelace", "1"), followed("Countess of Lovelace", "2")], day(0))
        for at in range(4):
            for key in ("1", "2"):
                answer = page("of both") if at == 1 else page(f"of {key} on day {at}")
                shown = [paper(f"arxiv:{key}")]
                intent = accepted(watch(both, key), day(at), shown, new=shown if at == 0 else [], answer=answer)
                assert apply(both, intent) == [True]
    assert retire_pages(opened, day(4), now=day(4), dry_run=True).pages == 2
    assert retire_pages(opened, day(4), now=day(4)).pages == 2
    assert [there for _, there in _pages(opened)] == [True, True, False, True] * 2


def test_damage_is_named_and_nothing_is_let_go_of(database: str, opened: Database) -> None:
    """The damaged page is the base of one that has to stay."""
    live(database, days=40, profiles=1, told=False)
    snapshot, blob = tables.snapshot.c, tables.blob.c
    with opened.writing() as connection:
        kept = connection.execute(select(snapshot.page_id).where(snapshot.observed_at == day(31))).scalar_one()
        base = connection.execute(select(blob.base_id).where(blob.id == kept)).scalar_one()
        connection.execute(update(tables.blob).where(blob.id == base).values(checksum=1))
    with pytest.raises(ArchiveError, match="is damaged"):
        retire_pages(opened, day(39), now=day(40))
    with opened.reading() as connection:
        retired = select(func.count()).where(blob.encoding == Encoding.RETIRED)
        assert connection.execute(retired).scalar_one() == 0


def test_what_another_process_has_let_go_of_meanwhile_is_passed_by(opened: Database) -> None:
    before, after = Content.of(b"before" * 500), Content.of(b"before" * 500 + b"after")
    with opened.writing() as connection:
        ids = store(connection, [pack(before, [])]) | store(connection, [pack(after, [before])])
        leaving = [ids[before.sha256]]
        retire(connection, [ids[after.sha256]], day(0).date())
        assert rebase(connection, ids[after.sha256], leaving, near=()) == 0


def _retire_and_die(database: str) -> None:
    kill_at(commit=2)
    retire_pages(Database.at(database), day(40), now=day(41))


def test_killed_after_each_commit_the_archive_is_whole_and_the_rest_goes_later(database: str, opened: Database) -> None:
    live(database, days=41, profiles=2, told=False)
    with opened.reading() as connection:
        pages = list(connection.execute(select(tables.snapshot.c.page_id)).scalars())
        whole = load(connection, pages)
    deaths = 0
    while exit_code(_retire_and_die, database) == -signal.SIGKILL:
        deaths += 1
        with opened.reading() as connection:
            assert load_kept(connection, pages).items() <= whole.items()
    assert deaths >= 2
    assert [at for at, there in _pages(opened) if there] == [day(0), day(31), day(40)] * 2


@dataclass(frozen=True)
class _Step:
    """One snapshot: how its page came from an earlier one, and which earlier one it was written against."""

    change: str
    like: int
    against: int


_STEPS = st.lists(
    st.builds(
        _Step,
        change=st.sampled_from(["little", "little", "much", "nothing"]),
        like=st.integers(0, 99),
        against=st.integers(0, 99),
    ),
    min_size=1,
    max_size=40,
)


def _lead_a_life(database: Database, steps: Sequence[_Step]) -> dict[int, bytes]:
    """A profile with a snapshot every ten days; the contents of all blobs."""
    chosen = Random(len(steps))
    pages: list[bytes] = []
    page_ids: list[int] = []
    contents: dict[int, bytes] = {}

    def put(connection: Connection, body: bytes, *against: int) -> int:
        bases = load_bases(connection, against)
        blob_id = store(connection, [pack(Content.of(body), [bases[one] for one in against if one in bases])])[
            Content.of(body).sha256
        ]
        contents[blob_id] = body
        return blob_id

    store_of_it = Store(database)
    store_of_it.follow([followed("Ada Lovelace", "1")], day(0))
    run_id = int(store_of_it.begin_run("track", day(0)))
    for number, step in enumerate(steps):
        match step.change if pages else "much":
            case "nothing":
                body = pages[step.like % len(pages)]
            case "little":
                body = b"%d, " % chosen.getrandbits(20) + pages[step.like % len(pages)][:6_000]
            case _:
                body = b" ".join(b"%x" % chosen.getrandbits(36) for _ in range(500))
        with database.writing() as connection:
            against = page_ids[step.against % len(page_ids)] if page_ids else None
            page_id = put(connection, body, *([] if against is None else [against]))
            reading_id = put(connection, b"%d read: " % number + body[: len(body) // 2], page_id)
            pages.append(body)
            page_ids.append(page_id)
            connection.execute(insert(tables.snapshot).values(**_snapshot(number, run_id, page_id, reading_id)))
    return contents


def _snapshot(number: int, run_id: int, page_id: int, reading_id: int) -> dict[str, Any]:
    at = day(10 * number)
    return {
        "profile_id": 1, "observed_at": at, "recorded_at": at, "confirmed_at": at, "run_id": run_id, "origin": "live",
        "parser": "scholarfeed/1", "complete": True, "url": "https://example.org/author/1", "status": 200, "headers": {},
        "page_id": page_id, "reading_id": reading_id,
    }  # fmt: skip


def _check_that_what_stays_is_whole(database: Database, steps: Sequence[_Step], years: Sequence[int]) -> None:
    contents = _lead_a_life(database, steps)
    blob = tables.blob.c
    with database.reading() as connection:
        depth = {row.id: row.depth for row in connection.execute(select(blob.id, blob.depth))}
    for before in sorted(years):
        retired = retire_pages(database, day(before), now=day(before))
        with database.reading() as connection:
            kept = load_kept(connection, contents)
            rows = {row.id: row for row in connection.execute(select(tables.blob))}
        assert kept.items() <= contents.items()
        assert {blob_id for blob_id, row in rows.items() if row.encoding != Encoding.RETIRED} == kept.keys()
        assert all(row.base_id is None or rows[row.base_id].depth < row.depth <= DEPTH_MAX for row in rows.values())
        assert all(row.depth <= depth[blob_id] for blob_id, row in rows.items())
        assert retire_pages(database, day(before), now=day(before)).pages == 0
        assert retired.pages >= 0
    snapshots = [(at.year, at.month) for at, there in _pages(database) if there]
    assert set(snapshots) == {(at.year, at.month) for at, _ in _pages(database)}


@tried_on_one_store(20)
@given(steps=_STEPS, years=st.lists(st.integers(0, 500), min_size=1, max_size=3))
def test_whatever_stands_on_what_all_that_stays_is_whole(steps: list[_Step], years: list[int], tmp_path: Path) -> None:
    database = Database.at(new_sqlite(tmp_path / "scholarwatch.db"))
    try:
        _check_that_what_stays_is_whole(database, steps, years)
    finally:
        database.engine.dispose()


def test_on_either_database_all_that_stays_is_whole(opened: Database) -> None:
    chosen = Random(7)
    steps = [
        _Step(chosen.choice(["little", "little", "much", "nothing"]), chosen.randrange(99), chosen.randrange(99))
        for _ in range(40)
    ]
    _check_that_what_stays_is_whole(opened, steps, [200, 390])


_SHOWN = papers(1, 5)


def _check(daily: Store, at: int, citations: int) -> None:
    """A page that differs by one number from that of any other day, and by none for the same number."""
    metrics = {"citations": citations}
    answer = large_page(_SHOWN, metrics, 0)
    new = _SHOWN if at == 0 else []
    assert apply(daily, accepted(watch(daily), day(at), _SHOWN, new=new, metrics=metrics, answer=answer)) == [True]


@pytest.mark.parametrize(
    "transactions", [1, 3, 5, *(pytest.param(number, marks=pytest.mark.slow) for number in (2, 4))]
)
@pytest.mark.parametrize("citations", [1_099, 1_001], ids=["another page", "an old page again"])
def test_what_a_run_writes_meanwhile_is_whole(
    database: str, opened: Database, transactions: int, citations: int
) -> None:
    """After nine days a page is written against that of the second, which is let go of."""
    with Store.open(database) as daily:
        daily.follow([followed("Ada Lovelace", "1")], day(0))
        for at in range(DEPTH_MAX + 1):
            _check(daily, at, 1_000 + at)
        left = transactions

        @event.listens_for(opened.engine, "checkin")
        def between_transactions(*_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                _check(daily, 10, citations)

        retired = retire_pages(opened, day(10), now=day(10))
        assert left <= 0
        last = daily.last_page(1)
        assert last is not None
        assert last.body == large_page(_SHOWN, {"citations": citations}, 0).body
    there = dict(_pages(opened))
    assert retired.pages == list(there.values()).count(False)
    assert (there[day(0)], there[day(2)], there[day(10)]) == (True, False, True)
    assert there[day(1)] is (citations == 1_001)
