"""Lengths of time, as the configuration writes them: ``36h``, ``7d``, ``2w``."""

import re
from datetime import timedelta

from alerts.figures import lasting
from alerts.setting import Setting

_DURATION = re.compile(r"(\d{1,4})\s*([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_HOUR = timedelta(hours=1)
#: What is remembered of what was told goes no further back.
YEAR = timedelta(days=366)


def parse_duration(setting: Setting, *, longest: timedelta = YEAR) -> timedelta:
    """An hour or more. Raises SettingError."""
    match = _DURATION.fullmatch(setting.value.strip()) if isinstance(setting.value, str) else None
    if match is None:
        setting.refuse("must be a time like 36h, 7d or 2w")
    duration = int(match[1]) * _UNITS[match[2]]
    if not _HOUR <= duration <= longest:
        at_most = "a year" if longest == YEAR else lasting(longest)
        setting.refuse(f"must be an hour or more, and {at_most} at most")
    return duration
