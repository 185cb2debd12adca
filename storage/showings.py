"""When the profiles of people who are followed at several sources began to show each paper."""

from sqlalchemy import Connection, func, select

from storage import tables
from tracking.works import Showing


def showings(connection: Connection, person_id: int | None) -> list[Showing]:
    """Of all people with profiles at two sources or more, or of one person; by profile and paper."""
    listing, profile, paper, snapshot = (
        table.c for table in (tables.listing, tables.profile, tables.paper, tables.snapshot)
    )
    several = (
        select(profile.person_id).group_by(profile.person_id).having(func.count(profile.source.distinct()) > 1)
        if person_id is None
        else select(profile.person_id).where(profile.person_id == person_id)
    )
    starts = (
        select(snapshot.profile_id, func.min(snapshot.observed_at).label("start"))
        .where(snapshot.superseded_at.is_(None))
        .group_by(snapshot.profile_id)
        .subquery()
    )
    query = (
        select(
            profile.person_id,
            paper.key,
            profile.source,
            profile.key.label("profile"),
            func.min(listing.since).label("first"),
            starts.c.start,
        )
        .join_from(tables.listing, tables.profile, profile.id == listing.profile_id)
        .join(tables.paper, paper.id == listing.paper_id)
        .join(starts, starts.c.profile_id == profile.id)
        .where(profile.person_id.in_(several))
        .group_by(profile.id, paper.id, starts.c.start)
        .order_by(profile.id, paper.id)
    )
    return [
        Showing(
            person_id=row.person_id,
            key=row.key,
            source=row.source,
            profile=row.profile,
            since=row.first,
            from_start=row.first == row.start,
        )
        for row in connection.execute(query)
    ]
