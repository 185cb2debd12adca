"""Events with a verdict each per receiver, and what of them waits to be delivered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from storage import tables
from storage.outbox import told
from storage.seals import seal_of_entry, seal_of_event
from storage.statements import insert_rows, rows_in, update_each
from tracking.alert import HEARD_OF, Verdict, VerdictKind
from tracking.event import Event, EventKind, topic


def record_events(
    connection: Connection,
    events: Sequence[Event],
    verdicts: Iterable[Verdict],
    paper_ids: Mapping[str, int],
    run_id: int,
    recorded_at: datetime,
) -> None:
    """Store those events that do not count yet, with the verdicts about them and the entries that wait.

    The papers' keys are settled. An event that was superseded counts again, as it is found now. A receiver that was
    told of a topic before is not told again: that verdict becomes `ALREADY_TOLD`. Several entries of one topic that all
    wait are kept, to be one item with several labels.
    """
    column = tables.event.c.id
    query = select(column, tables.event.c.superseded_at)
    recorded = {row.id: row for row in rows_in(connection, query, column, [event.id for event in events])}
    found = {
        event.id: event for event in events if event.id not in recorded or recorded[event.id].superseded_at is not None
    }
    rows = [_event_row(event, paper_ids, run_id, recorded_at) for event in found.values()]
    insert_rows(connection, tables.event, [row for row in rows if row["id"] not in recorded])
    update_each(connection, tables.event, ["id"], [row for row in rows if row["id"] in recorded])
    stands = _standing(connection, found.keys() & recorded.keys())
    about = [
        (verdict, found[verdict.event_id])
        for verdict in verdicts
        if verdict.event_id in found and (verdict.event_id, verdict.receiver) not in stands
    ]
    _forget_verdicts(connection, [verdict for verdict, _ in about if verdict.event_id in recorded])
    _record_verdicts(connection, about, paper_ids)


def tell(connection: Connection, events: Sequence[Event], verdicts: Iterable[Verdict]) -> None:
    """Store verdicts about events that are recorded, and the entries that wait. What does not count is not told."""
    column = tables.event.c.id
    query = select(column).where(tables.event.c.superseded_at.is_(None))
    counts = {row.id for row in rows_in(connection, query, column, [event.id for event in events])}
    found = {event.id: event for event in events if event.id in counts}
    stands = _standing(connection, found.keys())
    about = [
        (verdict, found[verdict.event_id])
        for verdict in verdicts
        if verdict.event_id in found and (verdict.event_id, verdict.receiver) not in stands
    ]
    _forget_verdicts(connection, [verdict for verdict, _ in about])
    _record_verdicts(connection, about, _paper_ids(connection, found.values()))


def _paper_ids(connection: Connection, events: Iterable[Event]) -> dict[str, int]:
    """The papers that the events speak of, by the keys that they had when these were found."""
    keys = {event.paper_key for event in events if event.paper_key is not None}
    paper, former = tables.paper.c, tables.former_key.c
    found = {row.text: row.paper_id for row in rows_in(connection, select(tables.former_key), former.text, keys)}
    return found | {row.key: row.id for row in rows_in(connection, select(paper.key, paper.id), paper.key, keys)}


def _standing(connection: Connection, event_ids: Collection[str]) -> set[tuple[str, str]]:
    """Event and receiver, of what waits or was told and not corrected: the verdict that led to it stays."""
    outbox = tables.outbox.c
    query = select(outbox.event_id, outbox.receiver).where(outbox.corrected_at.is_(None))
    return {(row.event_id, row.receiver) for row in rows_in(connection, query, outbox.event_id, event_ids)}


def _forget_verdicts(connection: Connection, verdicts: Collection[Verdict]) -> None:
    """Make room for other verdicts about the same events. What was delivered and corrected stays on record."""
    columns = tables.verdict.c
    if verdicts:
        connection.execute(
            delete(tables.verdict).where(
                columns.event_id == bindparam("of_event"), columns.receiver == bindparam("of_receiver")
            ),
            [{"of_event": verdict.event_id, "of_receiver": verdict.receiver} for verdict in verdicts],
        )


def _record_verdicts(
    connection: Connection, about: Sequence[tuple[Verdict, Event]], paper_ids: Mapping[str, int]
) -> None:
    known = told(
        connection,
        {_topic(verdict, event): _told_paper(event, paper_ids) for verdict, event in about if verdict.kind in HEARD_OF},
    )
    verdict_rows, outbox_rows = [], []
    for verdict, event in about:
        kind = verdict.kind
        if kind in HEARD_OF and (verdict.receiver, _topic(verdict, event)) in known:
            kind = VerdictKind.ALREADY_TOLD
        if kind in HEARD_OF:
            outbox_rows.append(_outbox_row(verdict, event))
        verdict_rows.append(
            {
                "event_id": verdict.event_id,
                "receiver": verdict.receiver,
                "kind": kind,
                "rules": verdict.rules,
                "why": verdict.why,
            }
        )
    insert_rows(connection, tables.verdict, verdict_rows)
    insert_rows(connection, tables.outbox, outbox_rows)


def _topic(verdict: Verdict, event: Event) -> str:
    return verdict.topic or topic(event)


def _told_paper(event: Event, paper_ids: Mapping[str, int]) -> int | None:
    if event.kind is EventKind.PAPER_NEW and event.paper_key is not None:
        return paper_ids[event.paper_key]
    return None


def _event_row(event: Event, paper_ids: Mapping[str, int], run_id: int, recorded_at: datetime) -> dict[str, Any]:
    row = {
        "id": event.id,
        "profile_id": event.profile_id,
        "kind": event.kind,
        "cause": event.cause,
        "paper_id": paper_ids[event.paper_key] if event.paper_key is not None else None,
        "paper_title": event.paper_title,
        "field": event.field,
        "before": event.before,
        "after": event.after,
        "since": event.since,
        "observed_at": event.observed_at,
        "recorded_at": recorded_at,
        "run_id": run_id,
        "superseded_at": None,
    }
    return row | {"seal": seal_of_event(row)}


def _outbox_row(verdict: Verdict, event: Event) -> dict[str, Any]:
    item = dict(verdict.item or {})
    if "paper_key" in item:
        # The item was worded when the key was provisional.
        item["paper_key"] = event.paper_key
    row = {
        "receiver": verdict.receiver,
        "event_id": event.id,
        "topic": _topic(verdict, event),
        "rules": verdict.rules,
        "item": item,
        "digest": verdict.kind is not VerdictKind.SENT,
        "not_before": verdict.not_before,
        "message_id": None,
    }
    return row | {"seal": seal_of_entry(row)}
