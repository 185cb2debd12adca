"""Papers as a page showed them when something was told of them: what rules look at, and events do not hold."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage import archive, tables
from storage.keys import present_keys
from storage.paper_rows import last_shown_from_json
from storage.statements import StoredRow, rows_in
from tracking.event import Event, EventKind
from tracking.reading import PaperReading
from tracking.reading_json import paper_from_json

#: So many readings are decoded at a time: some 6 MB of them.
_READINGS_AT_ONCE = 64

#: A profile and a time.
_Place = tuple[int, datetime]


def shown_then(connection: Connection, events: Sequence[Event]) -> dict[str, PaperReading]:
    """By id of the event, its paper; absent for events of no paper, and where the page is not known any more.

    A paper that is told to be gone is as it was shown last, without its abstract.
    """
    gone = [event for event in events if event.kind is EventKind.PAPER_REMOVED]
    shown: defaultdict[_Place, list[Event]] = defaultdict(list)
    for event in events:
        if event.paper_key is not None and event.kind is not EventKind.PAPER_REMOVED:
            shown[event.profile_id, event.observed_at].append(event)
    return _last_shown(connection, gone) | _on_their_pages(connection, shown)


def _on_their_pages(connection: Connection, shown: Mapping[_Place, Sequence[Event]]) -> dict[str, PaperReading]:
    found: dict[str, PaperReading] = {}
    snapshots = sorted(_snapshots(connection, shown), key=lambda row: (row.profile_id, row.observed_at))
    for start in range(0, len(snapshots), _READINGS_AT_ONCE):
        part = snapshots[start : start + _READINGS_AT_ONCE]
        bodies = archive.load_kept(connection, {row.reading_id for row in part})
        for row in part:
            if row.reading_id in bodies:
                events = shown[row.profile_id, row.observed_at]
                found |= _papers_of(connection, bodies[row.reading_id], events)
    return found


def _snapshots(connection: Connection, places: Collection[_Place]) -> Iterator[StoredRow]:
    if not places:
        return
    snapshot = tables.snapshot.c
    times = [at for _, at in places]
    query = select(snapshot.profile_id, snapshot.observed_at, snapshot.reading_id).where(
        snapshot.superseded_at.is_(None), snapshot.observed_at.between(min(times), max(times))
    )
    for row in rows_in(connection, query, snapshot.profile_id, (profile_id for profile_id, _ in places)):
        if (row.profile_id, row.observed_at) in places:
            yield row


def _papers_of(connection: Connection, body: bytes, events: Sequence[Event]) -> dict[str, PaperReading]:
    """What is asked for of one reading; of a paper that is shown twice the first showing counts."""
    papers: dict[str, dict[str, Any]] = {}
    for paper in json.loads(body)["papers"]:
        papers.setdefault(paper.pop("key"), paper)
    if any(event.paper_key not in papers for event in events):
        papers = _under_present_keys(connection, papers)
    return {
        event.id: paper_from_json(papers[event.paper_key])
        for event in events
        if event.paper_key is not None and event.paper_key in papers
    }


def _under_present_keys(connection: Connection, papers: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    now = present_keys(connection, papers.keys())
    found: dict[str, dict[str, Any]] = {}
    for key, paper in papers.items():
        found.setdefault(now.get(key, key), paper)
    return found


def _last_shown(connection: Connection, gone: Iterable[Event]) -> dict[str, PaperReading]:
    asked = {(event.profile_id, event.paper_key, event.observed_at): event.id for event in gone}
    listing, paper = tables.listing.c, tables.paper.c
    query = (
        select(listing.profile_id, paper.key, listing.removed_at, listing.last_shown)
        .join_from(tables.listing, tables.paper, paper.id == listing.paper_id)
        .where(listing.removed_at.is_not(None), listing.last_shown.is_not(None))
    )
    rows = rows_in(connection, query, paper.key, (key for _, key, _ in asked))
    return {
        asked[row.profile_id, row.key, row.removed_at]: last_shown_from_json(row.last_shown)
        for row in rows
        if (row.profile_id, row.key, row.removed_at) in asked
    }
