"""Is the program itself at work? What its owner has to hear when it is not: when that begins, and once a week after.

    no good run for too long                →  run.missed
    a profile not read for some cadences    →  profile.stale; of many at one host at once, one note

What is told already (a host that is down, a source with another layout, a page that is held back) is not told a second
time as stale. All of it rests on what is stored, so that whoever looks again tells neither less nor twice.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracking.cadence import Activity
from tracking.check import Outcome
from tracking.drift import LastCheck
from tracking.minute import minute
from tracking.punctuality import Leave
from tracking.view import RunState, RunView

#: What goes on is told again after this time, unless somebody has acknowledged it.
REMINDER = timedelta(days=7)

_NAMES_MAX = 3
#: A page that is held back was read: its owner has been asked about it.
_READ = frozenset({*(outcome for outcome in Outcome if outcome.is_good), Outcome.QUARANTINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long things may go wrong before somebody is told."""

    no_run: timedelta = timedelta(hours=36)
    stale_cadences: int = 3


USUAL_PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class Mention:
    """What was told of something since it began: when last, and whether somebody has acknowledged it."""

    at: datetime | None = None
    acknowledged: bool = False

    def is_to_be_told(self, now: datetime) -> bool:
        return self.at is None or (not self.acknowledged and now - self.at >= REMINDER)


NEVER = Mention()


# ---- runs


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsSoFar:
    """The runs of checks up to some time."""

    #: The last good one.
    good: RunView | None = None
    #: Those since then, the newest first, without those that left early.
    later: tuple[RunView, ...] = ()
    #: When the first of all was; None: there was none.
    first_at: datetime | None = None

    @property
    def since(self) -> datetime | None:
        """When the last good one was, or else the first; None: there was none."""
        return self.first_at if self.good is None else self.good.now


def ended_well(manifest: Mapping[str, object]) -> bool:
    """True for a run that read at least one profile, or for which there was nothing to read."""
    outcomes, skipped = manifest.get("outcomes"), manifest.get("skipped")
    if isinstance(outcomes, Mapping) and outcomes:
        return not _READ.isdisjoint(outcomes)
    if isinstance(skipped, Mapping):
        return skipped.get("why") == Leave.NOBODY_DUE
    return manifest.get("state", RunState.OK) == RunState.OK


def was_good(run: RunView) -> bool:
    """True for a run that has ended well and was not taken back."""
    return run.reverted_at is None and run.manifest is not None and ended_well(run.manifest)


def is_at_work(runs: RunsSoFar, patience: Patience, now: datetime) -> bool:
    """True where a run has ended lately, whatever it could read."""
    newest = next((run for run in (*runs.later, runs.good) if run is not None and run.manifest is not None), None)
    return newest is not None and newest.reverted_at is None and now - newest.now <= patience.no_run


def missed_run(runs: RunsSoFar, patience: Patience, now: datetime) -> str | None:
    """What there is to say where no run was good for too long, a sentence without its end; None: one was."""
    since = runs.since
    if since is None or now - since <= patience.no_run:
        return None
    hours = f"{patience.no_run / timedelta(hours=1):,g} hours"
    last = f"the last was of {minute(since)}" if runs.good else f"there was none since the first, of {minute(since)}"
    if not runs.later:
        return f"no good run for more than {hours}: {last}, and none was started since"
    newest = runs.later[0]
    return f"no good run for more than {hours}: {last}, and the newest, of {minute(newest.now)}, {_ending(newest)}"


def _ending(run: RunView) -> str:
    match run.state:
        case RunState.UNFINISHED:
            return "goes on or was cut off"
        case RunState.REVERTED:
            return "was taken back"
        case _:
            outcomes = run.manifest.get("outcomes") if run.manifest else None
            counts = _words(outcomes) if isinstance(outcomes, Mapping) else ""
            return f"read no page: {counts}" if counts else "read no page"


# ---- profiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A followed profile whose last check did not end well."""

    profile: LastCheck
    #: When it was last read well; None: never.
    good_at: datetime | None
    #: The first check after that.
    failing_since: datetime
    #: How many checks since then ended how.
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    #: What was told of it since then.
    mention: Mention = NEVER
    #: None where nobody asked for it.
    activity: Activity | None = None


def is_stale(unread: Unread, period: timedelta, patience: Patience, now: datetime) -> bool:
    """True for a profile that was not read for so many of its cadences, though it was asked for.

    One that was not asked for, because there was no run or nobody followed it, counts from when it is again.
    """
    lasts = now - unread.failing_since >= (patience.stale_cadences - 1) * period
    return lasts and (unread.good_at is None or now - unread.good_at >= patience.stale_cadences * period)


def is_explained(unread: Unread, *, host_is_down: bool, drifted_at: datetime | None) -> bool:
    """True where something else was told that says why a profile is not read.

    ``host_is_down``: its host was told to be down, or to let nobody in. ``drifted_at`` is when its source was last told
    to have another layout.
    """
    match unread.profile.outcome:
        case Outcome.QUARANTINED:
            return True
        case Outcome.PARSE_FAILED if drifted_at is not None:
            return host_is_down or unread.good_at is None or drifted_at > unread.good_at
    return host_is_down


def stale_note(host: str, stale: Sequence[Unread]) -> str:
    """What there is to say of profiles of one host, in the order of their ids: a sentence without its end."""
    checks: Counter[Outcome] = Counter()
    for one in stale:
        checks.update(one.outcomes)
    ended = f"{_last_read(stale)}; {_ended(checks)}"
    if len(stale) > 1:
        return f"{len(stale):,} profiles at {host} are not read any more ({_names(stale)}): {ended}"
    (one,) = stale
    profile = one.profile
    reason = f": {profile.detail}" if profile.detail else ""
    return f"the profile of {_name(one)} at {profile.source} is not read any more: {ended}{reason}"


def _last_read(stale: Sequence[Unread]) -> str:
    read = [one.good_at for one in stale if one.good_at is not None]
    if read:
        return f"last on {minute(max(read))}"
    return f"never since {minute(min(one.failing_since for one in stale))}"


def _ended(checks: Counter[Outcome]) -> str:
    number = "the check" if checks.total() == 1 else f"{checks.total():,} checks"
    return f"{number} since then ended as {_words(checks)}"


def _names(stale: Sequence[Unread]) -> str:
    names = ", ".join(map(_name, stale[:_NAMES_MAX]))
    more = len(stale) - _NAMES_MAX
    return f"{names} and {more:,} more" if more > 0 else names


def _name(one: Unread) -> str:
    return one.profile.person or one.profile.url


def _words(counts: Mapping[Outcome, int]) -> str:
    """``{"blocked": 3, "login": 1}`` as “3 blocked, 1 login”, the most first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{count:,} {outcome.replace('_', ' ')}" for outcome, count in ordered)
