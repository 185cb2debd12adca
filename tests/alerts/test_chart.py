"""The small picture of a metric: what can be seen on it, on white and on black."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from alerts.chart import DOT, HEIGHT, LINE, WIDTH, chart_of, charts_of
from tests.alerts.examples import NOW, message, metric_item, paper_item
from tracking.memory import Spells

Colour = tuple[int, int, int]


def daily(*values: int | float | None) -> Spells:
    return tuple((NOW + timedelta(days=day), value) for day, value in enumerate(values))


def opened(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png))
    assert picture.format == "PNG"
    assert picture.mode == "RGBA"
    assert picture.size == (WIDTH, HEIGHT)
    return picture


def places(png: bytes, colour: Colour) -> Iterator[tuple[int, int]]:
    """Where the picture has this colour, and nothing of what lies below it."""
    pixels = opened(png).tobytes()
    wanted = bytes((*colour, 255))
    for index in range(WIDTH * HEIGHT):
        if pixels[4 * index : 4 * index + 4] == wanted:
            yield index % WIDTH, index // WIDTH


def height_at(png: bytes, part: float) -> float:
    """How high the line is at this part of the width, from 0 to 1."""
    x = round(part * WIDTH)
    found = [y for at, y in places(png, LINE) if at == x]
    return 1 - sum(found) / len(found) / HEIGHT


def test_a_line_that_rises_and_a_dot_at_its_end() -> None:
    png = chart_of(daily(*range(100, 160)))
    heights = [height_at(png, part) for part in (0.1, 0.3, 0.5, 0.7, 0.9)]
    assert heights == sorted(heights)
    assert heights[-1] - heights[0] > 0.4
    dot = list(places(png, DOT))
    assert min(x for x, _ in dot) > WIDTH * 0.9
    assert max(y for _, y in dot) < HEIGHT * 0.3


def test_nothing_is_drawn_where_it_was_not_shown() -> None:
    png = chart_of(daily(1, 2, None, None, None, 5, 6, 7, 8))
    drawn = {x for x, _ in places(png, LINE)}
    gap = range(round(WIDTH * 0.3), round(WIDTH * 0.58))
    assert not drawn & set(gap)
    assert {round(WIDTH * 0.1), round(WIDTH * 0.8)} <= drawn


def test_a_value_holds_until_the_next_one() -> None:
    """What moved once, at the end of a year, did not climb all year."""
    png = chart_of(((NOW, 10), (NOW + timedelta(days=365), 90), (NOW + timedelta(days=366), 91)))
    assert height_at(png, 0.1) == height_at(png, 0.9) < 0.25


def test_a_metric_that_is_hidden_now_has_its_dot_where_it_was_shown_last() -> None:
    dot = [x for x, _ in places(chart_of(daily(1, 2, 3, None)), DOT)]
    assert sum(dot) / len(dot) > WIDTH * 0.9
    dot = [x for x, _ in places(chart_of(daily(1, 2, None, None, None)), DOT)]
    assert WIDTH * 0.4 < sum(dot) / len(dot) < WIDTH * 0.6


@pytest.mark.parametrize("background", [(255, 255, 255), (0, 0, 0), (0x1E, 0x1E, 0x1E)], ids=["white", "black", "dark"])
@pytest.mark.parametrize("colour", [LINE, DOT], ids=["line", "dot"])
def test_it_can_be_seen_in_light_and_in_dark(colour: Colour, background: Colour) -> None:
    """Three to one is what WCAG 2.1 asks of graphics (success criterion 1.4.11)."""
    light, dark = sorted((luminance(colour), luminance(background)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_it_has_no_background_of_its_own() -> None:
    assert opened(chart_of(daily(1, 2))).tobytes()[:4] == bytes(4)


def luminance(colour: Sequence[int]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_VALUES = st.none() | st.integers(-(10**18), 10**18) | st.floats(-1e300, 1e300)


@settings(max_examples=30)
@given(st.lists(_VALUES, min_size=1, max_size=60).filter(lambda values: any(value is not None for value in values)))
def test_any_values_can_be_drawn_and_the_same_are_the_same_bytes(values: list[int | float | None]) -> None:
    png = chart_of(daily(*values))
    opened(png)
    assert chart_of(daily(*values)) == png
    assert len(png) < 20_000


def test_values_of_one_instant_can_be_drawn() -> None:
    opened(chart_of(((NOW, 1),)))


def test_a_chart_for_each_metric_that_is_shown_in_full_and_has_a_past() -> None:
    metrics = [metric_item(f"m{number}", 1, 2, events=[f"e{number}"]) for number in range(25)]
    histories = {f"e{number}": daily(1, 2) for number in range(25)}
    histories |= {"e1": daily(None, 2), "e2": daily(2)}
    letter = replace(message(paper_item(events=["p"]), *metrics), histories=histories)
    assert set(charts_of(letter)) == {f"e{number}" for number in range(19)} - {"e1", "e2"}
