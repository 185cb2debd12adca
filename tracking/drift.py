"""Has a source changed its layout? Told from its profiles together: one page that cannot be read says little.

>>> drifts(store.last_checks(), store.last_drifts())
[Drift(source='scholarfeed', …, detail='12 of 14 pages could not be read: papers: no paper has a title')]

Either most pages cannot be read, or a field that nearly all papers had is shown of none any more.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tracking.check import Outcome, Watch
from tracking.diff import PAPER_FIELDS
from tracking.event import Cause, Event, EventKind, event_id
from tracking.reading import PaperReading, ProfileReading

#: So many profiles make a drift at once; where fewer are followed, all of them when they stay so.
PROFILES_MIN = 3
#: Of the papers on the earlier pages, so many had a field that "nearly all" had.
NEARLY_ALL = 0.9

#: Outcomes of a page that came and was read.
READ = (Outcome.OK, Outcome.UNCHANGED, Outcome.IMPLAUSIBLE, Outcome.QUARANTINED)

#: What a parse error quotes of the page differs from page to page, and so does the place.
_QUOTED = re.compile(r""": (?:'.*'|".*")$""", re.DOTALL)
_PLACE = re.compile(r"^([\w ]+), [^:]*: ")


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCheck:
    """How the last check of a followed profile ended."""

    profile_id: int
    person: str
    tags: tuple[str, ...]
    source: str
    key: str
    url: str
    checked_at: datetime
    outcome: Outcome
    detail: str = ""
    #: The first page that could not be read since one could; None: the last one could, or none has come.
    unread_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A source whose layout has moved, with a profile whose page shows it."""

    source: str
    profile: LastCheck | Watch
    #: One sentence.
    detail: str

    def event(self, now: datetime) -> Event:
        kind, profile = EventKind.SOURCE_DRIFT, self.profile
        return Event(
            id=event_id(profile.source, profile.key, kind, self.source, now),
            kind=kind,
            cause=Cause.SOURCE,
            profile_id=profile.profile_id,
            observed_at=now,
            after=self.detail,
        )


def drifts(checks: Iterable[LastCheck], told: Mapping[str, datetime]) -> list[Drift]:
    """The sources that have begun to show pages that cannot be read; ``told`` is when each was last told to have.

    ``checks`` are those of all profiles that are followed there. Where half of the pages that cannot be read now have
    not been readable since it was told, it is still the same outbreak.
    """
    by_source: defaultdict[str, list[LastCheck]] = defaultdict(list)
    for check in checks:
        by_source[check.source].append(check)
    found = (_drift(source, of_source, told.get(source)) for source, of_source in sorted(by_source.items()))
    return [drift for drift in found if drift is not None]


def _drift(source: str, checks: Sequence[LastCheck], told_at: datetime | None) -> Drift | None:
    unread = {check.profile_id: since for check in checks if (since := check.unread_since) is not None}
    failing = sorted((check for check in checks if check.profile_id in unread), key=lambda check: check.profile_id)
    came = len(failing) + sum(check.outcome in READ for check in checks if check.profile_id not in unread)
    if not failing or 2 * len(failing) < came or len(failing) < min(PROFILES_MIN, len(checks)):
        return None
    if len(failing) < PROFILES_MIN and any(unread[check.profile_id] == check.checked_at for check in failing):
        # A page or two that are torn once are no layout; that they stay so may be one.
        return None
    if told_at is not None and 2 * sum(since <= told_at for since in unread.values()) >= len(unread):
        return None
    (reason, _), *_ = Counter(_reason(check.detail) for check in failing).most_common(1)
    example = next(check for check in failing if _reason(check.detail) == reason)
    return Drift(
        source=source,
        profile=example,
        detail=f"{len(failing)} of {came} {'page' if came == 1 else 'pages'} could not be read: {reason}",
    )


def _reason(detail: str) -> str:
    """What a parse error says about any page: stage and reason, without the place and what stands there."""
    return _PLACE.sub(r"\1: ", _QUOTED.sub("", detail))


@dataclass(slots=True, kw_only=True)
class ShownFields:
    """What papers show on the changed pages of one source, before and now; those of parts add up."""

    profiles: int = 0
    #: The profile with the lowest id.
    example: Watch | None = None
    papers_before: int = 0
    before: Counter[str] = field(default_factory=Counter)
    now: Counter[str] = field(default_factory=Counter)

    def count(self, watch: Watch, before: ProfileReading, now: ProfileReading) -> None:
        """Take in one page that was accepted, and the one before as the same parser reads it."""
        self._exemplify(watch)
        self.profiles += 1
        self.papers_before += len(before.papers)
        for paper in before.papers:
            self.before.update(_shown(paper))
        for paper in now.papers:
            self.now.update(_shown(paper))

    def add(self, other: "ShownFields") -> None:
        if other.example is not None:
            self._exemplify(other.example)
        self.profiles += other.profiles
        self.papers_before += other.papers_before
        self.before.update(other.before)
        self.now.update(other.now)

    def drift(self, followed: int) -> Drift | None:
        """The fields that nearly all papers had and none has any more; ``followed`` profiles are of the source."""
        lost = [
            name
            for name, papers in sorted(self.before.items())
            if papers >= NEARLY_ALL * self.papers_before and name not in self.now
        ]
        if not lost or self.example is None or self.profiles < max(2, min(PROFILES_MIN, followed)):
            return None
        detail = f"{', '.join(lost)}: shown of nearly all papers until now, and on none of {self.profiles} new pages"
        return Drift(source=self.example.source, profile=self.example, detail=detail.replace("_", " "))

    def _exemplify(self, watch: Watch) -> None:
        if self.example is None or watch.profile_id < self.example.profile_id:
            self.example = watch


def _shown(paper: PaperReading) -> Iterator[str]:
    """The fields of which the page says something; the title always is."""
    return (name for name in PAPER_FIELDS if name != "title" and getattr(paper, name) not in (None, ()))
