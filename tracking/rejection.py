"""What the owner has said is not of this person: papers by each of their aliases, and names that the page bore.

A rejection begins when it is spoken; whatever is read from then on is read without the paper, of whatever day the page
is. When it is taken back, the pages that were observed by then stay as they were read: the paper was not there, and is
new on the next page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """One alias of a paper, or one name, that is not of this person."""

    #: Of a name its plain form, which is no alias of any paper.
    alias: str
    #: The strongest alias of the same paper; None: it is the name of a profile.
    paper: str | None
    #: When it was said.
    since: datetime
    #: The observed time of the last page that is read without it; None: it holds.
    until: datetime | None = None


def rejected_at(
    rejections: Iterable[Rejection], observed_at: datetime, recorded_at: datetime | None = None
) -> frozenset[str]:
    """The aliases and names without which a page of this time is read.

    ``recorded_at`` is when it was read; None: now.
    """
    return frozenset(
        one.alias
        for one in rejections
        if (one.until is None or observed_at <= one.until) and (recorded_at is None or one.since <= recorded_at)
    )


def count_papers(rejections: Iterable[Rejection]) -> int:
    """How many papers are rejected now."""
    return len({one.paper for one in rejections if one.until is None and one.paper is not None})
