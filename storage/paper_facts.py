"""What is known of a paper: where it stands, what was decided about its events, and who says it is not theirs."""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, func, select

from storage import archive, intervals, tables
from storage.accounts import accounts
from storage.history import begins
from storage.intervals import Presence
from storage.keys import with_present_keys
from storage.names import shown_name
from storage.readings import reading_from_bytes
from storage.snapshots import latest
from storage.statements import rows_in
from tracking.answer import PaperFacts, RejectedFrom, Shown
from tracking.event import EventKind
from tracking.reading import PaperReading


def paper_facts(connection: Connection, paper_ids: Collection[int]) -> PaperFacts | None:
    """Of all versions of one work; None where no page that counts has it and nothing ever happened to it."""
    event, alias = tables.event.c, tables.alias.c
    about = select(event.id).where(event.kind != EventKind.PROFILE_CORRECTED)
    names = {row.text for row in rows_in(connection, select(alias.text), alias.paper_id, paper_ids)}
    facts = PaperFacts(
        shown=tuple(_shown(connection, paper_ids)),
        rejected=tuple(rejected_from(connection, names)),
        accounts=tuple(accounts(connection, [row.id for row in rows_in(connection, about, event.paper_id, paper_ids)])),
    )
    return facts if facts.shown or facts.accounts else None


def rejected_from(connection: Connection, names: Iterable[str]) -> list[RejectedFrom]:
    """Of whom a paper is not that goes by one of these names, whatever their case; what was taken back is left out."""
    rejected, profile = tables.rejected.c, tables.profile.c
    query = (
        select(profile.id, shown_name().label("person"), profile.source, profile.url, rejected.since)
        .join_from(tables.rejected, tables.profile, profile.id == rejected.profile_id)
        .join(tables.person)
        .where(
            rejected.until.is_(None),
            rejected.paper.is_not(None),
            func.lower(rejected.alias).in_({name.lower() for name in names}),
        )
        .order_by(profile.id, rejected.since.desc())
    )
    found = {row.id: row for row in connection.execute(query)}
    return [RejectedFrom(person=row.person, source=row.source, url=row.url, since=row.since) for row in found.values()]


def _shown(connection: Connection, paper_ids: Collection[int]) -> list[Shown]:
    """In the order in which the paper and its versions were first seen."""
    listing, profile = tables.listing.c, tables.profile.c
    showing = {row.profile_id for row in rows_in(connection, select(listing.profile_id), listing.paper_id, paper_ids)}
    query = select(tables.profile, shown_name().label("person")).join_from(tables.profile, tables.person)
    profiles = {row.id: row for row in rows_in(connection, query, profile.id, showing)}
    begun = begins(connection, showing)
    found = [
        Shown(
            key=presence.key,
            title=paper.title,
            published=str(paper.published) if paper.published else None,
            person=profiles[profile_id].person,
            source=profiles[profile_id].source,
            url=profiles[profile_id].url,
            first_seen=presence.first_seen,
            begins_at=begun[profile_id] or presence.first_seen,
            listed=presence.listed,
            other_parser=_has_other_parser(connection, profile_id, presence),
        )
        for profile_id, presence, paper in _presences(connection, showing)
        if presence.paper_id in paper_ids
    ]
    return sorted(found, key=lambda shown: (shown.first_seen, shown.person, shown.source))


def _presences(connection: Connection, profile_ids: Collection[int]) -> Iterator[tuple[int, Presence, PaperReading]]:
    """Every paper that one of these profiles ever showed, as it was shown there last."""
    snapshots = latest(connection, profile_ids)
    presences = intervals.presences(connection, snapshots)
    bodies = archive.load(connection, {row.reading_id for row in snapshots.values()})
    stored = {profile_id: reading_from_bytes(bodies[row.reading_id]) for profile_id, row in snapshots.items()}
    for profile_id, reading in with_present_keys(connection, stored, presences).items():
        listed = reading.papers()
        for presence in presences[profile_id]:
            yield profile_id, presence, presence.last_shown or listed[presence.key]


def _has_other_parser(connection: Connection, profile_id: int, presence: Presence) -> bool:
    """True where the first page that has the paper was read by another parser than the page before."""
    snapshot = tables.snapshot.c
    query = (
        select(snapshot.parser)
        .where(
            snapshot.profile_id == profile_id,
            snapshot.observed_at <= presence.first_seen,
            snapshot.superseded_at.is_(None),
        )
        .order_by(snapshot.observed_at.desc())
        .limit(2)
    )
    return len(set(connection.execute(query).scalars())) > 1
