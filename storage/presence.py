"""Facts as intervals: which paper stood on a profile when, which metric had which value when."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from storage import tables
from storage.paper_rows import last_shown_to_json
from storage.statements import insert_rows
from tracking.check import CheckIntent

_profile_id = bindparam("of_profile", type_=tables.listing.c.profile_id.type)
_paper_id = bindparam("of_paper", type_=tables.listing.c.paper_id.type)
_name = bindparam("of_metric", type_=tables.metric.c.name.type)
_at = bindparam("at", type_=tables.listing.c.since.type)
_last_shown = bindparam("shown", type_=tables.listing.c.last_shown.type)


def record_listings(connection: Connection, intents: Sequence[CheckIntent], paper_ids: Mapping[str, int]) -> None:
    """Begin and end the presence of papers, and note which were missed or removed."""

    def row(intent: CheckIntent, key: str) -> dict[str, Any]:
        return {"of_profile": intent.profile_id, "of_paper": paper_ids[key], "at": intent.observed_at}

    listing = tables.listing.c
    other = tables.listing.alias("other")
    newest = select(func.max(other.c.since)).where(other.c.profile_id == _profile_id, other.c.paper_id == _paper_id)
    is_newest = listing.since == newest.scalar_subquery()
    change = update(tables.listing).where(listing.profile_id == _profile_id, listing.paper_id == _paper_id)
    unlisted = [
        row(intent, key) | {"shown": last_shown_to_json(paper)}
        for intent in intents
        for key, paper in intent.unlisted.items()
    ]
    for statement, rows in (
        (change.where(listing.until.is_(None)).values(until=_at, last_shown=_last_shown), unlisted),
        (
            change.where(is_newest).values(missed_at=_at),
            [row(intent, key) for intent in intents for key in intent.missed],
        ),
        (
            change.where(is_newest).values(removed_at=_at),
            [row(intent, key) for intent in intents for key in intent.removed],
        ),
    ):
        if rows:
            connection.execute(statement, rows)
    insert_rows(
        connection,
        tables.listing,
        [
            {"profile_id": intent.profile_id, "paper_id": paper_ids[key], "since": intent.observed_at}
            for intent in intents
            for key in intent.listed
        ],
    )


def record_metrics(connection: Connection, intents: Sequence[CheckIntent]) -> None:
    """End the interval of each value that differs now, and begin the next."""
    metric = tables.metric.c
    rows = [
        {"profile_id": intent.profile_id, "name": name, "since": intent.observed_at, "value": value}
        for intent in intents
        for name, value in sorted(intent.metrics.items())
    ]
    if not rows:
        return
    connection.execute(
        update(tables.metric)
        .where(metric.profile_id == _profile_id, metric.name == _name, metric.until.is_(None))
        .values(until=_at),
        [{"of_profile": row["profile_id"], "of_metric": row["name"], "at": row["since"]} for row in rows],
    )
    insert_rows(connection, tables.metric, rows)
