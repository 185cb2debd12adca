"""What a backfill would do: the captures there are of each profile, and what it takes to read those that are new."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flows.backfill_wanted import Wanted, WrongWish
from flows.config.whole import Settings
from scrapers.registry import SOURCES
from storage.errors import UnknownPerson
from storage.store import Store
from tracking.capture import Capture, Origin, OriginError, Skipped, Survey
from tracking.late import ProfileToFill

#: Hears what is being done, of how many, and how many are done.
Progress = Callable[[str, int, int], None]

SKIPS_LISTED = 20
#: An origin that refuses so many surveys in a row is not asked for more.
_REFUSALS_IN_A_ROW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePlan:
    """One profile; ``trouble`` says why the origin could not be asked about it, where that is so."""

    profile: ProfileToFill
    survey: Survey
    trouble: str | None = None

    @property
    def new(self) -> tuple[Capture, ...]:
        """The captures that are not recorded, oldest first."""
        return tuple(capture for capture in self.survey.captures if capture.observed_at not in self.profile.seen)

    @property
    def known(self) -> int:
        """How many of the captures are recorded."""
        return len(self.survey.captures) - len(self.new)

    @property
    def reads(self) -> int:
        """How many captures have to be read: one that has the bytes of the one before it has not."""
        new = self.new
        return sum(not is_same_page(before, capture) for before, capture in zip((None, *new), new, strict=False))

    def to_json(self) -> dict[str, Any]:
        return {
            "person": self.profile.person,
            "profile": self.profile.url,
            "captures": len(self.survey.captures),
            "known": self.known,
            "new": len(self.new),
            "reads": self.reads,
            "trouble": self.trouble,
        }


def is_same_page(before: Capture | None, capture: Capture) -> bool:
    """True when the origin says that both captures have the same bytes."""
    return before is not None and capture.digest is not None and before.digest == capture.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillPlan:
    """What an origin has of some profiles."""

    now: datetime
    origin: str
    #: What one read takes at the polite pace.
    seconds_per_read: float
    profiles: tuple[ProfilePlan, ...]

    @property
    def captures(self) -> int:
        return sum(len(plan.survey.captures) for plan in self.profiles)

    @property
    def known(self) -> int:
        return sum(plan.known for plan in self.profiles)

    @property
    def new(self) -> int:
        return self.captures - self.known

    @property
    def reads(self) -> int:
        return sum(plan.reads for plan in self.profiles)

    @property
    def survey_requests(self) -> int:
        """What it took to find all this out; reading files takes none."""
        return sum(plan.survey.requests for plan in self.profiles)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What is no capture, or a damaged one, each once: an origin may say the same of every profile."""
        return tuple(dict.fromkeys(skipped for plan in self.profiles for skipped in plan.survey.skipped))

    @property
    def is_degraded(self) -> bool:
        return any(plan.trouble is not None for plan in self.profiles)

    def requests(self, reads: int) -> int:
        """Requests to a server, with so many captures read."""
        return self.survey_requests + reads if self.survey_requests else 0

    def to_json(self) -> dict[str, Any]:
        """What ``--dry-run`` prints. ``requests`` and ``seconds`` are those of the backfill itself."""
        return {
            "kind": "backfill",
            "dry_run": True,
            "run": None,
            "now": self.now.isoformat(),
            "state": "degraded" if self.is_degraded else "ok",
            "origin": self.origin,
            "captures": self.captures,
            "known": self.known,
            "new": self.new,
            "reads": self.reads,
            "requests": self.requests(self.reads),
            "seconds": round(self.reads * self.seconds_per_read, 1),
            **skips_json(self.skipped),
            "profiles": [plan.to_json() for plan in self.profiles],
            "failures": [
                {"person": plan.profile.person, "profile": plan.profile.url, "detail": plan.trouble}
                for plan in self.profiles
                if plan.trouble is not None
            ],
        }


def skips_json(skipped: Sequence[Skipped]) -> dict[str, Any]:
    """How many, and the first of them."""
    listed = [{"place": skip.place, "reason": skip.reason} for skip in skipped[:SKIPS_LISTED]]
    return {"skipped": len(skipped), "skips": listed}


async def plan_backfill(
    origin: Origin,
    profiles: Sequence[ProfileToFill],
    wanted: Wanted,
    now: datetime,
    progress: Progress | None = None,
) -> BackfillPlan:
    """Ask an origin what it has of these profiles, one after the other; no content is read.

    Raises WrongWish for a page that would be taken for that of several people.
    """
    plans: list[ProfilePlan] = []
    refusals = 0
    for number, profile in enumerate(profiles):
        if progress is not None:
            progress("Looking for captures", len(profiles), number)
        if refusals >= _REFUSALS_IN_A_ROW:
            trouble = f"not asked: {origin.name} refused {refusals} times in a row"
            plans.append(ProfilePlan(profile=profile, survey=Survey(captures=()), trouble=trouble))
            continue
        plan = await _plan(origin, profile, wanted, now)
        refusals = refusals + 1 if plan.trouble is not None else 0
        plans.append(plan)
    if wanted.origin.manifest is not None:
        _check_one_owner_each(plans)
    return BackfillPlan(now=now, origin=origin.name, seconds_per_read=origin.seconds_per_read, profiles=tuple(plans))


async def _plan(origin: Origin, profile: ProfileToFill, wanted: Wanted, now: datetime) -> ProfilePlan:
    if wanted.origin.kind.is_archive and not SOURCES[profile.source].is_archived:
        unkept = Skipped(
            profile.url, f"{SOURCES[profile.source].title} is asked through an interface: no archive has it"
        )
        return ProfilePlan(profile=profile, survey=Survey(captures=(), skipped=(unkept,)))
    try:
        survey = await origin.survey(profile.url, wanted.first, wanted.last)
    except OriginError as error:
        return ProfilePlan(profile=profile, survey=Survey(captures=()), trouble=str(error))
    return ProfilePlan(profile=profile, survey=_until(survey, now))


def _until(survey: Survey, now: datetime) -> Survey:
    """The survey without what claims to be of a time to come: the next daily check would be older than that."""
    early = [capture for capture in survey.captures if capture.observed_at > now]
    skipped = (
        Skipped(capture.place, f"is dated {capture.observed_at:%Y-%m-%d %H:%M %Z}, later than now") for capture in early
    )
    return replace(
        survey,
        captures=survey.captures[: len(survey.captures) - len(early)],
        skipped=(*survey.skipped, *skipped),
    )


def _check_one_owner_each(plans: Sequence[ProfilePlan]) -> None:
    """A file that the manifest leaves out, or names nobody for, would be everybody's."""
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for plan in plans:
        for capture in plan.survey.captures:
            owners[capture.place].append(plan.profile.person)
    for place, people in owners.items():
        if len(people) > 1:
            raise WrongWish(
                f"{place} would be a page of {people[0]} and of {people[1]}: say in the manifest whose it is"
            )


def followed_and_stored(store: Store | None, settings: Settings, people: Sequence[str]) -> list[ProfileToFill]:
    """The profiles that the file follows, as they would be with everybody taken over; nothing is written.

    ``store`` None: there is no database yet. Raises UnknownPerson.
    """
    stored = {(profile.source, profile.key): profile for profile in store.to_fill()} if store else {}
    followed = [stored.get((profile.source, profile.key), profile) for profile in _followed(settings)]
    if not people:
        return followed
    found: dict[tuple[str, str], ProfileToFill] = {}
    for name in people:
        meant = [profile for profile in followed if profile.person.casefold() == name.casefold()]
        if not meant and store is not None:
            meant = store.to_fill([name])
        if not meant:
            raise UnknownPerson(name, sorted({profile.person for profile in followed}))
        found |= {(profile.source, profile.key): profile for profile in meant}
    return list(found.values())


def _followed(settings: Settings) -> Iterator[ProfileToFill]:
    """The profiles that the file names, as if nothing was known of them."""
    for person in settings.people:
        for profile in person.profiles:
            yield ProfileToFill(
                profile_id=0,
                person_id=0,
                person=person.name or profile.key,
                tags=person.tags,
                source=profile.source,
                key=profile.key,
                url=profile.url,
                seen=frozenset(),
            )
