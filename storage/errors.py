"""What can go wrong with the store.

StoreError
├── NoDatabase        there is none yet
├── UnknownPerson     nobody, or more than one, answers to a name
├── UnknownPaper      no paper, or more than one, goes by a key
├── ManyPapers        more than one paper has a title that holds what was asked for
├── UnknownEvent      no event, or more than one, has an id that begins so
├── UnknownMetric     no profile of a person shows it
├── UnknownRun        no run has an id, or none can be taken back
├── UnknownSilence    no silence has an id
├── UnknownWaiting    nothing in the outbox, or more than one thing, has an id that begins so
├── BackupError       a backup can not be written, read or restored
└── ArchiveError      a stored blob does not hold what was put into it
    └── RetiredError  it was let go of on purpose
"""

from collections.abc import Sequence
from datetime import datetime


class StoreError(Exception):
    """The database can not be used as asked; the message names it and is one sentence for a person."""


class NoDatabase(StoreError):  # noqa: N818 - it reads as what it says
    """There is no database yet at the address that was given."""


class UnknownPerson(StoreError):  # noqa: N818 - it reads as what it says
    """Nobody, or more than one, answers to the name; ``candidates`` are the names that come near."""

    def __init__(self, asked: str, candidates: Sequence[str], *, ambiguous: bool = False) -> None:
        self.asked = asked
        self.candidates = tuple(candidates)
        self.ambiguous = ambiguous
        if ambiguous:
            text = f"“{asked}” may be any of: {', '.join(candidates)}"
        elif candidates:
            text = f"nobody is followed as “{asked}”; near it are: {', '.join(candidates)}"
        else:
            text = f"nobody is followed as “{asked}”"
        super().__init__(text)


class UnknownPaper(StoreError):  # noqa: N818 - it reads as what it says
    """No paper, or more than one, goes by the key that was asked for."""

    def __init__(self, asked: str) -> None:
        self.asked = asked
        super().__init__(f"no one paper goes by “{asked}”; keys are in show PERSON --json")


class ManyPapers(StoreError):  # noqa: N818 - it reads as what it says
    """More than one paper has a title that holds what was asked for; ``candidates`` are some, with their keys."""

    def __init__(self, asked: str, candidates: Sequence[str]) -> None:
        self.asked = asked
        self.candidates = tuple(candidates)
        super().__init__(f"“{asked}” may be any of: {', '.join(candidates)}")


class UnknownEvent(StoreError):  # noqa: N818 - it reads as what it says
    """No event, or more than one, has an id that begins with what was asked for."""

    def __init__(self, asked: str, candidates: Sequence[str]) -> None:
        self.asked = asked
        self.candidates = tuple(candidates)
        text = f"no event has an id that begins with “{asked}”"
        if candidates:
            text = f"the ids of several events begin with “{asked}”: {', '.join(candidates)}"
        super().__init__(text)


class UnknownSnapshot(StoreError):  # noqa: N818 - it reads as what it says
    """The person has no snapshot of that id."""

    def __init__(self, asked: int) -> None:
        self.asked = asked
        super().__init__(f"there is no snapshot {asked} of this person")


class UnknownMetric(StoreError):  # noqa: N818 - it reads as what it says
    """No profile of the person has ever shown the metric; ``known`` are those that one has."""

    def __init__(self, asked: str, known: Sequence[str]) -> None:
        self.asked = asked
        self.known = tuple(known)
        there = f"there are: {', '.join(known)}" if known else "there are none yet"
        super().__init__(f"no metric is called “{asked}”; {there}")


class UnknownRun(StoreError):  # noqa: N818 - it reads as what it says
    """No run is meant by what was asked for; ``latest`` are the newest runs, in words."""

    def __init__(self, asked: str, latest: Sequence[str]) -> None:
        self.asked = asked
        self.latest = tuple(latest)
        text = f"there is no run {asked}"
        if asked == "latest":
            text = "there is no run that could be taken back"
        elif latest:
            text = f"there is no run {asked}; the latest are {', '.join(latest)}"
        super().__init__(text)


class UnknownSilence(StoreError):  # noqa: N818 - it reads as what it says
    """No silence has the id; ``holding`` are the ids of those that hold now."""

    def __init__(self, asked: str, holding: Sequence[str]) -> None:
        self.asked = asked
        self.holding = tuple(holding)
        there = f"those that hold now are: {', '.join(holding)}" if holding else "none holds now"
        super().__init__(f"there is no silence {asked}; {there}")


class UnknownWaiting(StoreError):  # noqa: N818 - it reads as what it says
    """Nothing that waits to be delivered, or more than one message or event, has an id that begins so."""

    def __init__(self, asked: str, candidates: Sequence[str], *, delivered_at: datetime | None = None) -> None:
        self.asked = asked
        self.candidates = tuple(candidates)
        text = f"nothing that waits has an id that begins with “{asked}”"
        if candidates:
            text = f"the ids of several begin with “{asked}”: {', '.join(candidates)}"
        elif delivered_at is not None:
            text = f"message “{asked}” was delivered at {delivered_at:%Y-%m-%d %H:%M} UTC"
        super().__init__(text)


class ArchiveError(StoreError):
    """A blob of the archive is damaged; the message names it by the beginning of its sha256."""

    def __init__(self, sha256: bytes, reason: str) -> None:
        self.sha256 = sha256
        super().__init__(f"archive: blob {sha256.hex()[:16]} is damaged: {reason}")


class RetiredError(ArchiveError):
    """The content of a blob was let go of to save room; ``on`` is the day, as ISO 8601."""

    def __init__(self, sha256: bytes, size: int, on: str) -> None:
        self.sha256 = sha256
        self.on = on
        StoreError.__init__(
            self, f"archive: blob {sha256.hex()[:16]} of {size:,} bytes was let go of on {on}, to save room"
        )


class BackupError(StoreError):
    """A backup can not be written, read or restored; the message names the file and says what would help."""
