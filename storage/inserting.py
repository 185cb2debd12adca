"""Captures of the past, written into the history of their profile in one transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from storage import tables
from storage.engine import Database
from storage.names import shown_name
from storage.profiles import watch_of
from storage.rewriting import Change, Judge, change
from storage.spans import NewPage
from storage.statements import insert_rows
from storage.unread import forget_unread
from tracking.check import Failure, Outcome, Parsed, Watch
from tracking.chronicle import Edit, Rewrite
from tracking.event import Cause
from tracking.fold import Read
from tracking.late import Inserted, LateSighting, ProfileToFill
from tracking.rejecting import without
from tracking.rejection import rejected_at

#: Tried again when it is met again: the next parser, or the next hour, may do better.
_WORTH_ANOTHER_TRY = (Outcome.PARSE_FAILED, Outcome.UNREACHABLE, Outcome.THROTTLED, Outcome.COOLING_DOWN)


def insert_late(
    database: Database,
    profile_id: int,
    sightings: Sequence[LateSighting],
    run_id: int,
    recorded_at: datetime,
    *,
    cause: Cause | None,
    judge: Judge | None,
) -> Inserted:
    """Write sightings of one profile at their own times; the history is then as if they had come in order."""
    with database.writing() as connection:
        watch = watch_of(connection, profile_id)
        stored = _stored_times(connection, profile_id, [one.observed_at for one in sightings])
        fresh = {one.observed_at: one for one in sightings if one.observed_at not in stored}
        repeated = tuple(one.observed_at for one in sightings if fresh.get(one.observed_at) is not one)
        reads = {at: one for at, one in sorted(fresh.items()) if isinstance(one.finding, Parsed)}
        done = Rewrite()
        if reads:
            asked = _change(watch, reads, cause, judge)
            done = change(connection, watch, asked, run_id, recorded_at)
        outcomes = _outcomes(fresh, done)
        _log(connection, profile_id, run_id, fresh, outcomes, done)
        forget_unread(connection, profile_id, [at for at, (outcome, _) in outcomes.items() if outcome.is_good])
    return Inserted(outcomes=outcomes, repeated=repeated, events=done.events_added, withdrawn=done.events_gone)


def _stored_times(connection: Connection, profile_id: int, times: Sequence[datetime]) -> set[datetime]:
    check = tables.check_log.c
    query = select(check.observed_at).where(
        check.profile_id == profile_id, check.observed_at.in_(times), check.outcome.not_in(_WORTH_ANOTHER_TRY)
    )
    return set(connection.execute(query).scalars())


def _change(
    watch: Watch, sightings: Mapping[datetime, LateSighting], cause: Cause | None, judge: Judge | None
) -> Change:
    inserted: list[tuple[datetime, Read]] = []
    pages: dict[str, NewPage] = {}
    for number, (at, sighting) in enumerate(sightings.items()):
        parsed = sighting.finding
        assert isinstance(parsed, Parsed)
        ref = f"new/{number}"
        page = hashlib.sha256(parsed.page.body).digest()
        reading = without(parsed.reading, rejected_at(watch.rejections, at))
        read = Read(reading=reading, parser=parsed.parser, ref=ref, page=page, accepted=False)
        inserted.append((at, read))
        pages[ref] = NewPage(page=parsed.page, origin=sighting.origin, place=sighting.place)
    return Change(
        edit=Edit(insert=tuple(inserted)),
        first=min(sightings),
        last=max(sightings),
        pages=pages,
        cause=cause,
        judge=judge,
    )


def _outcomes(sightings: Mapping[datetime, LateSighting], done: Rewrite) -> dict[datetime, tuple[Outcome, str]]:
    starts = {span.seen[0] for span in done.spans_added}
    outcomes = {}
    for at, sighting in sightings.items():
        match sighting.finding:
            case Failure(outcome=outcome, detail=detail):
                outcomes[at] = (outcome, detail)
            case Parsed() if at in done.rejected:
                outcomes[at] = done.rejected[at]
            case Parsed():
                outcomes[at] = (Outcome.OK if at in starts else Outcome.UNCHANGED, "")
    return outcomes


def _log(
    connection: Connection,
    profile_id: int,
    run_id: int,
    sightings: Mapping[datetime, LateSighting],
    outcomes: Mapping[datetime, tuple[Outcome, str]],
    done: Rewrite,
) -> None:
    """One row for each sighting; what is not believed any more says so as well."""
    check = tables.check_log.c
    disbelieved = {at: why for at, why in done.rejected.items() if at not in sightings}
    for at, (outcome, detail) in disbelieved.items():
        connection.execute(
            tables.check_log.update()
            .where(check.profile_id == profile_id, check.observed_at == at)
            .values(outcome=outcome, detail=detail)
        )
    connection.execute(
        delete(tables.check_log).where(check.profile_id == profile_id, check.observed_at.in_(list(sightings)))
    )
    insert_rows(
        connection,
        tables.check_log,
        [
            {
                "profile_id": profile_id,
                "observed_at": at,
                "run_id": run_id,
                "outcome": outcomes[at][0],
                "status": _status(sighting.finding),
                "size": _size(sighting.finding),
                "elapsed_ms": 0,
                "detail": outcomes[at][1] or None,
            }
            for at, sighting in sightings.items()
        ],
    )


def _status(finding: Parsed | Failure) -> int | None:
    return finding.page.status if isinstance(finding, Parsed) else finding.status


def _size(finding: Parsed | Failure) -> int:
    return len(finding.page.body) if isinstance(finding, Parsed) else finding.size


def profiles_to_fill(connection: Connection, person_ids: Sequence[int] | None) -> list[ProfileToFill]:
    """The followed profiles of these people, or of everybody, with the times that need not be looked at again."""
    profile, person, check = tables.profile.c, tables.person.c, tables.check_log.c
    query = (
        select(tables.profile, shown_name().label("person"), person.tags)
        .join_from(tables.profile, tables.person)
        .where(profile.retired_at.is_(None))
        .order_by(profile.id)
    )
    if person_ids is not None:
        query = query.where(profile.person_id.in_(person_ids))
    found = []
    for row in connection.execute(query).all():
        seen = select(check.observed_at).where(check.profile_id == row.id, check.outcome.not_in(_WORTH_ANOTHER_TRY))
        found.append(
            ProfileToFill(
                profile_id=row.id,
                person_id=row.person_id,
                person=row.person,
                tags=tuple(row.tags),
                source=row.source,
                key=row.key,
                url=row.url,
                seen=frozenset(connection.execute(seen).scalars()),
            )
        )
    return found
