"""What of the past somebody wants: from where, of whom, of which days; what cannot be done is refused at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path

from flows.config.hosts import authority
from scrapers.origins.archived_url import url_key
from scrapers.origins.manifest import read_manifest
from tracking.capture import OriginError
from tracking.late import ProfileToFill


class WrongWish(ValueError):  # noqa: N818 - it reads as what it says
    """A backfill that cannot be done as asked; one sentence for a person."""


class OriginKind(StrEnum):
    """Where pages of the past come from."""

    WAYBACK = "wayback"
    """the Internet Archive's Wayback Machine"""
    ARCHIVE = "archive"
    """another archive that speaks CDX and Memento"""
    PAGES = "pages"
    """a saved page, or a folder of them"""
    WARC = "warc"
    """WARC and ARC files, or folders of them"""
    GIT = "git"
    """one saved page under version control"""

    @property
    def is_archive(self) -> bool:
        """A web archive, which has what browsers saw."""
        return self in (OriginKind.WAYBACK, OriginKind.ARCHIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginChoice:
    """One origin, as somebody names it. Raises WrongWish for parts that do not go together."""

    kind: OriginKind = OriginKind.WAYBACK
    #: The URL of an archive, the path of saved pages, those of WARC files, or that of a repository.
    where: tuple[str, ...] = ()
    #: When a single saved page was observed.
    at: datetime | None = None
    #: Says when saved pages were observed, and whose they are.
    manifest: Path | None = None
    #: The path of the saved page from the root of the repository.
    file: str | None = None

    def __post_init__(self) -> None:
        match self.kind:
            case OriginKind.WAYBACK:
                self._refuse_if(bool(self.where), "the Wayback Machine is one place: name none")
            case OriginKind.ARCHIVE:
                self._refuse_if(len(self.where) != 1, "an archive is one URL, such as https://archive.example.org/all")
                self._check_url()
            case OriginKind.PAGES:
                self._refuse_if(len(self.where) != 1, "saved pages are one file or one folder: name its path")
            case OriginKind.WARC:
                self._refuse_if(not self.where, "name the paths of the WARC files, or of folders that hold them")
            case OriginKind.GIT:
                self._refuse_if(len(self.where) != 1, "name the path of one repository")
                self._refuse_if(not self.file, "say which file of the repository is the saved page")
        is_pages = self.kind is OriginKind.PAGES
        self._refuse_if(self.at is not None and not is_pages, "only a saved page can be told its time")
        self._refuse_if(self.manifest is not None and not is_pages, "a manifest is for saved pages only")
        self._refuse_if(self.file is not None and self.kind is not OriginKind.GIT, "only a repository has a file in it")

    def _refuse_if(self, wrong: bool, sentence: str) -> None:
        if wrong:
            raise WrongWish(sentence)

    def _check_url(self) -> None:
        try:
            authority(self.where[0])
        except ValueError as error:
            raise WrongWish(f"{self.where[0]!r} is not the URL of an archive: {error}") from None

    @property
    def tells_profiles_apart(self) -> bool:
        """True when the origin itself knows whose page is whose. Raises WrongWish for an unreadable manifest."""
        if self.manifest is None:
            return self.kind not in (OriginKind.PAGES, OriginKind.GIT)
        try:
            return any(entry.profile for entry in read_manifest(self.manifest, UTC).values())
        except OriginError as error:
            raise WrongWish(str(error)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A whole wish. Without people and profile it is of everybody; days are of UTC and both included."""

    origin: OriginChoice
    people: tuple[str, ...] = ()
    #: The URL of one followed profile.
    profile: str | None = None
    since: date | None = None
    until: date | None = None
    #: Tell everybody whose rules ask for it, in one digest.
    notify: bool = False

    def __post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.since > self.until:
            raise WrongWish(f"nothing is since {self.since} and until {self.until}")
        if self.people and self.profile is not None:
            raise WrongWish("a profile says already whose it is: name people or a profile, not both")

    @property
    def first(self) -> datetime | None:
        """The first instant that is wanted."""
        return None if self.since is None else datetime.combine(self.since, time.min, UTC)

    @property
    def last(self) -> datetime | None:
        """The last instant that is wanted."""
        return None if self.until is None else datetime.combine(self.until, time.max, UTC)

    def among(self, profiles: Sequence[ProfileToFill]) -> list[ProfileToFill]:
        """Those of the profiles of these people that are wanted. Raises WrongWish where it is not clear which."""
        chosen = list(profiles)
        if self.profile is not None:
            wanted = url_key(self.profile)
            chosen = [profile for profile in profiles if url_key(profile.url) == wanted]
            if not chosen:
                raise WrongWish(f"no followed profile is at {self.profile}")
        if not chosen:
            raise WrongWish("nobody is followed yet; next: scholarwatch follow URL")
        if len(chosen) > 1 and not self.origin.tells_profiles_apart:
            raise WrongWish(
                f"these pages do not say whose they are, and {len(chosen)} profiles are meant: "
                "name a person with one profile, or the URL of one"
            )
        return chosen
