"""Days as pages write them: ``Jun 3, 2022``, ``May 12``.

>>> read_day("May 12").published(date(2026, 11, 22))
(Published(year=2026, month=5, day=12), True)
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tracking.reading import Published

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMBERS = {name[:3]: number for number, name in enumerate(_MONTHS, start=1)}

#: A regular expression, without groups, for what `read_day` reads.
DAY = (
    rf"(?:{'|'.join(f'{name[:3]}(?:{name[3:]})?' if name != 'May' else name for name in _MONTHS)}|Sept)\.?"
    r"\s*\d{1,2}(?!\d)(?:,?\s*\d{4}(?!\d))?"
)
_PARTS = re.compile(r"([A-Z][a-z]{2})[a-z]*\.?\s*(\d{1,2})(?:,?\s*(\d{4}))?")

#: The reader's clock may be a day behind that of the site.
_GRACE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month as it is written, with or without its year. Raises ValueError if there is no such day."""

    year: int | None
    month: int
    day: int

    def __post_init__(self) -> None:
        date(2000 if self.year is None else self.year, self.month, self.day)

    def published(self, observed_on: date) -> tuple[Published, bool]:
        """The date, and whether its year was worked out from the day the page was observed.

        Without a year it is the latest such day not after ``observed_on``, with one day of grace for time zones.
        """
        if self.year is not None:
            return Published(self.year, self.month, self.day), False
        latest = observed_on + _GRACE
        year = latest.year
        # Eight years at most: 1896 and 1904 are the leap years that stand farthest apart.
        while not _exists(year, self.month, self.day) or date(year, self.month, self.day) > latest:
            year -= 1
        return Published(year, self.month, self.day), True


def read_day(text: str) -> Day:
    """Read ``Mon D`` or ``Mon D, YYYY``, the month short or in full; anything else raises ValueError."""
    match = _PARTS.fullmatch(text.strip())
    if match is None or match[1] not in _NUMBERS:
        raise ValueError(f"not a day: {text!r}")
    return Day(int(match[3]) if match[3] else None, _NUMBERS[match[1]], int(match[2]))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
