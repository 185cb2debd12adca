"""Answers with something in their structure changed: still JSON, XML or HTML, and nothing that any source has shown.

>>> mutated(good_page, random.Random(7), times=3)

What is changed depends on the state of ``draw`` alone, so that Hypothesis and atheris can both find and keep it.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from lxml import etree

from scrapers.bundle import answers_of, bundle
from tracking.check import Page

_TEXTS = (
    "", " ", "0", "-1", "99999999999999999999", "1e999", "NaN", "null", "A", "a, b and c et al.", "…", "...", ",", ";", "\0",
    "\ud800", "\u200b", "\u202e", "٣", "²", "½", "2024-02-30", "0000-00-00", "9999-12-31T23:59:59Z", "May 12", "LG Jun 3, 2022",
    "arXiv:2401.01234v3", "https://arxiv.org/abs/hep-th/9901001v99999999999999999999", "https://doi.org/10.5555/%00%ff",
    "http://[::1", "//", "#", "javascript:alert(1)", "10.5555/" + "x" * 300, "<i>", "<script>", "&amp;lt;", "&#0;", "&#x110000;",
    "%s", "{0}", "W1", "https://openalex.org/W2", "A1", "0000-0002-1825-0097", "conf/x/y", "50 Papers", "h-index 12", "x" * 5_000,
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 0.5, -0.0, 1e308, 10**400, 2024, 10000, [], {}, [[]], [None], {"": None}, [{}], {"value": None},
    {"value": {"value": []}}, *_TEXTS,
)  # fmt: skip
_NAMES = (
    "a",
    "div",
    "span",
    "li",
    "tr",
    "td",
    "table",
    "script",
    "h1",
    "title",
    "entry",
    "author",
    "name",
    "r",
    "br",
    "svg",
)


def mutated(page: Page, draw: Random, *, times: int) -> Page:
    """A copy in which one answer has so many things changed; an answer may also be lost, doubled or moved."""
    answers = list(answers_of(page))
    if len(answers) > 1 and draw.random() < 0.2:
        return bundle(_shuffled(answers, draw))
    chosen = draw.randrange(len(answers))
    body = _mutated(answers[chosen], draw, times)
    answers[chosen] = replace(answers[chosen], body=body)
    return replace(bundle(answers), headers={**page.headers}) if len(answers) == 1 else bundle(answers)


def _shuffled(answers: list[Page], draw: Random) -> list[Page]:
    return [draw.choice(answers) for _ in range(draw.randint(1, len(answers) + 1))]


def _mutated(answer: Page, draw: Random, times: int) -> bytes:
    start = answer.body.lstrip()[:1]
    if start in (b"{", b"["):
        document = json.loads(answer.body)
        for _ in range(times):
            document = _json_mutated(document, draw)
        return json.dumps(document).encode()
    if start == b"<":
        return _elements_mutated(answer.body, draw, times)
    return _lines_mutated(answer.body, draw, times)


def _json_mutated(document: Any, draw: Random) -> Any:
    """One value replaced, dropped, doubled, wrapped, unwrapped or swapped with another."""
    places = list(_places(document))
    place = draw.choice(places)
    value = _at(document, place)
    match draw.randrange(7):
        case 0:
            return _with(document, place, draw.choice(_VALUES))
        case 1:
            return _without(document, place)
        case 2:
            return _with(document, place, [value, value])
        case 3:
            return _with(document, place, {draw.choice(_TEXTS[:6]): value})
        case 4:
            inner = next(iter(value.values() if isinstance(value, dict) else value), None) if _holds(value) else value
            return _with(document, place, inner)
        case 5:
            return _with(document, place, _at(document, draw.choice(places)))
        case _:
            again = [item for item in value for _ in range(2)] if isinstance(value, list) else str(value) * 2
            return _with(document, place, again)


def _places(value: Any, place: tuple[Any, ...] = ()) -> Any:
    yield place
    for name, inner in _inner(value):
        yield from _places(inner, (*place, name))


def _inner(value: Any) -> list[tuple[Any, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _holds(value: Any) -> bool:
    return isinstance(value, dict | list)


def _at(value: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        value = value[step]
    return value


def _with(value: Any, place: tuple[Any, ...], other: Any) -> Any:
    if not place:
        return other
    grown = value.copy()
    grown[place[0]] = _with(value[place[0]], place[1:], other)
    return grown


def _without(document: Any, place: tuple[Any, ...]) -> Any:
    if not place:
        return None
    around = _at(document, place[:-1]).copy()
    del around[place[-1]]
    return _with(document, place[:-1], around)


def _elements_mutated(body: bytes, draw: Random, times: int) -> bytes:
    is_html = b"<html" in body[:1000].lower()
    root = etree.HTML(body) if is_html else etree.fromstring(body)
    for _ in range(times):
        element = draw.choice(list(root.iter("*")))
        _ELEMENT_CHANGES[draw.randrange(len(_ELEMENT_CHANGES))](element, root, draw)
    if is_html:
        text: bytes = etree.tostring(root, method="html", encoding="utf-8")
        return b"<!doctype html>" + text
    written: bytes = etree.tostring(root, encoding="utf-8")
    return written


def _drop(element: Any, root: Any, _draw: Random) -> None:
    if element is not root:
        element.getparent().remove(element)


def _double(element: Any, root: Any, _draw: Random) -> None:
    if element is not root:
        element.addnext(_copy(element))


def _move(element: Any, root: Any, draw: Random) -> None:
    """A copy of it stands somewhere else as well, perhaps within itself."""
    draw.choice(list(root.iter("*"))).append(_copy(element))


def _rename(element: Any, _root: Any, draw: Random) -> None:
    space = etree.QName(element).namespace
    name = draw.choice(_NAMES)
    element.tag = f"{{{space}}}{name}" if space and draw.random() < 0.8 else name


def _say(element: Any, _root: Any, draw: Random) -> None:
    element.text = _sayable(draw.choice(_TEXTS))


def _say_behind(element: Any, root: Any, draw: Random) -> None:
    if element is not root:
        element.tail = _sayable(draw.choice(_TEXTS))


def _set(element: Any, root: Any, draw: Random) -> None:
    """One of the attributes that are used anywhere says something else."""
    names = sorted({name for other in root.iter("*") for name in other.attrib}) or ["class"]
    element.set(draw.choice(names), _sayable(draw.choice(_TEXTS)))


def _unset(element: Any, _root: Any, draw: Random) -> None:
    if element.attrib:
        del element.attrib[draw.choice(sorted(element.attrib))]


def _unwrap(element: Any, root: Any, _draw: Random) -> None:
    if element is not root:
        for child in list(element):
            element.addprevious(child)
        element.getparent().remove(element)


def _copy(element: Any) -> Any:
    return etree.fromstring(etree.tostring(element, with_tail=False))


def _sayable(text: str) -> str:
    """What the writer of XML takes."""
    return "".join(sign for sign in text if sign.isprintable())


_ELEMENT_CHANGES: tuple[Callable[[Any, Any, Random], None], ...] = (
    _drop, _double, _move, _rename, _say, _say_behind, _set, _unset, _unwrap,
)  # fmt: skip


def _lines_mutated(body: bytes, draw: Random, times: int) -> bytes:
    lines = body.decode("utf-8", "replace").splitlines()
    for _ in range(times):
        at = draw.randrange(len(lines) + 1)
        match draw.randrange(4):
            case 0:
                lines[at : at + draw.randint(1, 4)] = []
            case 1:
                lines.insert(at, draw.choice(_TEXTS))
            case 2:
                lines[at:at] = lines[draw.randrange(len(lines) + 1) :][: draw.randint(1, 6)]
            case _:
                lines[at : at + 2] = ["".join(lines[at : at + 2])]
    return "\n".join(lines).encode("utf-8", "replace")
