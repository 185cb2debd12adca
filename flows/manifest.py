"""What a run did, in numbers that add up: stored with the run, printed, attached to the flow run."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from tracking.check import CheckIntent, Known, Outcome, Parsed, Watch
from tracking.punctuality import Skip
from tracking.reread import differences
from tracking.shape import SourceShape
from tracking.sharding import ShardState
from tracking.view import RunState

#: Outcomes that are no fault of the run or the site: nobody has to do anything, or somebody was asked.
_NO_FAILURE = {Outcome.ROBOTS, Outcome.COOLING_DOWN, Outcome.QUARANTINED}

FAILURES_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedCheck:
    profile: str
    person: str
    outcome: Outcome
    detail: str

    def to_json(self) -> dict[str, Any]:
        return {"profile": self.profile, "person": self.person, "outcome": self.outcome, "detail": self.detail}


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts what was written about checks; tallies of parts add up to the tally of the whole."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    #: Checks that another process wrote first: nothing of ours was recorded.
    overtaken: int = 0
    events: Counter[str] = field(default_factory=Counter)
    hosts: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    failed: int = 0
    failures: list[FailedCheck] = field(default_factory=list)
    #: Facts that another version of the parser reads otherwise on the page that was there before.
    absorbed: int = 0
    #: What the pages show together that were read, accepted or not, by source.
    shapes: dict[str, SourceShape] = field(default_factory=dict)

    @property
    def checked(self) -> int:
        return self.outcomes.total() + self.overtaken

    def count(self, watch: Watch, intent: CheckIntent, *, written: bool) -> None:
        """Take one check in, after the store has said whether it was written."""
        self.bytes += intent.size
        self.hosts[urlsplit(watch.url).netloc] += 1
        if not written:
            self.overtaken += 1
            return
        self.outcomes[intent.outcome] += 1
        if intent.outcome is Outcome.PARSE_FAILED:
            self._shape(watch).unread += 1
        self.events.update(event.kind.value for event in intent.events)
        if is_failure(intent.outcome):
            self.failed += 1
            if len(self.failures) < FAILURES_LISTED:
                self.failures.append(
                    FailedCheck(profile=watch.url, person=watch.person, outcome=intent.outcome, detail=intent.detail)
                )

    def count_reading(self, watch: Watch, parsed: Parsed, known: Known | None, *, accepted: bool) -> None:
        """Take in a page that was read; ``known`` is what was known of its profile before."""
        before = None if known is None else known.reading
        if known is not None and parsed.previous is not None:
            if accepted:
                self.absorbed += len(differences(known.reading, known.keys, parsed.previous))
            before = parsed.previous
        self._shape(watch).count(watch, before, parsed.reading)

    def _shape(self, watch: Watch) -> SourceShape:
        return self.shapes.setdefault(watch.source, SourceShape())

    def add(self, other: "Tally") -> None:
        self.outcomes.update(other.outcomes)
        self.overtaken += other.overtaken
        self.events.update(other.events)
        self.hosts.update(other.hosts)
        self.bytes += other.bytes
        self.failed += other.failed
        self.failures = (self.failures + other.failures)[:FAILURES_LISTED]
        self.absorbed += other.absorbed
        for source, shape in other.shapes.items():
            self.shapes.setdefault(source, SourceShape()).add(shape)


def is_failure(outcome: Outcome) -> bool:
    """True when a check ended in a way that somebody may have to look at."""
    return not outcome.is_good and outcome not in _NO_FAILURE


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardPart:
    """What one shard of a run did; what it has not ``checked`` is left to the next run."""

    number: int
    state: ShardState
    hosts: int
    profiles: int
    checked: int
    #: Machine and process; None: no worker took it up.
    worker: str | None
    #: Why it failed.
    detail: str

    @property
    def left(self) -> int:
        return self.profiles - self.checked

    def to_json(self) -> dict[str, Any]:
        return {
            "shard": self.number,
            "state": self.state,
            "hosts": self.hosts,
            "profiles": self.profiles,
            "checked": self.checked,
            "left": self.left,
            "worker": self.worker,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackManifest:
    """What one `track` did.

    ``profiles`` is how many were due; the outcomes, ``overtaken`` and what its shards have left add up to it.
    """

    run_id: str
    now: datetime
    profiles: int
    tally: Tally
    elapsed_seconds: float
    #: Why it left early; None: it did not.
    skip: Skip | None = None
    #: What there is to say of a configuration that cannot be used; None: it can.
    broken: str | None = None
    #: Where it went on in shards.
    shards: tuple[ShardPart, ...] = ()

    @property
    def left(self) -> int:
        """Profiles that no shard has checked: the next run does."""
        return sum(part.left for part in self.shards)

    @property
    def is_degraded(self) -> bool:
        cut_short = any(part.left or part.state is not ShardState.DONE for part in self.shards)
        return self.tally.failed > 0 or self.broken is not None or cut_short

    @property
    def state(self) -> RunState:
        if self.skip is not None:
            return RunState.SKIPPED
        return RunState.DEGRADED if self.is_degraded else RunState.OK

    def to_json(self) -> dict[str, Any]:
        tally = self.tally
        skipped = {"skipped": {"why": self.skip.why, "detail": self.skip.detail}} if self.skip is not None else {}
        broken = {"broken": self.broken} if self.broken is not None else {}
        shards = {"left": self.left, "shards": [part.to_json() for part in self.shards]} if self.shards else {}
        return (
            {
                "kind": "track",
                "run": self.run_id,
                "now": self.now.isoformat(),
                "state": self.state,
                "profiles": self.profiles,
                "outcomes": _sorted(tally.outcomes),
                "overtaken": tally.overtaken,
                "failed": tally.failed,
                "failures": [failure.to_json() for failure in tally.failures],
                "events": _sorted(tally.events),
                "absorbed": tally.absorbed,
                "hosts": _sorted(tally.hosts),
                "bytes": tally.bytes,
                "elapsed_seconds": round(self.elapsed_seconds, 3),
            }
            | skipped
            | broken
            | shards
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDelivery:
    receiver: str
    message: str
    error: str
    #: None: it was given up, or waits until the receiver is switched on.
    next_try_at: datetime | None
    #: The receiver was switched off with it.
    switched_off: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "receiver": self.receiver,
            "message": self.message,
            "error": self.error,
            "next_try_at": self.next_try_at.isoformat() if self.next_try_at else None,
            "switched_off": self.switched_off,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedReceiver:
    """A receiver to which nothing goes out at a time."""

    receiver: str
    #: None: until somebody does something about it.
    until: datetime | None
    why: str

    def to_json(self) -> dict[str, Any]:
        until = self.until.isoformat() if self.until else None
        return {"receiver": self.receiver, "until": until, "why": self.why}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverManifest:
    """What one `deliver` did. ``messages`` were due; they were ``delivered``, ``waiting``, or among ``failures``."""

    run_id: str
    now: datetime
    messages: int
    delivered: int
    #: Not tried: their receiver had failed too often before them.
    waiting: int
    items: int
    failures: tuple[FailedDelivery, ...]
    #: Receivers to which nothing went out when it began.
    closed: tuple[ClosedReceiver, ...]
    elapsed_seconds: float

    @property
    def is_degraded(self) -> bool:
        return bool(self.failures)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "deliver",
            "run": self.run_id,
            "now": self.now.isoformat(),
            "state": "degraded" if self.is_degraded else "ok",
            "messages": self.messages,
            "delivered": self.delivered,
            "waiting": self.waiting,
            "items": self.items,
            "failures": [failure.to_json() for failure in self.failures],
            "closed": [each.to_json() for each in self.closed],
            "elapsed_seconds": round(self.elapsed_seconds, 3),
        }


class Manifest(Protocol):
    """What a flow did; its JSON has ``kind``, ``run``, ``now``, ``state`` and ``failures``."""

    @property
    def is_degraded(self) -> bool:
        """True when something failed that somebody may have to look at."""

    def to_json(self) -> dict[str, Any]: ...


def _sorted(counter: "Counter[Outcome] | Counter[str]") -> dict[str, int]:
    return {str(name): count for name, count in sorted(counter.items())}
