"""Which commits wrote a file.

All ancestors of HEAD count, not the first parents alone: a commit on a branch was made when its page was saved. A merge
was made when branches met, so it is no version of its own.
"""

import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from dulwich.diff_tree import CHANGE_DELETE, tree_changes
from dulwich.errors import (
    ApplyDeltaError,
    ChecksumMismatch,
    FileFormatException,
    MissingCommitError,
    ObjectMissing,
    WrongObjectException,
)
from dulwich.objects import Commit, ObjectID, Tree
from dulwich.repo import Repo

from tracking.capture import Skipped

#: How dulwich says that an object is missing or damaged.
DAMAGE = (
    ApplyDeltaError,
    AssertionError,
    ChecksumMismatch,
    FileFormatException,
    KeyError,
    MissingCommitError,
    OSError,
    ObjectMissing,
    ValueError,
    WrongObjectException,
    zlib.error,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The file as one commit left it."""

    #: Commit and path, as ``git show`` takes them.
    place: str
    #: By the committer's clock, in its zone.
    committed_at: datetime
    #: The id of the content.
    blob: str


class FileHistory:
    """The versions of one file of a repository, followed over moves in which not a byte of it changed."""

    def __init__(self, repository: Repo, file: str) -> None:
        self._repository = repository
        self._paths = [file.encode()]
        self._shallow = repository.get_shallow()

    def versions(self) -> Iterator[Version | Skipped]:
        """Children before parents. Raises KeyError when there is no commit at all.

        What lies behind a missing or damaged object is skipped, in the name of the last commit before it.
        """
        last = self._repository.head()
        try:
            for entry in self._repository.get_walker():
                last = entry.commit.id
                yield from self._written_by(entry.commit)
        except DAMAGE as error:
            yield Skipped(last.decode(), f"the history behind it is damaged: {type(error).__name__} {error}")

    def _written_by(self, commit: Commit) -> Iterator[Version | Skipped]:
        parents = self._repository.get_parents(commit.id, commit)
        if len(parents) > 1:
            return
        tree_before = tree_of(self._repository, parents[0]) if parents else None
        if tree_before == commit.tree:
            return
        for path in tuple(self._paths):
            blob = blob_at(self._repository, commit.tree, path)
            blob_before = blob_at(self._repository, tree_before, path)
            if blob is None or blob == blob_before:
                continue
            yield self._version(commit, path, blob)
            if blob_before is None:
                self._follow(tree_before, commit.tree, blob)

    def _version(self, commit: Commit, path: bytes, blob: ObjectID) -> Version | Skipped:
        place = f"{commit.id.decode()}:{path.decode()}"
        if commit.id in self._shallow:
            return Skipped(place, "is where a shallow clone was cut: an older commit may have written it")
        try:
            return Version(place=place, committed_at=_time(commit), blob=blob.decode())
        except (OverflowError, ValueError, OSError):
            return Skipped(place, f"has an impossible time: {commit.commit_time} seconds since 1970")

    def _follow(self, tree_before: ObjectID | None, tree: ObjectID, blob: ObjectID) -> None:
        if tree_before is None:
            return
        for change in tree_changes(self._repository.object_store, tree_before, tree):
            gone = change.old if change.type == CHANGE_DELETE else None
            if gone is not None and gone.sha == blob and gone.path is not None and gone.path not in self._paths:
                self._paths.append(gone.path)


def tree_of(repository: Repo, commit_id: ObjectID) -> ObjectID:
    """What a commit left. Raises one of DAMAGE."""
    commit = repository[commit_id]
    if not isinstance(commit, Commit):
        raise ValueError(f"{commit_id.decode()} is no commit")
    tree: ObjectID = commit.tree
    return tree


def blob_at(repository: Repo, root: ObjectID | None, path: bytes) -> ObjectID | None:
    """The id of the content of the regular file at a path, if there is one. Raises one of DAMAGE."""
    found = root
    mode = stat.S_IFDIR
    for name in path.split(b"/"):
        if found is None or not stat.S_ISDIR(mode):
            return None
        tree = repository[found]
        if not isinstance(tree, Tree) or name not in tree:
            return None
        mode, found = tree[name]
    return found if stat.S_ISREG(mode) else None


def _time(commit: Commit) -> datetime:
    """Raises ValueError, OverflowError or OSError for a time that cannot be."""
    moment = datetime.fromtimestamp(commit.commit_time, UTC)
    offset = timedelta(seconds=commit.commit_timezone)
    return moment if abs(offset) >= timedelta(hours=24) else moment.astimezone(timezone(offset))
