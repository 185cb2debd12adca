"""Pages of the past: what an archive, a folder or a repository says that it has of a profile.

origin.survey(url) -> Survey of Captures     what there is, oldest first; nothing of it is read yet
origin.read(capture) -> Page | Failure       one of them
"""

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from tracking.check import Failure, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A page of a profile as it was at a time, that an origin can give."""

    observed_at: datetime
    #: Where it is kept: one capture's alone within its origin, and enough for a person to find it again.
    place: str
    #: The URL that was captured; empty where the origin does not know it.
    url: str = ""
    #: What the origin says of the content: two of its captures with one digest have the same bytes. None: nothing.
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that an origin holds and that is no capture, or a damaged one; ``reason`` is one sentence."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What an origin has of a profile. ``captures`` are in the order of their times, each time once."""

    captures: tuple[Capture, ...]
    skipped: tuple[Skipped, ...] = ()
    #: Requests that the survey itself took.
    requests: int = 0


class OriginError(Exception):
    """An origin cannot be used as asked: no such file, an archive that refuses. One sentence that names the place."""


class Origin(Protocol):
    """Where pages of the past come from. Used as an async context manager by one flow at a time."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    @property
    def name(self) -> str:
        """Stored with every snapshot: ``wayback``, ``memento``, ``pages``, ``warc``, ``git``."""

    @property
    def seconds_per_read(self) -> float:
        """What one `read` takes at the polite pace; 0 where nobody else's machine is asked."""

    async def survey(self, url: str, since: datetime | None, until: datetime | None) -> Survey:
        """The captures of the profile at ``url`` from ``since`` until ``until``, both included; no content is read.

        Raises OriginError.
        """

    async def read(self, capture: Capture) -> Page | Failure:
        """The page of one capture of this origin's survey: the original bytes, the original status and headers."""
