"""Events with a verdict each per receiver, and what of them waits to be delivered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage import tables
from storage.outbox import told
from storage.statements import insert_rows, rows_in
from tracking.alert import Verdict, VerdictKind
from tracking.event import Event, topic

_WAITING = (VerdictKind.SENT, VerdictKind.DIGEST)


def record_events(
    connection: Connection,
    events: Sequence[Event],
    verdicts: Iterable[Verdict],
    paper_ids: Mapping[str, int],
    run_id: int,
    recorded_at: datetime,
) -> None:
    """Store those events that are not stored yet, with the verdicts about them and the entries that wait.

    The papers' keys are settled. A receiver that was told of a topic before is not told again: that verdict becomes
    `ALREADY_TOLD`. Several entries of one topic that all wait are kept, to be one item with several labels.
    """
    column = tables.event.c.id
    stored = {row.id for row in rows_in(connection, select(column), column, [event.id for event in events])}
    fresh = {event.id: event for event in events if event.id not in stored}
    insert_rows(
        connection,
        tables.event,
        [_event_row(event, paper_ids, run_id, recorded_at) for event in fresh.values()],
    )
    about = [(verdict, fresh[verdict.event_id]) for verdict in verdicts if verdict.event_id in fresh]
    known = told(connection, {topic(event) for verdict, event in about if verdict.kind in _WAITING})
    verdict_rows, outbox_rows = [], []
    for verdict, event in about:
        kind = verdict.kind
        if kind in _WAITING and (verdict.receiver, topic(event)) in known:
            kind = VerdictKind.ALREADY_TOLD
        if kind in _WAITING:
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


def _event_row(event: Event, paper_ids: Mapping[str, int], run_id: int, recorded_at: datetime) -> dict[str, Any]:
    return {
        "id": event.id,
        "profile_id": event.profile_id,
        "kind": event.kind,
        "cause": event.cause,
        "paper_id": paper_ids[event.paper_key] if event.paper_key is not None else None,
        "field": event.field,
        "before": event.before,
        "after": event.after,
        "since": event.since,
        "observed_at": event.observed_at,
        "recorded_at": recorded_at,
        "run_id": run_id,
    }


def _outbox_row(verdict: Verdict, event: Event) -> dict[str, Any]:
    item = dict(verdict.item or {})
    if "paper_key" in item:
        # The item was worded when the key was provisional.
        item["paper_key"] = event.paper_key
    return {
        "receiver": verdict.receiver,
        "event_id": event.id,
        "topic": topic(event),
        "rules": verdict.rules,
        "item": item,
        "digest": verdict.kind is VerdictKind.DIGEST,
        "not_before": verdict.not_before,
        "message_id": None,
    }
