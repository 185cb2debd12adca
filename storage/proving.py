"""What a proof asks of a database. Everything is read in short transactions, a few pages in memory at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

from storage import event_proof, evidence_rows, unsound, verifying
from storage.engine import Database
from storage.evidence import Chapter, Evidence, ProvenEvent
from storage.proven import ProvenProfile
from tracking.proof import Step


@dataclass(frozen=True, slots=True)
class Proving:
    """Steps that fail where something is damaged; it is an error only where nothing at all can be read."""

    database: Database

    def event(self, asked: str) -> ProvenEvent:
        """The event of this id, or of the only one that begins so. Raises UnknownEvent."""
        return event_proof.prove_event(self.database, asked)

    def count(self) -> int:
        """How many contents, counting snapshots and snapshots `archive`, `chapters` and `evidence` come to."""
        return evidence_rows.count_blobs(self.database) + sum(verifying.count_snapshots(self.database))

    def tables(self) -> Iterator[Step]:
        """What must never be, of the file and of the rows."""
        return unsound.unsound(self.database)

    def archive(self) -> Iterator[Step]:
        """A step for each content."""
        return evidence_rows.blobs(self.database)

    def profiles(self) -> Iterator[ProvenProfile | Step]:
        """All profiles, followed or not; a step for each whose row can not be read."""
        return verifying.profiles(self.database)

    def chapters(self, profile: ProvenProfile) -> Iterator[Chapter]:
        """The history of a profile, folded again."""
        return verifying.chapters(self.database, profile)

    def evidence(self, profile: ProvenProfile) -> Iterator[Evidence | Step]:
        """The snapshots of a profile, whether they count or not; a step for each whose row can not be read."""
        return evidence_rows.evidence(self.database, profile)
