"""An accepted snapshot as the store holds it, with the raw page that it was read from."""

from dataclasses import dataclass
from datetime import datetime

from tracking.check import Page
from tracking.reading import ProfileReading


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSnapshot:
    snapshot_id: int
    profile_id: int
    person: str
    source: str
    profile_key: str
    observed_at: datetime
    #: Parser and version that made ``reading``: ``scholarfeed/1``.
    parser: str
    reading: ProfileReading
    #: The keys of the papers of ``reading``, in their order.
    keys: tuple[str, ...]
    #: None: the raw page has been let go (see retention); nothing can be read again.
    page: Page | None
    #: Aliases of papers that are left out of what the page says.
    rejected: frozenset[str] = frozenset()
