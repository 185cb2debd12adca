"""Damage to an interface that answers in JSON: the same change to every answer."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from random import Random
from typing import Any

#: A change to the body of every answer, by name.
Damages = Mapping[str, Callable[[bytes], bytes]]
#: What becomes of the value of a member.
Change = Callable[[Any], Any]

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_SHELL = b'<!doctype html><html><head><title>App</title></head><body><div id="root"></div></body></html>'


def damages(bodies: Iterable[bytes], count: int, draw: Random) -> Damages:
    """So many changes to answers like these: some to their whole form, the others to single members."""
    documents = [json.loads(body) for body in bodies]
    keys = sorted({key for document in documents for key in _keys(document)})
    found = dict(_WHOLE)
    candidates = [(name, key) for name in _MEMBERS for key in keys]
    draw.shuffle(candidates)
    for name, key in candidates:
        if len(found) == count:
            break
        damaged = _of_member(key, _MEMBERS[name])
        if any(damaged(document) != document for document in documents):
            found[f"{key} {name}"] = _on_bytes(damaged)
    return found


def _keys(value: Any) -> Iterator[str]:
    """The names of members, without the words of an index: those are no part of a template."""
    if isinstance(value, dict) and not (value and all(_is_places(child) for child in value.values())):
        yield from value
    for child in _children(value):
        yield from _keys(child)


def _is_places(value: Any) -> bool:
    return isinstance(value, list) and all(type(child) is int for child in value) and value != []


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _everywhere(value: Any, change: Change) -> Any:
    """Every value of a document changed, the innermost first."""
    if isinstance(value, dict):
        return change({key: _everywhere(child, change) for key, child in value.items()})
    if isinstance(value, list):
        return change([_everywhere(child, change) for child in value])
    return change(value)


def _of_member(key: str, change: Callable[[str, Any], dict[str, Any]]) -> Change:
    def on(value: Any) -> Any:
        if not isinstance(value, dict) or key not in value:
            return value
        changed: dict[str, Any] = {}
        for name, child in value.items():
            changed |= change(name, child) if name == key else {name: child}
        return changed

    return lambda document: _everywhere(document, on)


def _cut(key: str, value: Any) -> dict[str, Any]:
    return {key: value[: max(1, len(value) // 3)] if isinstance(value, str | list) else value}


def _as_text(key: str, value: Any) -> dict[str, Any]:
    return {key: f"{value:,}".replace(",", ".") if type(value) in (int, float) else value}


def _thousandth(key: str, value: Any) -> dict[str, Any]:
    return {key: value // 1000 if type(value) is int else value}


def _day_first(key: str, value: Any) -> dict[str, Any]:
    return {key: _DAY.sub(r"\3.\2.\1", value) if isinstance(value, str) else value}


_MEMBERS: Mapping[str, Callable[[str, Any], dict[str, Any]]] = {
    "renamed": lambda key, value: {f"{key}V2": value},
    "null": lambda key, _: {key: None},
    "dropped": lambda _key, _value: {},
    "one level deeper": lambda key, value: {key: {"value": value, "source": "site"}},
    "beside, under another name too": lambda key, value: {key: value, f"{key}V2": value},
    "emptied": lambda key, value: {key: type(value)() if isinstance(value, str | list | dict) else value},
    "cut": _cut,
    "a number as text": _as_text,
    "in thousands": _thousandth,
    "with the day first": _day_first,
}


def _rows(most: int) -> Change:
    return lambda document: _everywhere(document, lambda value: value[:most] if _is_list_of_rows(value) else value)


def _is_list_of_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(child, dict) for child in value) and len(value) > 6


def _on_bytes(change: Change) -> Callable[[bytes], bytes]:
    return lambda body: json.dumps(change(json.loads(body)), ensure_ascii=False).encode()


_WHOLE: Damages = {
    "an empty page of a program": lambda _: _SHELL,
    "in an envelope": _on_bytes(lambda document: {"data": document, "status": "ok"}),
    "lists not loaded": _on_bytes(_rows(0)),
    "the first six rows": _on_bytes(_rows(6)),
    "every row twice": _on_bytes(
        lambda document: _everywhere(
            document, lambda value: [*value, *value] if _is_list_of_rows(value) else value
        )
    ),
    "in UTF-16": lambda body: body.decode().encode("utf-16"),
    "indented": lambda body: json.dumps(json.loads(body), indent=2).encode(),
    "in another order": lambda body: json.dumps(json.loads(body), sort_keys=True).encode(),
    "with more members": _on_bytes(
        lambda document: _everywhere(document, lambda value: value | {"_links": []} if isinstance(value, dict) else value)
    ),
}  # fmt: skip
