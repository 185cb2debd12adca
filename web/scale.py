"""Where a value and a time stand on a chart, and which of them are written beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from math import floor, log10

_YEAR = timedelta(days=365)
#: Steps between two labels that people can count in, times a power of ten.
_STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Span:
    """From ``low`` to ``high`` on a line of so many pixels that begins at ``start``."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def value_span(values: list[float], start: float, end: float) -> Span:
    """The span that holds all values, with round ends. ``values``: one at least."""
    low, high = min(values), max(values)
    if low == high:
        low, high = low - max(1.0, abs(low) * 0.05), high + max(1.0, abs(high) * 0.05)
    step = _step((high - low) / 4)
    return Span(floor(low / step) * step, -floor(-high / step) * step, start, end)


def value_labels(span: Span) -> list[float]:
    """Round values within the span, its ends among them."""
    step = _step((span.high - span.low) / 4)
    count = round((span.high - span.low) / step)
    return [round(span.low + place * step, 9) for place in range(count + 1)]


def _step(least: float) -> float:
    power = 10.0 ** floor(log10(least))
    return next(step * power for step in _STEPS if step * power >= least * 0.999)


def time_span(since: datetime, until: datetime, start: float, end: float) -> Span:
    """Times as seconds since 1970; of no length, a day is taken."""
    low, high = since.timestamp(), until.timestamp()
    return Span(low, high if high > low else low + 86_400, start, end)


def time_labels(since: datetime, until: datetime, zone: tzinfo) -> list[tuple[datetime, str]]:
    """The beginnings of years, of some months or of some days, as the length allows, with what is written there."""
    length = until - since
    if length > 3 * _YEAR:
        every = max(1, round(length / _YEAR / 8))
        return [(at, f"{at:%Y}") for at in _months(since, until, zone) if at.month == 1 and at.year % every == 0]
    if length > timedelta(days=75):
        every = max(1, round(length / timedelta(days=30) / 7))
        return [
            (at, f"{at:%Y}" if at.month == 1 else f"{at:%b}")
            for at in _months(since, until, zone)
            if (at.month - 1) % every == 0
        ]
    every_days = max(1, round(length / timedelta(days=1) / 6))
    first = since.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    days = (first + timedelta(days=every_days * place) for place in range(8))
    return [(at, f"{at.day} {at:%b}") for at in days if at <= until]


def _months(since: datetime, until: datetime, zone: tzinfo) -> Iterator[datetime]:
    at = since.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while at <= until:
        if at >= since:
            yield at
        at = at.replace(year=at.year + at.month // 12, month=at.month % 12 + 1)
