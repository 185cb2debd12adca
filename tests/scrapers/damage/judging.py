"""Whether a change of a template does harm, and whether the alarm says so: each on its own.

Harm is told from the truth, fact by fact, by somebody who sees the page as it was before the template changed. The
alarm sees the day before and the damaged pages only.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from tests.imitations.scholars import Imitation, Scholar
from tests.scrapers.damage import in_json, in_markup
from tests.scrapers.damage.in_json import Damages
from tests.scrapers.damage.worlds import PLACES, next_day, read, scholars
from tracking.check import Failure, Outcome, Parsed, Watch
from tracking.diff import PAPER_FIELDS
from tracking.drift import LastCheck, drifts
from tracking.reading import ProfileReading
from tracking.redesign import redesign
from tracking.shape import SourceShape

VARIANTS = 30
PROFILES = 12
#: Of one kind of fact, a harmful change spoils more than this share.
HARM = 0.3
_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

Findings = Mapping[str, Parsed | Failure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One variant of a source's template: the kind of fact that suffers most, by what share, and what was told."""

    source: str
    variant: str
    kind: str
    spoiled: float
    told: str

    @property
    def is_harmful(self) -> bool:
        return self.spoiled > HARM

    @property
    def is_right(self) -> bool:
        return self.is_harmful == bool(self.told)


def judge_source(source: str, seed: int, profiles: int = PROFILES) -> list[Judged]:
    """The variants of a source's template, each over the same world on the same day."""
    place = PLACES[source]
    days = [scholars(place, seed, profiles)]
    for day in range(3):
        days.append(next_day(days[-1], seed + day))
    first, second, today, _ = (_readings(source, place.site(day), day) for day in days)
    recent = [_shape(source, second, today), _shape(source, first, second)]
    site = place.site(days[3])
    truth = _readings(source, site, days[3])
    return [
        _judged(source, name, truth, today, recent, _checked(source, site, days[3], change))
        for name, change in _damages(source, site, days[3], seed).items()
    ]


def false_alarm(source: str, seed: int, profiles: int = PROFILES) -> str:
    """What is told where the template stays as it is; empty: nothing."""
    place = PLACES[source]
    before = scholars(place, seed, profiles)
    after = next_day(before, seed)
    readings = [_readings(source, place.site(day), day) for day in (before, after)]
    drift = redesign(source, _shape(source, *readings), [], followed=len(before)).drift
    return drift.detail if drift else ""


def _unchanged(body: bytes) -> bytes:
    return body


def _checked(source: str, site: Imitation, day: list[Scholar], change: Callable[[bytes], bytes]) -> Findings:
    return {scholar.key: read(source, site, scholar.key, change) for scholar in day}


def _readings(source: str, site: Imitation, day: list[Scholar]) -> dict[str, ProfileReading]:
    found = _checked(source, site, day, _unchanged)
    unread = [finding.detail for finding in found.values() if isinstance(finding, Failure)]
    if unread:
        raise ValueError(f"a page of {source} cannot be read: {unread[0]}")
    return {key: finding.reading for key, finding in found.items() if isinstance(finding, Parsed)}


class _Listening:
    """Bodies that went by."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def __call__(self, body: bytes) -> bytes:
        self.bodies.append(body)
        return body


def _damages(source: str, site: Imitation, day: list[Scholar], seed: int) -> Damages:
    heard = _Listening()
    _checked(source, site, day, heard)
    made = in_markup.damages if heard.bodies[0].lstrip().startswith(b"<") else in_json.damages
    return made(heard.bodies, VARIANTS, Random(f"{source} {seed}"))


def _watch(source: str, number: int, key: str) -> Watch:
    return Watch(profile_id=number, revision=1, person_id=number, person=key, source=source, key=key, url=key)


def _shape(source: str, before: Mapping[str, ProfileReading], now: Mapping[str, ProfileReading]) -> SourceShape:
    shape = SourceShape()
    for number, key in enumerate(before, start=1):
        if key in now:
            shape.count(_watch(source, number, key), before[key], now[key])
    return shape


# ---- alarm


def _judged(
    source: str,
    variant: str,
    truth: Mapping[str, ProfileReading],
    before: Mapping[str, ProfileReading],
    recent: list[SourceShape],
    found: Findings,
) -> Judged:
    read_now = {key: finding.reading for key, finding in found.items() if isinstance(finding, Parsed)}
    kind, spoiled = max(_spoiled(truth, read_now).items(), key=lambda one: one[1])
    checks = [_last_check(source, number, key, finding) for number, (key, finding) in enumerate(found.items(), start=1)]
    told = [drift.detail for drift in drifts(checks, {})]
    of_shape = redesign(source, _shape(source, before, read_now), recent, followed=len(found)).drift
    told += [of_shape.detail] if of_shape else []
    return Judged(source=source, variant=variant, kind=kind, spoiled=spoiled, told="; ".join(told))


def _last_check(source: str, number: int, key: str, finding: Parsed | Failure) -> LastCheck:
    outcome, detail = (finding.outcome, finding.detail) if isinstance(finding, Failure) else (Outcome.OK, "")
    return LastCheck(
        profile_id=number,
        person=key,
        tags=(),
        source=source,
        key=key,
        url=key,
        checked_at=_NOW,
        outcome=outcome,
        detail=detail,
        unread_since=_NOW if outcome is Outcome.PARSE_FAILED else None,
    )


# ---- harm


def _spoiled(truth: Mapping[str, ProfileReading], found: Mapping[str, ProfileReading]) -> dict[str, float]:
    """By kind of fact: the share of those that are true or read which are not both."""
    true, read_now = Counter(_facts(truth)), Counter(_facts(found))
    both = Counter(kind for kind, _ in (true & read_now).elements())
    either = Counter(kind for kind, _ in (true | read_now).elements())
    return {kind: 1 - both[kind] / count for kind, count in either.items()}


def _facts(readings: Mapping[str, ProfileReading]) -> Iterator[tuple[str, object]]:
    for key, reading in readings.items():
        yield "name", (key, reading.name)
        if reading.field is not None:
            yield "research field", (key, reading.field)
        if reading.complete:
            yield "complete list", key
        for name, value in reading.metrics.items():
            if value is not None:
                yield f"metric {name}", (key, value)
        for paper in reading.papers:
            for name in PAPER_FIELDS:
                value = getattr(paper, name)
                if name not in ("authors_complete", "year_inferred") and value not in (None, ()):
                    yield name, (key, paper.title, value)
