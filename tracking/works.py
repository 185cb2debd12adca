"""Papers as works: once each, however many sources show them and in how many versions; and who shows them first.

Showing, Showing, … + links ──lags──> arxiv before dblp: 41 papers, median 3 days
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracking.view import ListedPaper, PersonState

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """A profile began to show a paper; ``from_start``: its first page did, and since when is not known."""

    person_id: int
    key: str
    source: str
    profile: str
    since: datetime
    from_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How long after the first source a later one showed the same works; the median, in days."""

    first: str
    later: str
    papers: int
    median_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkShown:
    """One paper of a work, on one profile."""

    source: str
    profile: str
    listed: ListedPaper
    from_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A work with all its showings, the first to come first; at least one."""

    shown: tuple[WorkShown, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.source for one in self.shown))

    @property
    def best(self) -> WorkShown:
        """The showing that stands for the work: listed now if one is, then with the most of a date, then the first."""
        return max(self.shown, key=lambda one: (one.listed.listed, len(str(one.listed.paper.published or ""))))


def works(state: PersonState) -> tuple[Work, ...]:
    """The papers of all profiles of a person, each work once, in the order in which profiles and pages name them."""
    work_of = _works_by_key(state.links)
    found: defaultdict[str, list[WorkShown]] = defaultdict(list)
    for profile in state.profiles:
        for paper in profile.papers:
            found[work_of.get(paper.key, paper.key)].append(
                WorkShown(
                    source=profile.profile.source,
                    profile=profile.profile.key,
                    listed=paper,
                    from_start=paper.first_seen == profile.begins_at,
                )
            )
    return tuple(Work(shown=tuple(sorted(shown, key=lambda one: one.listed.first_seen))) for shown in found.values())


def showings_of(state: PersonState) -> Iterator[Showing]:
    """When the profiles of a person began to show each paper."""
    for work in works(state):
        for one in work.shown:
            yield Showing(
                person_id=state.person.person_id,
                key=one.listed.key,
                source=one.source,
                profile=one.profile,
                since=one.listed.first_seen,
                from_start=one.from_start,
            )


def lags(showings: Iterable[Showing], links: Iterable[tuple[str, str]]) -> tuple[Lag, ...]:
    """By pair of sources, how much later the second showed what the first had shown; by the names of the two.

    A work counts once for each person. Of what a source showed from the start it is not known when it began to: there
    it is neither first nor later.
    """
    work_of = _works_by_key(links)
    first: defaultdict[tuple[int, str], dict[str, Showing]] = defaultdict(dict)
    for showing in showings:
        of_source = first[showing.person_id, work_of.get(showing.key, showing.key)]
        known = of_source.get(showing.source)
        if known is None or (showing.since, showing.from_start) < (known.since, known.from_start):
            of_source[showing.source] = showing
    days: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for of_source in first.values():
        for pair, lag in _lags_of_work(of_source):
            days[pair].append(lag)
    return tuple(
        Lag(first=first, later=later, papers=len(found), median_days=round(_median(found), 2))
        for (first, later), found in sorted(days.items())
    )


def _lags_of_work(of_source: Mapping[str, Showing]) -> Iterator[tuple[tuple[str, str], float]]:
    dated = sorted((one for one in of_source.values() if not one.from_start), key=lambda one: (one.since, one.source))
    # Where another source showed it from the start, none of these was the first.
    if len(dated) == len(of_source):
        for later in dated[1:]:
            yield (dated[0].source, later.source), (later.since - dated[0].since) / _DAY


def _median(values: Iterable[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _works_by_key(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By the key of each paper that is linked, one key for all that are linked with it, directly or by others."""
    members: dict[str, set[str]] = {}
    for one, other in links:
        together = members.get(one, {one}) | members.get(other, {other})
        members |= dict.fromkeys(together, together)
    return {key: min(together) for key, together in members.items()}
