"""People as they are followed, with the state of their profiles."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, select

from storage import tables
from storage.names import shown_name
from storage.rejections import rejections
from storage.snapshots import latest
from storage.statements import StoredRow, rows_in
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
    query = _query()
    if person_id is not None:
        query = query.where(tables.profile.c.person_id == person_id)
    return _views(connection, connection.execute(query))


def people_views(connection: Connection, person_ids: Collection[int]) -> list[PersonView]:
    """These people, with all their profiles: those that are followed first."""
    return _views(connection, rows_in(connection, _query(), tables.profile.c.person_id, person_ids))


def _query() -> Select[*tuple[Any, ...]]:
    profile, person = tables.profile.c, tables.person.c
    return (
        select(tables.profile, shown_name().label("person"), person.tags)
        .join_from(tables.profile, tables.person)
        .order_by(profile.retired_at.is_not(None), profile.id)
    )


def _views(connection: Connection, profiles: Iterable[StoredRow]) -> list[PersonView]:
    rows: dict[int, list[StoredRow]] = defaultdict(list)
    for row in profiles:
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
