"""What goes back and forth is told once, and not again for a while."""

from datetime import timedelta

from alerts.figures import moment
from alerts.recall import Recall
from tracking.event import OPERATIONAL, Event, EventKind

#: So long somebody who has heard of a value is not told of it again.
DAMPED = timedelta(days=14)
_HOSTS_DAMPED = timedelta(days=1)
#: Their sentences have times in them: what is the same is that it is down, or back.
_HOSTS = (EventKind.HOST_DOWN, EventKind.HOST_BACK)
#: A mark is passed once, and a question asked of another page each time. What is told of a source and of the program's
#: own work begins and ends: whoever finds it knows that it is another outbreak.
_NEVER = OPERATIONAL | {
    EventKind.METRIC_MILESTONE,
    EventKind.PROFILE_SUSPECT,
    EventKind.SOURCE_DRIFT,
    EventKind.SOURCE_RECOUNT,
}


def heard_before(event: Event, receiver: str, recall: Recall) -> str | None:
    """Why an event is nothing new to the receiver, in one sentence; None when it is."""
    if event.kind in _NEVER:
        return None
    of_host = event.kind in _HOSTS
    since = event.observed_at - (_HOSTS_DAMPED if of_host else DAMPED)
    for heard in recall.heard(event, receiver):
        if heard.observed_at >= since and (of_host or heard.after == event.after):
            return f"{receiver} has heard the same on {moment(heard.observed_at)}; since then it went back and forth"
    return None
