"""What an archive gave when it was asked for a capture: that capture, byte for byte, or nothing that may be kept.

The status, the headers (``X-Archive-Orig-…``) and the body of an archived answer are those of the original; only
`Memento-Datetime` (RFC 7089) tells it from a page of the archive's own.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapers.archives.cdx import moment_of
from tracking.capture import Capture
from tracking.check import Failure, Outcome, Page

_ORIGINAL = "x-archive-orig-"
#: What was undone on the way: it does not describe the body any more.
_OF_THE_WAY = frozenset({"connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"})

#: What the Wayback Machine and pywb put into a page that they make clickable.
_REWRITTEN = re.compile(
    rb"BEGIN WAYBACK TOOLBAR INSERT|End Wayback Rewrite JS Include|__wm\.(?:init|wombat)\(|<!-- WB Insert -->"
    rb"|<script\b[^>]{0,200}\bsrc=[\"']?[^\"'>]{0,200}/(?:_static|static)/(?:js/)?(?:wombat|wb_frame)\w*\.js",
    re.IGNORECASE,
)
_WITHHELD = re.compile(
    rb"excluded from the wayback machine|blocked by robots|robots\.txt|access to this (?:url|resource) (?:has been|is)",
    re.IGNORECASE,
)
_TIME_IN_PATH = re.compile(r"/([0-9]{14})(?:[a-z]{2}_)?/")


def read_memento(capture: Capture, answer: Page) -> Page | Failure:
    """The page that was captured, or why this answer is not it. ``answer`` is what came from ``capture.place``."""
    said = answer.headers.get("memento-datetime")
    if said is None:
        return _of_the_archive(capture, answer)
    captured_at = _http_date(said)
    if captured_at is None:
        return _failure(capture, answer, Outcome.UNREACHABLE, f"says an unreadable Memento-Datetime: {said[:80]!r}")
    if captured_at != capture.observed_at:
        complaint = f"was asked for of {_shown(capture.observed_at)} and is of {_shown(captured_at)}"
        return _failure(capture, answer, Outcome.UNREACHABLE, complaint)
    if 300 <= answer.status < 400:
        to = answer.headers.get("location", "nowhere")
        return _failure(capture, answer, Outcome.MOVED, f"is an archived redirect to {to[:200]}")
    if _REWRITTEN.search(answer.body):
        return _failure(capture, answer, Outcome.WRONG_TYPE, "was rewritten by the archive: these are not its bytes")
    return Page(
        url=capture.url,
        status=answer.status,
        headers=_original_headers(answer.headers),
        body=answer.body,
        elapsed_seconds=answer.elapsed_seconds,
    )


def _of_the_archive(capture: Capture, answer: Page) -> Failure:
    """What an answer means that is not archived, but the archive's own word."""
    elsewhere = _TIME_IN_PATH.search(answer.headers.get("location", ""))
    if 300 <= answer.status < 400 and elsewhere is not None:
        to = moment_of(elsewhere[1])
        complaint = f"is of {_shown(capture.observed_at)}; the archive leads to {_shown(to) if to else elsewhere[1]}"
        return _failure(capture, answer, Outcome.UNREACHABLE, complaint)
    if answer.status in (403, 451) or _WITHHELD.search(answer.body):
        return _failure(capture, answer, Outcome.BLOCKED, "is withheld by the archive")
    if answer.status == 404:
        return _failure(capture, answer, Outcome.UNREACHABLE, "is listed by the archive, which does not have it")
    complaint = f"gave a page of the archive's own (status {answer.status}, no Memento-Datetime)"
    return _failure(capture, answer, Outcome.UNREACHABLE, complaint)


def _original_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of the original answer; its type may stand where any answer's does."""
    originals = {name.removeprefix(_ORIGINAL): text for name, text in headers.items() if name.startswith(_ORIGINAL)}
    if "content-type" in headers:
        originals.setdefault("content-type", headers["content-type"])
    return {name: text for name, text in originals.items() if name not in _OF_THE_WAY}


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _failure(capture: Capture, answer: Page, outcome: Outcome, complaint: str) -> Failure:
    return Failure(
        outcome=outcome,
        detail=f"{capture.place} {complaint}",
        url=capture.place,
        status=answer.status,
        elapsed_seconds=answer.elapsed_seconds,
        size=len(answer.body),
    )
