"""Pages that are held back until their owner says what to think of them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, update

from storage import archive, tables
from storage.errors import StoreError
from storage.names import shown_name
from storage.profiles import watches_of
from storage.rejections import reject, rejections, suspicion_from_json, suspicion_to_json, take_back
from storage.statements import StoredRow, rows_in
from tracking.check import Outcome, Page, Watch
from tracking.event import EventKind
from tracking.kept import HeldPage
from tracking.rejecting import Refusal
from tracking.rejection import count_papers
from tracking.view import QuarantineView

_GOOD = tuple(outcome for outcome in Outcome if outcome.is_good)


def quarantine(connection: Connection) -> list[QuarantineView]:
    """The followed profiles that have a page held back, or of which something was rejected; by person."""
    profile, rejected = tables.profile.c, tables.rejected.c
    spoken = select(rejected.profile_id).where(rejected.until.is_(None))
    is_held = or_(profile.held_at.is_not(None), profile.outcome == Outcome.QUARANTINED)
    query = _followed().where(or_(is_held, profile.id.in_(spoken)))
    rows = connection.execute(query.order_by(func.lower(shown_name()), profile.id)).all()
    of_profile = rejections(connection, [row.id for row in rows])
    return [
        QuarantineView(
            profile_id=row.id,
            person_id=row.person_id,
            person=row.person,
            profile=row.url,
            checked_at=row.checked_at,
            held_at=row.held_at,
            detail=row.why or (row.detail if row.outcome == Outcome.QUARANTINED else None) or "",
            accepted=row.accept_next,
            rejected=count_papers(of_profile.get(row.id, ())),
        )
        for row in rows
    ]


def of_person(person_id: int) -> ColumnElement[bool]:
    """Chooses the profiles of a person."""
    return tables.profile.c.person_id == person_id


def of_profile(profile_id: int) -> ColumnElement[bool]:
    """Chooses one profile."""
    return tables.profile.c.id == profile_id


def held_pages(connection: Connection, chosen: ColumnElement[bool]) -> list[HeldPage]:
    """The pages that wait for an answer, at most one of each followed profile of those that are chosen."""
    profile, unread = tables.profile.c, tables.unread_page.c
    query = (
        _followed()
        .add_columns(unread.page_id, unread.url.label("page_url"), unread.status, unread.headers)
        .join(tables.unread_page, and_(unread.profile_id == profile.id, unread.observed_at == profile.held_at))
        .where(chosen)
        .order_by(profile.id)
    )
    rows = connection.execute(query).all()
    bodies = archive.load_kept(connection, {row.page_id for row in rows})
    watches = watches_of(connection, [row.id for row in rows])
    return [
        HeldPage(
            watch=watches[row.id],
            observed_at=row.held_at,
            detail=row.why or "",
            page=_page(row, bodies[row.page_id]) if row.page_id in bodies else None,
        )
        for row in rows
    ]


def _followed() -> Select[*tuple[Any, ...]]:
    """Followed profiles, each with what is suspicious about the page that is held back."""
    profile, check = tables.profile.c, tables.check_log.c
    its_check = and_(check.profile_id == profile.id, check.observed_at == profile.held_at)
    return (
        select(tables.profile, shown_name().label("person"), check.detail.label("why"))
        .join_from(tables.profile, tables.person)
        .outerjoin(tables.check_log, its_check)
        .where(profile.retired_at.is_(None))
    )


def _page(row: StoredRow, body: bytes) -> Page:
    return Page(url=row.page_url, status=row.status, headers=row.headers, body=body)


def accept_next(connection: Connection, chosen: ColumnElement[bool]) -> int:
    """Have the next pages of those chosen profiles taken that have one held back; how many these are.

    Where none has, what was rejected last is taken back, and the pages are had again in full.
    """
    profile = tables.profile.c
    mine = chosen & profile.retired_at.is_(None)
    held = update(tables.profile).where(mine, profile.held_at.is_not(None)).values(accept_next=True)
    if count := connection.execute(held).rowcount:
        return count
    rows = connection.execute(select(tables.profile).where(mine, profile.checked_at.is_not(None)).with_for_update())
    taken = [row.id for row in rows.all() if take_back(connection, row.id, row.checked_at) or _is_disbelieved(row)]
    connection.execute(
        update(tables.profile)
        .where(profile.id.in_(taken))
        .values(
            accept_next=True,
            asked_about=None,
            # A check that is under way reads the page as it was to be read until now.
            revision=profile.revision + 1,
            etag=None,
            last_modified=None,
            body_sha256=None,
        )
    )
    return len(taken)


def _is_disbelieved(row: StoredRow) -> bool:
    """True where the page is held back and the owner has said that it is wrong, whatever is new on it."""
    asked = suspicion_from_json(row.asked_about)
    return row.outcome == Outcome.QUARANTINED and asked is not None and asked.rejected


def reject_held(connection: Connection, held: HeldPage, refusal: Refusal, now: datetime) -> None:
    """Nothing of a page that is held back is of this person; it does not wait any more.

    Raises StoreError where it is not the page that waits now.
    """
    profile = tables.profile.c
    stored = connection.execute(
        select(tables.profile).where(profile.id == held.watch.profile_id).with_for_update()
    ).one()
    if stored.held_at != held.observed_at or stored.revision != held.watch.revision:
        raise StoreError(f"{stored.url} has been checked meanwhile; look at the page again")
    reject(connection, stored.id, refusal, now)
    after: dict[str, Any] = {"held_at": None, "accept_next": False, "revision": stored.revision + 1}
    if refusal.suspicion is not None:
        after["asked_about"] = suspicion_to_json(refusal.suspicion)
    connection.execute(update(tables.profile).where(profile.id == stored.id).values(after))


def hold_as_before(connection: Connection, watch: Watch, withdrawn: Collection[str]) -> datetime | None:
    """After a run was forgotten, what was held back before it is so again; since when, None where nothing is.

    Where the question is among the events that were withdrawn, it may be asked again.
    """
    check, profile, event = tables.check_log.c, tables.profile.c, tables.event.c
    mine = check.profile_id == watch.profile_id
    good = connection.execute(select(func.max(check.observed_at)).where(mine, check.outcome.in_(_GOOD))).scalar()
    held = select(func.max(check.observed_at)).where(mine, check.outcome == Outcome.QUARANTINED)
    if good is not None:
        held = held.where(check.observed_at > good)
    is_answered = watch.asked_about is not None and watch.asked_about.rejected
    held_at: datetime | None = None if is_answered else connection.execute(held).scalar()
    after: dict[str, Any] = {"held_at": held_at}
    asked = select(event.id).where(event.kind == EventKind.PROFILE_SUSPECT)
    if next(rows_in(connection, asked, event.id, withdrawn), None) is not None:
        after["asked_about"] = None
    connection.execute(update(tables.profile).where(profile.id == watch.profile_id).values(after))
    return held_at
