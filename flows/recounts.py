"""A source that has counted anew is told of once, after all its profiles were checked, and in the place of them all.

What is told rests on what is stored, of this run and of the others of a day: a run that was killed and run again tells
neither less nor twice. What profiles say of their metrics is not delivered before their run has come to this.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from alerts.figures import metric_name, number
from alerts.subject import Subject
from flows.config.whole import Settings
from flows.judging import verdicts_about
from storage.store import Store
from tracking.event import Event
from tracking.recount import TODAY, FoundRecount, Move, Place, Recount, Stretch, counted_with, recount

#: The smallest step between two times.
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Recounts:
    """What was told with a run, and every metric of a source of which it is told on that day, now or before."""

    events: Sequence[Event] = ()
    places: Collection[Place] = ()


def record_recounts(store: Store, settings: Settings, run_id: str, now: datetime) -> Recounts:
    """Store one event with its verdicts for each metric that a source has counted anew, and was not told to have."""
    recorded = store.recorded_moves(now - TODAY, now)
    found: list[FoundRecount] = []
    covered = {place: _why(place) for place in recorded.told}
    for place, moves in sorted(recorded.moves.items()):
        counted = _recount(store, place, moves, now, told=place in recorded.told)
        if counted is None:
            continue
        covered[place] = _why(place)
        if not counted.lasting and (profile := store.last_check(counted.moves[0].profile_id)) is not None:
            found.append(FoundRecount(place=place, profile=profile, detail=_sentence(place, counted)))
    if not covered:
        return Recounts()
    events = {one.place: one.event(now) for one in found}
    judged = verdicts_about(store, settings, [([events[one.place]], _subject(one)) for one in found], now)
    verdicts = list(chain.from_iterable(judged))
    told = store.record_recounts(events, verdicts, covered, after=now - TODAY, until=now, run_id=run_id)
    return Recounts(told, frozenset(covered))


def counts_on(store: Store, place: Place, at: datetime) -> bool:
    """Whether at some time in the past a source, which had been told to count a metric anew, went on with it."""
    moves = store.recorded_moves(at - TODAY, at).moves.get(place)
    counted = _recount(store, place, moves, at, told=False) if moves else None
    return counted is not None and counted.lasting


def _recount(store: Store, place: Place, moves: tuple[Move, ...], now: datetime, *, told: bool) -> Recount | None:
    """What the moves of the day, or those of this run alone, say of a metric of a source."""
    _, metric = place
    if counted_with(metric) != metric:
        return None
    for stretch in _stretches(store, place, moves, now, told=told):
        if stretch.alike is not None:
            counted = recount(metric, stretch, store.days_before(place, now - TODAY))
            if counted is not None:
                return counted
    return None


def _stretches(store: Store, place: Place, moves: tuple[Move, ...], now: datetime, *, told: bool) -> Iterator[Stretch]:
    """The day, and this run, as far as it matters how many profiles were read."""
    for begin in (now - TODAY, now - _INSTANT):
        those = tuple(move for move in moves if move.at > begin)
        if Stretch(read=len(those), moves=those).alike is not None:
            read = store.count_read(place, begin, now)
            yield Stretch(read=max(read, len(those)), moves=those, told=told)


def _sentence(place: Place, counted: Recount) -> str:
    """``citations fell on 40 of 100 profiles of dblp within a day, by 3 % at the median: it has counted anew``"""
    source, metric = place
    percent = counted.median_percent
    by = f", by {number(float(f'{percent:.2g}'))} % at the median" if percent is not None else ""
    return (
        f"{metric_name(metric)} {counted.way} on {len(counted.moves):,} of {counted.read:,} profiles of {source} "
        f"within a day{by}: it has counted anew"
    )


def _why(place: Place) -> str:
    source, metric = place
    return f"{source} has counted {metric_name(metric)} anew, which is told once"


def _subject(found: FoundRecount) -> Subject:
    profile = found.profile
    return Subject(
        person=profile.person or profile.url, tags=profile.tags, source=profile.source, profile_url=profile.url
    )
