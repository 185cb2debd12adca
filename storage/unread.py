"""Pages that came and were not accepted: kept, so that a better parser or the owner may still make them count."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause, and_, delete, func, select, tuple_

from storage import archive, tables
from storage.archive import Content
from storage.engine import Database
from storage.names import shown_name
from storage.snapshots import Bases, kept_headers
from storage.statements import StoredRow, insert_rows
from tracking.check import CheckIntent, Outcome, Page
from tracking.kept import UnreadPage

#: So many are decoded at a time.
_PAGES_AT_ONCE = 32


def record_unread(connection: Connection, intents: Sequence[CheckIntent], bases: Mapping[int, Bases]) -> None:
    """Keep the pages of those intents that were not accepted; the same bytes are stored once."""
    rows = []
    for intent in intents:
        if intent.unread is None:
            continue
        page = intent.unread
        content = Content.of(page.body)
        base = bases.get(intent.profile_id, Bases()).page
        blobs = archive.store(connection, [archive.pack(content, [base] if base else [])])
        rows.append(
            {
                "profile_id": intent.profile_id,
                "observed_at": intent.observed_at,
                "url": page.url,
                "status": page.status,
                "headers": kept_headers(page),
                "page_id": blobs[content.sha256],
            }
        )
    insert_rows(connection, tables.unread_page, rows)


def forget_unread(connection: Connection, profile_id: int, times: Collection[datetime]) -> None:
    """The pages of a profile that were observed at these times are accepted now."""
    unread = tables.unread_page.c
    connection.execute(
        delete(tables.unread_page).where(unread.profile_id == profile_id, unread.observed_at.in_(list(times)))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadPages:
    """The kept pages that no parser could read, by profile and then by observed time; None chooses all.

    Pages that were read and not believed are the owner's to decide, and not among them. ``since`` and ``until`` are
    observed times, both included. Each iteration reads anew, a few at a time and each in a short transaction; a page
    that was let go of is passed over. Raises ArchiveError for one that does not hold what was put into it.
    """

    database: Database
    source: str | None = None
    person_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def count(self) -> int:
        """How many there are now."""
        query = select(func.count()).select_from(_joined()).where(*self._chosen())
        with self.database.reading() as connection:
            return connection.execute(query).scalar_one()

    def __iter__(self) -> Iterator[UnreadPage]:
        profile, unread = tables.profile.c, tables.unread_page.c
        first = (
            select(
                tables.unread_page,
                shown_name().label("person"),
                tables.person.c.tags,
                profile.source,
                profile.key.label("profile_key"),
                profile.url.label("profile_url"),
                profile.retired_at,
            )
            .select_from(_joined())
            .where(*self._chosen())
            .order_by(unread.profile_id, unread.observed_at)
            .limit(_PAGES_AT_ONCE)
        )
        part = first
        while True:
            with self.database.reading() as connection:
                rows = list(connection.execute(part))
                bodies = archive.load_kept(connection, {row.page_id for row in rows})
            yield from (_unread_page(row, bodies[row.page_id]) for row in rows if row.page_id in bodies)
            if len(rows) < _PAGES_AT_ONCE:
                return
            place = (rows[-1].profile_id, rows[-1].observed_at)
            part = first.where(tuple_(unread.profile_id, unread.observed_at) > place)

    def _chosen(self) -> list[ColumnElement[bool]]:
        profile, unread = tables.profile.c, tables.unread_page.c
        chosen: list[ColumnElement[bool]] = [tables.check_log.c.outcome == Outcome.PARSE_FAILED]
        if self.source is not None:
            chosen.append(profile.source == self.source)
        if self.person_id is not None:
            chosen.append(profile.person_id == self.person_id)
        if self.since is not None:
            chosen.append(unread.observed_at >= self.since)
        if self.until is not None:
            chosen.append(unread.observed_at <= self.until)
        return chosen


def _joined() -> FromClause:
    check, unread = tables.check_log.c, tables.unread_page.c
    same_check = and_(check.profile_id == unread.profile_id, check.observed_at == unread.observed_at)
    return (
        tables.unread_page.join(tables.check_log, same_check)
        .join(tables.profile, tables.profile.c.id == unread.profile_id)
        .join(tables.person)
    )


def _unread_page(row: StoredRow, body: bytes) -> UnreadPage:
    return UnreadPage(
        profile_id=row.profile_id,
        person=row.person,
        tags=tuple(row.tags),
        source=row.source,
        profile_key=row.profile_key,
        profile_url=row.profile_url,
        followed=row.retired_at is None,
        observed_at=row.observed_at,
        page=Page(url=row.url, status=row.status, headers=row.headers, body=body),
    )
