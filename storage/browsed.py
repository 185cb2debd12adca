"""What stands on a person's page beside the state: how long each paper was there, and the pages that were kept."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select, tuple_

from storage import archive, tables
from storage.directory import has_tag
from storage.errors import UnknownPerson, UnknownSnapshot
from storage.history import person_state
from storage.names import shown_name
from storage.statements import rows_in
from tracking.check import Page
from tracking.directory import Group, GroupPaper, KeptSnapshot, Stay
from tracking.kept import KeptPage
from tracking.view import ListedPaper


def check_person(connection: Connection, person_id: int) -> None:
    """Raises UnknownPerson where there is nobody of that id."""
    if connection.execute(select(tables.profile.c.id).where(tables.profile.c.person_id == person_id)).first() is None:
        raise UnknownPerson(str(person_id), [])


def person_at(connection: Connection, source: str, key: str) -> int | None:
    """The id of the person whose profile this is; None: nobody's."""
    profile = tables.profile.c
    query = select(profile.person_id).where(profile.source == source, profile.key == key)
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


def stays(connection: Connection, person_id: int) -> dict[tuple[int, str], tuple[Stay, ...]]:
    """By profile and key of a paper, when it stood there, the oldest first."""
    listing, paper, profile = tables.listing.c, tables.paper.c, tables.profile.c
    query = (
        select(tables.listing, paper.key)
        .join_from(tables.listing, tables.paper)
        .join(tables.profile, profile.id == listing.profile_id)
        .where(profile.person_id == person_id)
        .order_by(listing.since)
    )
    found: dict[tuple[int, str], tuple[Stay, ...]] = {}
    for row in connection.execute(query):
        stay = Stay(since=row.since, until=row.until, removed=row.removed_at is not None)
        found[row.profile_id, row.key] = (*found.get((row.profile_id, row.key), ()), stay)
    return found


# ---- pages that were kept


def kept_snapshots(
    connection: Connection, person_id: int, *, before: tuple[datetime, int] | None, limit: int
) -> list[KeptSnapshot]:
    """The accepted pages of a person, the newest first; ``before`` is time and id of the last one had."""
    snapshot, profile, blob = tables.snapshot.c, tables.profile.c, tables.blob.c
    query = (
        select(tables.snapshot, profile.source, profile.key, blob.size)
        .join_from(tables.snapshot, tables.profile)
        .join(tables.blob, blob.id == snapshot.page_id)
        .where(profile.person_id == person_id, snapshot.superseded_at.is_(None))
        .order_by(snapshot.observed_at.desc(), snapshot.id.desc())
    )
    if before is not None:
        query = query.where(tuple_(snapshot.observed_at, snapshot.id) < before)
    return [
        KeptSnapshot(
            snapshot_id=row.id,
            source=row.source,
            profile=row.key,
            observed_at=row.observed_at,
            confirmed_at=row.confirmed_at,
            recorded_at=row.recorded_at,
            origin=row.origin,
            parser=row.parser,
            size=row.size,
        )
        for row in connection.execute(query.limit(limit))
    ]


def kept_page(connection: Connection, person_id: int, snapshot_id: int) -> KeptPage:
    """The page of a snapshot of this person. Raises UnknownSnapshot, ArchiveError where it is gone."""
    snapshot, profile = tables.snapshot.c, tables.profile.c
    query = (
        select(tables.snapshot, shown_name().label("person"), profile.source, profile.key, profile.url.label("of"))
        .join_from(tables.snapshot, tables.profile)
        .join(tables.person, tables.person.c.id == profile.person_id)
        .where(snapshot.id == snapshot_id, profile.person_id == person_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UnknownSnapshot(snapshot_id)
    body = archive.load(connection, [row.page_id])[row.page_id]
    return KeptPage(
        person=row.person,
        source=row.source,
        profile_key=row.key,
        profile_url=row.of,
        observed_at=row.observed_at,
        accepted=row.superseded_at is None,
        page=Page(url=row.url, status=row.status, headers=row.headers, body=body),
    )


# ---- groups


def group(connection: Connection, tag: str, *, limit: int) -> Group:
    """The followed people of a tag together, and ``limit`` of their papers: those that were shown first most lately."""
    listing, paper, profile, person = (
        tables.listing.c,
        tables.paper.c,
        tables.profile.c,
        tables.person.c,
    )
    of_group = (
        select(profile.id, profile.person_id)
        .join_from(tables.profile, tables.person, person.id == profile.person_id)
        .where(profile.retired_at.is_(None), has_tag(tag))
        .subquery("of_group")
    )
    shown = (
        select(listing.paper_id)
        .join_from(tables.listing, of_group, of_group.c.id == listing.profile_id)
        .where(listing.until.is_(None))
        .distinct()
        .subquery("shown")
    )
    # How many there are is told with each of those that are wanted: the group is put together once.
    latest = (
        select(paper.id, paper.key, func.count().over().label("papers"))
        .join_from(tables.paper, shown, shown.c.paper_id == paper.id)
        .order_by(paper.first_shown_at.desc(), paper.id.desc())
        .limit(limit)
    )
    rows = connection.execute(latest).all()
    return Group(
        tag=tag,
        papers=rows[0].papers if rows else 0,
        latest=tuple(_group_papers(connection, {row.id: row.key for row in rows}, select(of_group.c.id))),
    )


def _group_papers(connection: Connection, keys: dict[int, str], profile_ids: object) -> list[GroupPaper]:
    """The papers as some profile shows each, and all people who do, in the order of ``keys``."""
    listing, profile = tables.listing.c, tables.profile.c
    query = (
        select(listing.paper_id, listing.profile_id, profile.person_id, shown_name().label("person"))
        .join_from(tables.listing, tables.profile, profile.id == listing.profile_id)
        .join(tables.person, tables.person.c.id == profile.person_id)
        .where(listing.until.is_(None), listing.profile_id.in_(profile_ids))  # type: ignore[arg-type]
    )
    people: dict[int, dict[int, str]] = {paper_id: {} for paper_id in keys}
    shows: dict[int, tuple[int, int]] = {}
    for row in rows_in(connection, query, listing.paper_id, keys):
        people[row.paper_id][row.person_id] = row.person
        shows.setdefault(row.paper_id, (row.person_id, row.profile_id))
    listed = _listed(connection, {person_id for person_id, _ in shows.values()})
    return [
        GroupPaper(
            key=key,
            paper=listed[shows[paper_id][1], key],
            people=tuple(sorted((name, person_id) for person_id, name in people[paper_id].items())),
        )
        for paper_id, key in keys.items()
    ]


def _listed(connection: Connection, person_ids: Collection[int]) -> dict[tuple[int, str], ListedPaper]:
    return {
        (state.profile.profile_id, paper.key): paper
        for person_id in person_ids
        for state in person_state(connection, person_id, None).profiles
        for paper in state.papers
    }
