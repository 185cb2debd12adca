"""Snapshots on their way to a worker process: what costs time to unpack is unpacked there.

A worker imports this, so it knows nothing of databases.
"""

from dataclasses import dataclass, field
from datetime import datetime

from storage.readings import reading_from_bytes
from tracking.check import Page
from tracking.stored import StoredSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedSnapshot:
    """A `StoredSnapshot` whose reading is still the bytes that the archive keeps."""

    snapshot_id: int
    profile_id: int
    person: str
    source: str
    profile_key: str
    observed_at: datetime
    parser: str
    reading: bytes = field(repr=False)
    page: Page | None
    rejected: frozenset[str] = frozenset()

    def unpacked(self) -> StoredSnapshot:
        stored = reading_from_bytes(self.reading)
        return StoredSnapshot(
            snapshot_id=self.snapshot_id,
            profile_id=self.profile_id,
            person=self.person,
            source=self.source,
            profile_key=self.profile_key,
            observed_at=self.observed_at,
            parser=self.parser,
            reading=stored.reading,
            keys=stored.keys,
            page=self.page,
            rejected=self.rejected,
        )
