"""Letting go of old raw pages, with a floor under it; readings, and what was made of them, stay for ever.

    snapshots of a profile → which pages may go → what stands on those is written against others → tombstones

Every step is a short transaction that leaves a whole archive, so that a daily run need not wait for the end, and what
was killed is taken up where it stopped.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter, sleep

from sqlalchemy import Connection, and_, func, or_, select

from storage import archive, tables
from storage.chains import Encoding
from storage.engine import Database
from storage.rebasing import Neighbours, neighbours, rebase
from storage.references import references_to_blobs, referred_to
from storage.statements import rows_in

#: Called with the number of profiles, and how many of them are done.
Progress = Callable[[int, int], None]

#: Whose told events are looked up together.
_PROFILES_AT_ONCE = 50
#: A transaction of either takes about a tenth of a second.
_RETIRED_AT_ONCE = 250
_REBASED_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """What was let go of, or would be. ``freed_bytes`` were taken in the archive, less what was written anew there."""

    pages: int
    freed_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A snapshot, as far as it matters whether its page is kept."""

    snapshot_id: int
    observed_at: datetime
    #: The last time that a check found the same.
    confirmed_at: datetime
    #: False: it was superseded, and is kept as evidence.
    counts: bool
    page_id: int
    reading_id: int


def retire_pages(
    database: Database,
    before: datetime,
    *,
    now: datetime,
    keep_told: bool = True,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Retired:
    """Let go of the raw pages that no check has seen since ``before``.

    Kept for ever are the first page of each month and the last one of each profile, what anything but a snapshot
    refers to, a page that two profiles share, and with ``keep_told`` the pages that prove what somebody was told: the
    one that showed it, and the one before. A dry run counts what would go; it can not say what will be written anew.
    """
    pages = freed_bytes = done = 0
    with database.reading() as connection:
        profile_ids = list(connection.execute(select(tables.profile.c.id).order_by(tables.profile.c.id)).scalars())
    for part in _parts(profile_ids, _PROFILES_AT_ONCE):
        with database.reading() as connection:
            told = _told(connection, part) if keep_told else {}
        for profile_id in part:
            with database.reading() as connection:
                leaving = _Leaving.of(connection, profile_id, before, told.get(profile_id, ()))
            gone = leaving.would_go() if dry_run else leaving.let_go(database, now)
            pages += gone.pages
            freed_bytes += gone.freed_bytes
            done += 1
            if progress is not None:
                progress(len(profile_ids), done)
    return Retired(pages=pages, freed_bytes=freed_bytes)


def kept_snapshots(seen: Sequence[Seen], before: datetime, told: Collection[datetime]) -> set[int]:
    """The ids of those snapshots of one profile whose pages are kept; ``told`` are the times of events told of.

    The snapshots are in the order of their observed times.
    """
    counting = [one.observed_at for one in seen if one.counts]
    first_of_month = {(at.year, at.month): at for at in reversed(counting)}
    times = {*first_of_month.values(), *counting[-1:]}
    # What proved an event when it was told may have been superseded since.
    for line in (counting, [one.observed_at for one in seen]):
        times.update(_shown_and_before(sorted(set(line)), told))
    return {one.snapshot_id for one in seen if one.confirmed_at >= before or one.observed_at in times}


def _shown_and_before(times: Sequence[datetime], told: Collection[datetime]) -> Iterator[datetime]:
    """Of each event the last of the times that are not after it, and the one before."""
    for at in told:
        place = bisect_right(times, at)
        yield from times[max(0, place - 2) : place]


def _told(connection: Connection, profile_ids: Sequence[int]) -> Mapping[int, set[datetime]]:
    """By profile: the observed times of events that somebody was told of, or is about to be."""
    event = tables.event.c
    query = select(event.profile_id, event.observed_at).join_from(tables.event, tables.outbox).distinct()
    told: dict[int, set[datetime]] = defaultdict(set)
    for row in rows_in(connection, query, event.profile_id, profile_ids):
        told[row.profile_id].add(row.observed_at)
    return told


@dataclass(frozen=True, slots=True)
class _Leaving:
    """The pages of one profile that are let go of."""

    #: Stored bytes by blob.
    sizes: Mapping[int, int]
    #: The snapshots that show these pages, all of them.
    snapshot_ids: Collection[int]
    neighbours: Neighbours

    @classmethod
    def of(cls, connection: Connection, profile_id: int, before: datetime, told: Collection[datetime]) -> "_Leaving":
        seen = _seen(connection, profile_id)
        kept = kept_snapshots(seen, before, told)
        kept_pages = {one.page_id for one in seen if one.snapshot_id in kept}
        snapshot_ids = {one.snapshot_id for one in seen if one.page_id not in kept_pages}
        candidates = {one.page_id for one in seen} - kept_pages
        candidates -= _held(connection, candidates, snapshot_ids)
        blob = tables.blob.c
        query = select(blob.id, func.length(blob.data).label("size")).where(blob.encoding != Encoding.RETIRED)
        sizes = {row.id: row.size for row in rows_in(connection, query, blob.id, candidates)}
        near = neighbours([(one.page_id, one.reading_id) for one in seen], gone=sizes)
        return cls(sizes, snapshot_ids, near)

    def would_go(self) -> Retired:
        return Retired(pages=len(self.sizes), freed_bytes=sum(self.sizes.values()))

    def let_go(self, database: Database, now: datetime) -> Retired:
        """Leave tombstones of the pages, after what stands on them was written anew."""
        pages = freed_bytes = 0
        with database.reading() as connection:
            standing = sorted(self._standing_on(connection, self.sizes) - self.sizes.keys())
        for part in _parts(standing, _REBASED_AT_ONCE):
            with _short_turn(database) as connection:
                freed_bytes -= self._rebase(connection, part)
        # The newest first: what is let go of later does not stand on what has gone.
        for part in _parts(sorted(self.sizes, reverse=True), _RETIRED_AT_ONCE):
            with _short_turn(database) as connection:
                free = sorted(set(part) - _held(connection, part, self.snapshot_ids))
                # A run may have written against these pages just now.
                freed_bytes -= self._rebase(connection, sorted(self._standing_on(connection, free) - set(free)))
                archive.retire(connection, free, now.date())
            pages += len(free)
            freed_bytes += sum(self.sizes[blob_id] for blob_id in free)
        return Retired(pages=pages, freed_bytes=freed_bytes)

    def _rebase(self, connection: Connection, blob_ids: Sequence[int]) -> int:
        return sum(rebase(connection, blob_id, self.sizes, self.neighbours.get(blob_id, ())) for blob_id in blob_ids)

    @staticmethod
    def _standing_on(connection: Connection, blob_ids: Collection[int]) -> set[int]:
        blob = tables.blob.c
        return {row.id for row in rows_in(connection, select(blob.id), blob.base_id, blob_ids)}


def _seen(connection: Connection, profile_id: int) -> list[Seen]:
    """All snapshots of a profile, by observed time."""
    snapshot = tables.snapshot.c
    of_profile = snapshot.profile_id == profile_id
    # Each half has an index of its own; without the halves PostgreSQL would read the snapshots of all profiles.
    halves = or_(
        and_(of_profile, snapshot.superseded_at.is_(None)), and_(of_profile, snapshot.superseded_at.is_not(None))
    )
    query = select(tables.snapshot).where(halves).order_by(snapshot.observed_at, snapshot.id)
    return [
        Seen(
            snapshot_id=row.id,
            observed_at=row.observed_at,
            confirmed_at=row.confirmed_at,
            counts=row.superseded_at is None,
            page_id=row.page_id,
            reading_id=row.reading_id,
        )
        for row in connection.execute(query)
    ]


def _held(connection: Connection, page_ids: Collection[int], snapshot_ids: Collection[int]) -> set[int]:
    """Those of the pages that something else than these snapshots refers to, as the page of a snapshot or otherwise."""
    snapshot = tables.snapshot.c
    showing = rows_in(connection, select(snapshot.id, snapshot.page_id), snapshot.page_id, page_ids)
    held = {row.page_id for row in showing if row.id not in snapshot_ids}
    for column in references_to_blobs():
        if column is not tables.blob.c.base_id and column is not snapshot.page_id:
            held |= referred_to(connection, column, page_ids)
    return held


@contextmanager
def _short_turn(database: Database) -> Iterator[Connection]:
    """A write transaction, and as long a pause after it, in which another process that waits gets its turn."""
    began = perf_counter()
    with database.writing() as connection:
        yield connection
    sleep(perf_counter() - began)


def _parts(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
