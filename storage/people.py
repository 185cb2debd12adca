"""People as they are followed, with the state of their profiles."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from storage import tables
from storage.names import shown_name
from storage.rejections import rejections
from storage.snapshots import latest
from storage.statements import StoredRow
from tracking.check import Outcome
from tracking.rejection import Rejection, count_papers
from tracking.view import PersonView, ProfileView


def people(connection: Connection, *, include_retired: bool) -> list[PersonView]:
    """Everybody who is followed, by name; with the retired also people and profiles that were followed once."""
    everybody = person_views(connection)
    if not include_retired:
        everybody = [
            replace(view, profiles=tuple(profile for profile in view.profiles if profile.active))
            for view in everybody
            if view.active
        ]
    return sorted(everybody, key=lambda view: (view.name.casefold(), view.person_id))


def person_views(connection: Connection, person_id: int | None = None) -> list[PersonView]:
    """All people, or one, with all their profiles: those that are followed first."""
    profile, person = tables.profile.c, tables.person.c
    query = (
        select(tables.profile, shown_name().label("person"), person.tags)
        .join_from(tables.profile, tables.person)
        .order_by(profile.retired_at.is_not(None), profile.id)
    )
    if person_id is not None:
        query = query.where(profile.person_id == person_id)
    rows: dict[int, list[StoredRow]] = defaultdict(list)
    for row in connection.execute(query):
        rows[row.person_id].append(row)
    profile_ids = [row.id for owned in rows.values() for row in owned]
    snapshots, spoken = latest(connection, profile_ids), rejections(connection, profile_ids)
    return [
        PersonView(
            person_id=owner,
            name=owned[0].person,
            tags=tuple(owned[0].tags),
            active=owned[0].retired_at is None,
            profiles=tuple(_profile_view(row, snapshots.get(row.id), spoken.get(row.id, ())) for row in owned),
        )
        for owner, owned in rows.items()
    ]


def _profile_view(row: StoredRow, snapshot: StoredRow | None, spoken: Sequence[Rejection]) -> ProfileView:
    return ProfileView(
        profile_id=row.id,
        source=row.source,
        key=row.key,
        url=row.url,
        active=row.retired_at is None,
        checked_at=row.checked_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        detail=row.detail or "",
        observed_at=snapshot.observed_at if snapshot else None,
        confirmed_at=snapshot.confirmed_at if snapshot else None,
        rejected=count_papers(spoken),
    )
