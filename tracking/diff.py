"""What differs between two snapshots of one profile, and nothing about what it means.

>>> before, after = Content(name="Ada"), Content(name="Ada", metrics={"citations": 7})
>>> diff(before, after)
(MetricDiffers(name='citations', before=None, after=7),)
>>> replay(before, diff(before, after)) == after
True

The order of papers is no part of a content, so no reordering is ever a difference.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from tracking.check import Snapshot
from tracking.reading import PaperReading

PAPER_FIELDS = tuple(f.name for f in fields(PaperReading))


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a snapshot says, whatever the order: metrics that have a value, papers by key."""

    name: str
    field: str | None = None
    complete: bool = False
    metrics: Mapping[str, int | float] = dataclasses.field(default_factory=dict)
    papers: Mapping[str, PaperReading] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProfileDiffers:
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class MetricDiffers:
    """None: not shown."""

    name: str
    before: int | float | None
    after: int | float | None


@dataclass(frozen=True, slots=True)
class PaperListed:
    key: str
    paper: PaperReading


@dataclass(frozen=True, slots=True)
class PaperUnlisted:
    key: str


@dataclass(frozen=True, slots=True)
class PaperDiffers:
    key: str
    field: str
    before: Any
    after: Any


Difference = ProfileDiffers | MetricDiffers | PaperListed | PaperUnlisted | PaperDiffers


def content(snapshot: Snapshot) -> Content:
    """A snapshot without the order of its page. Of a paper shown twice the first showing counts."""
    papers: dict[str, PaperReading] = {}
    for key, paper in zip(snapshot.keys, snapshot.reading.papers, strict=True):
        papers.setdefault(key, paper)
    reading = snapshot.reading
    return Content(
        name=reading.name,
        field=reading.field,
        complete=reading.complete,
        metrics={name: value for name, value in reading.metrics.items() if value is not None},
        papers=papers,
    )


def diff(before: Content, after: Content) -> tuple[Difference, ...]:
    """All differences; empty exactly when the two are equal. Papers in the order of ``after``, then those it lacks."""
    found: list[Difference] = []
    for name in ("name", "field", "complete"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            found.append(ProfileDiffers(name, old, new))
    for metric in sorted(before.metrics.keys() | after.metrics.keys()):
        old, new = before.metrics.get(metric), after.metrics.get(metric)
        if old != new:
            found.append(MetricDiffers(metric, old, new))
    for key, paper in after.papers.items():
        known = before.papers.get(key)
        if known is None:
            found.append(PaperListed(key, paper))
        elif known != paper:
            found.extend(_paper_differences(key, known, paper))
    found.extend(PaperUnlisted(key) for key in before.papers if key not in after.papers)
    return tuple(found)


def _paper_differences(key: str, before: PaperReading, after: PaperReading) -> Iterable[PaperDiffers]:
    for name in PAPER_FIELDS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield PaperDiffers(key, name, old, new)


def replay(before: Content, differences: Iterable[Difference]) -> Content:
    """The content that ``differences`` lead to: ``replay(a, diff(a, b)) == b``."""
    metrics, papers = dict(before.metrics), dict(before.papers)
    profile: dict[str, Any] = {}
    for difference in differences:
        match difference:
            case ProfileDiffers(name, _, after):
                profile[name] = after
            case MetricDiffers(name, _, after) if after is not None:
                metrics[name] = after
            case MetricDiffers(name):
                del metrics[name]
            case PaperListed(key, paper):
                papers[key] = paper
            case PaperUnlisted(key):
                del papers[key]
            case PaperDiffers(key, name, _, after):  # pragma: no branch - the last arm of a closed union
                papers[key] = replace(papers[key], **{name: after})
    return replace(before, metrics=metrics, papers=papers, **profile)
