"""A saved page under version control: every commit that wrote the file is a capture of it.

dulwich reads the repository by itself: no git is needed on the machine, and nothing that a repository's own
configuration names is ever run.
"""

import asyncio
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from dulwich.errors import NotGitRepository
from dulwich.objects import ObjectID
from dulwich.repo import Repo, UnsupportedExtension, UnsupportedVersion

from scrapers.origins.failures import unreadable
from scrapers.origins.git_history import DAMAGE, FileHistory, Version, blob_at, tree_of
from scrapers.origins.saved_file import page_of, unpack
from scrapers.origins.surveying import survey_of
from tracking.capture import Capture, OriginError, Skipped, Survey
from tracking.check import Failure, Page


class GitOrigin:
    """One saved page of one profile in a repository, bare or with a working tree.

    ``file`` is the path of the page from the root of the repository. The time of a capture is when its commit was
    made; of two commits in one second the later one counts.
    """

    name = "git"
    seconds_per_read = 0.0

    def __init__(self, repository: Path, file: str) -> None:
        self._path = repository
        self._file = PurePosixPath(file).as_posix()
        self._opened: Repo | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    async def survey(self, url: str, since: datetime | None, until: datetime | None) -> Survey:
        """See `tracking.capture.Origin`."""
        found = await asyncio.to_thread(self._look)
        captures = [
            Capture(observed_at=version.committed_at, place=version.place, url=url, digest=version.blob)
            for version in found
            if isinstance(version, Version)
        ]
        skipped = [version for version in found if isinstance(version, Skipped)]
        return survey_of(captures, skipped, since=since, until=until)

    async def read(self, capture: Capture) -> Page | Failure:
        """See `tracking.capture.Origin`."""
        try:
            stored = self._content(capture.place)
        except DAMAGE as error:
            return unreadable(capture.place, f"cannot be read: {type(error).__name__} {error}", url=capture.url)
        content = unpack(capture.place, BytesIO(stored), url=capture.url)
        return content if isinstance(content, Failure) else page_of(capture.place, content, url=capture.url)

    def _look(self) -> list[Version | Skipped]:
        try:
            found = list(FileHistory(self._repository(), self._file).versions())
        except KeyError as error:
            raise OriginError(f"{self._path} holds no commit") from error
        if not found:
            raise OriginError(f"no commit of {self._path} wrote a file {self._file}")
        return found

    def _repository(self) -> Repo:
        if self._opened is None:
            try:
                self._opened = Repo(str(self._path))
            except NotGitRepository as error:
                raise OriginError(f"{self._path} is not a git repository") from error
            except (OSError, UnsupportedVersion, UnsupportedExtension) as error:
                raise OriginError(f"the git repository {self._path} cannot be read: {error}") from error
        return self._opened

    def _content(self, place: str) -> bytes:
        """Raises one of DAMAGE."""
        repository = self._repository()
        commit, _, path = place.partition(":")
        blob = blob_at(repository, tree_of(repository, ObjectID(commit.encode())), path.encode())
        if blob is None:
            raise KeyError(place)
        _, content = repository.object_store.get_raw(blob)
        return content
