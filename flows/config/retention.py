"""The section ``retention``: what `flows.keep` lets go of. Without it, everything is kept for ever.

retention: {pages: 365d, even_told: false, vacuum: true}
"""

from dataclasses import dataclass
from datetime import timedelta

from alerts.duration import parse_duration
from alerts.setting import Setting

#: What is younger is needed to read pages again after a parser has learned something.
_SHORTEST = timedelta(days=30)
_LONGEST = timedelta(days=9999)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionConfig:
    """What the file says of keeping."""

    #: Raw pages that no check has seen for so long are let go of.
    pages: timedelta
    #: Also those that prove what somebody was told.
    even_told: bool = False
    #: Give the room back to the disk afterwards.
    vacuum: bool = False


def parse_retention(section: Setting) -> RetentionConfig | None:
    """Read the section; None: nothing is let go of. Raises SettingError."""
    if section.value is None:
        return None
    keys = section.mapping(known=("pages", "even_told", "vacuum"))
    if "pages" not in keys:
        section.refuse("must say with “pages” for how long raw pages are kept, such as 365d")
    pages = parse_duration(keys["pages"], longest=_LONGEST)
    if pages < _SHORTEST:
        keys["pages"].refuse(f"must be {_SHORTEST.days}d or more")
    return RetentionConfig(
        pages=pages,
        even_told=keys["even_told"].flag() if "even_told" in keys else False,
        vacuum=keys["vacuum"].flag() if "vacuum" in keys else False,
    )
