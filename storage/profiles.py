"""The state of a profile between two checks: who may write, and what the next check starts from."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import compress
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select, update

from storage import tables
from storage.errors import StoreError
from storage.rejections import rejections, suspicion_from_json, suspicion_to_json
from storage.statements import StoredRow, insert_rows, rows_in, update_each
from tracking.check import CheckIntent, Known, Outcome, Validators, Watch
from tracking.chronicle import Rewrite
from tracking.rejection import Rejection

#: No server is believed that it wants to be left alone for longer.
_RETRY_MAX_SECONDS = 7 * 86_400


def _watch(row: StoredRow, spoken: tuple[Rejection, ...]) -> Watch:
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
        asked_about=suspicion_from_json(row.asked_about),
        rejections=spoken,
    )


def watches(connection: Connection, rows: Sequence[StoredRow]) -> list[Watch]:
    """What a check of each of these profiles begins with; ``rows`` are of `query_of_watches`."""
    spoken = rejections(connection, [row.id for row in rows])
    return [_watch(row, spoken.get(row.id, ())) for row in rows]


def watch_of(connection: Connection, profile_id: int) -> Watch:
    """One profile, followed or not, as a check of it would begin. Raises StoreError when there is none."""
    query = query_of_watches().where(tables.profile.c.id == profile_id).with_for_update(of=tables.profile)
    found = watches(connection, connection.execute(query).all())
    if not found:
        raise StoreError(f"there is no profile {profile_id}")
    return found[0]


def watches_of(connection: Connection, profile_ids: Collection[int]) -> dict[int, Watch]:
    """Profiles as checks of them would begin; those that there are not are absent."""
    query = query_of_watches().where(tables.profile.c.id.in_(profile_ids))
    return {watch.profile_id: watch for watch in watches(connection, connection.execute(query).all())}


def query_of_watches() -> Select[*tuple[Any, ...]]:
    person = tables.person.c
    return select(tables.profile, func.coalesce(person.name, "").label("person"), person.tags).join_from(
        tables.profile, tables.person
    )


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
        return row.asked_at is None or row.asked_at < intent.observed_at

    claimed = [stands(intent) for intent in intents]
    after = [_after(intent, stored[intent.profile_id]) for intent in compress(intents, claimed)]
    update_each(connection, tables.profile, ["id"], after)
    return claimed


def _after(intent: CheckIntent, row: StoredRow) -> dict[str, Any]:
    """The profile's state after the check. Validators change only beside an accepted answer that brought a page.

    What is held back stays held back while its host is left alone: the owner has been asked about it.
    """
    asked = was_asked(intent.outcome)
    stays = not asked and row.outcome == Outcome.QUARANTINED
    after = {
        "id": row.id,
        "revision": row.revision + 1,
        "checked_at": intent.observed_at,
        "asked_at": intent.observed_at if asked else row.asked_at,
        "outcome": row.outcome if stays else intent.outcome,
        "detail": row.detail if stays else intent.detail or None,
        "unsettled": intent.unsettled,
        "accept_next": row.accept_next and intent.outcome is not Outcome.OK,
        "retry_at": _retry_at(intent),
        "held_at": _held_at(intent, row),
        "asked_about": suspicion_to_json(intent.suspicion) if intent.suspicion else row.asked_about,
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


def _held_at(intent: CheckIntent, row: StoredRow) -> datetime | None:
    """A page waits for an answer until a better one comes."""
    if intent.suspicion is not None:
        return intent.observed_at
    held_at: datetime | None = row.held_at
    return None if intent.outcome.is_good else held_at


def _retry_at(intent: CheckIntent) -> datetime | None:
    if intent.retry_after_seconds is None:
        return None
    return intent.observed_at + timedelta(seconds=min(intent.retry_after_seconds, _RETRY_MAX_SECONDS))


def was_asked(outcome: Outcome) -> bool:
    """False for a check that ended before its turn came: it stays to be done."""
    return outcome is not Outcome.COOLING_DOWN


def log_checks(connection: Connection, intents: Sequence[CheckIntent], run_id: int) -> None:
    """One row for each check; it takes the place of one of the same time that asked for nothing."""
    check = tables.check_log.c
    for at in {intent.observed_at for intent in intents}:
        profile_ids = [intent.profile_id for intent in intents if intent.observed_at == at]
        before = delete(tables.check_log).where(check.observed_at == at, check.outcome == Outcome.COOLING_DOWN)
        connection.execute(before.where(check.profile_id.in_(profile_ids)))
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
                "robots": intent.robots,
                "moved_to": intent.moved_to,
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
