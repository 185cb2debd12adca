"""Which profiles have another history than when a run had ended: what was recorded later, and what it moved.

Rows say which run wrote them, or when they ceased to count; a few changes leave no trace on the profile that they
reach. Then more profiles are named than would be needed, never fewer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, func, or_, select

from storage import tables
from storage.runs import run_row

#: Checks of a run of this kind add to the end of a history: what is not stored anew by them, they only confirm.
_CHECKS = "track"
#: Runs of this kind record nothing about profiles.
_DELIVERS = "deliver"
#: Runs of these kinds look at no past.
_LEAVE_NAMES = (_CHECKS, _DELIVERS, "watch")
#: A run that has no end by then was killed.
_LONGEST_RUN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """Profiles by id. ``checked`` are those whose last snapshot may have been confirmed, and that are else the same."""

    rewritten: frozenset[int]
    checked: frozenset[int]


def last_settled_run(connection: Connection) -> int:
    """The latest run of which, and of all before it, nothing more will be recorded; 0 before the first."""
    run = tables.run.c
    newest, begun = connection.execute(select(func.max(run.id), func.max(run.started_at))).one()
    if newest is None:
        return 0
    going = select(func.min(run.id)).where(
        run.finished_at.is_(None), run.kind != _DELIVERS, run.started_at > begun - _LONGEST_RUN
    )
    first_going = connection.execute(going).scalar()
    return int(newest if first_going is None else first_going - 1)


def check_run(connection: Connection, run_id: int) -> None:
    """Raises UnknownRun, which names the latest. 0 is before the first."""
    if run_id != 0:
        run_row(connection, run_id)


def changed_since(connection: Connection, run_id: int) -> ChangedSince:
    """What runs after this one did to the profiles."""
    run = tables.run.c
    begun = connection.execute(select(func.min(run.now)).where(run.id > run_id)).scalar()
    if begun is None:
        return ChangedSince(_found(connection, _never_seen()), frozenset())
    if _was_reverted(connection, begun):
        # What only confirmed a page is gone without a trace: it may have been on any profile.
        return ChangedSince(_found(connection, select(tables.profile.c.id)), frozenset())
    rewritten = frozenset().union(*(_found(connection, query) for query in _traces(run_id, begun)))
    if _renames(connection, run_id):
        rewritten |= _found(connection, _showing_renamed_papers())
    check = tables.check_log.c
    checked = _found(connection, select(check.profile_id).where(check.run_id > run_id))
    return ChangedSince(rewritten, checked - rewritten)


def _found(connection: Connection, profile_ids: Select[int]) -> frozenset[int]:
    return frozenset(connection.execute(profile_ids.distinct()).scalars())


def _was_reverted(connection: Connection, begun: datetime) -> bool:
    query = select(tables.run.c.id).where(tables.run.c.reverted_at >= begun).limit(1)
    return connection.execute(query).first() is not None


def _traces(run_id: int, begun: datetime) -> Iterator[Select[int]]:
    """Profiles of which something was stored, or ceased to count, or whose past was looked at."""
    for table in (tables.snapshot, tables.event):
        yield select(table.c.profile_id).where(or_(table.c.run_id > run_id, table.c.superseded_at >= begun))
    check, run = tables.check_log.c, tables.run.c
    yield (
        select(check.profile_id)
        .join_from(tables.check_log, tables.run, run.id == check.run_id)
        .where(check.run_id > run_id, run.kind != _CHECKS)
    )
    yield _never_seen()


def _never_seen() -> Select[int]:
    snapshot, profile = tables.snapshot.c, tables.profile.c
    seen = select(snapshot.id).where(snapshot.profile_id == profile.id, snapshot.superseded_at.is_(None))
    return select(profile.id).where(~seen.exists())


def _renames(connection: Connection, run_id: int) -> bool:
    """Whether a run after this one may have given a paper another key, on whatever profile it stands."""
    run = tables.run.c
    query = select(run.id).where(run.id > run_id, run.kind.not_in(_LEAVE_NAMES)).limit(1)
    return connection.execute(query).first() is not None


def _showing_renamed_papers() -> Select[int]:
    listing = tables.listing.c
    return select(listing.profile_id).where(listing.paper_id.in_(select(tables.former_key.c.paper_id)))
