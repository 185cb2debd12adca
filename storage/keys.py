"""The keys that papers have today, for readings that were stored when some of them had others.

A paper's key is that of its earliest showing: it is renamed when an older snapshot is found. What was stored by then
keeps the old one.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import Connection, select

from storage import tables
from storage.errors import StoreError
from storage.intervals import Presence
from storage.readings import StoredReading
from storage.statements import rows_in


def present_keys(connection: Connection, keys: Collection[str]) -> dict[str, str]:
    """The keys of today by those of the given keys that are given up; one that still holds is absent."""
    former, paper = tables.former_key.c, tables.paper.c
    query = select(former.text, paper.key).join_from(tables.former_key, tables.paper, paper.id == former.paper_id)
    return {row.text: row.key for row in rows_in(connection, query, former.text, keys)}


def with_present_keys(
    connection: Connection,
    readings: Mapping[int, StoredReading],
    presences: Mapping[int, Collection[Presence]],
) -> dict[int, StoredReading]:
    """The readings, by profile, with the keys of ``presences``. Asks the database only for keys that have changed.

    Raises StoreError for a key by which no paper of the profile ever went.
    """
    present = {profile_id: {one.key for one in presences[profile_id]} for profile_id in readings}
    given_up = set().union(*(set(stored.keys) - present[profile_id] for profile_id, stored in readings.items()))
    now = present_keys(connection, given_up)
    for profile_id, stored in readings.items():
        for key in stored.keys:
            if now.get(key, key) not in present[profile_id]:
                raise StoreError(f"no paper of profile {profile_id} goes by {key}")
    return {
        profile_id: replace(stored, keys=tuple(now.get(key, key) for key in stored.keys))
        for profile_id, stored in readings.items()
    }
