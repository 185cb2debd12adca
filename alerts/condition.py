"""A `Where`, made ready to be asked of many events: three-valued, after Kleene.

    Condition = All | Any | Not | Part | Known

What is not known makes ``and`` and ``or`` unknown where the rest does not settle it, and stays unknown under ``not``.
A `Known` settles it, as ``if_missing`` says.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from alerts.case import Case
from alerts.figures import metric_name
from alerts.paper_parts import paper_parts
from alerts.part import Part, Truth, one_of
from alerts.steps import delta_part
from alerts.subject import metric_of
from alerts.where import IfMissing, Where


class Condition(Protocol):
    """Something that holds for a case, does not, or is not known to."""

    @property
    def holds(self) -> Callable[[Case], Truth]: ...

    def words(self, case: Case, *, wanted: bool = True) -> str:
        """What makes it hold, or not, as `Part.words` says."""
        ...


class All:
    def __init__(self, conditions: Sequence[Condition]) -> None:
        self.conditions = conditions
        self._holds = tuple(condition.holds for condition in conditions)

    def holds(self, case: Case) -> Truth:
        truth: Truth = True
        for holds in self._holds:
            held = holds(case)
            if held is False:
                return False
            if held is None:
                truth = None
        return truth

    def words(self, case: Case, *, wanted: bool = True) -> str:
        truth = self.holds(case)
        said = (one.words(case, wanted=wanted) for one in self.conditions if one.holds(case) is truth)
        # The first that does not hold is enough; of those that are not known, as of those that hold, each counts.
        return next(said) if truth is False else ", ".join(said)


class Any:
    def __init__(self, conditions: Sequence[Condition]) -> None:
        self.conditions = conditions
        self._holds = tuple(condition.holds for condition in conditions)

    def holds(self, case: Case) -> Truth:
        truth: Truth = False
        for holds in self._holds:
            held = holds(case)
            if held:
                return True
            if held is None:
                truth = None
        return truth

    def words(self, case: Case, *, wanted: bool = True) -> str:
        truth = self.holds(case)
        said = [one.words(case, wanted=wanted) for one in self.conditions if one.holds(case) is truth]
        return (", " if truth else ", and ").join(said)


@dataclass(frozen=True, slots=True)
class Not:
    condition: Condition

    def holds(self, case: Case) -> Truth:
        held = self.condition.holds(case)
        return None if held is None else not held

    def words(self, case: Case, *, wanted: bool = True) -> str:
        return self.condition.words(case, wanted=not wanted)


@dataclass(frozen=True, slots=True)
class Known:
    """What is not known counts as ``if_missing`` says."""

    condition: Condition
    if_missing: IfMissing

    def holds(self, case: Case) -> Truth:
        held = self.condition.holds(case)
        return self.if_missing is IfMissing.MATCH if held is None else held

    def words(self, case: Case, *, wanted: bool = True) -> str:
        return self.condition.words(case, wanted=wanted)


def condition_of(where: Where) -> Condition:
    """The condition as it is asked: a rule asks where it holds, and so skips what is not known at the top."""
    condition = _all(where, _parts)
    return Known(condition, IfMissing.MATCH) if where.if_missing is IfMissing.MATCH else condition


def condition_without_papers(where: Where) -> Condition:
    """The condition as if nothing were known of any paper; it does not hold where no paper could make it hold."""
    return _all(where, _parts_without_papers)


def _all(where: Where, parts: Callable[[Where], Iterator[Condition]]) -> Condition:
    def inner(one: Where) -> Condition:
        condition = _all(one, parts)
        if one.if_missing is None or parts is _parts_without_papers:
            return condition
        return Known(condition, one.if_missing)

    conditions = [*parts(where), *map(inner, where.all_of)]
    if where.any_of:
        conditions.append(Any(tuple(map(inner, where.any_of))))
    if where.none_of is not None:
        conditions.append(Not(inner(where.none_of)))
    return conditions[0] if len(conditions) == 1 else All(conditions)


def _parts(where: Where) -> Iterator[Condition]:
    """What takes longest comes last."""
    yield from _subject_parts(where)
    yield from _step_parts(where)
    yield from paper_parts(where)


def _parts_without_papers(where: Where) -> Iterator[Condition]:
    yield from _subject_parts(where)
    yield from _step_parts(where)
    for part in paper_parts(where):
        yield replace(part, holds=lambda _: None)


def _subject_parts(where: Where) -> Iterator[Part]:
    """Those that are about whose profile it is."""
    if where.person:
        yield one_of("person", where.person, lambda case: (case.subject.person,))
    if where.tag:
        yield one_of("tag", where.tag, lambda case: case.subject.tags)
    if where.source:
        yield one_of("source", where.source, lambda case: (case.subject.source,))


def _step_parts(where: Where) -> Iterator[Part]:
    if where.metric:
        yield one_of("metric", where.metric, _metric, shown=metric_name, unknown="it is about no metric")
    if where.delta is not None:
        yield delta_part(where.delta, where.within)


def _metric(case: Case) -> Sequence[str] | None:
    metric = metric_of(case.event)
    return None if metric is None else (metric,)
