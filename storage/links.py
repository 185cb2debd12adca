"""Papers that are versions of one work: linked by evidence or by hand, split by hand.

The papers stay two, and so do their keys. A link says that who has heard of the one has heard of the other.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, or_, select, update

from storage import tables
from storage.errors import StoreError, UnknownPaper
from storage.statements import insert_rows, rows_in
from tracking.check import CheckIntent
from tracking.view import LinkView

_BY_HAND = "joined by hand"


def record_links(
    connection: Connection, intents: Sequence[CheckIntent], paper_ids: Mapping[str, int], run_id: int
) -> None:
    """Link what was found to belong together, unless it was before, or was split. The papers' keys are settled."""
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for intent in intents:
        for link in intent.links:
            # A key that was given up since it was read is not found: its paper is met again by its aliases.
            one, other = paper_ids.get(link.key), paper_ids.get(link.other_key)
            if one is not None and other is not None and one != other:
                pair = (min(one, other), max(one, other))
                found.setdefault(pair, {"evidence": link.evidence, "since": intent.observed_at})
    columns = tables.paper_link.c
    query = select(columns.paper_id, columns.other_id)
    known = {tuple(row) for row in rows_in(connection, query, columns.paper_id, [one for one, _ in found])}
    insert_rows(
        connection,
        tables.paper_link,
        [
            {"paper_id": one, "other_id": other, "run_id": run_id, "severed_at": None} | said
            for (one, other), said in found.items()
            if (one, other) not in known
        ],
    )


def forget_links(connection: Connection, run_id: int) -> None:
    """Take away the links that a run made. What somebody has split stays split."""
    columns = tables.paper_link.c
    connection.execute(delete(tables.paper_link).where(columns.run_id == run_id, columns.severed_at.is_(None)))


def works(connection: Connection, paper_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """By paper, itself and all that are linked to it, directly or by way of others; absent where it is alone."""
    links: dict[int, set[int]] = {}
    asked: set[int] = set()
    edge = set(paper_ids)
    while edge:
        asked |= edge
        pairs = set(_pairs(connection, edge))
        for one, other in pairs:
            links.setdefault(one, set()).add(other)
            links.setdefault(other, set()).add(one)
        edge = {paper_id for pair in pairs for paper_id in pair} - asked
    return {paper_id: frozenset(_reached(links, paper_id)) for paper_id in links}


def first_versions(connection: Connection) -> dict[str, str]:
    """By key of every paper that is a version of an older one, the key of the oldest."""
    columns, paper = tables.paper_link.c, tables.paper.c
    query = select(columns.paper_id, columns.other_id).where(columns.severed_at.is_(None))
    links: dict[int, set[int]] = {}
    for one, other in connection.execute(query):
        links.setdefault(one, set()).add(other)
        links.setdefault(other, set()).add(one)
    keys = {row.id: row.key for row in rows_in(connection, select(paper.id, paper.key), paper.id, links)}
    oldest = {paper_id: min(_reached(links, paper_id)) for paper_id in links}
    return {keys[paper_id]: keys[first] for paper_id, first in oldest.items() if paper_id != first}


def _pairs(connection: Connection, paper_ids: Collection[int]) -> Iterator[tuple[int, int]]:
    columns = tables.paper_link.c
    query = select(columns.paper_id, columns.other_id).where(columns.severed_at.is_(None))
    for column in (columns.paper_id, columns.other_id):
        for row in rows_in(connection, query, column, paper_ids):
            yield row.paper_id, row.other_id


def _reached(links: Mapping[int, Collection[int]], start: int) -> set[int]:
    reached = {start}
    edge = [start]
    while edge:
        further = set(links[edge.pop()]) - reached
        reached |= further
        edge += further
    return reached


# ---- what people see and do


def links(connection: Connection, person_id: int | None) -> list[LinkView]:
    """All links, or those of the papers of a person; also those that were split. The oldest first."""
    link = tables.paper_link.c
    query = _link_query().order_by(link.since, link.paper_id, link.other_id)
    if person_id is not None:
        listing, profile = tables.listing.c, tables.profile.c
        shown = (
            select(listing.paper_id)
            .join_from(tables.listing, tables.profile, profile.id == listing.profile_id)
            .where(profile.person_id == person_id)
        )
        query = query.where(or_(link.paper_id.in_(shown), link.other_id.in_(shown)))
    return [
        LinkView(
            key=row.key,
            other_key=row.other_key,
            evidence=row.evidence,
            since=row.since,
            run_id=None if row.run_id is None else str(row.run_id),
            severed_at=row.severed_at,
        )
        for row in connection.execute(query)
    ]


def _link_query() -> Select[*tuple[Any, ...]]:
    link, one, other = tables.paper_link.c, tables.paper.alias("one"), tables.paper.alias("other")
    return (
        select(tables.paper_link, one.c.key, other.c.key.label("other_key"))
        .join_from(tables.paper_link, one, one.c.id == link.paper_id)
        .join(other, other.c.id == link.other_id)
    )


def join(connection: Connection, key: str, other_key: str, now: datetime) -> bool:
    """Link two papers by hand, also where they were split; False where they are linked already.

    Raises UnknownPaper, and StoreError for one paper by two names.
    """
    pair = _pair(connection, key, other_key)
    columns = tables.paper_link.c
    is_pair = (columns.paper_id == pair["paper_id"]) & (columns.other_id == pair["other_id"])
    stored = connection.execute(select(columns.severed_at).where(is_pair)).one_or_none()
    said = {"evidence": _BY_HAND, "since": now, "run_id": None, "severed_at": None}
    if stored is None:
        connection.execute(insert(tables.paper_link).values(pair | said))
    elif stored.severed_at is not None:
        connection.execute(update(tables.paper_link).where(is_pair).values(said))
    return stored is None or stored.severed_at is not None


def split(connection: Connection, key: str, other_key: str, now: datetime) -> bool:
    """Sever the link of two papers for good: no evidence links them again. False where they were split before.

    Raises UnknownPaper, and StoreError where they are not linked, or are one paper.
    """
    pair = _pair(connection, key, other_key)
    columns = tables.paper_link.c
    is_pair = (columns.paper_id == pair["paper_id"]) & (columns.other_id == pair["other_id"])
    stored = connection.execute(select(columns.severed_at).where(is_pair)).one_or_none()
    if stored is None:
        raise StoreError(f"{key} and {other_key} are not linked{_by_way_of(connection, pair)}")
    if stored.severed_at is not None:
        return False
    connection.execute(update(tables.paper_link).where(is_pair).values(severed_at=now))
    return True


def _by_way_of(connection: Connection, pair: Mapping[str, int]) -> str:
    """What links two papers that have no link of their own, for a message."""
    work = works(connection, [pair["paper_id"]]).get(pair["paper_id"], frozenset())
    if pair["other_id"] not in work:
        return ""
    paper = tables.paper.c
    between = work - set(pair.values())
    keys = sorted(row.key for row in rows_in(connection, select(paper.key), paper.id, between))
    return f" with each other, but by way of {', '.join(keys)}"


def _pair(connection: Connection, key: str, other_key: str) -> dict[str, int]:
    one, other = _find(connection, key), _find(connection, other_key)
    if one == other:
        raise StoreError(f"{key} and {other_key} are one paper")
    return {"paper_id": min(one, other), "other_id": max(one, other)}


def _find(connection: Connection, asked: str) -> int:
    """The paper that a key means, or once meant, or that some profile shows by this alias. Raises UnknownPaper."""
    paper, former, alias = tables.paper.c, tables.former_key.c, tables.alias.c
    ways = (
        select(paper.id).where(paper.key == asked),
        select(former.paper_id).where(former.text == asked),
        select(alias.paper_id).where(alias.text == asked).distinct(),
    )
    for way in ways:
        found = list(connection.execute(way).scalars())
        if len(found) == 1:
            return int(found[0])
    raise UnknownPaper(asked)
