"""Who reads: in which time zone and language, light or dark, and since when nothing was looked at.

A browser says its languages by itself, and its time zone by a cookie that `static/reader.js` sets; the rest is chosen
at the foot of every page and kept in cookies, too.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.core import parse_locale
from babel.dates import format_date, format_time
from babel.numbers import parse_pattern
from starlette.requests import Request

from alerts.figures import is_fraction

ZONE, THEME, LOCALE = "scholarwatch_zone", "scholarwatch_theme", "scholarwatch_locale"
#: Cookies of choices last so long.
KEPT = timedelta(days=365)

_LONGEST_NAME = 64
_NUMBER = parse_pattern("#,##0.######")
_ENGLISH = Locale("en")


class Theme(StrEnum):
    AUTO = "auto"
    """as the system is"""
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How numbers and times are written for somebody."""

    zone: tzinfo = UTC
    #: As the reader chose or the browser said it; empty: nobody did.
    zone_name: str = ""
    locale: Locale = _ENGLISH
    theme: Theme = Theme.AUTO

    @classmethod
    def of(cls, request: Request) -> "Reader":
        """What the request says; what makes no sense in it is as if it had not been said."""
        zone = zone_named(request.cookies.get(ZONE, ""))
        return cls(
            zone=zone or UTC,
            zone_name=str(zone) if zone else "",
            locale=locale_of(request.cookies.get(LOCALE) or request.headers.get("accept-language", "")),
            theme=theme_named(request.cookies.get(THEME, "")),
        )

    @property
    def language(self) -> str:
        """As programs write it: ``de-CH``."""
        return str(self.locale).replace("_", "-")

    def number(self, value: int | float) -> str:
        return str(_NUMBER.apply(value, self.locale))

    def value(self, metric: str, value: int | float | None) -> str:
        """A metric in the unit in which a person reads it; a dash where it is not known."""
        if value is None:
            return "–"
        return f"{self.number(round(value * 100, 2))} %" if is_fraction(metric) else self.number(value)

    def step(self, metric: str, step: int | float) -> str:
        """``+107``, ``−3``, ``+1.5 points``."""
        sign = "−" if step < 0 else "+"
        if is_fraction(metric):
            return f"{sign}{self.number(round(abs(step) * 100, 2))} points"
        return f"{sign}{self.number(round(abs(step), 6))}"

    def change(self, metric: str, before: int | float, after: int | float) -> str:
        """``17,576 → 17,683 (+107)``"""
        return f"{self.value(metric, before)} → {self.value(metric, after)} ({self.step(metric, after - before)})"

    def day(self, when: datetime | date) -> str:
        """``Nov 22, 2026``"""
        return format_date(self._local(when), "medium", locale=self.locale)

    def moment(self, when: datetime) -> str:
        """``Nov 22, 2026, 9:00 AM``: in the reader's zone."""
        time = format_time(when.astimezone(self.zone), "short", locale=self.locale).replace("\u202f", " ")
        return f"{self.day(when)}, {time}"

    def local_day(self, when: datetime) -> str:
        """The day as a form field and a URL have it: ``2026-11-22``."""
        return f"{when.astimezone(self.zone):%Y-%m-%d}"

    def local_time(self, when: datetime) -> str:
        """As a chart takes it: the reader's own clock, ``2026-11-22T09:00:00``."""
        return f"{when.astimezone(self.zone):%Y-%m-%dT%H:%M:%S}"

    def _local(self, when: datetime | date) -> datetime | date:
        return when.astimezone(self.zone) if isinstance(when, datetime) else when


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of that name; None: there is none."""
    if not name or len(name) > _LONGEST_NAME:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def theme_named(name: str) -> Theme:
    return Theme(name) if name in list(Theme) else Theme.AUTO


@lru_cache(maxsize=256)
def locale_of(languages: str) -> Locale:
    """The first of the languages that there are (``de-CH, de;q=0.9, en;q=0.8``); else English."""
    for name in _by_preference(languages):
        try:
            language, territory, script, *_ = parse_locale(name, sep="-")
            return Locale(language, territory=territory, script=script)
        except (ValueError, UnknownLocaleError):
            continue
    return _ENGLISH


def _by_preference(languages: str) -> list[str]:
    asked = []
    for part in languages[:500].split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            asked.append((-float(weight or 1), name.strip()))
        except ValueError:
            continue
    return [name for _, name in sorted(asked, key=lambda pair: pair[0]) if name and name != "*"]
