"""Why a capture gave no page. What is on a disk may be anything: bad content is a value, never an exception."""

from tracking.check import Failure, Outcome

#: Of one page, decoded: as much as is fetched of a live one.
MAX_PAGE_BYTES = 5_000_000


def unreadable(place: str, complaint: str, *, url: str) -> Failure:
    """Something is there, and cannot be had; ``complaint`` goes on after the place."""
    return Failure(outcome=Outcome.UNREACHABLE, detail=f"{place} {complaint}", url=url)


def too_big(place: str, *, url: str, limit: int = MAX_PAGE_BYTES) -> Failure:
    return Failure(outcome=Outcome.TOO_BIG, detail=f"{place} is larger than {limit} bytes", url=url)
