"""Numbers, metrics and times as a person reads them."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

#: Metrics whose name in words is not simply the name without underscores.
_NAMES = {"h_index": "h-index", "i10_index": "i10-index", "ai_score": "AI score"}
_NAMED = re.compile("|".join(_NAMES))

#: A `moment` within a sentence.
_MOMENT = re.compile(r"\b(\d{4}-\d\d-\d\d \d\d:\d\d) UTC\b", re.ASCII)

#: Metrics that are a fraction 0..1 and shown as a percentage.
_FRACTIONS = frozenset({"novelty"})


def metric_name(metric: str) -> str:
    """``h_index`` → ``h-index``, ``h_index_since_2021`` → ``h-index since 2021``."""
    return _NAMED.sub(lambda name: _NAMES[name[0]], metric).replace("_", " ")


def number(value: int | float) -> str:
    """``17576`` → ``17,576``; a fraction keeps up to six decimals and no zeros at its end."""
    if isinstance(value, int):
        return f"{value:,}"
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def metric_value(metric: str, value: int | float) -> str:
    """The value in the unit in which a person reads it: a novelty of 0.55 is ``55 %``."""
    return f"{number(round(value * 100, 2))} %" if metric in _FRACTIONS else number(value)


def is_fraction(metric: str) -> bool:
    """True of a metric that is a fraction 0..1 and shown as a percentage."""
    return metric in _FRACTIONS


def metric_step(metric: str, step: int | float) -> str:
    """The size of a step, without its sign; that of a percentage is in points."""
    if metric not in _FRACTIONS:
        return number(_rounded(abs(step)))
    points = number(round(abs(step) * 100, 2))
    return "1 point" if points == "1" else f"{points} points"


def metric_change(metric: str, before: int | float, after: int | float) -> str:
    """``17,576 → 17,683 (+107, +0.6 %)``; no percentage of zero, nor of a percentage."""
    step = after - before
    sign = "+" if step >= 0 else "-"
    size = f"{sign}{metric_step(metric, step)}"
    if before != 0 and metric not in _FRACTIONS:
        size += f", {sign}{_percentage(abs(step / before * 100))} %"
    return f"{metric_value(metric, before)} → {metric_value(metric, after)} ({size})"


def elapsed(since: datetime, until: datetime) -> str:
    """How long, in the largest unit that says it: ``1 day``, ``3 hours``, ``10 minutes``, ``less than a minute``."""
    return lasting(until - since)


def lasting(span: timedelta) -> str:
    """See `elapsed`."""
    if span >= timedelta(hours=20):
        # A daily check that comes a little early is a day all the same.
        return counted(max(1, round(span / timedelta(days=1))), "day")
    if span >= timedelta(hours=1):
        return counted(round(span / timedelta(hours=1)), "hour")
    if span >= timedelta(minutes=1):
        return counted(round(span / timedelta(minutes=1)), "minute")
    return "less than a minute"


def moment(time: datetime, zone: tzinfo = UTC) -> str:
    """``2026-05-13 08:00 UTC``, ``2026-05-13 10:00 CEST``: in the zone given, whatever that of ``time``."""
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def days(since: datetime, until: datetime, zone: tzinfo = UTC) -> str:
    """``2026-05-13``, ``2026-05-07 to 2026-05-13``: the days of both times, as they are called in the zone."""
    first, last = f"{since.astimezone(zone):%Y-%m-%d}", f"{until.astimezone(zone):%Y-%m-%d}"
    return first if first == last else f"{first} to {last}"


def localised(sentence: str, zone: tzinfo) -> str:
    """The sentence with each `moment` of UTC in it as one of the zone; what is no time stays as it is."""

    def local(found: re.Match[str]) -> str:
        try:
            return moment(datetime.fromisoformat(found[1]).replace(tzinfo=UTC), zone)
        except (ValueError, OverflowError):
            return found[0]

    return _MOMENT.sub(local, sentence)


def counted(count: int, one: str, several: str = "") -> str:
    """``1 day``, ``1,204 days``; ``several`` where it is not the one with an s."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def as_words(counts: Mapping[str, int]) -> str:
    """``{"ok": 3, "not_modified": 1}`` as "3 ok, 1 not modified", the most first."""
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{count:,} {spaced(name)}" for name, count in ordered) or "none"


def spaced(name: str) -> str:
    """A word of a closed list as people write it: ``not_modified`` as "not modified"."""
    return name.replace("_", " ")


def joined(words: Sequence[str], last: str = "and") -> str:
    """``A``, ``A and B``, ``A, B and C``; or with another word before the last."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _percentage(value: float) -> str:
    """One decimal, or two digits that are not zero where one decimal would show nothing."""
    return f"{value:,.1f}" if value >= 0.05 or value == 0 else f"{value:.2g}"


def _rounded(step: int | float) -> int | float:
    return step if isinstance(step, int) else round(step, 6)
