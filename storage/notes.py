"""What the program has to say of its own work, stored like what pages say."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from storage.events import record_events
from storage.last_checks import every_last_check
from tracking.alert import Verdict
from tracking.drift import LastCheck
from tracking.event import Event


def record_notes(
    connection: Connection, notes: Sequence[Event], verdicts: Sequence[Verdict], run_id: int, recorded_at: datetime
) -> None:
    """Store events that are about no paper, with the verdicts about them. One that is stored is not stored again."""
    record_events(connection, notes, verdicts, {}, run_id, recorded_at)


def profile_of_notes(connection: Connection) -> LastCheck | None:
    """The followed profile with the lowest id, of those that were checked; notes about none in particular are of it."""
    return next(iter(every_last_check(connection, limit=1)), None)
