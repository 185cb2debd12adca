"""Silences as JSON."""

from datetime import datetime
from typing import Any

from flows.as_json.times import iso
from tracking.silence import Silence


def silence_json(silence: Silence, now: datetime) -> dict[str, Any]:
    return {
        "id": silence.silence_id,
        "begins_at": iso(silence.begins_at),
        "ends_at": iso(silence.ends_at),
        "holds": silence.holds_at(now),
        "reason": silence.reason,
        "receiver": silence.receiver,
        "rule": silence.rule,
        "person": silence.person,
        "tag": silence.tag,
        "source": silence.source,
        "metric": silence.metric,
        "kinds": list(silence.kinds),
    }
