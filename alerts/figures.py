"""Numbers, metrics and times as a person reads them."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

#: Metrics whose name in words is not simply the name without underscores.
_NAMES = {"h_index": "h-index", "i10_index": "i10-index", "ai_score": "AI score"}
_NAMED = re.compile("|".join(_NAMES))

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
        return _counted(max(1, round(span / timedelta(days=1))), "day")
    if span >= timedelta(hours=1):
        return _counted(round(span / timedelta(hours=1)), "hour")
    if span >= timedelta(minutes=1):
        return _counted(round(span / timedelta(minutes=1)), "minute")
    return "less than a minute"


def moment(time: datetime) -> str:
    """``2026-05-13 08:00 UTC``, whatever the zone of ``time``."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def joined(words: Sequence[str], last: str = "and") -> str:
    """``A``, ``A and B``, ``A, B and C``; or with another word before the last."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _counted(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def _percentage(value: float) -> str:
    """One decimal, or two digits that are not zero where one decimal would show nothing."""
    return f"{value:,.1f}" if value >= 0.05 or value == 0 else f"{value:.2g}"


def _rounded(step: int | float) -> int | float:
    return step if isinstance(step, int) else round(step, 6)
