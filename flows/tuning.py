"""``rules tune``: what rules that send too much would have to ask instead, rehearsed before it is proposed.

    rehearse             which rules are over the budget, by themselves
      | knobs            pure: what can be said more strictly, level by level
      | search           rehearse a few levels at once, then a few between the two that enclose the budget
      | compare          rehearse the rule as it is beside what is proposed: what is not told any more

It writes nothing: what to write is said.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from alerts.message import Message
from alerts.rehearsal import Rehearsal
from alerts.rehearsal_budget import Budget
from alerts.rehearsal_tuning import Knob, Search, Steps, knobs_of, search
from alerts.restating import Restated, entry_of, restated
from alerts.rules import narrowed
from flows.config.whole import Settings
from flows.rehearsal_stage import Progress, Stage, Wanted
from flows.rehearsing import rehearse
from storage.store import Store

_EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One key said otherwise, by which a rule keeps within the budget."""

    change: Restated
    #: What stands there now; None: nothing does.
    instead_of: object
    #: Messages a week to the receiver that gets the most.
    messages_a_week: float
    #: How many items would not be told any more, and the first few of them.
    untold: int
    examples: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """A rule that sends too much."""

    rule: str
    #: Messages a week to the receiver that gets the most.
    messages_a_week: float
    #: The one that loses least comes first; none: nothing helps but to disable it.
    proposals: tuple[Proposal, ...]


def tune(
    store: Store, settings: Settings, wanted: Wanted, budget: Budget, *, progress: Progress | None = None
) -> list[Tuned]:
    """What is proposed for each rule that sends some receiver more than the budget, in their order.

    Raises WrongRehearsal, and UnknownPerson.
    """
    report = rehearse(store, settings, wanted, on_message=lambda _: None, progress=progress)
    over = dict.fromkeys(rule for receiver in report.receivers for rule, _ in receiver.over(budget))
    return [
        _Tuning(Stage.of(store, settings, replace(wanted, rules=(rule,))), settings, budget, progress).tuned()
        for rule in over
    ]


class _Tuning:
    """One rule, by itself."""

    def __init__(self, stage: Stage, settings: Settings, budget: Budget, progress: Progress | None) -> None:
        self._stage = stage
        self._settings = settings
        self._budget = budget
        self._progress = progress
        [self._name] = stage.wanted.rules

    def tuned(self) -> Tuned:
        script = self._stage.script(self._settings)
        rule = next(rule for rules in script.rule_sets for rule in rules)
        steps = Steps()
        [a_week] = self._rates([self._settings], steps)
        found = self._search(list(knobs_of(rule, steps)))
        return Tuned(rule=self._name, messages_a_week=a_week, proposals=self._proposals(found))

    def _search(self, knobs: Sequence[Knob]) -> dict[Restated, float]:
        """For each knob the mildest change that keeps within the budget, and the messages a week it comes to."""
        searches: dict[Knob, Search] = {knob: search(knob, self._budget.a_week) for knob in knobs}
        asked: dict[Knob, list[int]] = {}
        found: dict[Restated, float] = {}
        rates: dict[tuple[Knob, int], float] = {}

        def advance(knob: Knob, answers: Mapping[int, float] | None) -> None:
            try:
                asked[knob] = next(searches[knob]) if answers is None else searches[knob].send(answers)
            except StopIteration as end:
                asked.pop(knob, None)
                if end.value is not None:
                    found[self._change(knob, end.value)] = rates[knob, end.value]

        for knob in knobs:
            advance(knob, None)
        while asked:
            places = [(knob, level) for knob, levels in asked.items() for level in levels]
            changed = [self._with(self._change(knob, level)) for knob, level in places]
            rates |= zip(places, self._rates(changed), strict=True)
            for knob, levels in list(asked.items()):
                advance(knob, {level: rates[knob, level] for level in levels})
        return found

    def _change(self, knob: Knob, level: int) -> Restated:
        return Restated(self._name, knob.key, knob.text(level))

    def _with(self, change: Restated) -> Settings:
        layers = restated(self._settings.layers, change)
        return replace(self._settings, layers=layers, rules=narrowed((), layers.broad))

    def _rates(self, each: Sequence[Settings], steps: Steps | None = None) -> list[float]:
        """The messages a week to the receiver that gets the most; ``steps`` takes note of the items of the first."""
        stage = self._stage
        rehearsals = [Rehearsal(stage.script(one), stage.since) for one in each]
        sent: list[Counter[str]] = [Counter() for _ in each]
        for messages in self._played(rehearsals):
            for counts, of_one in zip(sent, messages, strict=True):
                counts.update(message.receiver for message in of_one if message.created_at >= stage.since)
            if steps is not None:
                for message in messages[0]:
                    steps.add(message.items)
        weeks = (stage.until - stage.since) / timedelta(weeks=1)
        return [max(counts.values(), default=0) / weeks for counts in sent]

    def _played(self, rehearsals: Sequence[Rehearsal]) -> Iterator[list[list[Message]]]:
        """Moment by moment, what goes out in each of them."""
        stage = self._stage
        for moments in stage.moments(rehearsals[0].script, self._progress):
            facts = stage.facts(rehearsals[0], moments)
            for moment in moments:
                yield [list(rehearsal.see(moment, facts)) for rehearsal in rehearsals]
        yield [list(rehearsal.end(stage.until)) for rehearsal in rehearsals]

    def _proposals(self, found: Mapping[Restated, float]) -> tuple[Proposal, ...]:
        helpful = {change: a_week for change, a_week in found.items() if a_week > 0}
        entry = entry_of(self._settings.layers, self._name)
        proposals = [
            Proposal(
                change=change,
                instead_of=entry.written.get(change.key),
                messages_a_week=helpful[change],
                untold=lost.items,
                examples=tuple(lost.examples),
            )
            for change, lost in self._lost(list(helpful)).items()
        ]
        return tuple(sorted(proposals, key=lambda one: (one.untold, one.messages_a_week)))

    def _lost(self, changes: Sequence[Restated]) -> dict[Restated, "_Lost"]:
        """What the rule tells as it is, and does not with each change."""
        lost = {change: _Lost() for change in changes}
        if not changes:
            return lost
        settings = [self._settings, *map(self._with, changes)]
        as_it_is, *changed = (Rehearsal(self._stage.script(one), self._stage.since) for one in settings)
        for _ in self._played([as_it_is, *changed]):
            for change, rehearsal in zip(changes, changed, strict=True):
                for heard, item in as_it_is.heard_last.items():
                    if heard not in rehearsal.heard_last and _observed(item) >= self._stage.since:
                        lost[change].add(item)
        return lost


@dataclass(slots=True)
class _Lost:
    """How many items, and the first few of them."""

    items: int = 0
    examples: list[Mapping[str, Any]] = field(default_factory=list)

    def add(self, item: Mapping[str, Any]) -> None:
        self.items += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(item)


def _observed(item: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(item["observed_at"])
