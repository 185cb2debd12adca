"""What a replay found, page by page; reports of parts add up to the report of the whole."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tracking.check import Failure, Outcome
from tracking.event import Value
from tracking.reread import Change, FactDiffers
from tracking.stored import StoredSnapshot

EXAMPLES_MAX = 5
FAILURES_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One fact of one page, before and after."""

    profile_id: int
    person: str
    profile: str
    observed_at: datetime
    paper: str | None
    before: Value
    after: Value

    def to_json(self) -> dict[str, Any]:
        return {
            "person": self.person,
            "profile": self.profile,
            "observed_at": self.observed_at.isoformat(),
            "paper": self.paper,
            "before": self.before,
            "after": self.after,
        }


@dataclass(slots=True)
class FieldReport:
    """All differences of one field. Examples are the earliest found, of as many profiles as there are."""

    changes: Counter[Change] = field(default_factory=Counter)
    profile_ids: set[int] = field(default_factory=set)
    examples: list[Example] = field(default_factory=list)

    def count(self, change: Change, example: Example) -> None:
        self.changes[change] += 1
        self.profile_ids.add(example.profile_id)
        self._show(example)

    def add(self, other: "FieldReport") -> None:
        self.changes.update(other.changes)
        self.profile_ids |= other.profile_ids
        for example in other.examples:
            self._show(example)

    def _show(self, example: Example) -> None:
        """Keep an example; when there are too many, the last goes that is not the only one of its profile."""
        shown = [one.profile_id for one in self.examples]
        if len(shown) == EXAMPLES_MAX:
            if example.profile_id in shown:
                return
            repeated = [place for place, profile_id in enumerate(shown) if profile_id in shown[:place]]
            if not repeated:
                return
            del self.examples[repeated[-1]]
        self.examples.append(example)

    def to_json(self) -> dict[str, Any]:
        counts = {change.value: self.changes[change] for change in Change}
        return counts | {
            "profiles": len(self.profile_ids),
            "examples": [example.to_json() for example in self.examples],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadablePage:
    """A page that was read once and can not be read any more."""

    person: str
    profile: str
    observed_at: datetime
    outcome: Outcome
    detail: str

    def to_json(self) -> dict[str, Any]:
        return {
            "person": self.person,
            "profile": self.profile,
            "observed_at": self.observed_at.isoformat(),
            "outcome": self.outcome,
            "detail": self.detail,
        }


@dataclass(slots=True, kw_only=True)
class UnreadReport:
    """Pages that could not be read when they came, by whether they can be now; in a recording run, how they ended."""

    readable: int = 0
    unreadable: int = 0
    recorded: Counter[Outcome] = field(default_factory=Counter)

    def count(self, *, readable: bool) -> None:
        if readable:
            self.readable += 1
        else:
            self.unreadable += 1

    def add(self, other: "UnreadReport") -> None:
        self.readable += other.readable
        self.unreadable += other.unreadable
        self.recorded.update(other.recorded)

    def to_json(self) -> dict[str, Any]:
        return {
            "readable": self.readable,
            "unreadable": self.unreadable,
            "recorded": {outcome.value: count for outcome, count in sorted(self.recorded.items())},
        }


@dataclass(slots=True, kw_only=True)
class ReplayReport:
    """Stored pages by what today's parsers say about them: the four counts add up to ``pages``.

    Pages that were never read are ``unread``, and not among these.
    """

    same: int = 0
    different: int = 0
    #: Raw page let go, nothing to read.
    retired: int = 0
    #: Why pages can not be read any more.
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    failures: list[UnreadablePage] = field(default_factory=list)
    fields: dict[str, FieldReport] = field(default_factory=dict)
    #: Pages that differ although the stored reading is by the same version of the parser.
    same_version: int = 0
    unread: UnreadReport = field(default_factory=UnreadReport)

    @property
    def failed(self) -> int:
        return self.outcomes.total()

    @property
    def pages(self) -> int:
        return self.same + self.different + self.failed + self.retired

    @property
    def facts(self) -> int:
        """Facts that differ, over all pages."""
        return sum(report.changes.total() for report in self.fields.values())

    def count_retired(self) -> None:
        self.retired += 1

    def count_failure(self, snapshot: StoredSnapshot, failure: Failure) -> None:
        self.outcomes[failure.outcome] += 1
        unreadable = UnreadablePage(
            person=snapshot.person,
            profile=_profile(snapshot),
            observed_at=snapshot.observed_at,
            outcome=failure.outcome,
            detail=failure.detail,
        )
        self.failures = [*self.failures, unreadable][:FAILURES_MAX]

    def count_reading(self, snapshot: StoredSnapshot, found: Iterable[FactDiffers], parser: str) -> None:
        """Take in one page that was read again by ``parser``, with the facts that differ."""
        is_same = True
        for fact in found:
            is_same = False
            self.fields.setdefault(fact.field, FieldReport()).count(fact.change, _example(snapshot, fact))
        if is_same:
            self.same += 1
            return
        self.different += 1
        self.same_version += snapshot.parser == parser

    def add(self, other: "ReplayReport") -> None:
        """Take in the report of the pages that come next."""
        self.same += other.same
        self.different += other.different
        self.retired += other.retired
        self.same_version += other.same_version
        self.outcomes.update(other.outcomes)
        self.failures = (self.failures + other.failures)[:FAILURES_MAX]
        for name, report in other.fields.items():
            self.fields.setdefault(name, FieldReport()).add(report)
        self.unread.add(other.unread)

    def to_json(self) -> dict[str, Any]:
        by_count = sorted(self.fields.items(), key=lambda pair: (-pair[1].changes.total(), pair[0]))
        return {
            "pages": self.pages,
            "same": self.same,
            "different": self.different,
            "failed": self.failed,
            "retired": self.retired,
            "same_version": self.same_version,
            "outcomes": {outcome.value: count for outcome, count in sorted(self.outcomes.items())},
            "facts": {name: report.changes.total() for name, report in by_count},
            "fields": [{"field": name} | report.to_json() for name, report in by_count],
            "failures": [failure.to_json() for failure in self.failures],
            "unread": self.unread.to_json(),
        }


def _example(snapshot: StoredSnapshot, fact: FactDiffers) -> Example:
    return Example(
        profile_id=snapshot.profile_id,
        person=snapshot.person,
        profile=_profile(snapshot),
        observed_at=snapshot.observed_at,
        paper=fact.paper,
        before=fact.before,
        after=fact.after,
    )


def _profile(snapshot: StoredSnapshot) -> str:
    return f"{snapshot.source}/{snapshot.profile_key}"
