"""Silences in words."""

from datetime import datetime

from alerts.figures import elapsed, joined, metric_name, moment
from tracking.silence import Silence


def silenced_words(silence: Silence) -> str:
    """What is not told: ``changes of citations of Ada Lovelace, for me``; ``everything``."""
    parts = [
        ", ".join(silence.kinds),
        f"rule “{silence.rule}”" if silence.rule else "",
        f"metric {metric_name(silence.metric)}" if silence.metric else "",
        f"person {silence.person}" if silence.person else "",
        f"tag {silence.tag}" if silence.tag else "",
        f"source {silence.source}" if silence.source else "",
        f"receiver {silence.receiver}" if silence.receiver else "",
    ]
    return joined([part for part in parts if part]) or "everything"


def end_words(silence: Silence, now: datetime) -> str:
    """``until 2026-12-06 09:00 UTC, for another 14 days``, ``until somebody ends it``, ``ended …``."""
    if silence.ends_at is None:
        return "until somebody ends it"
    if silence.ends_at <= now:
        return f"ended {moment(silence.ends_at)}"
    return f"until {moment(silence.ends_at)}, for another {elapsed(now, silence.ends_at)}"
