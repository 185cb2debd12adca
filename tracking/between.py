"""What differs between two times of one person: metrics, papers that came and went, facts that changed.

>>> between(store.person("Ada", january), store.person("Ada", may))
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracking.reading import PaperReading
from tracking.view import PersonState, ProfileState

#: Of a paper, what is not compared: a year that goes without saying is no fact.
_LEFT_OUT = frozenset({"year_inferred"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricBetween:
    """A metric at both times; None: it was not shown, or nothing was known."""

    name: str
    before: int | float | None
    after: int | float | None

    @property
    def step(self) -> int | float | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperChange:
    """A paper that is there at both times, and the fields that differ: before and after."""

    key: str
    paper: PaperReading
    fields: Mapping[str, tuple[object, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileBetween:
    """One profile at two times. The papers are those that stood on the page; by key."""

    source: str
    profile: str
    #: The name at both times where it differs.
    renamed: tuple[str | None, str | None] | None
    metrics: tuple[MetricBetween, ...]
    came: Mapping[str, PaperReading]
    went: Mapping[str, PaperReading]
    changed: tuple[PaperChange, ...]
    #: Papers that are the same at both times.
    same: int

    @property
    def is_same(self) -> bool:
        moved = any(metric.before != metric.after for metric in self.metrics)
        return not (moved or self.came or self.went or self.changed or self.renamed)


def between(before: PersonState, after: PersonState) -> tuple[ProfileBetween, ...]:
    """By profile, in the order of the later state. Of which nothing was known at a time, that had no papers then."""
    earlier = {state.profile.profile_id: state for state in before.profiles}
    return tuple(_profile(earlier[state.profile.profile_id], state) for state in after.profiles)


def _profile(before: ProfileState, after: ProfileState) -> ProfileBetween:
    old, new = _papers(before), _papers(after)
    changed = tuple(_changes(old, new))
    return ProfileBetween(
        source=after.profile.source,
        profile=after.profile.key,
        renamed=(before.name, after.name)
        if None not in (before.name, after.name) and before.name != after.name
        else None,
        metrics=tuple(_metrics(before, after)),
        came={key: paper for key, paper in new.items() if key not in old},
        went={key: paper for key, paper in old.items() if key not in new},
        changed=changed,
        same=len(old.keys() & new.keys()) - len(changed),
    )


def _papers(state: ProfileState) -> dict[str, PaperReading]:
    return {listed.key: listed.paper for listed in state.papers if listed.listed}


def _metrics(before: ProfileState, after: ProfileState) -> Iterator[MetricBetween]:
    for name in sorted(before.metrics.keys() | after.metrics.keys()):
        old, new = before.metrics.get(name), after.metrics.get(name)
        yield MetricBetween(name=name, before=old.value if old else None, after=new.value if new else None)


def _changes(old: Mapping[str, PaperReading], new: Mapping[str, PaperReading]) -> Iterator[PaperChange]:
    for key in (key for key in new if key in old):
        fields = {
            field.name: (getattr(old[key], field.name), getattr(new[key], field.name))
            for field in dataclasses.fields(PaperReading)
            if field.name not in _LEFT_OUT and getattr(old[key], field.name) != getattr(new[key], field.name)
        }
        if fields:
            yield PaperChange(key=key, paper=new[key], fields=fields)
