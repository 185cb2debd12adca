"""What the program has to say of its own work: an event like any other, for rules, verdicts and receivers alike."""

from datetime import datetime

from tracking.drift import LastCheck
from tracking.event import Cause, Event, EventKind, event_id


def note(kind: EventKind, subject: str, detail: str, profile: LastCheck, now: datetime) -> Event:
    """An event that says ``detail``, one sentence, of ``subject`` (a receiver, a message, a run).

    An event is of a profile; where it is about none of them, ``profile`` is the followed one with the lowest id.
    """
    return Event(
        id=event_id(profile.source, profile.key, kind, subject, now),
        kind=kind,
        cause=Cause.SOURCE,
        profile_id=profile.profile_id,
        observed_at=now,
        after=detail,
    )
