"""All that is on record about events: what was decided for whom, and how far that has come."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, ScalarSelect, Select, select

from storage import tables
from storage.acks import acks
from storage.history import event_query, event_view
from storage.links import works
from storage.names import shown_name
from storage.receivers import receiver_states
from storage.statements import StoredRow, rows_in
from tracking.account import Account, Ack, Judged, MessageState, Passage, Reason
from tracking.alert import VerdictKind
from tracking.statements import OF_PAGES

#: Of several entries about one thing, that which has come farthest says how it stands.
_FARTHEST = (
    MessageState.DELIVERED,
    MessageState.TO_SEND,
    MessageState.RETRYING,
    MessageState.WAITING,
    MessageState.GIVEN_UP,
    MessageState.CORRECTED,
)


def accounts(connection: Connection, event_ids: Collection[str]) -> list[Account]:
    """One for each event, by the time that it was observed, then by id."""
    event, run = tables.event.c, tables.run.c
    query = (
        event_query()
        .join(tables.run, run.id == event.run_id)
        .add_columns(
            tables.profile.c.url,
            run.kind.label("run_kind"),
            run.now.label("run_at"),
            run.reverted_at.label("run_reverted_at"),
            _parser().label("parser"),
        )
    )
    rows = list(rows_in(connection, query, event.id, event_ids))
    seen = acks(connection, event_ids)
    judged = _judged(connection, rows)
    found = [_account(row, seen.get(row.id), judged[row.id]) for row in rows]
    return sorted(found, key=lambda account: (account.event.observed_at, account.event.id))


def reasons(connection: Connection, event_ids: Collection[str]) -> dict[str, list[Reason]]:
    """By event, why each receiver heard of it or did not, in the order of their names."""
    verdict = tables.verdict.c
    query = select(verdict.event_id, verdict.receiver, verdict.kind, verdict.why).order_by(verdict.receiver)
    found: dict[str, list[Reason]] = {event_id: [] for event_id in event_ids}
    for row in rows_in(connection, query, verdict.event_id, event_ids):
        found[row.event_id].append(Reason(receiver=row.receiver, kind=VerdictKind(row.kind), why=row.why))
    return found


def _parser() -> ScalarSelect[str]:
    """What read the page that an event is of: of that time, or the last before that says the same."""
    event, snapshot = tables.event.c, tables.snapshot.c
    return (
        select(snapshot.parser)
        .where(snapshot.profile_id == event.profile_id, snapshot.observed_at <= event.observed_at)
        .order_by(snapshot.observed_at.desc(), snapshot.superseded_at.is_not(None), snapshot.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _account(row: StoredRow, ack: Ack | None, judged: Iterable[Judged]) -> Account:
    return Account(
        event=event_view(row),
        url=row.url,
        since=row.since,
        run_id=str(row.run_id),
        run_kind=row.run_kind,
        run_at=row.run_at,
        run_reverted_at=row.run_reverted_at,
        superseded_at=row.superseded_at,
        parser=row.parser if row.kind in OF_PAGES else None,
        ack=ack,
        judged=tuple(judged),
    )


def _judged(connection: Connection, rows: Collection[StoredRow]) -> defaultdict[str, list[Judged]]:
    """By event, what was decided for each receiver, in the order of their names."""
    verdict = tables.verdict.c
    query = select(tables.verdict).order_by(verdict.receiver)
    verdicts = list(rows_in(connection, query, verdict.event_id, [row.id for row in rows]))
    passages = _passages(connection, [row.id for row in rows])
    left = {one.event_id for one in verdicts if one.kind == VerdictKind.ALREADY_TOLD}
    elsewhere = _passages_of_papers(connection, [row for row in rows if row.id in left])
    standing = receiver_states(connection)
    found: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in verdicts:
        own = (one.event_id, one.receiver)
        found[one.event_id].append(
            Judged(
                receiver=one.receiver,
                kind=VerdictKind(one.kind),
                rules=tuple(one.rules),
                why=one.why,
                passage=passages.get(own) or elsewhere.get(own),
                standing=standing.get(one.receiver),
            )
        )
    return found


def _passages(connection: Connection, event_ids: Iterable[str]) -> dict[tuple[str, str], Passage]:
    """By event and receiver. What was corrected and told again is told again."""
    rows = rows_in(connection, _passage_query(), tables.outbox.c.event_id, event_ids)
    return _farthest(((row.event_id, row.receiver), _passage(row)) for row in rows)


def _passages_of_papers(connection: Connection, events: Collection[StoredRow]) -> dict[tuple[str, str], Passage]:
    """By event and receiver: how another event of the same kind stands, that is about the same paper or a version."""
    papers = {row.id: row.paper_id for row in events if row.paper_id is not None}
    linked = works(connection, papers.values())
    of_paper: dict[int, list[StoredRow]] = defaultdict(list)
    versions = {version for paper_id in papers.values() for version in linked.get(paper_id, {paper_id})}
    for entry in rows_in(connection, _passage_query(), tables.event.c.paper_id, versions):
        of_paper[entry.paper_id].append(entry)
    return _farthest(
        ((row.id, entry.receiver), _passage(entry))
        for row in events
        if row.id in papers
        for version in linked.get(row.paper_id, {row.paper_id})
        for entry in of_paper[version]
        if entry.kind == row.kind
    )


def _farthest(found: Iterator[tuple[tuple[str, str], Passage]]) -> dict[tuple[str, str], Passage]:
    best: dict[tuple[str, str], Passage] = {}
    for of, passage in found:
        before = best.get(of)
        if before is None or _FARTHEST.index(passage.state) < _FARTHEST.index(before.state):
            best[of] = passage
    return best


def _passage_query() -> Select[*tuple[object, ...]]:
    outbox, message, event, profile = tables.outbox.c, tables.message.c, tables.event.c, tables.profile.c
    return (
        select(
            tables.outbox,
            message.attempts,
            message.next_try_at,
            message.last_error,
            message.delivered_at,
            message.dead_at,
            event.kind,
            event.paper_id,
            profile.source,
            shown_name().label("person"),
        )
        .join_from(tables.outbox, tables.event, event.id == outbox.event_id)
        .join(tables.profile, profile.id == event.profile_id)
        .join(tables.person)
        .outerjoin(tables.message, message.id == outbox.message_id)
        .order_by(outbox.id)
    )


def _passage(row: StoredRow) -> Passage:
    return Passage(
        event_id=row.event_id,
        person=row.person,
        source=row.source,
        digest=row.digest,
        not_before=row.not_before,
        message_id=row.message_id,
        tries=row.attempts or 0,
        next_try_at=row.next_try_at,
        last_error=row.last_error,
        delivered_at=row.delivered_at,
        given_up_at=row.dead_at,
        corrected_at=row.corrected_at,
    )
