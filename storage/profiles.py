"""The state of a profile between two checks: who is due, who may write, what the next check starts from."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import compress
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from storage import tables
from storage.errors import StoreError
from storage.statements import StoredRow, insert_rows, rows_in, update_each
from tracking.check import CheckIntent, Known, Outcome, Validators, Watch
from tracking.chronicle import Rewrite

#: A daily run that starts a little earlier than yesterday's is still a daily run.
_GRACE_MAX = timedelta(hours=4)
_GRACE_PART = 6
#: No server is believed that it wants to be left alone for longer.
_RETRY_MAX_SECONDS = 7 * 86_400


def due(connection: Connection, now: datetime, cadence: timedelta | None) -> list[Watch]:
    """Active profiles that were last checked a cadence ago or longer, in the order of their ids.

    A cadence of a day counts from 20 hours on, a shorter one from five sixths of it. Without a cadence, every
    profile is due that was not checked at ``now`` or later. One whose server asked to wait is not due before that.
    """
    profile, person = tables.profile.c, tables.person.c
    grace = min(_GRACE_MAX, cadence / _GRACE_PART) if cadence is not None else None
    long_ago = profile.checked_at < now
    if cadence is not None and grace is not None:
        long_ago = profile.checked_at <= now - (cadence - grace)
    query = (
        select(tables.profile, func.coalesce(person.name, "").label("person"), person.tags)
        .join_from(tables.profile, tables.person)
        .where(
            profile.retired_at.is_(None),
            or_(profile.checked_at.is_(None), long_ago),
            or_(profile.retry_at.is_(None), profile.retry_at <= now),
        )
        .order_by(profile.id)
    )
    return [_watch(row) for row in connection.execute(query)]


def _watch(row: StoredRow) -> Watch:
    has_validators = row.etag is not None or row.last_modified is not None
    return Watch(
        profile_id=row.id,
        revision=row.revision,
        person_id=row.person_id,
        person=row.person,
        tags=tuple(row.tags),
        source=row.source,
        key=row.key,
        url=row.url,
        validators=Validators(row.etag, row.last_modified) if has_validators else None,
        body_sha256=row.body_sha256,
        parser=row.parser,
        checked_at=row.checked_at,
        last_outcome=Outcome(row.outcome) if row.outcome else None,
        unsettled=row.unsettled,
        accept_next=row.accept_next,
    )


def watch_of(connection: Connection, profile_id: int) -> Watch:
    """One profile, followed or not, as a check of it would begin. Raises StoreError when there is none."""
    profile, person = tables.profile.c, tables.person.c
    query = (
        select(tables.profile, func.coalesce(person.name, "").label("person"), person.tags)
        .join_from(tables.profile, tables.person)
        .where(profile.id == profile_id)
        .with_for_update(of=tables.profile)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise StoreError(f"there is no profile {profile_id}")
    return _watch(row)


def after_rewrite(connection: Connection, watch: Watch, done: Rewrite, *, at_end: bool) -> None:
    """The profile's state after its history was rewritten: a check that was decided before comes too late.

    Where the newest snapshot is another one now (``at_end``: the rewrite reached it), the server is not asked whether
    something has changed since the page that it gave last: that is not the page to compare with.
    """
    after: dict[str, Any] = {"revision": watch.revision + 1}
    if at_end:
        after["unsettled"] = done.known is not None and _lacks_papers(done.known)
        if done.spans_added or done.spans_gone:
            after |= {"etag": None, "last_modified": None, "body_sha256": None, "parser": done.parser}
    connection.execute(update(tables.profile).where(tables.profile.c.id == watch.profile_id).values(after))


def _lacks_papers(known: Known) -> bool:
    return known.reading.complete and any(not paper.listed and not paper.removed for paper in known.papers.values())


def claim(connection: Connection, intents: Sequence[CheckIntent]) -> list[bool]:
    """True for those intents whose profile stands where it stood when they were decided: its revision rises.

    An intent that was observed before the last check comes too late.
    """
    profile = tables.profile.c
    query = select(tables.profile).with_for_update()
    stored = {row.id: row for row in rows_in(connection, query, profile.id, [i.profile_id for i in intents])}

    def stands(intent: CheckIntent) -> bool:
        row = stored.get(intent.profile_id)
        if row is None or row.revision != intent.revision:
            return False
        return row.checked_at is None or row.checked_at < intent.observed_at

    claimed = [stands(intent) for intent in intents]
    after = [_after(intent, stored[intent.profile_id]) for intent in compress(intents, claimed)]
    update_each(connection, tables.profile, ["id"], after)
    return claimed


def _after(intent: CheckIntent, row: StoredRow) -> dict[str, Any]:
    """The profile's state after the check. Validators change only beside an accepted answer that brought a page."""
    after = {
        "id": row.id,
        "revision": row.revision + 1,
        "checked_at": intent.observed_at,
        "outcome": intent.outcome,
        "detail": intent.detail or None,
        "unsettled": intent.unsettled,
        "accept_next": row.accept_next and intent.outcome is not Outcome.OK,
        "retry_at": _retry_at(intent),
        "parser": intent.snapshot.parser if intent.snapshot else row.parser,
        "etag": row.etag,
        "last_modified": row.last_modified,
        "body_sha256": row.body_sha256,
    }
    if intent.outcome.is_good and intent.page is not None:
        validators = intent.page.validators
        after["etag"] = validators.etag
        after["last_modified"] = validators.last_modified
        after["body_sha256"] = hashlib.sha256(intent.page.body).digest()
    return after


def _retry_at(intent: CheckIntent) -> datetime | None:
    if intent.retry_after_seconds is None:
        return None
    return intent.observed_at + timedelta(seconds=min(intent.retry_after_seconds, _RETRY_MAX_SECONDS))


def log_checks(connection: Connection, intents: Sequence[CheckIntent], run_id: int) -> None:
    """One row for each check."""
    insert_rows(
        connection,
        tables.check_log,
        [
            {
                "profile_id": intent.profile_id,
                "observed_at": intent.observed_at,
                "run_id": run_id,
                "outcome": intent.outcome,
                "status": intent.status,
                "size": intent.size,
                "elapsed_ms": round(intent.elapsed_seconds * 1000),
                "detail": intent.detail or None,
            }
            for intent in intents
        ],
    )


def name_persons(connection: Connection, intents: Sequence[CheckIntent]) -> None:
    """A person who is followed without a name gets that of the first reading."""
    names = {intent.profile_id: intent.snapshot.reading.name for intent in intents if intent.snapshot is not None}
    profile, person = tables.profile.c, tables.person.c
    query = (
        select(person.id, profile.id.label("profile_id"))
        .join_from(tables.person, tables.profile)
        .where(person.name.is_(None))
        .order_by(profile.id.desc())
    )
    unnamed = {row.id: names[row.profile_id] for row in rows_in(connection, query, profile.id, names)}
    update_each(
        connection, tables.person, ["id"], [{"id": person_id, "name": name} for person_id, name in unnamed.items()]
    )


def accept_next(connection: Connection, person_id: int) -> int:
    """Mark the quarantined profiles of a person, so that their next pages are taken; how many these are."""
    profile = tables.profile.c
    statement = (
        update(tables.profile)
        .where(profile.person_id == person_id, profile.retired_at.is_(None), profile.outcome == Outcome.QUARANTINED)
        .values(accept_next=True)
    )
    return connection.execute(statement).rowcount
