"""When a page was saved, as the name of its file or folder says.

>>> time_in_name("rishabh_20260301T083000Z.html", UTC)
datetime.datetime(2026, 3, 1, 8, 30, tzinfo=datetime.timezone.utc)
"""

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from pathlib import PurePosixPath

#: A page of which only the day is known is taken to be of the middle of it.
MIDDAY = time(12)

_TIME_IN_NAME = re.compile(
    r"""
    (?<!\d)
    (?P<year>(?:19[89]|20\d)\d) (?P<between>[-_.]?) (?P<month>\d\d) (?P=between) (?P<day>\d\d)
    (?:
        (?:T|[-_.\ ]|[_\ ]at[_\ ])?
        # Not the year of another date.
        (?! (?:19[89]|20\d)\d (?P<between_next>[-_.]?) \d\d (?P=between_next) \d\d (?!\d) )
        (?P<hour>\d\d) [-:._h]? (?P<minute>\d\d) (?:[-:._]?(?P<second>\d\d))?
        (?P<offset>Z|[+-](?:0\d|1[0-4]):?(?:00|15|30|45))?
    )?
    (?!\d)
    """,
    re.VERBOSE,
)


class SeveralTimes(ValueError):  # noqa: N818  -- what there is too much of is the message
    """A name holds more than one time, and does not say which is that of the page."""


def time_in_name(name: str, zone: tzinfo) -> datetime | None:
    """The one time that a name holds, to the day, the minute or the second; None: it holds none.

    A day alone means 12:00 of it; a month alone is no date. ``zone`` is where the clock stood, unless the name says so
    itself (``Z``, ``+0200``). Raises SeveralTimes.
    """
    times = {moment for match in _TIME_IN_NAME.finditer(name) if (moment := _moment(match, zone)) is not None}
    if len(times) > 1:
        raise SeveralTimes(f"{name} holds several dates")
    return times.pop() if times else None


def time_in_path(path: PurePosixPath, zone: tzinfo) -> datetime | None:
    """The time in the name of a file or else in that of the nearest folder around it that has one.

    ``2026/03/01/profile.html`` is dated as well. Raises SeveralTimes.
    """
    for name in reversed(path.parts):
        moment = time_in_name(name, zone)
        if moment is not None:
            return moment
    return time_in_name("-".join(path.parts), zone)


def _moment(match: re.Match[str], zone: tzinfo) -> datetime | None:
    """None: it looked like a date and is none (month 13, say). A time that is none leaves the day."""
    try:
        day = datetime(int(match["year"]), int(match["month"]), int(match["day"]), tzinfo=zone)
    except ValueError:
        return None
    try:
        shown = time(int(match["hour"] or 12), int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        return datetime.combine(day, MIDDAY, zone)
    return datetime.combine(day, shown, _zone(match["offset"]) or zone)


def _zone(offset: str | None) -> tzinfo | None:
    if offset is None:
        return None
    if offset == "Z":
        return UTC
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])))
