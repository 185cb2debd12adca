"""Which rules ask for an event, and why, in words."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from alerts.authors import families_of
from alerts.case import Case
from alerts.condition import Condition, condition_of, condition_without_papers
from alerts.damping import DAMPED
from alerts.duration import YEAR
from alerts.figures import metric_name
from alerts.rules import Rule
from alerts.steps import movement
from alerts.subject import Subject, folded, metric_of
from alerts.where import OF_PAPERS, IfMissing, Where
from tracking.event import Event, EventKind
from tracking.memory import Reach
from tracking.reading import PaperReading

_Key = tuple[str, str]

#: ``citations_in_2025``, ``papers_in_2024``.
_OF_A_YEAR = re.compile(r"_in_\d{4}$")

#: So many sets of rules are kept for those who have the same: where all people differ, it does not pay.
_MOST_KEPT = 256

#: What happened, of events that are not about a number.
_FACTS = {
    EventKind.PROFILE_BASELINE: "the first look at a profile",
    EventKind.PAPER_NEW: "a new paper",
    EventKind.PAPER_LATE: "an older paper, listed for the first time",
    EventKind.PAPER_RETITLED: "a new title",
    EventKind.PAPER_REVISED: "a new version",
    EventKind.PAPER_REMOVED: "a paper is not listed any more",
    EventKind.PAPER_RETURNED: "a paper is listed again",
    EventKind.PROFILE_RENAMED: "a new name",
    EventKind.PROFILE_MOVED: "the profile has moved",
    EventKind.PROFILE_GONE: "the profile is gone",
    EventKind.PROFILE_SUSPECT: "a page that cannot be believed",
    EventKind.PROFILE_CORRECTED: "what was told is taken back",
    EventKind.SOURCE_DRIFT: "a source has another layout",
    EventKind.SOURCE_RECOUNT: "a source has counted anew",
    EventKind.PROFILE_STALE: "a profile was not read for long",
    EventKind.RUN_MISSED: "there was no run for long",
    EventKind.CONFIG_BROKEN: "the configuration cannot be used",
    EventKind.DELIVERY_FAILED: "a message was given up",
    EventKind.RECEIVER_OFF: "a receiver is switched off",
    EventKind.HOST_DOWN: "a host cannot be asked",
    EventKind.HOST_BACK: "a host can be asked again",
}


class Matcher:
    """A rule, made ready to be asked of many events of the kinds that it is on."""

    def __init__(self, rule: Rule, position: int = 0) -> None:
        self.rule = rule
        #: Among the rules, in their order.
        self.position = position
        conditions = list(rule.where.every())
        withins = [where.within for where in conditions if where.within is not None]
        #: The longest time within which a change is measured.
        self.within = max(withins, default=None)
        #: What it asks for rests on what it has told before.
        self.remembers = bool(withins) or rule.cooldown is not None
        #: The fields of a paper that its answer rests on.
        self.paper_fields = frozenset(field for where in conditions for field in _paper_fields(where))
        #: It asks for no other metrics; empty: for any.
        self.metrics = frozenset(map(folded, rule.where.metric))
        self._metrics = frozenset(metric for where in conditions for metric in where.metric)
        self._condition: Condition = condition_of(rule.where)
        self.holds = self._condition.holds
        #: What a paper must have one of, or else the rule does not ask for it; empty: nothing that could be looked up.
        self.keys = _keys(rule.where)
        self._without_papers: Condition = condition_without_papers(rule.where)
        asked = (rule.where.person, rule.where.tag, rule.where.source)
        self._person, self._tag, self._source = (frozenset(map(folded, names)) for names in asked)
        #: It asks for some people, tags or sources.
        self.is_picky = any(asked)

    def asks(self, case: Case) -> bool:
        """Whether the rule asks for an event. A pattern that cannot be decided in time holds."""
        return self.holds(case) is True and not self.is_unasked_year(metric_of(case.event))

    def is_about(self, subject: Subject) -> bool:
        """Whether the rule is about the person, the tags and the source, whatever else it asks."""
        return (
            (not self._person or folded(subject.person) in self._person)
            and (not self._source or folded(subject.source) in self._source)
            and (not self._tag or not self._tag.isdisjoint(map(folded, subject.tags)))
        )

    def could_ask(self, case: Case) -> bool:
        """Whether the rule would ask for the event if its paper were another."""
        return self._without_papers.holds(case) is not False

    def why(self, case: Case) -> str:
        """Why the rule asks, in one line. It may hold text of the page: it is made inert where it is shown."""
        return self._sentence(_fact(case, self.within), case)

    def why_late(self, case: Case, shown_at: datetime) -> str:
        """Why the rule asks for a paper that was new at a time, and lacked something then."""
        return f"{self._sentence(f'new paper of {shown_at:%Y-%m-%d}', case)} since today"

    def why_not(self, case: Case) -> str:
        """What keeps the rule from asking, in words."""
        if self.is_unasked_year(metric_of(case.event)):
            return f"{metric_name(case.event.field or '')} is told where a rule names it"
        return self._condition.words(case)

    def _sentence(self, fact: str, case: Case) -> str:
        return f"rule “{self.rule.name}”: {', '.join(filter(None, [fact, self._condition.words(case)]))}"

    def is_unasked_year(self, metric: str | None) -> bool:
        """Citations of a year move whenever citations do: only who names them wants to hear of both."""
        return metric is not None and metric not in self._metrics and _is_of_a_year(metric)


class RuleSet:
    """Rules that hold for somebody, each compiled once, to be found by what they are on."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        taken = frozenset(kind for rule in self.rules if not rule.leftover for kind in rule.on)
        on: defaultdict[EventKind, list[Matcher]] = defaultdict(list)
        matchers = [Matcher(rule, position) for position, rule in enumerate(self.rules) if not rule.disabled]
        for matcher in matchers:
            for kind in matcher.rule.on - taken if matcher.rule.leftover else matcher.rule.on:
                on[kind].append(matcher)
        self._on = dict(on)
        self._picky = [matcher for matcher in matchers if matcher.is_picky]
        self._about: dict[tuple[int, ...], Concern] = {}
        #: Those that look at a new paper again.
        self.waiting = tuple(matcher for matcher in matchers if matcher.rule.wait is not None)
        self.reach = _reach(matchers)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def on(self, kind: EventKind) -> Sequence[Matcher]:
        """Those that are on a kind, in the order of the rules."""
        return self._on.get(kind, ())

    def about(self, subject: Subject) -> "Concern":
        """Those that are about the person, the tags and the source; the same for all of whom the same rules are."""
        others = tuple(one.position for one in self._picky if not one.is_about(subject))
        found = self._about.get(others)
        if found is None:
            if len(self._about) >= _MOST_KEPT:
                self._about.clear()
            found = Concern(self._on, frozenset(others))
            self._about[others] = found
        return found


class Concern:
    """Of the rules that hold for somebody, those that are about a person, tags and a source."""

    def __init__(self, on: Mapping[EventKind, Sequence[Matcher]], without: Container[int]) -> None:
        self._on = {kind: [one for one in rules if one.position not in without] for kind, rules in on.items()}
        self._of: dict[tuple[EventKind, str | None], OnEvent] = {}

    def on(self, kind: EventKind) -> Sequence[Matcher]:
        """Those that are on a kind, in the order of the rules."""
        return self._on.get(kind, ())

    def on_event(self, event: Event) -> "OnEvent":
        """Those that are on its kind, without those that are about other metrics."""
        metric = metric_of(event)
        found = self._of.get((event.kind, metric))
        if found is None:
            found = OnEvent(self.on(event.kind), metric)
            self._of[event.kind, metric] = found
        return found


class OnEvent:
    """Rules on events of a kind and a metric: those whose answer rests on the event alone, and the others."""

    def __init__(self, rules: Iterable[Matcher], metric: str | None) -> None:
        near = [
            one
            for one in rules
            if metric is None
            or ((not one.metrics or folded(metric) in one.metrics) and not one.is_unasked_year(metric))
        ]
        self.remembering = tuple(one for one in near if one.remembers)
        self._any = [one for one in near if not one.remembers and not one.keys]
        self._by_key: defaultdict[_Key, list[Matcher]] = defaultdict(list)
        for one in near:
            for key in one.keys if not one.remembers else ():
                self._by_key[key].append(one)

    def forgetful(self, paper: PaperReading | None) -> Iterable[Matcher]:
        """Of those whose answer rests on the event alone, the ones that may ask for this paper."""
        if paper is None or not self._by_key:
            return self._any
        keyed = (one for key in _keys_of(paper) for one in self._by_key.get(key, ()))
        return dict.fromkeys((*self._any, *keyed))


def _keys(where: Where) -> frozenset[_Key]:
    """See `Matcher.keys`."""
    if where.if_missing is IfMissing.MATCH:
        return frozenset()
    if where.coauthor:
        return frozenset(("family", family) for family in families_of(where.coauthor))
    return frozenset(("category", folded(name)) for name in where.category)


def _keys_of(paper: PaperReading) -> Iterator[_Key]:
    if paper.category is not None:
        yield "category", folded(paper.category)
    for family in families_of(paper.authors):
        yield "family", family


def _reach(matchers: Sequence[Matcher]) -> Reach:
    """How far back these rules look."""
    if not matchers:
        return Reach()
    none = timedelta(0)
    within = max((matcher.within or none for matcher in matchers), default=none)
    wait = max((matcher.rule.wait or none for matcher in matchers), default=none)
    sums = any(matcher.rule.cooldown is not None for matcher in matchers)
    return Reach(heard=max(DAMPED, within, wait, YEAR if sums else none), values=within, news=wait)


def _paper_fields(where: Where) -> Iterator[str]:
    unasked = Where()
    for part, fields in OF_PAPERS.items():
        if getattr(where, part) != getattr(unasked, part):
            yield from fields


@lru_cache(maxsize=1024)
def _is_of_a_year(metric: str) -> bool:
    return _OF_A_YEAR.search(metric) is not None


def _fact(case: Case, within: timedelta | None) -> str:
    match case.event.kind:
        case (
            EventKind.METRIC_CHANGED | EventKind.METRIC_MILESTONE | EventKind.METRIC_RECOUNT | EventKind.PAPER_ENRICHED
        ):
            return movement(case, within)
        case kind:
            return _FACTS[kind]
