"""The chart of a metric as a drawing that needs no script: where values were shown, where none were, what happened.

`static/chart.js` puts an interactive one in its place when somebody points at it; both are made of the same series.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.figures import metric_name
from tracking.event import EventKind
from tracking.view import EventView, MetricSeries, Spell
from web.reader import Reader
from web.scale import Span, time_labels, time_span, value_labels, value_span

WIDTH, HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 14, 30

_FIRST = ("citations", "h_index", "papers")

#: What is marked on a chart, and how it is drawn.
MARKED = {
    EventKind.METRIC_MILESTONE: "milestone",
    EventKind.METRIC_RECOUNT: "recount",
    EventKind.SOURCE_RECOUNT: "recount",
}


@dataclass(frozen=True, slots=True)
class Label:
    """Text beside an axis, at this place along it."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """The source did not show the metric."""

    x: float
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """What one source showed: a path for each stretch without a gap."""

    source: str
    paths: tuple[str, ...]
    #: Where it ends now.
    end: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """An event on a chart."""

    x: float
    y: float
    kind: str
    event_id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    metric: str
    name: str
    #: What the chart shows, for who does not see it.
    summary: str
    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...]
    marks: tuple[Mark, ...]
    times: tuple[Label, ...]
    values: tuple[Label, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


def charts(series: Sequence[MetricSeries], events: Sequence[EventView], until: datetime, reader: Reader) -> list[Chart]:
    """A chart for each metric of which some value was shown, those first that matter most; all over the same time."""
    shown = [one for one in series if any(spell.value is not None for spell in one.spells)]
    if not shown:
        return []
    since = min(one.spells[0].since for one in shown)
    names = sorted({one.metric for one in shown}, key=importance)
    return [
        _chart(name, [one for one in shown if one.metric == name], events, (since, until), reader) for name in names
    ]


def importance(metric: str) -> tuple[int, str]:
    """In this order people look at metrics."""
    return _FIRST.index(metric) if metric in _FIRST else len(_FIRST), metric


def _chart(
    metric: str,
    series: Sequence[MetricSeries],
    events: Sequence[EventView],
    times: tuple[datetime, datetime],
    reader: Reader,
) -> Chart:
    known = [float(spell.value) for one in series for spell in one.spells if spell.value is not None]
    across = time_span(*times, _LEFT, WIDTH - _RIGHT)
    up = value_span(known, HEIGHT - _BOTTOM, _TOP)
    return Chart(
        metric=metric,
        name=metric_name(metric),
        summary=_summary(metric, series, reader),
        lines=tuple(_line(one, across, up, times[1]) for one in series),
        gaps=tuple(gap for one in series for gap in _gaps(one, across, times[1], reader)),
        marks=tuple(_marks(metric, events, across, up, reader)),
        times=tuple(Label(across.place(at.timestamp()), text) for at, text in time_labels(*times, reader.zone)),
        values=tuple(Label(up.place(value), reader.value(metric, value)) for value in value_labels(up)),
    )


def _summary(metric: str, series: Sequence[MetricSeries], reader: Reader) -> str:
    return "; ".join(_course(metric, one, reader) for one in series)


def _course(metric: str, one: MetricSeries, reader: Reader) -> str:
    known = [spell for spell in one.spells if spell.value is not None]
    first, last = known[0], known[-1]
    name = metric_name(metric)
    if first is last:
        return f"{name} at {one.source}: {reader.value(metric, first.value)} since {reader.day(first.since)}"
    values = f"{reader.value(metric, first.value)} on {reader.day(first.since)}"
    return f"{name} at {one.source}: from {values} to {reader.value(metric, last.value)} on {reader.day(last.since)}"


def _line(one: MetricSeries, across: Span, up: Span, until: datetime) -> Line:
    paths, end = [], (0.0, 0.0)
    for stretch in _stretches(one.spells):
        points = [point for spell in stretch for point in _ends(spell, across, up, until)]
        paths.append("M" + " L".join(f"{x},{y}" for x, y in _thinned(points)))
        end = points[-1]
    return Line(one.source, tuple(paths), end)


def _stretches(spells: Iterable[Spell]) -> Iterator[list[Spell]]:
    stretch: list[Spell] = []
    for spell in spells:
        if spell.value is not None:
            stretch.append(spell)
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _ends(spell: Spell, across: Span, up: Span, until: datetime) -> Iterator[tuple[float, float]]:
    """A value holds until the next begins."""
    assert spell.value is not None
    y = up.place(spell.value)
    yield across.place(spell.since.timestamp()), y
    yield across.place((spell.until or until).timestamp()), y


def _thinned(points: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Without those between the ends of what lies on the same pixel: nobody would see them."""
    for index, (x, y) in enumerate(points):
        last, following = points[index - 1], points[(index + 1) % len(points)]
        is_end = index in (0, len(points) - 1)
        if is_end or int(last[0]) != int(x) or int(following[0]) != int(x):
            yield x, y


def _gaps(one: MetricSeries, across: Span, until: datetime, reader: Reader) -> Iterator[Gap]:
    for spell in one.spells:
        if spell.value is None:
            start, end = across.place(spell.since.timestamp()), across.place((spell.until or until).timestamp())
            to = f"to {reader.day(spell.until)}" if spell.until else "to this day"
            yield Gap(start, max(1.0, round(end - start, 1)), f"Not shown from {reader.day(spell.since)} {to}")


def _marks(metric: str, events: Iterable[EventView], across: Span, up: Span, reader: Reader) -> Iterator[Mark]:
    for event in events:
        if event.field == metric and event.kind in MARKED and isinstance(event.after, int | float):
            before = event.before
            said = reader.change(metric, before, event.after) if isinstance(before, int | float) else ""
            yield Mark(
                x=across.place(event.observed_at.timestamp()),
                y=min(max(up.place(event.after), _TOP), HEIGHT - _BOTTOM),
                kind=MARKED[event.kind],
                event_id=event.id,
                title=f"{MARKED[event.kind].capitalize()} on {reader.day(event.observed_at)}: {said}".rstrip(": "),
            )


# ---- small ones


def spark(samples: Sequence[int | float | None], width: int = 80, height: int = 22) -> tuple[str, ...]:
    """The course of a metric as paths in a box of this size, a path for each stretch without a gap."""
    known = [value for value in samples if value is not None]
    if len(known) < 2:
        return ()
    low, high = min(known), max(known)
    step = (width - 4) / (len(samples) - 1)
    paths: list[list[str]] = [[]]
    for index, value in enumerate(samples):
        if value is None:
            paths.append([])
            continue
        share = (value - low) / (high - low) if high > low else 0.5
        paths[-1].append(f"{round(2 + index * step, 1)},{round(height - 3 - share * (height - 6), 1)}")
    return tuple("M" + " L".join(points) for points in paths if len(points) > 1)
