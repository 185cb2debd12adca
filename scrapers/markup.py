"""What HTML elements mean to a reader: what is not seen, what begins a line, what is a control."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import cast

from bs4.element import Tag

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "ol", "optgroup", "p",
    "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_UNSEEN = frozenset({
    "annotation", "annotation-xml", "area", "audio", "base", "canvas", "col", "colgroup", "datalist",
    "embed", "head", "iframe", "link", "meta", "mjx-assistive-mml", "noscript", "object", "optgroup",
    "option", "param", "picture", "progress", "script", "select", "source", "style", "svg", "template",
    "textarea", "title", "track", "video",
})  # fmt: skip
#: Parts of a word or a formula: their borders never part two things.
_INSEPARABLE = frozenset({"bdi", "bdo", "math", "sub", "sup", "wbr"})
_CARDS = frozenset({"article", "li", "tr"})

_UNSEEN_ROLES = frozenset({"navigation", "contentinfo", "dialog", "alertdialog", "search"})
_CONTROL_ROLES = frozenset({"button", "combobox", "listbox", "menuitem", "option", "switch", "tab"})

_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_BLOCK_STYLE = re.compile(
    r"display\s*:\s*(?:block|flex|grid|table|list-item|flow-root|table-cell|table-row)\b", re.IGNORECASE
)
_INLINE_STYLE = re.compile(r"display\s*:\s*inline", re.IGNORECASE)
_PRE_STYLE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
#: The few class names that mean "not shown" across sites: text for screen readers, and plain hiding.
_HIDING_CLASSES = frozenset(
    {"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "katex-mathml", "d-none", "hidden"}
)
_SHOWN_AGAIN = re.compile(r"(?:sm|md|lg|xl):(?:block|inline|flex|grid|table|contents|not-sr)")
#: Attributes beside the class that say how an element looks.
_TELLING = frozenset({"role", "style", "hidden", "open", "aria-hidden"})


class Layout(Enum):
    """How an element sits in the flow of the text."""

    #: Begins a line and ends one.
    BLOCK = auto()
    #: Stands on a line, apart from what stands beside it.
    INLINE = auto()
    #: Part of the word or formula around it.
    INSEPARABLE = auto()
    #: A line break.
    BREAK = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a reader makes of an element."""

    layout: Layout
    #: Nothing of it is seen, or it is only the site's own furniture: navigation, a footer that is not that of a card.
    unseen: bool
    unseen_in_card: bool
    #: There to be pressed: a button, a tab.
    control: bool
    #: It stands for one thing among others of its kind.
    card: bool
    #: Line breaks in the source are line breaks on the page.
    keeps_line_breaks: bool


def look_of(tag: Tag) -> Look:
    """What a reader makes of the element, by its name and by what is written on it, which is text."""
    attributes = cast("dict[str, str]", tag.attrs)
    if not attributes:
        return _look(tag.name)
    class_names = attributes.get("class", "")
    if _TELLING.isdisjoint(attributes):
        return _look(tag.name, class_names)
    return _look(
        tag.name,
        class_names,
        attributes.get("role", ""),
        attributes.get("style", ""),
        is_hidden="hidden" in attributes,
        is_open="open" in attributes,
        is_decoration=attributes.get("aria-hidden") == "true",
    )


# A page says the same few things of hundreds of elements.
@lru_cache(maxsize=4096)
def _look(
    name: str,
    class_names: str = "",
    role: str = "",
    style: str = "",
    *,
    is_hidden: bool = False,
    is_open: bool = False,
    is_decoration: bool = False,
) -> Look:
    unseen = (
        name in _UNSEEN
        or name == "nav"
        or (name == "dialog" and not is_open)
        or is_hidden
        or _hides(role, style, class_names, is_decoration=is_decoration)
    )
    control = name == "button" or role in _CONTROL_ROLES
    return Look(
        layout=_layout(name, style, control=control),
        unseen=unseen or name == "footer",
        unseen_in_card=unseen,
        control=control,
        card=name in _CARDS,
        keeps_line_breaks=name == "pre" or _PRE_STYLE.search(style) is not None,
    )


def _layout(name: str, style: str, *, control: bool) -> Layout:
    if name == "br":
        return Layout.BREAK
    if _INLINE_STYLE.search(style):
        return Layout.INLINE
    if name in _BLOCKS or control or _BLOCK_STYLE.search(style):
        return Layout.BLOCK
    return Layout.INSEPARABLE if name in _INSEPARABLE else Layout.INLINE


def _hides(role: str, style: str, class_names: str, *, is_decoration: bool) -> bool:
    if role in _UNSEEN_ROLES or _HIDING_STYLE.search(style):
        return True
    classes = frozenset(class_names.split())
    if classes & _HIDING_CLASSES:
        return not any(_SHOWN_AGAIN.match(name) for name in classes)
    # The text of an icon font is a picture's name.
    return is_decoration and any("icon" in name.lower() for name in classes)
