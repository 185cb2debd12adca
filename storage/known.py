"""What the accepted snapshots of a profile say, read for many profiles at once."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from storage import archive, intervals
from storage.engine import Database
from storage.readings import reading_from_bytes
from storage.snapshots import latest
from tracking.check import Known, KnownPaper

#: So many pages are decoded at a time: some 15 MB of them.
_PROFILES_AT_ONCE = 50


def read_known(database: Database, profile_ids: Sequence[int]) -> dict[int, Known]:
    """What is known of each profile; profiles without an accepted snapshot are absent."""
    known: dict[int, Known] = {}
    for start in range(0, len(profile_ids), _PROFILES_AT_ONCE):
        with database.reading() as connection:
            known |= _known(connection, profile_ids[start : start + _PROFILES_AT_ONCE])
    return known


def _known(connection: Connection, profile_ids: Collection[int]) -> dict[int, Known]:
    snapshots = latest(connection, profile_ids)
    bodies = archive.load(connection, {row.reading_id for row in snapshots.values()})
    metrics = intervals.metrics_last_shown(connection, snapshots)
    presences = intervals.presences(connection, snapshots)
    ever_shown = [presence for papers in presences.values() for presence in papers]
    aliases = intervals.aliases(connection, {presence.paper_id for presence in ever_shown})
    gone = intervals.stored_papers(connection, {one.paper_id for one in ever_shown if not one.listed})
    known = {}
    for profile_id, snapshot in snapshots.items():
        stored = reading_from_bytes(bodies[snapshot.reading_id])
        shown = stored.papers()
        known[profile_id] = Known(
            observed_at=snapshot.observed_at,
            confirmed_at=snapshot.confirmed_at,
            reading=stored.reading,
            keys=stored.keys,
            papers={
                presence.key: KnownPaper(
                    key=presence.key,
                    aliases=frozenset(aliases[presence.paper_id]),
                    paper=shown[presence.key] if presence.listed else gone[presence.paper_id],
                    listed=presence.listed,
                    missed_at=presence.missed_at,
                    removed=presence.removed,
                )
                for presence in presences[profile_id]
            },
            metrics=metrics[profile_id],
        )
    return known
