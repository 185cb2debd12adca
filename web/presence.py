"""When papers stood on a page, as bars over a common time: seen, left, returned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracking.directory import Stay
from web.reader import Reader
from web.scale import time_span

WIDTH, HEIGHT = 160, 12


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Presence:
    bars: tuple[Bar, ...]
    #: The same in words.
    title: str


def presence(stays: Sequence[Stay], begins: datetime, until: datetime, reader: Reader) -> Presence:
    """The bars of one paper; ``stays`` are of one profile or more."""
    across = time_span(begins, until, 0, WIDTH)
    return Presence(
        bars=tuple(
            Bar(start, max(2.0, round(end - start, 1)))
            for start, end in _together(
                (across.place(stay.since.timestamp()), across.place((stay.until or until).timestamp()))
                for stay in stays
                if stay.since <= until
            )
        ),
        title="; ".join(_said(stay, place, reader) for place, stay in enumerate(stays) if stay.since <= until),
    )


def _together(bars: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Bars that touch as one."""
    found: list[tuple[float, float]] = []
    for start, end in sorted(bars):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _said(stay: Stay, place: int, reader: Reader) -> str:
    came = f"{'returned' if place else 'seen'} {reader.day(stay.since)}"
    if stay.until is None:
        return came
    return f"{came}, {'removed' if stay.removed else 'left'} {reader.day(stay.until)}"
