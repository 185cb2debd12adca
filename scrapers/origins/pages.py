"""Pages that somebody saved: a file, or a folder with all that is in it.

file ─┬─ when: the manifest, else `at`, else its name, else the names of its folders, else its own Date (MHTML)
      └─ whose: the manifest, else where it was saved from (MHTML), else whoever is asked for
"""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from scrapers.origins.archived_url import url_key
from scrapers.origins.dated_names import SeveralTimes, time_in_path
from scrapers.origins.failures import unreadable
from scrapers.origins.manifest import Entry, read_manifest
from scrapers.origins.saved_file import KINDS, is_mhtml, is_saved_page, mhtml_origin, page_of, unpack
from scrapers.origins.surveying import survey_of
from tracking.capture import Capture, OriginError, Skipped, Survey
from tracking.check import Failure, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class _SavedPage:
    """What is known of one file, whoever is asked for."""

    place: str
    observed_at: datetime
    entry: Entry | None
    #: Where an MHTML file was saved from; empty for all others.
    location: str
    digest: str | None

    def capture(self, url: str) -> Capture:
        return Capture(observed_at=self.observed_at, place=self.place, url=self.location or url, digest=self.digest)


class PagesOrigin:
    """Saved pages of one profile, unless the manifest or the files themselves say that they are of several.

    ``at`` is the time of a single file. ``zone`` is where the clock stood by which names and manifest were written: a
    time without an offset is in it, and a day alone means 12:00 there. When a file was modified is never believed.
    """

    name = "pages"
    seconds_per_read = 0.0

    def __init__(
        self, path: Path, *, at: datetime | None = None, manifest: Path | None = None, zone: tzinfo = UTC
    ) -> None:
        self._path = path
        self._at = at
        self._manifest = manifest
        self._zone = zone
        self._looking = asyncio.Lock()
        self._found: list[_SavedPage | Skipped] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._found = None

    async def survey(self, url: str, since: datetime | None, until: datetime | None) -> Survey:
        """See `tracking.capture.Origin`. The files are looked at once, for all profiles."""
        async with self._looking:
            if self._found is None:
                self._found = await asyncio.to_thread(self._look)
        captures: list[Capture] = []
        skipped: list[Skipped] = []
        for page in self._found:
            if isinstance(page, Skipped):
                skipped.append(page)
            elif page.entry is not None and page.entry.profile:
                captures += [page.capture(url)] if page.entry.is_of(url) else []
            elif page.location and url_key(page.location) != url_key(url):
                skipped.append(Skipped(page.place, f"was saved from {page.location}"))
            else:
                captures.append(page.capture(url))
        return survey_of(captures, skipped, since=since, until=until)

    async def read(self, capture: Capture) -> Page | Failure:
        """See `tracking.capture.Origin`."""
        content = self._content(capture.place, capture.url)
        return content if isinstance(content, Failure) else page_of(capture.place, content, url=capture.url)

    def _look(self) -> list[_SavedPage | Skipped]:
        entries = read_manifest(self._manifest, self._zone) if self._manifest is not None else {}
        places = self._places()
        strangers = sorted(set(entries) - set(places))
        if strangers:
            raise OriginError(f"the manifest {self._manifest} names {strangers[0]}, which is not among the pages")
        return [self._look_at(place, entries.get(place)) for place in places]

    def _places(self) -> list[str]:
        if self._path.is_dir():
            if self._at is not None:
                raise OriginError(f"{self._path} is a folder: one time cannot be that of all its pages")
            places = sorted(path.relative_to(self._path).as_posix() for path in _pages_in(self._path))
            if not places:
                raise OriginError(f"{self._path} holds no saved page ({KINDS})")
            return places
        if not self._path.is_file():
            raise OriginError(f"there is no file or folder {self._path}")
        if not is_saved_page(self._path.name):
            raise OriginError(f"{self._path} is not a saved page ({KINDS})")
        return [self._path.name]

    def _look_at(self, place: str, entry: Entry | None) -> _SavedPage | Skipped:
        content = self._content(place, "")
        location, own_date = mhtml_origin(content) if is_mhtml(place) and isinstance(content, bytes) else ("", None)
        try:
            told = entry.observed_at if entry is not None else self._at
            observed_at = told or time_in_path(PurePosixPath(place), self._zone) or own_date
        except SeveralTimes as error:
            return Skipped(place, f"{error}; give --at or a manifest")
        if observed_at is None:
            return Skipped(place, "has no date in its name; give --at or a manifest")
        digest = hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else None
        return _SavedPage(place=place, observed_at=observed_at, entry=entry, location=location, digest=digest)

    def _content(self, place: str, url: str) -> bytes | Failure:
        path = self._path / place if self._path.is_dir() else self._path
        try:
            with path.open("rb") as file:
                return unpack(place, file, url=url)
        except OSError as error:
            return unreadable(place, f"cannot be read: {error.strerror}", url=url)


def _pages_in(folder: Path) -> Iterator[Path]:
    """All saved pages below a folder: nothing hidden, and nothing that a browser put beside a page it saved."""
    for path in folder.rglob("*"):
        around = path.relative_to(folder)
        if not is_saved_page(path.name) or any(part.startswith(".") for part in around.parts) or not path.is_file():
            continue
        if not any(_is_attachment(folder / parent) for parent in around.parents):
            yield path


def _is_attachment(folder: Path) -> bool:
    page = folder.with_name(folder.name.removesuffix("_files"))
    return folder.name.endswith("_files") and any(
        page.with_name(page.name + suffix).is_file() for suffix in (".html", ".htm")
    )
