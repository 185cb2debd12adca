"""What an event must be like besides its kind: values only, see `alerts.condition` for what holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from alerts.delta import Delta, Threshold
from alerts.pattern import Pattern


class IfMissing(StrEnum):
    """What becomes of an event that lacks what is asked about."""

    MATCH = "match"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Every part that is given must hold.

    Names, tags, sources and categories are compared without regard to case; of several, one must fit.
    """

    person: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    metric: tuple[str, ...] = ()
    delta: Delta | None = None
    #: Beside ``delta``: it is how far the metric moved in this time, and not with one check.
    within: timedelta | None = None
    category: tuple[str, ...] = ()
    has_code: bool | None = None
    score: Threshold | None = None
    coauthor: tuple[str, ...] = ()
    institution: tuple[str, ...] = ()
    published_within: timedelta | None = None
    title: Pattern | None = None
    abstract: Pattern | None = None
    all_of: tuple["Where", ...] = ()
    any_of: tuple["Where", ...] = ()
    #: Must not hold.
    none_of: "Where | None" = None
    #: Of this condition as a whole, where what it asks about is not known. None: as in the one around it.
    if_missing: IfMissing | None = None

    def inner(self) -> Iterator["Where"]:
        """The conditions within this one."""
        yield from self.all_of
        yield from self.any_of
        if self.none_of is not None:
            yield self.none_of

    def every(self) -> Iterator["Where"]:
        """This condition and all within it."""
        yield self
        for where in self.inner():
            yield from where.every()


#: Parts that look at a paper, each with the fields of a paper that it rests on.
OF_PAPERS = {
    "category": ("category",),
    "has_code": ("has_code",),
    "score": ("score",),
    "coauthor": ("authors",),
    "institution": ("institutions",),
    "published_within": ("published",),
    "title": ("title",),
    "abstract": ("abstract",),
}
