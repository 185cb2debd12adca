"""The rows of ``snapshot`` after a rewrite: what counts no more is superseded, nothing is deleted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from storage import archive, tables
from storage.archive import Content
from storage.neighbourhood import Loaded
from storage.readings import reading_to_bytes
from storage.seals import seal_of_snapshot
from storage.snapshots import kept_headers
from storage.statements import StoredRow
from tracking.aliases import aliases
from tracking.check import Page
from tracking.chronicle import Edit, Rewrite
from tracking.fold import Read, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPage:
    """A page that is not stored yet, and where it comes from."""

    page: Page
    origin: str
    place: str | None


@dataclass(slots=True)
class _Writer:
    """Writes the snapshots of one profile in the order of their times."""

    connection: Connection
    profile_id: int
    rows: Mapping[str, StoredRow]
    pages: Mapping[str, NewPage]
    reads: Mapping[str, Read]
    #: By the ref of a page that was read again: that of the snapshot whose page it is.
    reread: Mapping[str, str]
    run_id: int
    recorded_at: datetime
    #: The blobs of the last page and the last reading that were written or passed: the next is written against them.
    last_page: int | None = None
    last_reading: int | None = None

    def add(self, span: Span) -> None:
        """Make a span count, from a new page, from one that was stored for another time, or from one read again."""
        source = self.rows.get(self.reread.get(span.ref, span.ref))
        if source is None:
            self._insert_new(span.ref, span.keys, span.seen[0], confirmed_at=span.seen[-1])
        elif source.superseded_at is not None and source.observed_at == span.seen[0] and span.ref in self.rows:
            self._update(source, span, superseded_at=None)
        else:
            self._copy(source, span)

    def change(self, span: Span) -> None:
        """Write the other times or keys of a span that goes on to count."""
        self._update(self.rows[span.ref], span)

    def pass_by(self, row: StoredRow) -> None:
        self.last_page, self.last_reading = row.page_id, row.reading_id

    def keep(self, ref: str, at: datetime) -> None:
        """Store a page that confirms a span and looks otherwise: it counts as soon as something comes in between."""
        read = self.reads[ref]
        if Content.of(self.pages[ref].page.body).sha256 == self._sha256(self.last_page):
            return
        keys = [aliases(read.reading.source, paper)[0] for paper in read.reading.papers]
        self._insert_new(ref, keys, at, confirmed_at=at, superseded_at=self.recorded_at)

    def _insert_new(self, ref: str, keys: Sequence[str], at: datetime, **values: Any) -> None:
        new, read = self.pages[ref], self.reads[ref]
        content = Content.of(new.page.body)
        packed = archive.pack(content, self._bases(self.last_page))
        page_id = archive.store(self.connection, [packed])[content.sha256]
        self._insert(
            values
            | {
                "observed_at": at,
                "origin": new.origin,
                "place": new.place,
                "url": new.page.url,
                "status": new.page.status,
                "headers": kept_headers(new.page),
                "page_id": page_id,
                "reading_id": self._reading(read, keys, [content]),
                "parser": read.parser,
                "complete": read.reading.complete,
            }
        )

    def _copy(self, source: StoredRow, span: Span) -> None:
        read = self.reads[span.ref]
        columns = ("origin", "place", "url", "status", "headers", "page_id")
        self._insert(
            {name: getattr(source, name) for name in columns}
            | {
                "observed_at": span.seen[0],
                "confirmed_at": span.seen[-1],
                "reading_id": self._reading(read, span.keys, self._bases(source.page_id)),
                "parser": span.parser,
                "complete": span.complete,
            }
        )

    def _insert(self, values: Mapping[str, Any]) -> None:
        row: dict[str, Any] = {"superseded_at": None, **values}
        row |= {"profile_id": self.profile_id, "recorded_at": self.recorded_at, "run_id": self.run_id}
        self.connection.execute(insert(tables.snapshot).values(row | {"seal": self._seal(row)}))
        self.last_page, self.last_reading = row["page_id"], row["reading_id"]

    def _update(self, row: StoredRow, span: Span, **values: Any) -> None:
        values["confirmed_at"] = span.seen[-1]
        read = self.reads[span.ref]
        if read.keys != span.keys:
            values["reading_id"] = self._reading(read, span.keys, self._bases(row.page_id))
            values["seal"] = self._seal({**row._mapping, **values})
        self.connection.execute(update(tables.snapshot).where(tables.snapshot.c.id == row.id).values(values))
        self.last_page, self.last_reading = row.page_id, values.get("reading_id", row.reading_id)

    def _reading(self, read: Read, keys: Sequence[str], page: Sequence[Content]) -> int:
        """The blob of a reading under these keys. Every text of it stands in its page."""
        content = Content.of(reading_to_bytes(read.reading, keys))
        packed = archive.pack(content, [*self._bases(self.last_reading), *page])
        return archive.store(self.connection, [packed])[content.sha256]

    def _seal(self, row: Mapping[str, Any]) -> bytes:
        blob = tables.blob.c
        query = select(blob.id, blob.sha256).where(blob.id.in_([row["page_id"], row["reading_id"]]))
        sha256 = {found.id: found.sha256 for found in self.connection.execute(query)}
        return seal_of_snapshot(row, sha256[row["page_id"]], sha256[row["reading_id"]])

    def _sha256(self, blob_id: int | None) -> bytes | None:
        query = select(tables.blob.c.sha256).where(tables.blob.c.id == blob_id)
        return self.connection.execute(query).scalar()

    def _bases(self, blob_id: int | None) -> list[Content]:
        if blob_id is None:
            return []
        return list(archive.load_bases(self.connection, [blob_id]).values())


def rewrite_spans(
    connection: Connection,
    profile_id: int,
    edit: Edit,
    pages: Mapping[str, NewPage],
    loaded: Loaded,
    done: Rewrite,
    run_id: int,
    recorded_at: datetime,
) -> None:
    """Write what a rewrite says of the snapshots of a profile."""
    reads = {read.ref: read for read, _ in loaded.part.sightings}
    reads |= {read.ref: read for _, read in edit.insert} | {read.ref: read for read in edit.reread.values()}
    writer = _Writer(
        connection=connection,
        profile_id=profile_id,
        rows=loaded.rows,
        pages=pages,
        reads=reads,
        reread={read.ref: of for of, read in edit.reread.items()},
        run_id=run_id,
        recorded_at=recorded_at,
    )
    _supersede(connection, [loaded.rows[span.ref].id for span in done.spans_gone], recorded_at)
    gone = {span.ref for span in done.spans_gone}
    confirming = _confirming(done, edit)
    steps: list[tuple[datetime, Callable[[], None]]] = [
        *((span.seen[0], partial(writer.add, span)) for span in done.spans_added),
        *((span.seen[0], partial(writer.change, span)) for span in done.spans_changed),
        *((at, partial(writer.keep, read.ref, at)) for at, read in edit.insert if at in confirming),
        *(
            (row.observed_at, partial(writer.pass_by, row))
            for ref, row in loaded.rows.items()
            if row.superseded_at is None and ref not in gone
        ),
    ]
    for _, step in sorted(steps, key=lambda step: step[0]):
        step()


def _confirming(done: Rewrite, edit: Edit) -> set[datetime]:
    """Times of new pages that were believed and begin no span."""
    starts = {span.seen[0] for span in (*done.spans_added, *done.spans_changed)}
    return {at for at, _ in edit.insert} - starts - done.rejected.keys()


def _supersede(connection: Connection, snapshot_ids: Sequence[int], at: datetime) -> None:
    if snapshot_ids:
        connection.execute(
            update(tables.snapshot)
            .where(tables.snapshot.c.id == bindparam("superseded_id"))
            .values(superseded_at=bindparam("at", type_=tables.snapshot.c.superseded_at.type)),
            [{"superseded_id": snapshot_id, "at": at} for snapshot_id in snapshot_ids],
        )
