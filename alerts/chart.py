"""The small picture of a metric's recent values."""

import io
from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING

from alerts.layout import shown_in_full
from alerts.message import Message
from tracking.memory import Spells

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

#: In pixels; shown at half the size.
WIDTH, HEIGHT = 640, 160
_MARGIN = 24
_LINE_WIDTH = 6
_DOT_RADIUS = 11
#: Drawn larger and made smaller, so that edges are smooth.
_OVERSIZE = 3
#: Both stand out from white and from black.
LINE = (0x2F, 0x81, 0xF7)
DOT = (0xD9, 0x5F, 0x02)

_Point = tuple[float, float]


def charts_of(message: Message) -> Mapping[str, bytes]:
    """A PNG for each metric that is shown in full and has more than one known value, by the id of its event."""
    events = [event for item in shown_in_full(message) for event in item.get("events", ())]
    return {
        event: chart_of(message.histories[event])
        for event in events
        if sum(value is not None for _, value in message.histories.get(event, ())) > 1
    }


def chart_of(spells: Spells) -> bytes:
    """A transparent PNG of 640 × 160: a line where values were shown, none where they were not, a dot at the last.

    ``spells`` are the oldest first; one value at least is known. The same spells give the same bytes.
    """
    from PIL import Image, ImageDraw

    size = (WIDTH * _OVERSIZE, HEIGHT * _OVERSIZE)
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    lines = _lines(spells)
    for line in lines:
        draw.line(line, fill=(*LINE, 255), width=_LINE_WIDTH * _OVERSIZE, joint="curve")
    _dot(draw, lines[-1][-1])
    png = io.BytesIO()
    picture.reduce(_OVERSIZE).save(png, "PNG", optimize=True)
    return png.getvalue()


def _dot(draw: "ImageDraw", centre: _Point) -> None:
    draw.circle(centre, _DOT_RADIUS * _OVERSIZE, fill=(*DOT, 255))


def _lines(spells: Spells) -> list[list[_Point]]:
    """The points of each stretch in which values were shown: a value holds until the next begins."""
    begin, end = spells[0][0], spells[-1][0]
    values = [value for _, value in spells if value is not None]
    low, high = min(values), max(values)
    span = (end - begin).total_seconds()

    def place(index: int, value: float) -> _Point:
        right = (spells[index][0] - begin).total_seconds() / span if span else 1.0
        up = (value - low) / (high - low) if high > low else 0.5
        x = _MARGIN + right * (WIDTH - 2 * _MARGIN)
        y = HEIGHT - _MARGIN - up * (HEIGHT - 2 * _MARGIN)
        return x * _OVERSIZE, y * _OVERSIZE

    lines = []
    for is_shown, stretch in groupby(range(len(spells)), key=lambda index: spells[index][1] is not None):
        if is_shown:
            line = []
            for index in stretch:
                value = spells[index][1]
                assert value is not None
                line += [place(index, value), place(min(index + 1, len(spells) - 1), value)]
            lines.append(line)
    return lines
