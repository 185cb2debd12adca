"""How papers are called after a rewrite: their aliases on a profile, and their keys.

A paper's key is the strongest alias of its earliest showing, so that it does not depend on which page was recorded
first. A key that was given up is remembered for good: whoever wrote it down still finds the paper.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from storage import tables
from storage.statements import insert_rows, rows_in
from tracking.chronicle import Rewrite


def rewrite_aliases(connection: Connection, profile_id: int, done: Rewrite, paper_ids: Mapping[str, int]) -> None:
    """Write which aliases the profile shows since when."""
    alias = tables.alias.c
    texts = {*done.aliases_gone, *(text for text, _, _ in done.aliases_added)}
    for text in sorted(texts):
        connection.execute(delete(tables.alias).where(alias.profile_id == profile_id, alias.text == text))
    insert_rows(
        connection,
        tables.alias,
        [
            {"profile_id": profile_id, "text": text, "paper_id": paper_ids[key], "since": at}
            for text, key, at in done.aliases_added
        ],
    )


def rename_papers(
    connection: Connection, profile_id: int, touched: Collection[int], first_aliases: Mapping[int, str]
) -> None:
    """Note when each of the papers is shown first, and call it by the alias of that showing if it is this profile's."""
    alias, paper = tables.alias.c, tables.paper.c
    first: dict[int, tuple[datetime, int]] = {}
    # Whoever shows a paper has an alias of it from the first showing on.
    query = select(alias.paper_id, alias.profile_id, func.min(alias.since).label("at"))
    for row in rows_in(connection, query.group_by(alias.paper_id, alias.profile_id), alias.paper_id, touched):
        first[row.paper_id] = min((row.at, row.profile_id), first.get(row.paper_id, (row.at, row.profile_id)))
    for row in list(rows_in(connection, select(tables.paper), paper.id, first)):
        at, shown_by = first[row.id]
        if at != row.first_shown_at:
            connection.execute(update(tables.paper).where(paper.id == row.id).values(first_shown_at=at))
        name = first_aliases.get(row.id, row.key)
        if shown_by == profile_id and name != row.key:
            _rename(connection, row.id, row.key, name)


def _rename(connection: Connection, paper_id: int, old: str, new: str) -> None:
    """Give a paper another key, unless another paper bears it or once did."""
    paper, former = tables.paper.c, tables.former_key.c
    is_taken = connection.execute(select(paper.id).where(paper.key == new)).first() is not None
    owner = connection.execute(select(former.paper_id).where(former.text == new)).scalar()
    if is_taken or owner not in (None, paper_id):
        return
    connection.execute(delete(tables.former_key).where(former.text == new))
    connection.execute(insert(tables.former_key).values(text=old, paper_id=paper_id))
    connection.execute(update(tables.paper).where(paper.id == paper_id).values(key=new))
    # A check that was decided under the old key comes too late, whichever profile it is of.
    profile, alias = tables.profile.c, tables.alias.c
    showing = select(alias.profile_id).where(alias.paper_id == paper_id)
    connection.execute(
        update(tables.profile).where(profile.id.in_(showing)).values(revision=tables.profile.c.revision + 1)
    )
