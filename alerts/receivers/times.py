"""The keys of a receiver that say when it hears, and how much."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alerts.schedule import Quiet, Schedule
from alerts.setting import Setting, suggestion

KEYS = ("timezone", "quiet", "digest_at", "digest_day", "cap")

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = r"[0-9]{1,2}:[0-9]{2}"
_QUIET = re.compile(rf"({_CLOCK})\s*[-–]\s*({_CLOCK})")


def parse_schedule(keys: Mapping[str, Setting]) -> Schedule:
    """From a receiver's settings by key. Raises the settings' error."""
    given: dict[str, Any] = {}
    if "timezone" in keys:
        given["timezone"] = _timezone(keys["timezone"])
    if "quiet" in keys:
        given["quiet"] = _quiet(keys["quiet"])
    if "digest_at" in keys:
        given["digest_at"] = _clock(keys["digest_at"], keys["digest_at"].text())
    if "digest_day" in keys:
        given["digest_weekday"] = _weekday(keys["digest_day"])
    if "cap" in keys:
        given["cap"] = keys["cap"].count(1)
    return Schedule(**given)


def _timezone(setting: Setting) -> ZoneInfo:
    name = setting.text()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        setting.refuse(f"no such time zone: “{name}”; use a name like Europe/Zurich")


def _quiet(setting: Setting) -> Quiet:
    match = _QUIET.fullmatch(setting.text())
    if match is None:
        setting.refuse("must be two times of the day, like “22:00-07:00”")
    begins, ends = (_clock(setting, text) for text in match.groups())
    if begins == ends:
        setting.refuse("begins when it ends: nothing would ever go out")
    return Quiet(begins=begins, ends=ends)


def _clock(setting: Setting, text: str) -> time:
    hour, minute = map(int, text.split(":")) if re.fullmatch(_CLOCK, text) else (24, 0)
    if hour > 23 or minute > 59:
        setting.refuse("must be a time of the day between 00:00 and 23:59, like “08:00”")
    return time(hour, minute)


def _weekday(setting: Setting) -> int:
    name = setting.text().lower()
    if name not in WEEKDAYS:
        setting.refuse(f"no such day of the week; {suggestion(name, WEEKDAYS)}")
    return WEEKDAYS.index(name)
