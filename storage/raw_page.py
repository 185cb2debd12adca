"""The raw page of a person at a time, as somebody who looks into a matter wants to have it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage import archive, tables
from storage.errors import StoreError, UnknownPerson
from storage.names import find_person, shown_name
from storage.snapshots import latest
from storage.statements import StoredRow
from tracking.check import Outcome, Page
from tracking.kept import KeptPage

_GOOD = tuple(outcome for outcome in Outcome if outcome.is_good)


def raw_page(connection: Connection, asked: str, at: datetime | None) -> KeptPage:
    """The page that was there at a time (None: now), accepted or not.

    Of somebody with several profiles, one is asked for by its key or URL. Raises UnknownPerson; StoreError where no
    page had come by then, ArchiveError where it is damaged or was let go of.
    """
    profiles = _profiles(connection, find_person(connection, asked))
    meant = [row for row in profiles if asked in (row.key, f"{row.source}/{row.key}", row.url)] or profiles
    stored = {row.id: found for row in meant if (found := _stored(connection, row.id, at)) is not None}
    if not stored:
        raise StoreError(f"no page of “{asked}” had come by then" if at else f"no page of “{asked}” has come yet")
    if len(stored) > 1:
        raise UnknownPerson(asked, [row.url for row in meant], ambiguous=True)
    (profile,) = (row for row in meant if row.id in stored)
    row, accepted = stored[profile.id]
    body = archive.load(connection, [row.page_id])[row.page_id]
    return KeptPage(
        person=profile.person,
        source=profile.source,
        profile_key=profile.key,
        profile_url=profile.url,
        observed_at=row.observed_at,
        accepted=accepted,
        page=_page(row, body),
    )


def _profiles(connection: Connection, person_id: int) -> Sequence[StoredRow]:
    profile = tables.profile.c
    query = (
        select(tables.profile, shown_name().label("person"))
        .join_from(tables.profile, tables.person)
        .where(profile.person_id == person_id)
        .order_by(profile.id)
    )
    return connection.execute(query).all()


def _stored(connection: Connection, profile_id: int, at: datetime | None) -> tuple[StoredRow, bool] | None:
    """The row that has the page, and whether it was accepted: what was seen last by then."""
    check, unread = tables.check_log.c, tables.unread_page.c
    good = select(func.max(check.observed_at)).where(check.profile_id == profile_id, check.outcome.in_(_GOOD))
    refused = select(tables.unread_page).where(unread.profile_id == profile_id).order_by(unread.observed_at.desc())
    if at is not None:
        good = good.where(check.observed_at <= at)
        refused = refused.where(unread.observed_at <= at)
    seen_at = connection.execute(good).scalar()
    row = connection.execute(refused.limit(1)).one_or_none()
    if row is not None and (seen_at is None or row.observed_at > seen_at):
        return row, False
    accepted = latest(connection, [profile_id], at).get(profile_id)
    return None if accepted is None else (accepted, True)


def _page(row: StoredRow, body: bytes) -> Page:
    headers: Mapping[str, str] = row.headers
    return Page(url=row.url, status=row.status, headers=headers, body=body)
