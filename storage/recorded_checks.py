"""What a run has recorded about profiles: of a worker that died, nothing else tells what it did."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage import tables
from storage.statements import rows_in
from tracking.check import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCheck:
    """One check of a run, or of another run that came first."""

    url: str
    #: Empty: nobody has named the person.
    person: str
    #: None: another run has checked the profile at this time or later.
    outcome: Outcome | None
    detail: str = ""
    #: Bytes of the answer.
    size: int = 0
    #: The kinds of the events that the run found on the profile.
    events: tuple[str, ...] = ()


def recorded_checks(connection: Connection, run_id: int, profile_ids: Collection[int]) -> list[RecordedCheck]:
    """One for each of the profiles that was checked, in the order of the ids given."""
    profile, check, run, event = tables.profile.c, tables.check_log.c, tables.run.c, tables.event.c
    now = connection.execute(select(run.now).where(run.id == run_id)).scalar_one()
    of_run = select(check.profile_id, check.outcome, check.detail, check.size).where(
        check.observed_at == now, check.run_id == run_id
    )
    checks = {row.profile_id: row for row in rows_in(connection, of_run, check.profile_id, profile_ids)}
    kinds: defaultdict[int, list[str]] = defaultdict(list)
    found = select(event.profile_id, event.kind).where(event.observed_at == now, event.run_id == run_id)
    for row in rows_in(connection, found, event.profile_id, checks):
        kinds[row.profile_id].append(row.kind)
    people = select(profile.id, profile.url, profile.asked_at, tables.person.c.name).join_from(
        tables.profile, tables.person
    )
    profiles = {row.id: row for row in rows_in(connection, people, profile.id, profile_ids)}
    recorded = []
    for profile_id in profile_ids:
        of_profile, done = profiles[profile_id], checks.get(profile_id)
        if done is not None:
            recorded.append(
                RecordedCheck(
                    url=of_profile.url,
                    person=of_profile.name or "",
                    outcome=Outcome(done.outcome),
                    detail=done.detail or "",
                    size=done.size,
                    events=tuple(kinds[profile_id]),
                )
            )
        elif of_profile.asked_at is not None and of_profile.asked_at >= now:
            recorded.append(RecordedCheck(url=of_profile.url, person=of_profile.name or "", outcome=None))
    return recorded
