"""Which rules ask for one event, receiver by receiver, with what was told before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from alerts.case import Case, Start
from alerts.delta import is_number
from alerts.matching import Concern, Matcher, RuleSet
from alerts.recall import Recall
from alerts.subject import Subject, metric_of
from tracking.event import Event, EventKind

#: What may bring what a new paper lacked.
LATER = frozenset({EventKind.PAPER_ENRICHED, EventKind.PAPER_REVISED, EventKind.PAPER_RETITLED})


@dataclass(frozen=True, slots=True)
class Asking:
    """A rule that asks for an event, for one receiver."""

    matcher: Matcher
    case: Case
    #: When the paper was new, where the rule has waited for what the event brings.
    shown_at: datetime | None = None
    #: Until then the rule tells the receiver nothing more of the same; None: it may.
    cools_until: datetime | None = None

    @property
    def name(self) -> str:
        return self.matcher.rule.name

    @property
    def why(self) -> str:
        if self.shown_at is not None:
            return self.matcher.why_late(self.case, self.shown_at)
        return self.matcher.why(self.case)

    @property
    def start(self) -> Start:
        """What the change is measured from."""
        return self.case.start(self.matcher.within)


class Hearing:
    """One event before the rules; what does not rest on the receiver is looked at once."""

    def __init__(self, event: Event, subject: Subject, rules: RuleSet, about: Concern, recall: Recall) -> None:
        self.event = event
        self.subject = subject
        self.recall = recall
        self._rules = rules
        self._about = about
        self._on = about.on_event(event)
        self._plain = Case(event=event, subject=subject)

    def asking(self, receiver: str) -> list[Asking]:
        """The rules that ask for the event, in their order."""
        found = [Asking(matcher, self._plain) for matcher in self._forgetful if matcher.rule.notifies(receiver)]
        for matcher in self._on.remembering:
            if matcher.rule.notifies(receiver) and (one := self._remembered(matcher, receiver)) is not None:
                found.append(one)
        found += self._late(receiver, {one.name for one in found})
        return sorted(found, key=lambda one: one.matcher.position)

    def waiting(self, receiver: str) -> list[Matcher]:
        """The rules that look at a new paper again, and do not ask for it as it is."""
        if self.event.kind is not EventKind.PAPER_NEW:
            return []
        return [one for one in self._rules.waiting if one.rule.notifies(receiver) and one.could_ask(self._plain)]

    def why_not(self, matcher: Matcher) -> str:
        return matcher.why_not(self._plain)

    def near(self, receiver: str) -> list[Matcher] | None:
        """The rules on events of the kind that are about the person, the tags and the source; None: none is on it."""
        kind = self.event.kind
        near = [matcher for matcher in self._about.on(kind) if matcher.rule.notifies(receiver)]
        return near if near or any(one.rule.notifies(receiver) for one in self._rules.on(kind)) else None

    @cached_property
    def _forgetful(self) -> list[Matcher]:
        """Of the rules whose answer rests on the event alone, those that ask for it."""
        return [one for one in self._on.forgetful(self.event.paper) if one.holds(self._plain) is True]

    def _remembered(self, matcher: Matcher, receiver: str) -> Asking | None:
        """The rule, if it asks for the event measured from what it has told the receiver."""
        event, cooldown = self.event, matcher.rule.cooldown
        if event.kind is EventKind.METRIC_MILESTONE:
            # A mark is passed once: there is nothing to sum, and nothing to wait for.
            return Asking(matcher, self._plain) if matcher.asks(self._plain) else None
        last = self.recall.last_told(event, receiver, matcher.rule.name)
        case = Case(
            event=event,
            subject=self.subject,
            told=Start(last.after, last.observed_at) if last is not None and is_number(last.after) else None,
            values=self.recall.memory.values.get(metric_of(event) or "", ()),
            sums=cooldown is not None,
        )
        if not matcher.asks(case):
            return None
        until = last.observed_at + cooldown if last is not None and cooldown is not None else None
        return Asking(matcher, case, cools_until=until if until is not None and until > event.observed_at else None)

    def _late(self, receiver: str, asking: set[str]) -> Iterator[Asking]:
        """The rules that have waited for what the event brings to a paper, each of them once."""
        event, key = self.event, self.event.paper_key
        shown_at = self.recall.memory.news.get(key or "")
        if event.kind not in LATER or key is None or shown_at is None:
            return
        for matcher in self._rules.waiting:
            rule = matcher.rule
            is_in_time = rule.wait is not None and shown_at <= event.observed_at <= shown_at + rule.wait
            if (
                is_in_time
                and rule.notifies(receiver)
                and rule.name not in asking
                and event.field in matcher.paper_fields
                and not self.recall.has_told_paper(key, receiver, rule.name)
                and matcher.asks(self._plain)
            ):
                yield Asking(matcher, self._plain, shown_at=shown_at)
