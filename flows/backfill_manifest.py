"""What a backfill did, in numbers that add up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flows.backfill_plan import BackfillPlan, ProfilePlan, skips_json
from tracking.check import Outcome
from tracking.event import Event
from tracking.late import Inserted, LateSighting

FAILURES_LISTED = 20

#: A later backfill may get what these captures hold. An archived captcha or a page that is gone stays what it is.
_FAILED = (Outcome.THROTTLED, Outcome.UNREACHABLE, Outcome.COOLING_DOWN, Outcome.PARSE_FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedCapture:
    """A capture that could not be read; without a place, none of the profile's could be found out."""

    person: str
    profile: str
    place: str | None
    observed_at: datetime | None
    outcome: Outcome
    detail: str

    def to_json(self) -> dict[str, Any]:
        return {
            "person": self.person,
            "profile": self.profile,
            "place": self.place,
            "observed_at": self.observed_at.isoformat() if self.observed_at else None,
            "outcome": self.outcome,
            "detail": self.detail,
        }


@dataclass(slots=True, kw_only=True)
class FillTally:
    """Counts what came of captures; tallies of parts add up to the tally of the whole."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    #: Captures that another process recorded first.
    repeated: int = 0
    #: The events that came of it and still hold, by id.
    events: dict[str, Event] = field(default_factory=dict)
    #: Events recorded before that do not hold any more, now that more is known.
    withdrawn: int = 0
    failed: int = 0
    failures: list[FailedCapture] = field(default_factory=list)

    @property
    def captures(self) -> int:
        return self.outcomes.total() + self.repeated

    def count(self, plan: ProfilePlan, sighting: LateSighting, outcome: Outcome, detail: str) -> None:
        """Take the outcome of one capture in."""
        self.outcomes[outcome] += 1
        if outcome in _FAILED:
            self._fail(plan, outcome, detail, sighting)

    def count_events(self, inserted: Inserted, *, with_papers: bool) -> None:
        """Take in what became of the history. Papers are large, and needed only by who judges the events."""
        for event in inserted.events:
            self.events[event.id] = event if with_papers else replace(event, paper=None)
        for gone in inserted.withdrawn:
            if self.events.pop(gone, None) is None:
                self.withdrawn += 1

    def count_trouble(self, plan: ProfilePlan) -> None:
        """Take in a profile that the origin could not be asked about."""
        if plan.trouble is not None:
            self._fail(plan, Outcome.UNREACHABLE, plan.trouble, None)

    def _fail(self, plan: ProfilePlan, outcome: Outcome, detail: str, sighting: LateSighting | None) -> None:
        self.failed += 1
        if len(self.failures) < FAILURES_LISTED:
            self.failures.append(
                FailedCapture(
                    person=plan.profile.person,
                    profile=plan.profile.url,
                    place=sighting.place if sighting else None,
                    observed_at=sighting.observed_at if sighting else None,
                    outcome=outcome,
                    detail=detail,
                )
            )


def total(tallies: Sequence[FillTally]) -> FillTally:
    """The tally of the whole."""
    whole = FillTally()
    for tally in tallies:
        whole.outcomes.update(tally.outcomes)
        whole.repeated += tally.repeated
        whole.events |= tally.events
        whole.withdrawn += tally.withdrawn
        whole.failed += tally.failed
        whole.failures = (whole.failures + tally.failures)[:FAILURES_LISTED]
    return whole


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillManifest:
    """What one `backfill` did. The captures of the plan are known, or among the outcomes of the tally."""

    run_id: str
    now: datetime
    plan: BackfillPlan
    tally: FillTally
    #: Captures that were read; the others had the bytes of the one before, or were not asked for.
    reads: int
    elapsed_seconds: float

    @property
    def is_degraded(self) -> bool:
        return self.tally.failed > 0

    def to_json(self) -> dict[str, Any]:
        tally, plan = self.tally, self.plan
        kinds = Counter(event.kind.value for event in tally.events.values())
        return {
            "kind": "backfill",
            "dry_run": False,
            "run": self.run_id,
            "now": self.now.isoformat(),
            "state": "degraded" if self.is_degraded else "ok",
            "origin": plan.origin,
            "profiles": len(plan.profiles),
            "captures": plan.captures,
            "known": plan.known + tally.repeated,
            "read": self.reads,
            "outcomes": {str(outcome): tally.outcomes[outcome] for outcome in sorted(tally.outcomes)},
            "events": dict(sorted(kinds.items())),
            "withdrawn": tally.withdrawn,
            **skips_json(plan.skipped),
            "failed": tally.failed,
            "failures": [failure.to_json() for failure in tally.failures],
            "requests": plan.requests(self.reads),
            "elapsed_seconds": round(self.elapsed_seconds, 3),
        }
