"""The evidence for a history: every snapshot with its page and its reading, decoded and held against its seal."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, func, select

from storage import tables
from storage.chains import Chains
from storage.engine import Database
from storage.errors import ArchiveError, RetiredError, StoreError
from storage.evidence import Evidence
from storage.proven import DAMAGE, ProvenProfile, fails, holds, is_open, sealed, unreadable
from storage.seals import seal_of_snapshot
from storage.statements import StoredRow
from tracking.check import Page
from tracking.proof import Ground, Step
from tracking.rejection import rejected_at

#: So many are decoded at a time: some 3 MB of pages.
_SNAPSHOTS_AT_ONCE = 16
_BLOBS_AT_ONCE = 32


def evidence(database: Database, profile: ProvenProfile) -> Iterator[Evidence | Step]:
    """Every snapshot of a profile by time, a few in memory at once; a step for each whose row can not be read."""
    snapshot = tables.snapshot.c
    query = select(snapshot.id).where(snapshot.profile_id == profile.profile_id)
    with database.reading() as connection:
        ids = list(connection.execute(query.order_by(snapshot.observed_at, snapshot.id)).scalars())
    for start in range(0, len(ids), _SNAPSHOTS_AT_ONCE):
        yield from _part(database, profile, ids[start : start + _SNAPSHOTS_AT_ONCE])


def _part(database: Database, profile: ProvenProfile, ids: Sequence[int]) -> list[Evidence | Step]:
    try:
        with database.reading() as connection:
            return [*evidence_of(connection, profile, ids)]
    except DAMAGE as error:
        if len(ids) > 1:
            return [one for snapshot_id in ids for one in _part(database, profile, [snapshot_id])]
        return [unreadable(Ground.HEADERS, f"{profile.place}, snapshot {ids[0]}", error)]


def evidence_of(connection: Connection, profile: ProvenProfile, ids: Collection[int]) -> list[Evidence]:
    """These snapshots of a profile, by time."""
    snapshot, page, reading = tables.snapshot.c, tables.blob.alias("page"), tables.blob.alias("reading")
    query = (
        select(tables.snapshot, page.c.sha256.label("page_sha256"), reading.c.sha256.label("reading_sha256"))
        .join_from(tables.snapshot, page, page.c.id == snapshot.page_id)
        .join(reading, reading.c.id == snapshot.reading_id)
        .where(snapshot.id.in_(ids))
        .order_by(snapshot.observed_at, snapshot.id)
    )
    rows = connection.execute(query).all()
    if len(rows) < len(ids):
        raise StoreError("its page or its reading is not there")
    chains = Chains.of(connection, {blob_id for row in rows for blob_id in (row.page_id, row.reading_id)})
    return [_evidence(row, profile, chains) for row in rows]


def _evidence(row: StoredRow, profile: ProvenProfile, chains: Chains) -> Evidence:
    place = f"{profile.place}, {row.observed_at:%Y-%m-%d %H:%M}"
    body, of_page = _body(chains, row.page_id, Ground.PAGE, place)
    reading, of_reading = _body(chains, row.reading_id, Ground.READING, place)
    # That a reading is whole is told with what it says.
    steps = [of_page] if reading is not None else [of_page, of_reading]
    return Evidence(
        place=place,
        source=profile.watch.source,
        observed_at=row.observed_at,
        parser=row.parser,
        reading=reading,
        page=None if body is None else Page(url=row.url, status=row.status, headers=row.headers, body=body),
        rejected=rejected_at(profile.watch.rejections, row.observed_at, row.recorded_at),
        steps=(*steps, _headers(row, place)),
    )


def _headers(row: StoredRow, place: str) -> Step:
    right = seal_of_snapshot(row._asdict(), row.page_sha256, row.reading_sha256)
    names = ", ".join(sorted(row.headers)) or "none"
    text = f"{row.origin}, recorded {row.recorded_at:%Y-%m-%d %H:%M} UTC, status {row.status}, headers {names}"
    return sealed(row.seal, right, Ground.HEADERS, place, text)


def _body(chains: Chains, blob_id: int, ground: Ground, place: str) -> tuple[bytes | None, Step]:
    """The content of a blob, None where there is none, and what its bytes prove."""
    try:
        body = chains.body(blob_id)
    except RetiredError as error:
        return None, is_open(ground, place, f"let go of on {error.on}, to save room")
    except StoreError as error:
        return None, fails(ground, place, str(error))
    sha256 = chains.chain(blob_id)[-1].sha256.hex()
    return body, holds(ground, place, f"{len(body):,} bytes, whole by their CRC-32 and their sha256 {sha256[:16]}…")


def count_blobs(database: Database) -> int:
    """How many contents the archive holds."""
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(tables.blob)).scalar_one()


def blobs(database: Database) -> Iterator[Step]:
    """A step for each content of the archive, a few in memory at a time."""
    blob = tables.blob.c
    query = select(blob.id).order_by(blob.id).limit(_BLOBS_AT_ONCE)
    part = query
    while True:
        with database.reading() as connection:
            ids = list(connection.execute(part).scalars())
        yield from _decoded(database, ids)
        if len(ids) < _BLOBS_AT_ONCE:
            return
        part = query.where(blob.id > ids[-1])


def _decoded(database: Database, ids: Sequence[int]) -> list[Step]:
    try:
        with database.reading() as connection:
            chains = Chains.of(connection, ids)
        return [_content(chains, blob_id) for blob_id in ids]
    except DAMAGE as error:
        if len(ids) > 1:
            return [step for blob_id in ids for step in _decoded(database, [blob_id])]
        return [unreadable(Ground.ARCHIVE, f"blob {ids[0]}", error)]


def _content(chains: Chains, blob_id: int) -> Step:
    """Whether a blob is whole; what only stands on a damaged one is no damage of its own."""
    place = f"blob {blob_id}"
    try:
        chains.body(blob_id)
    except ArchiveError as error:
        if error.sha256 != chains.chain(blob_id)[-1].sha256:
            return is_open(Ground.ARCHIVE, place, "it is a difference to what is damaged")
    return _body(chains, blob_id, Ground.ARCHIVE, place)[1]
