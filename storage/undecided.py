"""Runs that may still find that a source has counted anew: what their profiles say of metrics is not told before."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from storage import tables
from tracking.event import OF_METRICS

#: A run that has no end after so long was killed.
_LONGEST_RUN = timedelta(hours=6)


def is_undecided(now: datetime) -> ColumnElement[bool]:
    """True for rows of ``event`` about metrics whose run has not looked at all of its profiles together.

    A run that came later and has ended has looked at those of one that was killed as well.
    """
    run = tables.run.c
    ended = select(func.coalesce(func.max(run.id), 0)).where(run.kind == "track", run.finished_at.is_not(None))
    going_on = select(run.id).where(
        run.kind == "track",
        run.finished_at.is_(None),
        run.reverted_at.is_(None),
        run.now > now - _LONGEST_RUN,
        run.id > ended.scalar_subquery(),
    )
    return and_(tables.event.c.kind.in_(OF_METRICS), tables.event.c.run_id.in_(going_on))
