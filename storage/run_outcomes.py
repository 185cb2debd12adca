"""How the checks of a run ended, by host."""

from collections import Counter
from urllib.parse import urlsplit

from sqlalchemy import Connection, and_, select

from storage import tables
from storage.runs import run_row
from tracking.check import Outcome


def outcomes_by_host(connection: Connection, run_id: int) -> dict[str, Counter[Outcome]]:
    """By host (``www.example.org``, ``127.0.0.1:8099``) as the profiles have it today. Raises UnknownRun.

    All checks of a run are of its one time, so the log is found by profile and time and not gone through.
    """
    run = run_row(connection, run_id)
    profile, check = tables.profile.c, tables.check_log.c
    its_check = and_(check.profile_id == profile.id, check.observed_at == run.now)
    query = select(profile.url, check.outcome).join_from(tables.profile, tables.check_log, its_check)
    found: dict[str, Counter[Outcome]] = {}
    for row in connection.execute(query.where(check.run_id == run.id)):
        found.setdefault(urlsplit(row.url).netloc, Counter())[Outcome(row.outcome)] += 1
    return dict(sorted(found.items()))
