"""What the rules of a followed profile need, before they are asked in earnest: often nothing, which is soon seen."""

from functools import cached_property

from alerts.asking import LATER
from alerts.case import Case
from alerts.matching import Concern, RuleSet
from alerts.subject import Subject
from tracking.event import Event, EventKind

#: What an event says of its paper itself.
_IN_THE_EVENT = frozenset({"title"})


class RulesAbout:
    """The rules that hold for a subject."""

    def __init__(self, rules: RuleSet, subject: Subject) -> None:
        self._rules = rules
        self._subject = subject

    @cached_property
    def _about(self) -> Concern:
        return self._rules.about(self._subject)

    def may_ask(self, event: Event) -> bool:
        """False where it takes neither a memory nor a receiver to see that none of them asks for the event."""
        on = self._about.on_event(event)
        if on.remembering or self._is_waited_for(event):
            return True
        case = Case(event=event, subject=self._subject)
        return any(matcher.holds(case) is True for matcher in on.forgetful(event.paper))

    def look_back(self, event: Event) -> bool:
        """Whether one of them measures over a time how the event's metric has moved."""
        return any(matcher.within is not None for matcher in self._about.on_event(event).remembering)

    def look_at_the_page(self, event: Event) -> bool:
        """Whether one of them asks for what only the page says of the event's paper."""
        if event.paper_key is None:
            return False
        waiting = self._rules.waiting if self._is_waited_for(event) else ()
        return any(matcher.paper_fields - _IN_THE_EVENT for matcher in (*self._about.on(event.kind), *waiting))

    def _is_waited_for(self, event: Event) -> bool:
        """True where one of them may look at the event's paper again, later or now."""
        return bool(self._rules.waiting) and (event.kind is EventKind.PAPER_NEW or event.kind in LATER)
