"""What an interface says instead of an answer: ``{"error": …}``, ``{"message": …, "code": 429}`` and their like."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tracking.check import Outcome, Page

#: An error says little. What is longer is an answer that was not understood, whatever members it has.
_LONGEST_BYTES = 10_000
#: Members that make an object an error, those with further words about it, and those with its number.
_SURE = frozenset({
    "detail", "developer-message", "error", "error_description", "errormessage", "errors", "fault", "faultstring",
    "message", "user-message",
})  # fmt: skip
_WORDS = _SURE | {"description", "details", "name", "reason", "title", "type"}
_NUMBERS = frozenset({"code", "error", "http_status", "response-code", "status", "status_code", "statuscode"})

_BY_STATUS = {
    401: Outcome.LOGIN,
    403: Outcome.BLOCKED,
    404: Outcome.GONE,
    410: Outcome.GONE,
    429: Outcome.THROTTLED,
    451: Outcome.BLOCKED,
    500: Outcome.UNREACHABLE,
    502: Outcome.UNREACHABLE,
    503: Outcome.THROTTLED,
    504: Outcome.UNREACHABLE,
}
_BY_WORDS = tuple(
    (outcome, re.compile("|".join(alternatives), re.IGNORECASE))
    for outcome, alternatives in (
        (Outcome.THROTTLED, ("too many requests", "rate.?limit", "throttl", "quota", "slow down", "request limit")),
        (Outcome.GONE, ("not.?found", "no such", "(?:n[o']t|no longer) exist", "deactivated", "unknown (?:author|id)")),
        (Outcome.LOGIN, ("unauthori[sz]ed", "authenticat", "log ?in", "api.?key", "(?:access|bearer) token")),
        (Outcome.BLOCKED, ("forbidden", "denied", "blocked", "not allowed", "captcha", "permission", "locked")),
        (Outcome.UNREACHABLE, ("internal (?:server )?error", "unavailable", "maintenance", "timed? ?out", "overload")),
    )
)  # fmt: skip


def error_in(page: Page) -> tuple[Outcome, str] | None:
    """What an interface refused with, and its words; None when the page is no error object of a known kind."""
    error = _error_object(page)
    if error is None:
        return None
    members = list(_members(error, depth=3))
    words = [value for _, value in members if isinstance(value, str) and not value.isdecimal()]
    detail = f"the interface says: {' / '.join(dict.fromkeys(words))[:200]}" if words else "the interface refuses"
    for number in _numbers(members):
        if number in _BY_STATUS:
            return _BY_STATUS[number], detail
    for outcome, pattern in _BY_WORDS:
        if any(pattern.search(value) for value in words):
            return outcome, detail
    return None


def _error_object(page: Page) -> dict[str, Any] | None:
    if len(page.body) > _LONGEST_BYTES or page.body.lstrip()[:1] != b"{":
        return None
    try:
        document = json.loads(page.body)
    except (ValueError, RecursionError):
        return None
    named = {name.lower() for name, value in document.items() if value}
    return document if named & _SURE else None


def _members(value: object, *, depth: int, name: str = "") -> Iterator[tuple[str, object]]:
    """The members that tell of an error, by name in lower case."""
    match value:
        case dict() if depth:
            for inner, held in value.items():
                if inner.lower() in _WORDS | _NUMBERS:
                    yield from _members(held, depth=depth - 1, name=inner.lower())
        case list() if depth:
            for held in value:
                yield from _members(held, depth=depth - 1, name=name)
        case str() | int():
            yield name, value


def _numbers(members: list[tuple[str, object]]) -> Iterator[int]:
    for name, value in members:
        if name in _NUMBERS and re.fullmatch("[1-5][0-9]{2}", str(value)):
            yield int(str(value))
