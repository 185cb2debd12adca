"""What can go wrong with the store.

StoreError
├── UnknownPerson     nobody, or more than one, answers to a name
└── ArchiveError      a stored blob does not hold what was put into it
"""

from collections.abc import Sequence


class StoreError(Exception):
    """The database can not be used as asked; the message names it and is one sentence for a person."""


class UnknownPerson(StoreError):  # noqa: N818 - it reads as what it says
    """Nobody, or more than one, answers to the name; ``candidates`` are the names that come near."""

    def __init__(self, asked: str, candidates: Sequence[str], *, ambiguous: bool = False) -> None:
        self.asked = asked
        self.candidates = tuple(candidates)
        if ambiguous:
            text = f"“{asked}” may be any of: {', '.join(candidates)}"
        elif candidates:
            text = f"nobody is followed as “{asked}”; near it are: {', '.join(candidates)}"
        else:
            text = f"nobody is followed as “{asked}”"
        super().__init__(text)


class ArchiveError(StoreError):
    """A blob of the archive is damaged; the message names it by the beginning of its sha256."""

    def __init__(self, sha256: bytes, reason: str) -> None:
        self.sha256 = sha256
        super().__init__(f"archive: blob {sha256.hex()[:16]} is damaged: {reason}")
