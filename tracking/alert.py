"""Words that rules, the store and the receivers share: verdicts and what waits to be delivered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tracking.memory import Spells


class VerdictKind(StrEnum):
    """What was done about one event for one receiver."""

    SENT = "sent"
    """goes out with the next delivery"""
    DIGEST = "digest"
    """waits for the receiver's digest"""
    ALREADY_TOLD = "already_told"
    """the same paper was told to this receiver before, through another person"""
    CAPPED = "capped"
    """the receiver has had its fill for the day: it waits for the digest"""
    WAITING = "waiting"
    """a rule would ask for it if it had what it lacks, and looks at it again for a while"""
    COOLDOWN = "cooldown"
    """its rule told of the same lately; what happens meanwhile is summed"""
    FLAPPING = "flapping"
    """it goes back to what the receiver was told lately"""
    SILENCED = "silenced"
    """somebody has silenced it"""
    INHIBITED = "inhibited"
    """it follows from a host being down, which is told"""
    RECOUNT = "recount"
    """the whole source moved alike: that is told once"""
    DROPPED = "dropped"
    """somebody took it out of the outbox"""
    NO_RULE = "no_rule"
    """no rule of this receiver asks for it"""
    CAUSE = "cause"
    """its cause (backfill, parser, identity) never notifies"""


#: What a receiver hears of, sooner or later.
HEARD_OF = frozenset({VerdictKind.SENT, VerdictKind.DIGEST, VerdictKind.CAPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to be done about one event for one receiver, and why.

    ``rules`` are the names of the rules that asked for it, in their order in the configuration. ``item`` is the
    finished content of one entry of a message (JSON values only), None unless the kind is one of `HEARD_OF`.
    """

    event_id: str
    receiver: str
    kind: VerdictKind
    rules: tuple[str, ...] = ()
    #: One sentence: which rule fired and why, or why none did.
    why: str = ""
    #: Not to be delivered before this time.
    not_before: datetime | None = None
    #: What the receiver must hear of once only; None: as `tracking.event.topic` says.
    topic: str | None = None
    item: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """One event for one receiver that waits, or waited, to be delivered."""

    topic: str
    event_id: str
    rules: tuple[str, ...]
    item: Mapping[str, Any]
    #: Source and key of the first profile of the person that it is about: it tells people of one name apart.
    person_key: str = ""
    #: Of that person, as they are now.
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is known beside the entries of a message, by the ids of their events."""

    #: Of a metric, its most recent spells on that profile up to the event; the oldest first.
    histories: Mapping[str, Spells] = field(default_factory=dict, repr=False)
    #: Of a paper that the profile had shown before, since when.
    first_seen: Mapping[str, datetime] = field(default_factory=dict)
    #: Of a new paper, two by two: no earlier one is known that both people have shown.
    first_together: tuple[tuple[str, str], ...] = ()


#: For a message that needs no more than its entries.
NOTHING_BESIDE = Beside()


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingMessage:
    """Entries that were put together for one receiver. The id never changes, however often it is sent."""

    id: str
    receiver: str
    created_at: datetime
    #: True when it is a digest of a period, False when it goes out at once.
    digest: bool
    #: How many tries were made before this one.
    attempts: int
    entries: tuple[OutboxEntry, ...]
    beside: Beside = NOTHING_BESIDE
    #: The receiver refused an earlier try for good.
    refused: bool = False
    #: Those of the receiver's addresses that took an earlier try.
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What may go out to a receiver at one time."""

    #: Nothing at all: neither is anything put into messages.
    closed: bool = False
    #: Messages at once in 24 hours, after which what is instant waits for the digest; None: any number.
    cap: int | None = None
    #: When a digest was to go out last, since when there is one at most; and when the next is.
    period_began_at: datetime
    next_digest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something that a receiver was told and that does not hold any more."""

    event_id: str
    receiver: str
    profile_id: int
    source: str
    profile_key: str
    delivered_at: datetime
    item: Mapping[str, Any] = field(repr=False)
