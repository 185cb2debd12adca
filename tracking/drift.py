"""Can the pages of a source not be read any more? Told from its profiles together: one such page says little.

>>> drifts(store.last_checks(), store.last_drifts())
[Drift(source='scholarfeed', …, detail='12 of 14 pages could not be read: papers: no paper has a title')]

Pages that can be read, and do not show what they did, are told by `tracking.redesign`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracking.check import Outcome, Watch
from tracking.event import Cause, Event, EventKind, event_id

#: So many profiles make a drift at once; where fewer are followed, all of them when they stay so.
PROFILES_MIN = 3

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
