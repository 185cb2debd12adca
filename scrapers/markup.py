"""What HTML elements mean to a reader: what is not seen, what begins a line, what is a control."""

import re
from enum import Enum, auto
from functools import lru_cache

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


def layout_of(tag: Tag) -> Layout:
    """How the element sits in the flow, by its name, or by the style on it."""
    if tag.name == "br":
        return Layout.BREAK
    style = str(tag.attrs.get("style", ""))
    if style and _INLINE_STYLE.search(style):
        return Layout.INLINE
    if tag.name in _BLOCKS or (style and _BLOCK_STYLE.search(style)) or is_control(tag):
        return Layout.BLOCK
    return Layout.INSEPARABLE if tag.name in _INSEPARABLE else Layout.INLINE


def is_unseen(tag: Tag, *, in_card: bool) -> bool:
    """True when a reader of the page sees nothing of the element, or only the site's own furniture.

    Navigation is furniture, and so is a footer that is not the footer of a card.
    """
    name = tag.name
    if name in _UNSEEN or name == "nav" or (name == "footer" and not in_card):
        return True
    if name == "dialog" and "open" not in tag.attrs:
        return True
    return bool(tag.attrs) and _is_hidden(tag)


def _is_hidden(tag: Tag) -> bool:
    attributes = tag.attrs
    return "hidden" in attributes or _hides(
        str(attributes.get("role", "")),
        str(attributes.get("style", "")),
        str(attributes.get("class", "")),
        is_decoration=attributes.get("aria-hidden") == "true",
    )


# A page says the same few things of hundreds of elements.
@lru_cache(maxsize=4096)
def _hides(role: str, style: str, class_names: str, *, is_decoration: bool) -> bool:
    if role in _UNSEEN_ROLES or _HIDING_STYLE.search(style):
        return True
    classes = frozenset(class_names.split())
    if classes & _HIDING_CLASSES:
        return not any(_SHOWN_AGAIN.match(name) for name in classes)
    # The text of an icon font is a picture's name.
    return is_decoration and any("icon" in name.lower() for name in classes)


def is_control(tag: Tag) -> bool:
    """True for what is there to be pressed: a button, a tab."""
    return tag.name == "button" or str(tag.attrs.get("role", "")) in _CONTROL_ROLES


def is_card(tag: Tag) -> bool:
    """True for an element that stands for one thing among others of its kind."""
    return tag.name in _CARDS


def keeps_line_breaks(tag: Tag) -> bool:
    """True when line breaks in the source are line breaks on the page."""
    return tag.name == "pre" or bool(_PRE_STYLE.search(str(tag.attrs.get("style", ""))))
