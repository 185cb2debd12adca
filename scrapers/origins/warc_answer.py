"""The answers of a server that web archives hold: what they say of themselves, before their content is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scrapers.origins.warc_content import read_heads
from scrapers.origins.warc_record import DamagedRecord, HttpHead, RecordHead
from scrapers.origins.warc_walk import Position
from tracking.capture import Skipped

NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedAnswer:
    """A record of the kind ``response``, ``resource`` or ``revisit``, that is as a server gave it."""

    place: str
    path: Path
    position: Position
    observed_at: datetime
    head: RecordHead
    #: None in a resource, and in a revisit that says no more than that the content is that of another record.
    http: HttpHead | None

    @property
    def is_revisit(self) -> bool:
        return self.head.kind == "revisit"

    @property
    def digest(self) -> str | None:
        """The digest of the payload: in all records of one crawler the same for the same bytes."""
        return self.head.fields.get("warc-payload-digest")

    @property
    def status(self) -> int | None:
        """None: a revisit that leaves it to the record whose content it repeats."""
        if self.http is None:
            return None if self.is_revisit else 200
        return None if self.is_revisit and self.http.status == NOT_MODIFIED else self.http.status

    @property
    def referred_url(self) -> str:
        """Of a revisit: where the content was had that is not repeated in it."""
        return self.head.fields.get("warc-refers-to-target-uri", self.head.url).strip("<>")

    def repeats(self, other: "ArchivedAnswer") -> bool:
        """True when this is a revisit of the other: by digest, or where one has none, by the time that it names."""
        if other.is_revisit or other.status == NOT_MODIFIED:
            return False
        if self.digest is not None and other.digest is not None:
            return self.digest == other.digest
        return _time(self.head.fields.get("warc-refers-to-date", "")) == other.observed_at


def look_at(place: str, path: Path, position: Position) -> ArchivedAnswer | Skipped:
    """What the record at a position says of itself, or why it is no capture."""
    try:
        head, http = read_heads(path, position)
    except DamagedRecord as damage:
        return Skipped(place, str(damage))
    observed_at = _time(head.fields.get("warc-date", ""))
    if observed_at is None:
        return Skipped(place, f"has no readable date, but {head.fields.get('warc-date', '')!r}")
    if "warc-truncated" in head.fields:
        return Skipped(place, f"was cut when it was recorded ({head.fields['warc-truncated']})")
    if "warc-segment-number" in head.fields:
        return Skipped(place, "is one of several segments of a record")
    if head.kind == "response" and http is None:
        return Skipped(place, "holds no answer")
    return ArchivedAnswer(place=place, path=path, position=position, observed_at=observed_at, head=head, http=http)


def referent(revisit: ArchivedAnswer, others: Iterable[ArchivedAnswer | Skipped]) -> ArchivedAnswer | None:
    """The answer whose content a revisit repeats, if it is among the others."""
    return next((other for other in others if isinstance(other, ArchivedAnswer) and revisit.repeats(other)), None)


def _time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
