"""What a host says of its quota beside its answer, in any of the forms that are in use.

X-RateLimit-Remaining: 0            X-RateLimit-Reset: 1780000000   (or 60: seconds, or milliseconds since 1970)
RateLimit-Remaining: 0              RateLimit-Reset: 60             (drafts of the IETF up to the sixth)
RateLimit: limit=100, remaining=0, reset=60                         (the seventh)
RateLimit: "day";r=0;t=60, "second";r=5;t=1                         (since the eighth)
"""

import re
from collections.abc import Mapping

from scrapers.answer import http_date

_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")
#: More seconds than any quota lasts: it is a time since 1970.
_LONGEST = 366 * 86_400
_REMAINING = re.compile(r"(?:^|[;,\s])(?:r|remaining)\s*=\s*([0-9]+)")
_RESET = re.compile(r"(?:^|[;,\s])(?:t|reset)\s*=\s*([0-9]{1,15})")


def quota_rest_seconds(headers: Mapping[str, str]) -> float | None:
    """How long the host is to be left alone because its quota is used up; None while there is some, or nobody says.

    ``headers`` are looked up in lower case. A time since 1970 is compared with the answer's own Date header.
    """
    for prefix in ("x-ratelimit", "x-rate-limit", "ratelimit"):
        if _number(headers.get(f"{prefix}-remaining")) == 0:
            return _until_reset(headers.get(f"{prefix}-reset"), headers)
    rests = [rest for quota in _quotas(headers.get("ratelimit", "")) if (rest := _rest(quota, headers)) is not None]
    return max(rests, default=None)


def _quotas(field: str) -> list[str]:
    """The quotas of the field: since the eighth draft it is a list of named ones, before it was one."""
    return field.split(",") if '"' in field or ";" in field else [field]


def _rest(quota: str, headers: Mapping[str, str]) -> float | None:
    remaining, reset = _REMAINING.search(quota), _RESET.search(quota)
    if remaining is None or reset is None or int(remaining[1]) > 0:
        return None
    return _until_reset(reset[1], headers)


def _until_reset(reset: str | None, headers: Mapping[str, str]) -> float | None:
    seconds = _number(reset)
    if seconds is None or seconds <= _LONGEST:
        return seconds
    answered = http_date(headers.get("date", ""))
    if answered is None:
        return None
    since_1970 = seconds / 1000 if seconds > 1000 * _LONGEST else seconds
    return max(0.0, since_1970 - answered.timestamp())


def _number(text: str | None) -> float | None:
    text = (text or "").strip()
    return float(text) if _NUMBER.fullmatch(text) else None
