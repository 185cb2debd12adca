"""What tells whether the program is at work: its last runs, the profiles that are not read, and what was told of both.

Of a profile, only the checks since it was last read well are looked at.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, Subquery, delete, exists, func, or_, select

from storage import tables
from storage.due import activities
from storage.events import record_events
from storage.last_checks import checked_profiles, last_check
from storage.runs import run_view
from storage.statements import insert_rows
from tracking.alert import Verdict
from tracking.check import Outcome
from tracking.event import Event, EventKind
from tracking.view import RunState, RunView
from tracking.watchfulness import NEVER, Mention, RunsSoFar, Unread, was_good

_GOOD = tuple(outcome for outcome in Outcome if outcome.is_good)


def runs_so_far(connection: Connection, now: datetime) -> RunsSoFar:
    """The runs of checks up to ``now``, the newest first, down to the last good one."""
    run = tables.run.c
    query = select(tables.run).where(run.kind == "track", run.now <= now).order_by(run.id.desc())
    later: list[RunView] = []
    # Most often the first is good, and the rest need not be had.
    with connection.execute(query.execution_options(yield_per=20)) as rows:
        for row in rows:
            view = run_view(row)
            if was_good(view):
                return RunsSoFar(good=view, later=tuple(later), first_at=view.now)
            if view.state is not RunState.SKIPPED:
                later.append(view)
    return RunsSoFar(later=tuple(later), first_at=min((view.now for view in later), default=None))


def mention_of(connection: Connection, kind: EventKind, since: datetime) -> Mention:
    """What was told since a time by events of a kind that is about no profile in particular."""
    event, ack = tables.event.c, tables.ack.c
    query = (
        select(event.observed_at, ack.event_id.label("acknowledged"))
        .select_from(tables.event.outerjoin(tables.ack))
        .where(event.kind == kind, event.superseded_at.is_(None), event.observed_at > since)
    )
    return _mention(connection.execute(query))


def unread_profiles(connection: Connection, now: datetime, *, with_activity: bool) -> list[Unread]:
    """The followed profiles whose last check did not end well, in the order of their ids.

    ``with_activity``: also what has happened on them lately, which takes longer to find out.
    """
    profile = tables.profile.c
    failing = profile.outcome.not_in(_GOOD)
    rows = connection.execute(checked_profiles().add_columns(_good_at().label("good_at")).where(failing)).all()
    if not rows:
        return []
    since = select(profile.id, _good_at().label("good_at")).where(failing, profile.retired_at.is_(None)).subquery()
    first, outcomes = _checks_since(connection, since)
    mentions = _mentions(connection, since)
    active = activities(connection, now) if with_activity else {}
    return [
        Unread(
            profile=last_check(row),
            good_at=row.good_at,
            failing_since=first[row.id],
            outcomes=outcomes[row.id],
            mention=mentions.get(row.id, NEVER),
            activity=active.get(row.id),
        )
        for row in rows
    ]


def _good_at() -> ScalarSelect[Any]:
    """When the profile of the query around it was last read well by a run of checks."""
    check, run = tables.check_log.c, tables.run.c
    return (
        select(check.observed_at)
        .join_from(tables.check_log, tables.run, run.id == check.run_id)
        .where(check.profile_id == tables.profile.c.id, check.outcome.in_(_GOOD), run.kind == "track")
        .order_by(check.observed_at.desc())
        .limit(1)
        .correlate(tables.profile)
        .scalar_subquery()
    )


def _checks_since(
    connection: Connection, since: Subquery
) -> tuple[dict[int, datetime], Mapping[int, Mapping[Outcome, int]]]:
    """By profile: when the first check was since it was last read well, and how many of those ended how."""
    check, run = tables.check_log.c, tables.run.c
    query = (
        select(check.profile_id, check.outcome, func.count().label("number"), func.min(check.observed_at).label("at"))
        .join_from(since, tables.check_log, check.profile_id == since.c.id)
        .join(tables.run, run.id == check.run_id)
        .where(or_(since.c.good_at.is_(None), check.observed_at > since.c.good_at), run.kind == "track")
        .group_by(check.profile_id, check.outcome)
    )
    first: dict[int, datetime] = {}
    outcomes: defaultdict[int, Counter[Outcome]] = defaultdict(Counter)
    for row in connection.execute(query):
        first[row.profile_id] = min(row.at, first.get(row.profile_id, row.at))
        outcomes[row.profile_id][Outcome(row.outcome)] += row.number
    return first, outcomes


def _mentions(connection: Connection, since: Subquery) -> dict[int, Mention]:
    """By profile, what was told of it since it was last read well."""
    about, event, ack = tables.note_about.c, tables.event.c, tables.ack.c
    query = (
        select(about.profile_id, event.observed_at, ack.event_id.label("acknowledged"))
        .join_from(since, tables.note_about, about.profile_id == since.c.id)
        .join(tables.event, event.id == about.event_id)
        .outerjoin(tables.ack, ack.event_id == event.id)
        .where(
            event.kind == EventKind.PROFILE_STALE,
            event.superseded_at.is_(None),
            or_(since.c.good_at.is_(None), event.observed_at > since.c.good_at),
        )
    )
    told: defaultdict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        told[row.profile_id].append(row)
    return {profile_id: _mention(rows) for profile_id, rows in told.items()}


def _mention(rows: Iterable[Any]) -> Mention:
    told = list(rows)
    last = max((row.observed_at for row in told), default=None)
    return Mention(last, any(row.acknowledged is not None for row in told))


def down_hosts(connection: Connection) -> frozenset[str]:
    """The hosts that are told to be down, or to let nobody in."""
    host, event = tables.host.c, tables.event.c
    told = exists().where(event.id.in_([host.down_id, host.shut_id]), event.superseded_at.is_(None))
    return frozenset(connection.execute(select(host.host).where(told)).scalars())


def record_watch(
    connection: Connection,
    notes: Sequence[tuple[Event, Sequence[int]]],
    verdicts: Sequence[Verdict],
    run_id: int,
    recorded_at: datetime,
) -> None:
    """Store notes, each with the ids of the profiles that it tells of, and the verdicts about them."""
    record_events(connection, [event for event, _ in notes], verdicts, {}, run_id, recorded_at)
    about = tables.note_about
    connection.execute(delete(about).where(about.c.event_id.in_([event.id for event, _ in notes])))
    insert_rows(
        connection, about, [{"profile_id": one, "event_id": event.id} for event, profiles in notes for one in profiles]
    )
