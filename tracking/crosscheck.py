"""Two sources that show the same index should say the same: where they do not, one of them was read wrongly.

>>> contradictions(of_the_page, of_the_interface)
('scholarfeed says h_index 29, scholarfeed_api says 31.',)

What is found is a warning for a person to look at, never an event.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from tracking.aliases import aliases
from tracking.identity import same_work
from tracking.reading import PaperReading, ProfileReading
from tracking.titles import plain
from tracking.view import PersonState, ProfileState

#: Sources that show the same authors under the same keys: a site's pages, then its interface.
_TWINS = (("scholarfeed", "scholarfeed_api"),)
#: Numbers that differ by no more than this share were rounded, or counted some hours apart.
_ROUNDING = 0.01
#: Titles in a sentence.
_TITLES_NAMED = 3
#: Readings with more papers that only one of them has differ as a whole: these are not compared one by one.
_LONE_MAX = 200


def crosschecked(person: PersonState) -> PersonState:
    """The state with a warning, at the interface's profile, for each contradiction to the page of the same key."""
    by_place = {(state.profile.source, state.profile.key): state for state in person.profiles}
    return replace(person, profiles=tuple(_crosschecked(state, _twin(state, by_place)) for state in person.profiles))


def contradictions(one: ProfileReading, other: ProfileReading) -> tuple[str, ...]:
    """What the two say differently, a sentence each: names, metrics that both know, papers.

    A paper is missing only from a reading that is complete; one is found by its identifiers, else by its title,
    authors and date.
    """
    return tuple(_sentences(one, other))


def _twin(state: ProfileState, by_place: dict[tuple[str, str], ProfileState]) -> ProfileState | None:
    sources = (page for page, interface in _TWINS if interface == state.profile.source)
    return next(
        (by_place[source, state.profile.key] for source in sources if (source, state.profile.key) in by_place), None
    )


def _crosschecked(state: ProfileState, twin: ProfileState | None) -> ProfileState:
    if twin is None or twin.observed_at is None or state.observed_at is None:
        return state
    return replace(state, warnings=(*state.warnings, *contradictions(_reading(twin), _reading(state))))


def _reading(state: ProfileState) -> ProfileReading:
    return ProfileReading(
        source=state.profile.source,
        name=state.name or "",
        metrics={name: metric.value for name, metric in state.metrics.items()},
        papers=tuple(listed.paper for listed in state.papers if listed.listed),
        complete=bool(state.complete),
    )


def _sentences(one: ProfileReading, other: ProfileReading) -> Iterator[str]:
    if plain(one.name) != plain(other.name):
        yield f"{one.source} says {one.name}, {other.source} says {other.name}."
    for name in sorted(one.metrics.keys() & other.metrics.keys()):
        ours, theirs = one.metrics[name], other.metrics[name]
        if ours is not None and theirs is not None and abs(ours - theirs) > _ROUNDING * max(abs(ours), abs(theirs)):
            yield f"{one.source} says {name} {ours:,}, {other.source} says {theirs:,}."
    for has, lacks in ((one, other), (other, one)):
        lone = _lone(has, lacks) if lacks.complete else []
        if lone:
            titles = "; ".join(paper.title for paper in islice(lone, _TITLES_NAMED))
            more = f"; and {len(lone) - _TITLES_NAMED} more" if len(lone) > _TITLES_NAMED else ""
            yield f"{lacks.source} lacks what {has.source} shows: {titles}{more}."


def _lone(has: ProfileReading, lacks: ProfileReading) -> list[PaperReading]:
    """The papers of one reading that the other does not show."""
    shown = {alias for paper in lacks.papers for alias in _shared_aliases(paper)}
    lone = [paper for paper in has.papers if shown.isdisjoint(_shared_aliases(paper))]
    own = {alias for paper in has.papers for alias in _shared_aliases(paper)}
    candidates = [paper for paper in lacks.papers if own.isdisjoint(_shared_aliases(paper))]
    if max(len(lone), len(candidates)) > _LONE_MAX:
        return lone
    return [paper for paper in lone if not _is_among(paper, candidates)]


def _is_among(paper: PaperReading, candidates: Sequence[PaperReading]) -> bool:
    return any(same_work(candidate, paper) > 0 for candidate in candidates)


def _shared_aliases(paper: PaperReading) -> tuple[str, ...]:
    """Those that mean the same at both sources: all but a source's own id."""
    return aliases("", replace(paper, source_id=None))
