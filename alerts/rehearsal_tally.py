"""The verdicts of a rehearsal, counted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from tracking.alert import HEARD_OF, VerdictKind
from tracking.event import Cause, Event, EventKind


class Tally:
    """Verdicts about what was observed from ``since`` on."""

    def __init__(self, since: datetime) -> None:
        self._since = since
        #: By receiver.
        self.of_receivers: Counter[tuple[str, VerdictKind]] = Counter()
        #: By receiver and rule: those verdicts that name rules.
        self.of_rules: Counter[tuple[str, str, VerdictKind]] = Counter()

    def count(self, event: Event, receiver: str, kind: VerdictKind, rules: Iterable[str] = (), times: int = 1) -> None:
        if event.observed_at < self._since:
            return
        self.of_receivers[receiver, kind] += times
        for rule in rules:
            self.of_rules[receiver, rule, kind] += times

    def count_unread(self, counts: Mapping[tuple[EventKind, Cause], int], receivers: Iterable[str]) -> None:
        """Count events of kinds that no rule is on, by kind and cause, and were not looked at one by one."""
        for receiver in receivers:
            for (_, cause), events in counts.items():
                self.of_receivers[receiver, unasked(cause)] += events

    def kept_back(self, receiver: str, rule: str | None = None) -> Counter[VerdictKind]:
        """Verdicts by which a receiver does not hear of something; those of one rule, or all."""
        counted: Counter[VerdictKind] = Counter()
        for kind in set(VerdictKind) - HEARD_OF:
            times = self.of_receivers[receiver, kind] if rule is None else self.of_rules[receiver, rule, kind]
            if times:
                counted[kind] = times
        return counted


def unasked(cause: Cause) -> VerdictKind:
    """The verdict where no rule asks."""
    return VerdictKind.CAUSE if cause in (Cause.PARSER, Cause.IDENTITY) else VerdictKind.NO_RULE
