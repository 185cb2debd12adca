"""Pages as the store keeps them, whether they were accepted or not."""

from dataclasses import dataclass
from datetime import datetime

from tracking.check import Page, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadPage:
    """A page that came and could not be read, with all that is needed to read it after all and to tell of it."""

    profile_id: int
    person: str
    tags: tuple[str, ...]
    source: str
    profile_key: str
    profile_url: str
    #: The configuration still names the profile: somebody wants to hear of it.
    followed: bool
    observed_at: datetime
    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """What a profile's page was at a time; ``observed_at`` is when these bytes came first."""

    person: str
    source: str
    profile_key: str
    profile_url: str
    observed_at: datetime
    #: False: it could not be read, or was not believed.
    accepted: bool
    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPage:
    """A page that waits for its owner to say what to think of it; ``detail`` is why."""

    watch: Watch
    observed_at: datetime
    detail: str
    #: None: it has been let go of, to save room.
    page: Page | None
