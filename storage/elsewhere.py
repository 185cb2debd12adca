"""What the other followed profiles of a person have shown, read for those profiles that meet a paper first."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from storage import archive, intervals, tables
from storage.keys import with_present_keys
from storage.readings import reading_from_bytes
from storage.snapshots import latest
from storage.statements import StoredRow, rows_in
from tracking.elsewhere import ShownPaper


def read_elsewhere(connection: Connection, profile_ids: Collection[int]) -> dict[int, tuple[ShownPaper, ...]]:
    """By profile, all papers of the other followed profiles of its person; absent where there are none."""
    siblings = _siblings(connection, profile_ids)
    if not siblings:
        return {}
    profiles = {row.id: row for rows in siblings.values() for row in rows}
    shown = _shown(connection, profiles)
    found = {
        profile_id: tuple(paper for row in rows for paper in shown.get(row.id, ()))
        for profile_id, rows in siblings.items()
    }
    return {profile_id: papers for profile_id, papers in found.items() if papers}


def _siblings(connection: Connection, profile_ids: Collection[int]) -> dict[int, list[StoredRow]]:
    profile, other = tables.profile.c, tables.profile.alias("other")
    query = (
        select(profile.id.label("of_profile"), other.c.id, other.c.source)
        .join_from(tables.profile, other, other.c.person_id == profile.person_id)
        .where(other.c.id != profile.id, other.c.retired_at.is_(None))
        .order_by(other.c.id)
    )
    siblings: defaultdict[int, list[StoredRow]] = defaultdict(list)
    for row in rows_in(connection, query, profile.id, profile_ids):
        siblings[row.of_profile].append(row)
    return siblings


def _shown(connection: Connection, profiles: Mapping[int, StoredRow]) -> dict[int, list[ShownPaper]]:
    snapshots = latest(connection, list(profiles))
    bodies = archive.load(connection, {row.reading_id for row in snapshots.values()})
    presences = intervals.presences(connection, snapshots)
    stored = {profile_id: reading_from_bytes(bodies[row.reading_id]) for profile_id, row in snapshots.items()}
    readings = with_present_keys(connection, stored, presences)
    aliases = _aliases(connection, {one.paper_id for papers in presences.values() for one in papers})
    found: dict[int, list[ShownPaper]] = {}
    for profile_id, papers in presences.items():
        listed = readings[profile_id].papers()
        found[profile_id] = [
            ShownPaper(
                key=one.key,
                aliases=frozenset({one.key, *aliases[one.paper_id]}),
                paper=one.last_shown or listed[one.key],
                profile_id=profile_id,
                source=profiles[profile_id].source,
                first_shown_at=one.first_seen,
            )
            for one in papers
        ]
    return found


def _aliases(connection: Connection, paper_ids: Collection[int]) -> defaultdict[int, set[str]]:
    """By paper, the aliases that any profile has shown."""
    alias = tables.alias.c
    found: defaultdict[int, set[str]] = defaultdict(set)
    for row in rows_in(connection, select(alias.paper_id, alias.text), alias.paper_id, paper_ids):
        found[row.paper_id].add(row.text)
    return found
