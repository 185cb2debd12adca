"""What the accepted snapshots of a profile say, read for many profiles at once, now or as of a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, select

from storage import archive, intervals, tables
from storage.engine import Database
from storage.intervals import Presence
from storage.keys import with_present_keys
from storage.readings import reading_from_bytes
from storage.snapshots import LIVE, latest
from storage.statements import StoredRow, rows_in
from tracking.check import Known, KnownPaper, Outcome
from tracking.reading import PaperReading

#: So many pages are decoded at a time: some 15 MB of them.
_PROFILES_AT_ONCE = 50
#: The smallest step between two times that the database tells apart.
_INSTANT = timedelta(microseconds=1)
_GOOD = tuple(outcome for outcome in Outcome if outcome.is_good)


def read_known(database: Database, profile_ids: Sequence[int], at: datetime | None = None) -> dict[int, Known]:
    """What is known of each profile right after a time (None: now); those without a snapshot by then are absent."""
    known: dict[int, Known] = {}
    for start in range(0, len(profile_ids), _PROFILES_AT_ONCE):
        with database.reading() as connection:
            known |= _known(connection, profile_ids[start : start + _PROFILES_AT_ONCE], at)
    return known


def known_at(connection: Connection, profile_id: int, *, before: datetime) -> Known | None:
    """What a check of the profile at the time ``before`` is decided on: nothing observed then or later is in it."""
    return _known(connection, [profile_id], before - _INSTANT).get(profile_id)


def _known(connection: Connection, profile_ids: Collection[int], at: datetime | None) -> dict[int, Known]:
    snapshots = latest(connection, profile_ids, at)
    bodies = archive.load(connection, {row.reading_id for row in snapshots.values()})
    confirmed = _confirmed(connection, snapshots, at)
    archived = _archived_only(connection, snapshots)
    metrics = intervals.metrics_last_shown(connection, snapshots, at)
    highest = intervals.metrics_highest(connection, snapshots, at)
    presences = intervals.presences(connection, snapshots, at)
    aliases = intervals.aliases(connection, snapshots, at)
    stored = {profile_id: reading_from_bytes(bodies[row.reading_id]) for profile_id, row in snapshots.items()}
    readings = with_present_keys(connection, stored, presences)
    return {
        profile_id: Known(
            observed_at=row.observed_at,
            confirmed_at=confirmed[profile_id],
            reading=readings[profile_id].reading,
            keys=readings[profile_id].keys,
            papers=_papers(readings[profile_id].papers(), presences[profile_id], aliases[profile_id]),
            metrics=metrics[profile_id],
            highest=highest[profile_id],
            seen_live=profile_id not in archived,
        )
        for profile_id, row in snapshots.items()
    }


def _archived_only(connection: Connection, snapshots: Mapping[int, StoredRow]) -> set[int]:
    """Those of the profiles of which no check of our own has ever accepted a page."""
    doubtful = {profile_id for profile_id, row in snapshots.items() if row.origin != LIVE}
    check, run = tables.check_log.c, tables.run.c
    query = (
        select(check.profile_id)
        .join_from(tables.check_log, tables.run, run.id == check.run_id)
        .where(run.kind == "track", check.outcome.in_(_GOOD))
        .distinct()
    )
    return doubtful - {row.profile_id for row in rows_in(connection, query, check.profile_id, doubtful)}


def _papers(
    shown: Mapping[str, PaperReading], presences: Iterable[Presence], aliases: Mapping[int, set[str]]
) -> dict[str, KnownPaper]:
    return {
        presence.key: KnownPaper(
            key=presence.key,
            aliases=frozenset(aliases[presence.paper_id]),
            paper=presence.last_shown or shown[presence.key],
            listed=presence.listed,
            missed_at=presence.missed_at,
            removed=presence.removed,
        )
        for presence in presences
    }


def _confirmed(connection: Connection, snapshots: Mapping[int, StoredRow], at: datetime | None) -> dict[int, datetime]:
    """By profile, the last time until ``at`` (None: until now) that a good check found what the snapshot says."""
    confirmed = {profile_id: row.confirmed_at for profile_id, row in snapshots.items()}
    if at is None:
        return confirmed
    later = {row.id: row for row in snapshots.values() if row.confirmed_at > at}
    confirmed |= {row.profile_id: row.observed_at for row in later.values()}
    snapshot, check, run = tables.snapshot.c, tables.check_log.c, tables.run.c
    query = (
        select(snapshot.profile_id, func.max(check.observed_at).label("at"))
        .join_from(
            tables.snapshot,
            tables.check_log,
            and_(check.profile_id == snapshot.profile_id, check.observed_at >= snapshot.observed_at),
        )
        .join(tables.run, run.id == check.run_id)
        .where(check.observed_at <= at, check.outcome.in_(_GOOD), run.reverted_at.is_(None))
        .group_by(snapshot.profile_id)
    )
    for row in rows_in(connection, query, snapshot.id, later):
        confirmed[row.profile_id] = row.at
    return confirmed
