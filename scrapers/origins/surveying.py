"""From what an origin found to its survey: in order, in range, each time once."""

from collections.abc import Iterable
from datetime import datetime

from tracking.capture import Capture, Skipped, Survey


def survey_of(
    found: Iterable[Capture],
    skipped: Iterable[Skipped] = (),
    *,
    since: datetime | None,
    until: datetime | None,
) -> Survey:
    """The captures from ``since`` until ``until``, both included, oldest first.

    Of several captures of one time the first found is taken; the others are skipped, whatever is in them.
    """
    taken: dict[datetime, Capture] = {}
    others = list(skipped)
    for capture in found:
        if not is_within(capture.observed_at, since, until):
            continue
        first = taken.setdefault(capture.observed_at, capture)
        if first is not capture:
            others.append(Skipped(capture.place, f"is of the same time as {first.place}"))
    return Survey(captures=tuple(taken[time] for time in sorted(taken)), skipped=tuple(others))


def is_within(moment: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or since <= moment) and (until is None or moment <= until)
