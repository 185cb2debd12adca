"""A source that counts anew: what it takes, what it does not, and that an ordinary life is none."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

import pytest

from tests.tracking.builders import NOON
from tracking.check import Outcome
from tracking.drift import LastCheck
from tracking.event import EventKind
from tracking.recount import DAYS_BEFORE, FoundRecount, Move, Stretch, Way, counted_with, recount
from world.rates import NO_TROUBLE
from world.simulation import World
from world.stock import StockPlan


def moves(*steps: tuple[float, float]) -> tuple[Move, ...]:
    return tuple(Move(profile_id=n, before=before, after=after, at=NOON) for n, (before, after) in enumerate(steps))


def falls(count: int) -> tuple[Move, ...]:
    return moves(*[(1_000, 999)] * count)


def leaps(count: int) -> tuple[Move, ...]:
    return moves(*[(100, 120)] * count)


def calm(days: int, read: int, falling: int = 0) -> list[Stretch]:
    return [Stretch(read=read, moves=falls(falling))] * days


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        (1_204, 1_203, Way.FELL),
        (1_204, 300, Way.FELL),
        (0.55, 0.54, Way.FELL),
        (1_204, 1_204, None),
        (1_204, 1_300, None),
        (1_204, 1_330, Way.LEAPT),
        (3, 6, None),
        (3, 7, Way.LEAPT),
        (0, 4, Way.LEAPT),
        (0, 3, None),
    ],
)
def test_how_a_profile_moves(before: float, after: float, way: Way | None) -> None:
    assert moves((before, after))[0].way is way


@pytest.mark.parametrize(
    ("read", "falling", "days", "is_recount"),
    [
        (100, 40, 0, True),
        (100, 20, 0, True),
        (100, 19, 28, False),
        (5, 5, 0, True),
        (4, 4, 28, False),
        (12, 5, 0, True),
        # So few of so many may be chance, as long as nobody has seen how they are on other days.
        (25, 5, 0, False),
        (25, 5, 7, True),
    ],
)
def test_how_many_have_to_fall(read: int, falling: int, days: int, is_recount: bool) -> None:
    found = recount("citations", Stretch(read=read, moves=falls(falling)), calm(days, read))
    assert (found is not None) is is_recount
    if found is not None:
        assert (found.way, len(found.moves), found.read, found.lasting) == (Way.FELL, falling, read, False)


@pytest.mark.parametrize(
    ("read", "leaping", "days", "is_recount"),
    [
        # What is beyond the ordinary days can not be said without any.
        (100, 60, 0, False),
        (100, 60, 2, True),
        (100, 30, 28, True),
        (100, 29, 28, False),
        (12, 12, 2, False),
        (12, 12, 14, True),
    ],
)
def test_how_many_have_to_leap_up(read: int, leaping: int, days: int, is_recount: bool) -> None:
    assert (recount("citations", Stretch(read=read, moves=leaps(leaping)), calm(days, read)) is not None) is is_recount


def test_what_rises_a_little_for_everybody_is_growth() -> None:
    assert recount("citations", Stretch(read=100, moves=moves(*[(1_000, 1_090)] * 100)), calm(28, 100)) is None


def test_what_goes_both_ways_by_nature_has_to_be_known() -> None:
    today = Stretch(read=100, moves=falls(40))
    assert recount("ai_score", today, []) is None
    assert recount("ai_score", today, calm(28, 100)) is not None
    assert recount("ai_score", today, calm(28, 100, falling=25)) is None


def test_a_source_on_which_many_fall_every_week_has_to_lose_more() -> None:
    weeks = (calm(6, 100) + calm(1, 100, falling=18)) * 4
    assert recount("citations", Stretch(read=100, moves=falls(35)), weeks) is None
    assert recount("citations", Stretch(read=100, moves=falls(40)), weeks) is not None


def lasting(today: Stretch, before: Sequence[Stretch]) -> bool | None:
    """None: it is nothing that could last."""
    found = recount("citations", today, before)
    return None if found is None else found.lasting


def test_it_is_told_once_while_it_lasts() -> None:
    today, told = Stretch(read=100, moves=falls(40)), Stretch(read=100, moves=falls(40), told=True)
    alike, nobody = Stretch(read=100, moves=falls(25)), Stretch(read=2)
    assert lasting(replace(today, told=True), []) is True
    assert lasting(today, [told]) is True
    assert lasting(today, [alike, alike, told]) is True
    assert lasting(Stretch(read=100, moves=falls(20)), [alike, nobody, told]) is True
    # It has stopped, or is over for long.
    assert lasting(today, [*calm(1, 100), told]) is False
    assert lasting(today, [*calm(7, 2), told, *calm(20, 100)]) is False
    assert lasting(Stretch(read=100, moves=falls(19)), [told]) is None


def test_the_day_of_a_recount_is_no_ordinary_day() -> None:
    told = Stretch(read=100, moves=falls(60), told=True)
    assert recount("citations", Stretch(read=100, moves=falls(40)), [*calm(3, 100), told]) is not None
    assert recount("citations", Stretch(read=100, moves=falls(40)), [*calm(3, 100), replace(told, told=False)]) is None


def test_what_is_counted_together() -> None:
    assert counted_with("citations_since_2021") == counted_with("citations_in_2025") == "citations"
    assert counted_with("h_index") == "h_index"


def test_by_how_much() -> None:
    found = recount("citations", Stretch(read=5, moves=moves((100, 90), (50, 49), (0, -1), (10, 5), (7, 0))), [])
    assert found is not None
    assert found.median_percent == 30
    nothing = recount("citations", Stretch(read=5, moves=moves(*[(0, -1)] * 5)), [])
    assert nothing is not None
    assert nothing.median_percent is None


def test_the_event_is_of_the_profile_and_names_the_metric() -> None:
    profile = LastCheck(
        profile_id=7, person="Ada", tags=(), source="dblp", key="7", url="u", checked_at=NOON, outcome=Outcome.OK
    )
    event = FoundRecount(place=("dblp", "citations"), profile=profile, detail="all fell").event(NOON)
    assert (event.kind, event.profile_id, event.field, event.after) == (
        EventKind.SOURCE_RECOUNT, 7, "citations", "all fell",
    )  # fmt: skip
    other = FoundRecount(place=("dblp", "h_index"), profile=profile, detail="all fell").event(NOON)
    assert event.id != other.id


# ---- five hundred ordinary days


class Life:
    """Days of one metric of a source, judged one after the other as they come."""

    def __init__(self, metric: str) -> None:
        self._metric = metric
        self._shown: dict[str, float] = {}
        self._before: deque[Stretch] = deque(maxlen=DAYS_BEFORE)

    def goes_on(self, values: Mapping[str, float]) -> bool:
        """One more day; True for a recount."""
        is_recount = self.would_be(values)
        self._before.appendleft(self._day(values))
        self._shown |= values
        return is_recount

    def would_be(self, values: Mapping[str, float]) -> bool:
        """What such a day would be taken for."""
        return recount(self._metric, self._day(values), list(self._before)) is not None

    def _day(self, values: Mapping[str, float]) -> Stretch:
        today = [
            Move(profile_id=number, before=self._shown[key], after=value, at=NOON)
            for number, (key, value) in enumerate(values.items())
            if self._shown.get(key, value) != value
        ]
        return Stretch(read=len(values), moves=tuple(today))


def world_days(profiles: int, days: int) -> Iterator[Mapping[str, Mapping[str, float]]]:
    """What is shown day by day, by metric and profile."""
    plan = StockPlan(papers_each=(6, 9), abstract_characters=(100, 500))
    world = World(profiles, researchers=profiles, troubles=NO_TROUBLE, plan=plan)
    for _ in range(days):
        world.advance()
        shown: dict[str, dict[str, float]] = {}
        for key in world.people:
            for metric, value in world.site.profile(key).metrics.items():
                if value is not None:
                    shown.setdefault(metric, {})[key] = value
        yield shown


@pytest.mark.parametrize(
    ("profiles", "days"),
    [
        (12, 500),
        (40, 120),
        pytest.param(5, 500, marks=pytest.mark.slow),
        pytest.param(60, 500, marks=pytest.mark.slow),
    ],
)
def test_no_false_alarm_in_a_world(profiles: int, days: int) -> None:
    lives: dict[str, Life] = {}
    for shown in world_days(profiles, days):
        for metric, values in shown.items():
            assert not lives.setdefault(metric, Life(metric)).goes_on(values), metric


@pytest.mark.parametrize("profiles", [6, 25, 100])
def test_no_false_alarm_in_random_growth_and_never_a_recount_missed(profiles: int) -> None:
    draw = Random(profiles)
    values = {f"{n:03}": int(10 ** draw.uniform(1, 4.5)) for n in range(profiles)}
    life = Life("citations")
    life.goes_on(values)
    for day in range(500):
        if profiles == 100 and day % 10 == 0:
            struck = draw.sample(sorted(values), 40)
            assert life.would_be(values | {key: values[key] - draw.choice([1, values[key] // 3 + 1]) for key in struck})
        for key, value in values.items():
            if draw.random() < 0.5:
                values[key] = value + draw.randint(1, max(2, value // 150))
            if draw.random() < 0.02:
                values[key] = value - draw.randint(1, 2)
        assert not life.goes_on(values)
