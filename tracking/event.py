"""What changed between two snapshots, or happened to a profile: the closed list of design section 7."""

import dataclasses
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracking.reading import PaperReading

#: What a changed field held or holds: a number, a text, a list of names, or nothing known.
Value = str | int | float | bool | list[str] | None


class EventKind(StrEnum):
    PROFILE_BASELINE = "profile.baseline"
    PAPER_NEW = "paper.new"
    PAPER_LATE = "paper.late"
    PAPER_ENRICHED = "paper.enriched"
    PAPER_RETITLED = "paper.retitled"
    PAPER_REVISED = "paper.revised"
    PAPER_REMOVED = "paper.removed"
    PAPER_RETURNED = "paper.returned"
    METRIC_CHANGED = "metric.changed"
    METRIC_MILESTONE = "metric.milestone"
    """a metric passed a mark that it had never reached before"""
    METRIC_RECOUNT = "metric.recount"
    PROFILE_RENAMED = "profile.renamed"
    PROFILE_MOVED = "profile.moved"
    PROFILE_GONE = "profile.gone"
    PROFILE_SUSPECT = "profile.suspect"
    PROFILE_CORRECTED = "profile.corrected"
    """something that was told of it has been taken back"""
    SOURCE_DRIFT = "source.drift"
    """the pages of a source have another layout; of the profile whose page shows it"""
    SOURCE_RECOUNT = "source.recount"
    """many profiles of a source moved alike; of the one with the lowest id that did (field: the metric)"""
    HOST_DOWN = "host.down"
    """a host gives no answer, or (field ``robots``) lets nobody in; of the followed profile with the lowest id there"""
    HOST_BACK = "host.back"
    """that is over"""
    PROFILE_STALE = "profile.stale"
    """a profile could not be read for three times its cadence"""
    RUN_MISSED = "run.missed"
    """there was no good run for too long; like the next three of the followed profile with the lowest id"""
    CONFIG_BROKEN = "config.broken"
    """the configuration cannot be used, and a former one goes on to hold"""
    DELIVERY_FAILED = "delivery.failed"
    """a message was given up after its last try"""
    RECEIVER_OFF = "receiver.off"
    """a receiver refuses for good, and is not tried any more until somebody looks at it"""


#: What a profile has to say of its metrics.
OF_METRICS = frozenset({EventKind.METRIC_CHANGED, EventKind.METRIC_MILESTONE, EventKind.METRIC_RECOUNT})

#: What is told of the program's own work, whatever rules there are: to every receiver that no rule names for it.
OPERATIONAL = frozenset(
    {
        EventKind.PROFILE_STALE,
        EventKind.RUN_MISSED,
        EventKind.CONFIG_BROKEN,
        EventKind.DELIVERY_FAILED,
        EventKind.RECEIVER_OFF,
    }
)


#: What asks somebody to look, until it is acknowledged.
TO_BE_LOOKED_AT = OPERATIONAL | {
    EventKind.PROFILE_SUSPECT,
    EventKind.PROFILE_GONE,
    EventKind.SOURCE_DRIFT,
    EventKind.HOST_DOWN,
}


class Cause(StrEnum):
    """Why an event exists. Only ``source`` and ``enrichment`` may notify anybody."""

    SOURCE = "source"
    ENRICHMENT = "enrichment"
    IDENTITY = "identity"
    PARSER = "parser"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that changed on one profile.

    ``field`` names the metric (``citations``) or the paper's field (``score``) that moved; ``since`` is when the
    value ``before`` was first known, so that a change can be told with the time it took. ``paper`` is the paper as
    the page shows it now: rules look at it, it is not part of the event's identity.
    """

    id: str
    kind: EventKind
    cause: Cause
    profile_id: int
    observed_at: datetime
    paper_key: str | None = None
    paper_title: str | None = None
    field: str | None = None
    before: Value = None
    after: Value = None
    since: datetime | None = None
    paper: PaperReading | None = dataclasses.field(default=None, compare=False, repr=False)


def event_id(source: str, profile_key: str, kind: EventKind, subject: str, observed_at: datetime) -> str:
    """The id of an event: 16 hexadecimal digits, the same whenever the same thing is found again.

    ``subject`` is what within the profile it is about: the strongest alias of a paper as it is shown, the name of a
    metric or field, or both.
    """
    text = "\x1f".join([source, profile_key, kind, subject, observed_at.isoformat()])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def topic(event: Event) -> str:
    """What a receiver must hear of once only, however many followed people or rules lead to it.

    The same new paper on three followed profiles is one topic; everything else is a topic of its own.
    """
    if event.kind is EventKind.PAPER_NEW:
        return f"{event.kind}/{event.paper_key}"
    return event.id


def late_topic(paper_key: str, rules: Iterable[str]) -> str:
    """What a receiver must hear of once only where rules have waited for what a new paper lacked."""
    return f"{EventKind.PAPER_ENRICHED}/{paper_key}/{', '.join(sorted(rules))}"
