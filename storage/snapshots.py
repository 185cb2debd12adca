"""Accepted snapshots: the page and the reading of each in the archive, a row to tell when and from where."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select, update

from storage import archive, tables
from storage.archive import Content, Packed
from storage.readings import reading_to_bytes
from storage.seals import seal_of_snapshot
from storage.statements import StoredRow, insert_rows, rows_in
from tracking.check import CheckIntent, Page

LIVE = "live"
#: What the answer says about its body. Cookies and the traces of caches are nobody's history.
_KEPT_HEADERS = frozenset(
    {
        "content-type",
        "content-language",
        "content-location",
        "date",
        "etag",
        "last-modified",
        "x-robots-tag",
        # What its owner said of how to read it: without it the page would read as another.
        "x-scholarwatch-reading",
    }
)
#: Compression leaves the interpreter alone, so that threads share the work.
_THREADS = 4


#: That of a query within a query; to make one takes long.
_OTHER = tables.snapshot.alias("other")


@dataclass(frozen=True, slots=True)
class Bases:
    """What the next page and the next reading of a profile are written against."""

    page: Content | None = None
    reading: Content | None = None


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page, compressed, before anybody waits for a lock."""

    content: Content
    packed: Packed
    bases: Bases


def latest(connection: Connection, profile_ids: Collection[int], at: datetime | None = None) -> dict[int, StoredRow]:
    """The last accepted snapshot of each profile that has one, observed not after ``at``; rows of ``snapshot``."""
    profile, snapshot, other = tables.profile.c, tables.snapshot.c, _OTHER
    newest = select(func.max(other.c.observed_at)).where(
        other.c.profile_id == profile.id, other.c.superseded_at.is_(None)
    )
    if at is not None:
        newest = newest.where(other.c.observed_at <= at)
    query = select(tables.snapshot).select_from(
        tables.profile.join(
            tables.snapshot,
            and_(
                snapshot.profile_id == profile.id,
                snapshot.observed_at == newest.scalar_subquery(),
                snapshot.superseded_at.is_(None),
            ),
        )
    )
    return {row.profile_id: row for row in rows_in(connection, query, profile.id, profile_ids)}


def load_bases(connection: Connection, profile_ids: Collection[int]) -> dict[int, Bases]:
    """What to write the next snapshots of these profiles against; profiles without a snapshot are absent."""
    snapshots = latest(connection, profile_ids)
    blob_ids = {blob_id for row in snapshots.values() for blob_id in (row.page_id, row.reading_id)}
    contents = archive.load_bases(connection, blob_ids)
    return {
        profile_id: Bases(contents.get(row.page_id), contents.get(row.reading_id))
        for profile_id, row in snapshots.items()
    }


def pack_pages(intents: Sequence[CheckIntent], bases: Mapping[int, Bases]) -> dict[int, PackedPage]:
    """Compress the pages of those intents that bring a snapshot; by profile."""

    def pack(intent: CheckIntent) -> tuple[int, PackedPage]:
        if intent.page is None:
            raise ValueError(f"a snapshot of profile {intent.profile_id} without its page")
        mine = bases.get(intent.profile_id, Bases())
        content = Content.of(intent.page.body)
        packed = archive.pack(content, [mine.page] if mine.page else [])
        return intent.profile_id, PackedPage(content, packed, mine)

    with ThreadPoolExecutor(_THREADS) as threads:
        return dict(threads.map(pack, [intent for intent in intents if intent.snapshot is not None]))


def record(
    connection: Connection,
    intents: Sequence[CheckIntent],
    pages: Mapping[int, PackedPage],
    run_id: int,
    recorded_at: datetime,
) -> None:
    """Store the snapshots of the intents, whose keys are settled."""

    def pack_reading(intent: CheckIntent) -> Packed:
        assert intent.snapshot is not None
        page = pages[intent.profile_id]
        reading = Content.of(reading_to_bytes(intent.snapshot.reading, intent.snapshot.keys))
        # Every text of a reading stands in its page.
        return archive.pack(reading, [base for base in (page.bases.reading, page.content) if base is not None])

    accepted = [intent for intent in intents if intent.snapshot is not None]
    if not accepted:
        return
    page_ids = archive.store(connection, [pages[intent.profile_id].packed for intent in accepted])
    with ThreadPoolExecutor(_THREADS) as threads:
        readings = list(threads.map(pack_reading, accepted))
    reading_ids = archive.store(connection, readings)
    rows = []
    for intent, reading in zip(accepted, readings, strict=True):
        page = pages[intent.profile_id].packed
        row = _row(intent, run_id, recorded_at)
        row |= {"page_id": page_ids[page.sha256], "reading_id": reading_ids[reading.sha256]}
        rows.append(row | {"seal": seal_of_snapshot(row, page.sha256, reading.sha256)})
    insert_rows(connection, tables.snapshot, rows)


def _row(intent: CheckIntent, run_id: int, recorded_at: datetime) -> dict[str, Any]:
    assert intent.snapshot is not None
    assert intent.page is not None
    return {
        "profile_id": intent.profile_id,
        "observed_at": intent.observed_at,
        "recorded_at": recorded_at,
        "confirmed_at": intent.observed_at,
        "run_id": run_id,
        "origin": LIVE,
        "parser": intent.snapshot.parser,
        "complete": intent.snapshot.reading.complete,
        "url": intent.page.url,
        "status": intent.page.status,
        "headers": kept_headers(intent.page),
    }


def kept_headers(page: Page) -> dict[str, str]:
    """What is kept of the headers of an answer."""
    return {name: value for name, value in page.headers.items() if name in _KEPT_HEADERS}


def confirm(connection: Connection, intents: Sequence[CheckIntent]) -> None:
    """Note that the last snapshots still hold, where a check said so."""
    confirming = [intent for intent in intents if intent.outcome.is_good and intent.snapshot is None]
    if not confirming:
        return
    snapshot, other = tables.snapshot.c, _OTHER
    profile_id = bindparam("confirmed_profile", type_=snapshot.profile_id.type)
    newest = select(func.max(other.c.observed_at)).where(
        other.c.profile_id == profile_id, other.c.superseded_at.is_(None)
    )
    connection.execute(
        update(tables.snapshot)
        .where(
            snapshot.profile_id == profile_id,
            snapshot.observed_at == newest.scalar_subquery(),
            snapshot.superseded_at.is_(None),
        )
        .values(confirmed_at=bindparam("at", type_=snapshot.confirmed_at.type)),
        [{"confirmed_profile": intent.profile_id, "at": intent.observed_at} for intent in confirming],
    )


def last_page(connection: Connection, profile_id: int) -> Page | None:
    """The raw page of the last accepted snapshot, with those of its headers that are kept; None: it was let go of."""
    row = latest(connection, [profile_id]).get(profile_id)
    body = archive.load_kept(connection, [row.page_id]).get(row.page_id) if row is not None else None
    if row is None or body is None:
        return None
    return Page(url=row.url, status=row.status, headers=row.headers, body=body)
