"""What was told of a run that is taken back, and is so all the same: since another time, or by another profile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from storage import tables
from storage.names import shown_name
from storage.statements import StoredRow, rows_in
from tracking.alert import HEARD_OF, VerdictKind
from tracking.elsewhere import is_second_showing
from tracking.event import Event, EventKind

#: They say that a paper is there: true as long as the profile shows it, whenever it began to.
ARRIVALS = (EventKind.PAPER_NEW, EventKind.PAPER_LATE)
#: The receiver is to hear of the event, or has heard of its paper.
_HEARD_OF = (*HEARD_OF, VerdictKind.ALREADY_TOLD)

#: Profile, kind, paper, field, before, after: what an event says, whenever it was seen.
_Statement = tuple[int, str, int | None, str | None, str, str]


@dataclass(frozen=True, slots=True)
class StillTrue:
    """What the profiles say without the run."""

    #: Events that came up instead, by what they say.
    _said: Mapping[_Statement, StoredRow]
    #: Profile and paper, of papers that the profile has shown at some time.
    _shown: frozenset[tuple[int, int]]
    #: By paper and receiver: an event of that paper, on whatever profile, of which the receiver has heard.
    _heard: Mapping[tuple[int, str], StoredRow]

    @classmethod
    def load(cls, connection: Connection, entries: Iterable[StoredRow], instead: Sequence[Event]) -> "StillTrue":
        """``entries`` are rows of the outbox with the facts of their events; ``instead`` are events that came up."""
        event, listing, verdict = tables.event.c, tables.listing.c, tables.verdict.c
        came_up = rows_in(connection, _event_query(), event.id, [one.id for one in instead])
        paper_ids = {row.paper_id for row in entries if row.paper_id is not None}
        shown = select(listing.profile_id, listing.paper_id)
        heard = (
            _event_query()
            .add_columns(verdict.receiver)
            .join(tables.verdict, verdict.event_id == event.id)
            .where(event.superseded_at.is_(None), event.kind == EventKind.PAPER_NEW, verdict.kind.in_(_HEARD_OF))
        )
        return cls(
            {_statement(row): row for row in came_up},
            frozenset(
                (row.profile_id, row.paper_id) for row in rows_in(connection, shown, listing.paper_id, paper_ids)
            ),
            {(row.paper_id, row.receiver): row for row in rows_in(connection, heard, event.paper_id, paper_ids)},
        )

    def holds(self, entry: StoredRow) -> bool:
        """True when what an entry says is so."""
        is_arrival = entry.kind in ARRIVALS or is_second_showing(EventKind(entry.kind), entry.field)
        if is_arrival and (entry.profile_id, entry.paper_id) in self._shown:
            return True
        return self.event_of(entry) is not None

    def event_of(self, entry: StoredRow) -> StoredRow | None:
        """An event that says the same, with ``person``, ``source`` and ``url`` of its profile."""
        same = self._said.get(_statement(entry))
        if same is None and entry.kind == EventKind.PAPER_NEW:
            return self._heard.get((entry.paper_id, entry.receiver))
        return same


def _statement(row: StoredRow) -> _Statement:
    return row.profile_id, row.kind, row.paper_id, row.field, repr(row.before), repr(row.after)


def _event_query() -> Select[*tuple[Any, ...]]:
    event, profile = tables.event.c, tables.profile.c
    return (
        select(tables.event, profile.source, profile.url, shown_name().label("person"))
        .join_from(tables.event, tables.profile, profile.id == event.profile_id)
        .join(tables.person)
    )
