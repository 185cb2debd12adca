"""Taking a run back: its facts go, what waits to be told goes, what was told is corrected; that it happened stays.

    one profile after the other, `storage.unrecording`: the history without the run
      | withdraw         what waits of it goes or goes over to another event; what was told and does not hold is found
      | correct          pure: from what was told to events and verdicts

All of it is one transaction: nobody ever sees half of a run.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from storage import tables
from storage.engine import Database
from storage.errors import StoreError
from storage.events import record_events
from storage.links import forget_links
from storage.runs import REVERTIBLE, begin_run, run_row
from storage.statements import StoredRow, rows_in
from storage.unrecording import unrecord, unsay
from storage.withdrawing import Correct, Withdrawn, withdraw
from tracking.alert import VerdictKind
from tracking.view import Reverted

_KIND = "revert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revert:
    """What is asked for. ``correct`` turns what was told and does not hold into events and verdicts."""

    run_id: int
    now: datetime
    correct: Correct
    #: Also a run that has no end: it may be going on.
    force: bool = False
    #: Nothing is written.
    dry_run: bool = False


def revert(database: Database, asked: Revert) -> Reverted:
    """Take back everything that a run recorded; this is a run of its own, whose end the caller writes.

    Raises UnknownRun, and StoreError for a run that recorded nothing about profiles, was taken back before, or has no
    end and is not forced.
    """
    with database.writing() as connection:
        run = run_row(connection, asked.run_id)
        _refuse(run, force=asked.force)
        by_run = begin_run(connection, _KIND, asked.now)
        snapshots = _snapshots(connection, run.id)
        profile_ids = _touched(connection, run)
        parts = [unrecord(connection, profile_id, run, by_run, asked.now) for profile_id in profile_ids]
        parts.append(unsay(connection, run.id, asked.now))
        withdrawn = withdraw(connection, parts, asked.now)
        corrections = _correct(connection, withdrawn, asked, by_run)
        forget_links(connection, run.id)
        connection.execute(update(tables.run).where(tables.run.c.id == run.id).values(reverted_at=asked.now))
        reverted = Reverted(
            run_id=str(run.id),
            by_run=None if asked.dry_run else str(by_run),
            profiles=len(profile_ids),
            snapshots=snapshots,
            events=_by_kind(connection, frozenset().union(*(part.events for part in parts))),
            waiting=withdrawn.waiting,
            messages=withdrawn.messages,
            corrections=corrections,
        )
        if asked.dry_run:
            connection.rollback()
    return reverted


def _refuse(run: StoredRow, *, force: bool) -> None:
    if run.kind == _KIND:
        raise StoreError(
            f"run {run.id} took another run back, and that is final: what still holds is recorded anew by a new run"
        )
    if run.kind not in REVERTIBLE:
        raise StoreError(f"run {run.id} is a run of {run.kind}: it recorded nothing that could be taken back")
    if run.reverted_at is not None:
        raise StoreError(f"run {run.id} was taken back on {run.reverted_at:%Y-%m-%d %H:%M} UTC already")
    if run.finished_at is None and not force:
        raise StoreError(
            f"run {run.id} of {run.now:%Y-%m-%d %H:%M} UTC has not ended: it goes on, or was killed; "
            "when you know that it does not go on, add --force"
        )


def _touched(connection: Connection, run: StoredRow) -> list[int]:
    """The profiles of which the run recorded something that counts."""
    check, snapshot = tables.check_log.c, tables.snapshot.c
    checked = select(check.profile_id).where(check.run_id == run.id)
    stored = select(snapshot.profile_id).where(snapshot.run_id == run.id, snapshot.superseded_at.is_(None))
    return sorted(connection.execute(checked.union(stored)).scalars())


def _snapshots(connection: Connection, run_id: int) -> int:
    snapshot = tables.snapshot.c
    counting = select(func.count()).where(snapshot.run_id == run_id, snapshot.superseded_at.is_(None))
    return int(connection.execute(counting).scalar_one())


def _by_kind(connection: Connection, event_ids: frozenset[str]) -> dict[str, int]:
    event = tables.event.c
    kinds = Counter(row.kind for row in rows_in(connection, select(event.kind), event.id, event_ids))
    return dict(sorted(kinds.items()))


def _correct(connection: Connection, withdrawn: Withdrawn, asked: Revert, by_run: int) -> dict[str, int]:
    """Record the corrections; how many things each receiver hears are taken back."""
    events, verdicts = asked.correct(withdrawn.told)
    record_events(connection, events, verdicts, withdrawn.paper_ids, by_run, asked.now)
    told = Counter(verdict.receiver for verdict in verdicts if verdict.kind is VerdictKind.SENT)
    return dict(sorted(told.items()))
