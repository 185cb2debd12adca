"""From the lines of an index to captures of a profile: which of them are some, and why the others are not."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from scrapers.archives.cdx import CdxRow, timestamp_of
from tracking.capture import Capture, Skipped

#: "unk" and "-" are archives' words for a page that was sent without a type; it may be HTML as well.
_READABLE_TYPES = frozenset({"text/html", "application/xhtml+xml", "warc/revisit", "unk", "-"})


def captures_among(
    rows: Iterable[CdxRow], *, url: str, memento_url: str
) -> tuple[tuple[Capture, ...], tuple[Skipped, ...]]:
    """The captures among the lines, in the order of their times, each time once, and what is none, told by reason.

    Captures of one second that differ are told: the one of ``url`` itself is taken. A line of status ``-`` (a revisit:
    the same bytes as an earlier capture, which its digest names) is a capture.
    """
    taken: list[Capture] = []
    reasons: dict[str, list[CdxRow]] = {}
    in_order = sorted(dict.fromkeys(rows), key=lambda row: (row.captured_at, row.status != "200", row.url != url))
    for _, same_second in groupby(in_order, key=lambda row: row.captured_at):
        chosen: CdxRow | None = None
        for row in same_second:
            reason = _reason_against(row)
            if reason is not None:
                reasons.setdefault(reason, []).append(row)
            elif chosen is None:
                chosen = row
                taken.append(_capture(row, memento_url))
            elif row.digest != chosen.digest:
                reasons.setdefault("another capture of the same second, with other content", []).append(row)
    return tuple(taken), tuple(_skipped(reason, skipped, memento_url) for reason, skipped in reasons.items())


def place_of(captured_at: datetime, url: str, memento_url: str) -> str:
    """The address of the original bytes (``id_``) of a capture."""
    return f"{memento_url}{timestamp_of(captured_at)}id_/{url}"


def _capture(row: CdxRow, memento_url: str) -> Capture:
    place = place_of(row.captured_at, row.url, memento_url)
    return Capture(observed_at=row.captured_at, place=place, url=row.url, digest=row.digest)


def _reason_against(row: CdxRow) -> str | None:
    if row.status not in ("200", "-"):
        what = "redirect" if row.status.startswith("3") else "error" if row.status >= "400" else "odd answer"
        return f"an archived {what} (status {row.status})"
    if row.mime.lower() not in _READABLE_TYPES:
        return f"not a page: {row.mime}"
    return None


def _skipped(reason: str, rows: list[CdxRow], memento_url: str) -> Skipped:
    first, last = rows[0], rows[-1]
    if len(rows) > 1:
        reason = f"{reason}; {len(rows)} like this until {last.captured_at:%Y-%m-%d}"
    return Skipped(place_of(first.captured_at, first.url, memento_url), reason)
