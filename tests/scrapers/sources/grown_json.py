"""JSON answers that grew up to 5 MB at one place: a text or a number there, or a list with many items."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

from tests.scrapers.sources.grown_texts import SIZE, texts

#: Lists within a list: how often the outer one is repeated.
_OUTER = (50, 250, 990, 10_000)


#: Where something stands in a document.
Place = tuple[Any, ...]


def grown_json(document: Any) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The document with each of its places grown, and what was done."""
    places = list(_json_places(document))
    room = SIZE - len(_dumped(document))
    for place, value in places:
        if isinstance(value, str):
            for name, text in texts(room):
                yield f"{_name(place)} is {name}", partial(_json_text, document, place, text)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{_name(place)} is digits", partial(_json_digits, document, place, room)
    lists = [(place, value) for place, value in places if isinstance(value, list) and value]
    for place, value in lists:
        for what, item in (("as they are", value[0]), ("short", _least(value[0]))):
            yield f"items of {_name(place)} {what}", partial(_json_list, document, place, item, room)
    for (outer, _), (inner, value), times in product(lists, lists, _OUTER):
        if len(inner) > len(outer) and inner[: len(outer)] == outer:
            what = f"{times} items of {_name(outer)}, and of {_name(inner)} in each"
            yield what, partial(_json_lists, document, outer, inner, _least(value[0]), times)


def _json_text(document: Any, place: Place, text: Callable[[], str]) -> bytes:
    return _dumped(_with(document, place, text()))


def _json_digits(document: Any, place: Place, room: int) -> bytes:
    return _dumped(_with(document, place, -7654321)).replace(b"-7654321", b"9" * room)


def _json_list(document: Any, place: Place, item: Any, room: int) -> bytes:
    return _dumped(_with(document, place, [item] * (room // (len(_dumped(item)) + 2))))


def _json_lists(document: Any, outer: Place, inner: Place, item: Any, times: int) -> bytes:
    """As many items of the inner list as fit in all."""
    each = (SIZE // times - len(_dumped(_at(document, (*outer, 0))))) // (len(_dumped(item)) + 2)
    grown = _with(document, inner, [item] * max(each, 1))
    return _dumped(_with(grown, outer, [_at(grown, (*outer, 0))] * times))


def _least(value: Any) -> Any:
    """The same shape with the shortest texts."""
    if isinstance(value, dict):
        return {name: _least(inner) for name, inner in value.items() if not isinstance(inner, list | type(None))}
    return value[:1] if isinstance(value, str) else value


def _json_places(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Of a list its first item stands for all."""
    yield place, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _json_places(inner, (*place, name))
    elif isinstance(value, list) and value:
        yield from _json_places(value[0], (*place, 0))


def _with(value: Any, place: Place, other: Any) -> Any:
    if not place:
        return other
    grown = value.copy()
    grown[place[0]] = _with(value[place[0]], place[1:], other)
    return grown


def _at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


def _name(place: Place) -> str:
    return ".".join(map(str, place)) or "the whole"


def _dumped(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()
