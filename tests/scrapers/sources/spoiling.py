"""Pages of JSON with another value somewhere in them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from scrapers.bundle import answers_of, bundle
from tracking.check import Page

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(child, (*path, key))


def _with(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    copy = value.copy()
    copy[path[0]] = _with(value[path[0]], path[1:], other)
    return copy


@st.composite
def spoiled(draw: st.DrawFn, page: Page) -> Page:
    """The page with one value of one of its answers, or a whole answer, replaced by any other."""
    answers = list(answers_of(page))
    chosen = draw(st.integers(0, len(answers) - 1))
    document = json.loads(answers[chosen].body)
    place = draw(st.sampled_from(list(_places(document))))
    other = _with(document, place, draw(_VALUES))
    answers[chosen] = replace(answers[chosen], body=json.dumps(other).encode())
    return bundle(answers)
