"""Stored pages that were read again take the place of how they had been read."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, select

from storage import tables
from storage.engine import Database
from storage.neighbourhood import read_of, ref, with_page
from storage.profiles import watch_of
from storage.rewriting import Change, change
from tracking.chronicle import Edit
from tracking.event import Cause
from tracking.fold import Read, names_by_position
from tracking.reread import ReadAgain

#: Pages of one profile that are rewritten in one transaction.
_PAGES_AT_ONCE = 50


def store_again(database: Database, again: Sequence[ReadAgain], run_id: int, recorded_at: datetime) -> int:
    """Store readings of pages that are stored, and what the history is by them; how many snapshots changed.

    A page that is not stored any more, or was taken back, is passed over.
    """
    changed = 0
    ordered = sorted(again, key=lambda one: (one.profile_id, one.observed_at))
    for profile_id, group in groupby(ordered, key=lambda one: one.profile_id):
        mine = list(group)
        for start in range(0, len(mine), _PAGES_AT_ONCE):
            with database.writing() as connection:
                part = mine[start : start + _PAGES_AT_ONCE]
                changed += _store_part(connection, profile_id, part, run_id, recorded_at)
    return changed


def _store_part(
    connection: Connection, profile_id: int, again: Sequence[ReadAgain], run_id: int, recorded_at: datetime
) -> int:
    snapshot = tables.snapshot.c
    by_time = {one.observed_at: one for one in again}
    query = with_page(select(tables.snapshot)).where(
        snapshot.profile_id == profile_id, snapshot.superseded_at.is_(None), snapshot.observed_at.in_(by_time)
    )
    watch = watch_of(connection, profile_id)
    reread = {}
    for row in connection.execute(query).all():
        stored, one = read_of(connection, row), by_time[row.observed_at]
        reread[ref(row.id)] = Read(
            reading=one.reading,
            parser=one.parser,
            ref=f"again/{row.id}",
            keys=names_by_position(watch.source, one.reading, stored),
            page=stored.page,
        )
    if reread:
        asked = Change(
            edit=Edit(reread=reread), first=again[0].observed_at, last=again[-1].observed_at, cause=Cause.PARSER
        )
        change(connection, watch, asked, run_id, recorded_at)
    return len(reread)
