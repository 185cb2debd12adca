"""What the head of an answer – status and headers – means, before a byte of the body is read."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from scrapers.redirect import Redirect
from tracking.check import Failure, NotModified, Outcome, Validators

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})

_OUTCOMES = {
    401: Outcome.LOGIN,
    403: Outcome.BLOCKED,
    404: Outcome.GONE,
    410: Outcome.GONE,
    429: Outcome.THROTTLED,
    451: Outcome.BLOCKED,
    503: Outcome.THROTTLED,
}

_READABLE_TYPE = re.compile(r"text/(html|plain|xml)|application/([\w.-]+\+)?(json|xml)")
_SENDABLE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
_SECONDS = re.compile(r"[0-9]{1,9}")


def conditions(validators: Validators | None) -> dict[str, str]:
    """The headers that ask for the page only if it has changed; empty when there is nothing to compare with.

    A validator that holds more than printable ASCII cannot be given back as it came, so it is not sent.
    """
    if validators is None:
        return {}
    asked = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in asked.items() if value and _SENDABLE.fullmatch(value)}


def read_head(
    url: str, status: int, headers: Mapping[str, str], *, conditional: bool
) -> NotModified | Redirect | Failure | None:
    """What an answer comes to by its head alone; None: it is a page, and its body may be read.

    ``headers`` are looked up in lower case; ``conditional`` says whether validators were sent.
    """
    if status == 200:
        return _unreadable_type(url, headers)
    if status == 304 and conditional:
        return NotModified(url=url)
    if status in _REDIRECTS and headers.get("location"):
        return Redirect(headers["location"], permanent=status in _PERMANENT)
    return Failure(
        outcome=_OUTCOMES.get(status, Outcome.UNREACHABLE),
        detail=_explain(url, status),
        url=url,
        status=status,
        retry_after_seconds=retry_after_seconds(headers),
    )


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """How long the server asks to be left alone, in seconds, never negative; None when it does not say so readably.

    A date is compared with the server's own Date header, so that neither clock needs to be right.
    """
    asked = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(asked):
        return float(asked)
    until = http_date(asked)
    answered = http_date(headers.get("date", ""))
    if until is None or answered is None:
        return None
    return max(0.0, (until - answered).total_seconds())


def http_date(text: str) -> datetime | None:
    """The moment that a Date header names; None when it names none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _unreadable_type(url: str, headers: Mapping[str, str]) -> Failure | None:
    content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if not content_type or _READABLE_TYPE.fullmatch(content_type):
        return None
    return Failure(outcome=Outcome.WRONG_TYPE, detail=f"{url} holds {content_type!r}, not a page", url=url, status=200)


def _explain(url: str, status: int) -> str:
    if status == 304:
        return f"{url} answered 304 (Not Modified) though it was asked for the whole page"
    if status in _REDIRECTS:
        return f"{url} answered {status} without saying where to go"
    try:
        return f"{url} answered {status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return f"{url} answered {status}"
