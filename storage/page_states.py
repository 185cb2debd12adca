"""How followed pages stand: when they were read last, and what keeps them from being read."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection, Select, and_, select

from storage import archive, tables
from storage.due import next_checks
from storage.names import shown_name
from storage.profiles import watches_of
from storage.snapshots import latest
from storage.statements import StoredRow, rows_in
from tracking.answer import CheckLine, PageState
from tracking.cadence import Cadences
from tracking.check import Outcome, Page
from tracking.host import RestReason
from tracking.kept import HeldPage

_CHECKS_SHOWN = 5


def page_states(connection: Connection, now: datetime) -> list[PageState]:
    """Every followed profile, in the order of their ids."""
    return _states(connection, _profiles().where(tables.profile.c.retired_at.is_(None)), now)


def pages_of(connection: Connection, person_id: int, now: datetime, cadences: Cadences | None) -> list[PageState]:
    """The followed profiles of a person, or where there are none those that were; with their last checks.

    ``cadences`` say when they are due; None: nobody knows.
    """
    profile = tables.profile.c
    mine = _profiles().where(profile.person_id == person_id)
    followed = list(connection.execute(mine.where(profile.retired_at.is_(None))))
    rows = followed or list(connection.execute(mine))
    ids = [row.id for row in rows]
    checks = {profile_id: _checks(connection, profile_id) for profile_id in ids}
    due = next_checks(connection, ids, now, cadences) if cadences is not None and followed else {}
    states = _states(connection, mine.where(profile.id.in_(ids)), now)
    return [
        replace(state, checks=checks[profile_id], due_at=due.get(profile_id))
        for profile_id, state in zip(ids, states, strict=True)
    ]


def doubted_pages(connection: Connection) -> list[HeldPage]:
    """Of each followed profile the last page that was not believed, if it is kept.

    It waits for the owner's answer, or was answered: what became of it the profile says.
    """
    profile, check, unread = tables.profile.c, tables.check_log.c, tables.unread_page.c
    its_check = and_(check.profile_id == unread.profile_id, check.observed_at == unread.observed_at)
    query = (
        select(tables.unread_page, check.detail)
        .join_from(tables.unread_page, tables.check_log, its_check)
        .join(tables.profile, profile.id == unread.profile_id)
        .where(check.outcome == Outcome.QUARANTINED, profile.retired_at.is_(None))
        .order_by(unread.profile_id, unread.observed_at)
    )
    last = {row.profile_id: row for row in connection.execute(query)}
    bodies = archive.load_kept(connection, {row.page_id for row in last.values()})
    watches = watches_of(connection, list(last))
    return [
        HeldPage(
            watch=watches[profile_id],
            observed_at=row.observed_at,
            detail=row.detail or "",
            page=Page(url=row.url, status=row.status, headers=row.headers, body=bodies[row.page_id]),
        )
        for profile_id, row in last.items()
        if row.page_id in bodies
    ]


def _profiles() -> Select[*tuple[object, ...]]:
    return (
        select(tables.profile, shown_name().label("person"))
        .join_from(tables.profile, tables.person)
        .order_by(tables.profile.c.id)
    )


def _states(connection: Connection, query: Select[*tuple[object, ...]], now: datetime) -> list[PageState]:
    rows: Sequence[StoredRow] = connection.execute(query).all()
    snapshots = latest(connection, [row.id for row in rows])
    hosts = _resting(connection, {_host(row.url) for row in rows}, now)
    return [_state(row, snapshots.get(row.id), hosts.get(_host(row.url))) for row in rows]


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _resting(connection: Connection, names: Collection[str], now: datetime) -> dict[str, StoredRow]:
    """Those of these hosts that are left alone at ``now``."""
    host = tables.host.c
    query = select(tables.host).where(host.rest_until > now)
    return {row.host: row for row in rows_in(connection, query, host.host, names)}


def _state(row: StoredRow, snapshot: StoredRow | None, host: StoredRow | None) -> PageState:
    return PageState(
        person=row.person,
        source=row.source,
        key=row.key,
        url=row.url,
        checked_at=row.checked_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        detail=row.detail or "",
        read_at=snapshot.confirmed_at if snapshot else None,
        held_at=row.held_at,
        rest_until=host.rest_until if host else None,
        rest_reason=RestReason(host.rest_reason) if host and host.rest_reason else None,
        rest_detail=host.rest_detail if host else "",
    )


def _checks(connection: Connection, profile_id: int) -> tuple[CheckLine, ...]:
    """The last checks of a profile, the newest first."""
    check = tables.check_log.c
    query = select(tables.check_log).where(check.profile_id == profile_id).order_by(check.observed_at.desc())
    rows = connection.execute(query.limit(_CHECKS_SHOWN))
    return tuple(CheckLine(row.observed_at, Outcome(row.outcome), row.detail or "") for row in rows)
