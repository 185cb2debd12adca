"""Pages that grew up to the 5 MB that an answer may have, at one place each: what a hostile site could send.

>>> for what, grow in blown_up(good_page):
...     parse(grow())

Every text becomes millions of letters, commas, blanks, digits or tags; every list is repeated, alone and together with
a list within it; and there are pages that are no answers at all.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from lxml import etree

from scrapers.bundle import answers_of, bundle
from tests.scrapers.sources.grown_json import grown_json
from tests.scrapers.sources.grown_texts import SIZE, TEXTS, texts
from tracking.check import Page

#: A body, made when it is wanted.
Grow = Callable[[], bytes]


def blown_up(page: Page) -> Iterator[tuple[str, Callable[[], Page]]]:
    """The page with each of its places blown up, then whole answers that are nothing but big; each with its name."""
    answers = answers_of(page)
    for number, answer in enumerate(answers[:4]):
        for what, grow in _bodies(answer):
            yield f"answer {number}, {what}", partial(_grown, page, number, grow)


def _grown(page: Page, number: int, grow: Grow) -> Page:
    answers = list(answers_of(page))
    answers[number] = replace(answers[number], body=grow()[:SIZE])
    return replace(answers[0], headers=page.headers) if len(answers) == 1 else bundle(answers)


def _bodies(answer: Page) -> Iterator[tuple[str, Grow]]:
    yield from _nothing_but_big()
    start = answer.body.lstrip()[:1]
    if start in (b"{", b"["):
        yield from grown_json(json.loads(answer.body))
    elif answer.headers.get("content-type", "").startswith("text/plain"):
        yield from _of_lines(answer.body)
    elif b"<html" in answer.body[:1000].lower():
        yield from _of_elements(etree.HTML(answer.body), _html_text)
    else:
        yield from _of_elements(etree.fromstring(answer.body), etree.tostring)


_UNITS = (
    b"a", b"1", b" ", b"\n", b"<p>", b"<p>a", b"<!--", b"<a b=c ", b"<i>", b"[", b'{"a":', b"[1,", b"\xff", b"&#1;",
    b"LG Jun 3, 2022\n", b"h-index 12\n", b"1 papers\n", b'<meta name="citation_title" content="a">',
)  # fmt: skip


def _nothing_but_big() -> Iterator[tuple[str, Grow]]:
    for unit in _UNITS:
        yield f"{unit!r}", partial(_over_and_over, unit)
    for tags in (45_000, 99_000, 290_000):
        yield f"{tags} tags within each other", partial(_within_each_other, tags)
        yield f"{tags} tags beside each other", partial(_beside_each_other, tags)
    yield "attributes", partial(_numbered, b"<html><body><div ", b"a%d=1 ", b">a</div></body></html>")
    yield "an attribute", partial(_numbered, b'<html><body><p style="', b"display:%d ", b'">a</p></body></html>')
    yield "XML attributes", partial(_numbered, b"<feed ", b'a%d="1" ', b"/>")
    yield "XML names", partial(_numbered, b"<feed>", b"<a%d/>", b"</feed>")
    yield "XML namespaces", partial(_numbered, b"<feed>", b'<a xmlns="u:%d"/>', b"</feed>")
    yield "billion laughs", _laughs
    yield "JSON members", partial(_numbered, b"{", b'"%d": 1,', b'"a": 1}')
    yield "JSON lists", partial(_numbered, b"[", b"[],[%d],", b"[]]")


def _over_and_over(unit: bytes) -> bytes:
    return unit * (SIZE // len(unit))


def _within_each_other(tags: int) -> bytes:
    return b"<html><body>" + b"<b>" * (tags // 2 - 2) + b"a" + b"</b>" * (tags // 2 - 2) + b"</body></html>"


def _beside_each_other(tags: int) -> bytes:
    return b"<html><body>" + b"<b>a</b>" * (tags // 2 - 2) + b"</body></html>"


def _numbered(start: bytes, each: bytes, end: bytes) -> bytes:
    return start + b"".join(each % number for number in range(SIZE // (len(each) + 5))) + end


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY l0 "ha">{entities}]><feed>&l9;</feed>'.encode()


def _of_elements(root: Any, dump: Callable[[Any], bytes]) -> Iterator[tuple[str, Grow]]:
    """Every text and attribute grown, every element repeated; of elements of one path, the first only."""
    room = SIZE - len(dump(root))
    for path in dict.fromkeys(_path(element) for element in root.iter("*")):
        for what, change in _changes(root.find(path), room):
            yield f"{path} {what}", partial(_changed, root, path, change, dump)


def _path(element: Any) -> str:
    """Without numbers: the first element of that path is meant."""
    return re.sub(r"\[\d+\]", "", element.getroottree().getelementpath(element))


def _changed(root: Any, path: str, change: Callable[[Any], None], dump: Callable[[Any], bytes]) -> bytes:
    grown = copy.deepcopy(root)
    change(grown.find(path))
    return dump(grown)


def _changes(element: Any, room: int) -> Iterator[tuple[str, Callable[[Any], None]]]:
    if element.text and element.text.strip():
        for name, text in texts(room):
            yield f"is {name}", partial(_say, text=text)
    for attribute in element.attrib:
        for name in ("letters", "words", "digits", "slashes"):
            yield f"@{attribute} is {name}", partial(_set, name=attribute, text=TEXTS[name])
    if element.getparent() is not None:
        for size in (SIZE, 1_000_000, 200_000):
            yield f"in {size} bytes", partial(_repeat, size=size)


def _say(element: Any, text: Callable[[], str]) -> None:
    element.text = text()


def _set(element: Any, name: str, text: str) -> None:
    element.set(name, text * (SIZE // 2 // len(text)))


def _repeat(element: Any, size: int) -> None:
    times = size // len(etree.tostring(element, with_tail=False))
    parent = element.getparent()
    at = parent.index(element)
    parent[at:at] = [copy.deepcopy(element) for _ in range(times)]


def _html_text(root: Any) -> bytes:
    return b"<!doctype html>" + bytes(etree.tostring(root, method="html"))


def _of_lines(body: bytes) -> Iterator[tuple[str, Grow]]:
    lines = body.splitlines(keepends=True)
    for number, line in enumerate(lines):
        before, after = b"".join(lines[:number]), b"".join(lines[number + 1 :])
        for name, text in texts(SIZE - len(body)):
            yield f"line {number} is {name}", partial(_line, before, text, after)
        yield f"line {number} again and again", partial(_lines, before, line, after)
    yield "all lines again and again", partial(_over_and_over, body)


def _line(before: bytes, text: Callable[[], str], after: bytes) -> bytes:
    return before + text().encode() + b"\n" + after


def _lines(before: bytes, line: bytes, after: bytes) -> bytes:
    return before + line * ((SIZE - len(before) - len(after)) // len(line)) + after
