"""Damage to pages of HTML and answers in XML: the same change to every one."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from random import Random
from typing import Any

from lxml import etree, html

from tests.scrapers.damage.in_json import Damages

#: lxml has no types.
Element = Any
#: What becomes of an element that bears a mark: an attribute's name, or ``tag``, and a word.
Change = Callable[[Element, tuple[str, str]], None]

_NAMES = ("class", "id", "itemprop")
#: Of the pages, so many bear a mark of the template.
_TEMPLATE_SHARE = 0.5
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_ENGLISH_DAY = re.compile(r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d\d?)\b")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_SHELL = b'<!doctype html><html><head><title>App</title></head><body><div id="root"></div></body></html>'


def damages(bodies: Iterable[bytes], count: int, draw: Random) -> Damages:
    """So many changes to pages like these: some to their whole form, the others to what bears a mark."""
    pages = list(bodies)
    found = {name: change for name, change in _whole(pages[0]).items() if any(change(page) != page for page in pages)}
    candidates = [(name, mark) for name in _MARKED for mark in _marks(pages)]
    draw.shuffle(candidates)
    for name, mark in candidates:
        if len(found) == count:
            break
        damaged = _of_marked(mark, _MARKED[name])
        if any(damaged(page) != _again(page) for page in pages):
            found[f"{' '.join(mark)} {name}"] = damaged
    return found


def _marks(pages: Iterable[bytes]) -> list[tuple[str, str]]:
    """What a template calls its elements by: tags, classes, ids; without what is of single profiles only."""
    bearing = [{mark for element in _tree(page).iter(etree.Element) for mark in _marks_of(element)} for page in pages]
    borne = Counter(mark for marks in bearing for mark in marks)
    return sorted(mark for mark, pages in borne.items() if pages >= _TEMPLATE_SHARE * len(bearing))


def _marks_of(element: Element) -> Iterator[tuple[str, str]]:
    name = etree.QName(element).localname
    if name not in ("html", "head", "body", "meta", "script", "style"):
        yield "tag", name
    for attribute in _NAMES:
        for token in (element.get(attribute) or "").split():
            yield attribute, token


def _tree(body: bytes) -> Element:
    if body.lstrip().startswith(b"<?xml"):
        return etree.fromstring(body)
    return html.document_fromstring(body.decode())


def _printed(tree: Element, body: bytes) -> bytes:
    if body.lstrip().startswith(b"<?xml"):
        return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))
    return b"<!doctype html>" + bytes(html.tostring(tree, encoding="utf-8"))


def _again(body: bytes) -> bytes:
    return _printed(_tree(body), body)


def _of_tree(change: Callable[[Element], None]) -> Callable[[bytes], bytes]:
    def damaged(body: bytes) -> bytes:
        tree = _tree(body)
        change(tree)
        return _printed(tree, body)

    return damaged


def _of_marked(mark: tuple[str, str], change: Change) -> Callable[[bytes], bytes]:
    def on(tree: Element) -> None:
        for element in [each for each in tree.iter(etree.Element) if mark in _marks_of(each)]:
            if element.getparent() is not None:
                change(element, mark)

    return _of_tree(on)


# ---- what becomes of marked elements


def _renamed(element: Element, mark: tuple[str, str]) -> None:
    attribute, name = mark
    if attribute == "tag":
        space = etree.QName(element).namespace
        element.tag = f"{{{space}}}x-{name}" if space else f"x-{name}"
    else:
        tokens = (element.get(attribute) or "").split()
        element.set(attribute, " ".join(f"x-{token}" if token == name else token for token in tokens))


def _dropped(element: Element, _: tuple[str, str]) -> None:
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _wrapped(element: Element, _: tuple[str, str]) -> None:
    parent = element.getparent()
    if parent is None:
        return
    space = etree.QName(element).namespace
    wrapper = etree.Element(f"{{{space}}}span" if space else "span", None, None)
    wrapper.tail, element.tail = element.tail, None
    parent.replace(element, wrapper)
    wrapper.append(element)


def _emptied(element: Element, _: tuple[str, str]) -> None:
    tail = element.tail
    attributes = dict(element.attrib)
    element.clear()
    element.tail = tail
    for name, value in attributes.items():
        element.set(name, value)


def _cut(element: Element, _: tuple[str, str]) -> None:
    if element.text and element.text.strip():
        element.text = element.text.strip()[: max(1, len(element.text.strip()) // 3)] + "…"


def _bare(element: Element, _: tuple[str, str]) -> None:
    for attribute in list(element.attrib):
        del element.attrib[attribute]


def _adorned(element: Element, _: tuple[str, str]) -> None:
    element.set("data-v", "2")


_MARKED: Mapping[str, Change] = {
    "renamed": _renamed,
    "dropped": _dropped,
    "in a span": _wrapped,
    "emptied": _emptied,
    "cut": _cut,
    "without attributes": _bare,
    "with one attribute more": _adorned,
}


# ---- the whole form


def _rows(tree: Element) -> list[Element]:
    """The rows of the longest list."""
    lists = (
        [child for child in parent if child.tag == parent[-1].tag] for parent in tree.iter(etree.Element) if len(parent)
    )
    return max(lists, key=len)


def _first_six(tree: Element) -> None:
    for row in _rows(tree)[6:]:
        _dropped(row, ("", ""))


def _not_loaded(tree: Element) -> None:
    for row in _rows(tree):
        _dropped(row, ("", ""))


def _twice(tree: Element) -> None:
    for row in _rows(tree):
        row.addnext(deepcopy(row))


def _replacing(*pairs: tuple[str, str]) -> Callable[[bytes], bytes]:
    def damaged(body: bytes) -> bytes:
        text = body.decode()
        for old, new in pairs:
            text = text.replace(old, new)
        return text.encode()

    return damaged


def _whole(page: bytes) -> Damages:
    commented = (b"><", b"><!-- release 2 --><")
    changes: dict[str, Callable[[bytes], bytes]] = {
        "an empty page of a program": lambda _: _SHELL,
        "lists not loaded": _of_tree(_not_loaded),
        "the first six rows": _of_tree(_first_six),
        "every row twice": _of_tree(_twice),
        "written anew": _again,
        "with comments": lambda body: body.replace(*commented, 5),
        "labels in German": _replacing(
            ("citations", "Zitierungen"), ("Papers", "Arbeiten"), ("papers", "Arbeiten"), ("Novelty", "Neuheit")
        ),
        "with the day first": lambda body: _DAY.sub(r"\3.\2.\1", body.decode()).encode(),
        "months as in French": lambda body: _ENGLISH_DAY.sub(r"\2 \1.", body.decode()).encode(),
        "dots in numbers": lambda body: _THOUSANDS.sub(".", body.decode()).encode(),
        "without links": lambda body: re.sub(rb'(?<= )(data-)?href="[^"]*"', b"", body),
    }
    if page.lstrip().startswith(b"<?xml"):
        changes["in another namespace"] = lambda body: body.replace(b'xmlns="http', b'xmlns="https', 1)
    return changes
