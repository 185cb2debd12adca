"""Facts as intervals: which paper stood on a profile when, which metric had which value when."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, func, select, update

from storage import tables
from storage.statements import insert_rows
from tracking.check import CheckIntent

_profile_id = bindparam("of_profile", type_=tables.listing.c.profile_id.type)
_paper_id = bindparam("of_paper", type_=tables.listing.c.paper_id.type)
_name = bindparam("of_metric", type_=tables.metric.c.name.type)
_at = bindparam("at", type_=tables.listing.c.since.type)


def record_listings(connection: Connection, intents: Sequence[CheckIntent], paper_ids: Mapping[str, int]) -> None:
    """Begin and end the presence of papers, and note which were missed or removed."""
    listing = tables.listing.c
    of_paper = (listing.profile_id == _profile_id, listing.paper_id == _paper_id)
    other = tables.listing.alias("other")
    newest = select(func.max(other.c.since)).where(other.c.profile_id == _profile_id, other.c.paper_id == _paper_id)
    is_newest = listing.since == newest.scalar_subquery()
    change = update(tables.listing).where(*of_paper)
    for statement, field in (
        (change.where(listing.until.is_(None)).values(until=_at), "unlisted"),
        (change.where(is_newest).values(missed_at=_at), "missed"),
        (change.where(is_newest).values(removed_at=_at), "removed"),
    ):
        rows = [
            {"of_profile": intent.profile_id, "of_paper": paper_ids[key], "at": intent.observed_at}
            for intent in intents
            for key in getattr(intent, field)
        ]
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
