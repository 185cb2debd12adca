"""What a profile page says, as values.

>>> PaperReading(title="Waymax", published=Published(2023, 10, 12)).published
Published(year=2023, month=10, day=12)
>>> str(Published(2023, 10))
'2023-10'

``None`` always means *not shown*, never zero: a missing score, metric or year differs from no number.
"""

import calendar
import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

_PUBLISHED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Published:
    """A publication date in the precision the page gave: a day, a month or a year.

    Raises ValueError for a date that does not exist.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError(f"a day without a month: {self!r}")
        date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2022``, ``2022-06`` or ``2022-06-03``; anything else raises ValueError."""
        match = _PUBLISHED.fullmatch(text)
        if match is None:
            raise ValueError(f"not a publication date: {text!r}")
        year, month, day = match.groups()
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        return text

    @property
    def earliest(self) -> date:
        """The first day this date can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day this date can mean."""
        if self.month is None:
            return date(self.year, 12, 31)
        if self.day is None:
            return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])
        return date(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperReading:
    """One paper as one page shows it."""

    title: str
    authors: tuple[str, ...] = ()
    #: False when the page cut the list ("et al."): ``authors`` is then a beginning of the real list.
    authors_complete: bool = True
    institutions: tuple[str, ...] = ()
    category: str | None = None
    published: Published | None = None
    #: True when the page gave month and day only and the year was worked out from the day it was observed.
    year_inferred: bool = False
    has_code: bool | None = None
    #: The source's own score of the paper, in the source's unit.
    score: float | None = None
    abstract: str | None = None
    #: Without a version: ``2401.01234`` or ``astro-ph/0601001``.
    arxiv_id: str | None = None
    version: int | None = None
    doi: str | None = None
    #: The source's own identifier of the paper, where it has one.
    source_id: str | None = None
    url: str | None = None
    citations: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileReading:
    """One profile page, read. Papers stand in the order of the page, which means nothing."""

    source: str
    name: str
    field: str | None = None
    #: By name; ``h_index``, ``papers``, ``citations`` and ``ai_score`` are ints, ``novelty`` a fraction 0..1.
    #: A metric that the page names without a value is None; one it does not name is absent.
    metrics: Mapping[str, int | float | None] = dataclasses.field(default_factory=dict)
    papers: tuple[PaperReading, ...] = ()
    #: True only when every paper of the profile is on the page. On an incomplete page absence means nothing.
    complete: bool = False
    warnings: tuple[str, ...] = ()
