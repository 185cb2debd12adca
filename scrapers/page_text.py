"""Pages as readers see them: a page's bytes become its visible text in blocks, in document order, with its links.

    Page → text → BeautifulSoup → blocks        a saved text copy: one block per line

Block elements, table cells and ``<br>`` begin a new line. On one line, inline elements that stand side by side with no
words of their own between them (badges in spans) are blocks of their own; inside a running text (a title with ``<i>``
in it) they are not: there the places of their borders are kept as ``cuts``. Nothing here hangs on how a site names its
classes, and nothing knows any source.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PageElement, Tag

from scrapers.blocks import LINES, Block, Link, PageText, Place
from scrapers.markup import Layout, Look, look_of
from scrapers.page_source import decode, is_plain_text, whole_markup
from scrapers.parse_error import ParseError
from scrapers.soup import make_soup, take_apart
from tracking.check import Page

_MAX_DEPTH = 512
#: Lines of a text copy, and blocks of any page; a list of 500 papers has 10,000.
_MAX_LINES = 20_000
#: Of one line; an abstract has some 2,000 characters.
_LONGEST_BLOCK = 500_000
_LINE_END = re.compile(r"\r\n|\r|\n")
#: Controls, soft hyphens, zero-width spaces; and joiners, where there is no script around that needs them.
_UNSEEN_CHARACTERS = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff]|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)
_WORD = re.compile(r"\w")
_BLOCK, _BREAK, _INLINE, _INSEPARABLE = Layout.BLOCK, Layout.BREAK, Layout.INLINE, Layout.INSEPARABLE


def read_page_text(page: Page) -> PageText:
    """The visible text of a page. Raises ParseError (stage ``page``) when the body is no text, or is cut."""
    text = decode(page)
    if is_plain_text(page, text):
        return PageText(blocks=tuple(_text_blocks(text)))
    walk = _Walk()
    soup = make_soup(whole_markup(text))
    walk.run(soup)
    take_apart(soup)
    return PageText(blocks=tuple(walk.blocks), links=tuple(walk.links), islands=tuple(walk.islands), base=walk.base)


def _text_blocks(text: str) -> Iterator[Block]:
    """One block per line; lines with no blank line between them stand in one place."""
    lines = text.count("\n") + text.count("\r")
    if lines > _MAX_LINES:
        raise ParseError(f"{lines} lines are too many for a profile page", stage="page")
    root = Place("", None, 0)
    paragraph: Place | None = None
    index = 0
    for line in map(visible, _LINE_END.split(text)):
        if not line:
            paragraph = None
            continue
        paragraph = paragraph or Place(LINES, root, 1)
        yield Block(text=line, place=paragraph, index=index)
        index += 1


def visible(text: str) -> str:
    """The text as it is seen: runs of whitespace are one space, characters without a width are gone."""
    return " ".join(_seen(text).split())


def _seen(text: str) -> str:
    """The text without characters that have no width. All of those count as unprintable, as line breaks do."""
    return str(text) if text.isprintable() else _UNSEEN_CHARACTERS.sub("", text)


@dataclass(slots=True)
class _Element:
    """An element that the walk is inside of."""

    children: Iterator[PageElement]
    place: Place
    layout: Layout
    #: Words stand beside inline elements: it is running text, and so is what is inline in it.
    running: bool
    control: bool
    in_card: bool
    keeps_breaks: bool
    href: str | None
    #: The number of the first block that may be in it.
    first: int


class _Walk:
    """Goes through a soup once, without recursion, and writes blocks and links."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.islands: list[str] = []
        self.base = ""
        self._parts: list[str] = []
        self._length = 0
        self._cuts: list[int] = []
        self._place = Place("", None, 0)
        self._control = False
        self._opens_line = True
        self._space = False
        self._spaced = False

    def run(self, soup: BeautifulSoup) -> None:
        page = _Element(
            iter(soup.contents),
            self._place,
            _BLOCK,
            running=False,
            control=False,
            in_card=False,
            keeps_breaks=False,
            href=None,
            first=0,
        )
        inside = [page]
        while inside:
            around = inside[-1]
            for node in around.children:
                if isinstance(node, Tag):
                    look = look_of(node)
                    if look.unseen_in_card if around.in_card else look.unseen:
                        self._pass_over(node)
                    else:
                        inside.append(self._enter(node, look, around))
                        break
                elif type(node) is NavigableString or type(node) is CData:
                    self._write(node, around)
            else:
                self._leave(inside.pop(), inside[-1] if inside else page)

    def _pass_over(self, tag: Tag) -> None:
        """Keep what a reader does not see and a parser may use."""
        for inner in tag.find_all(["base", "script"]) if tag.name == "head" else [tag]:
            if inner.name == "script":
                self.islands.append(inner.get_text())
            elif inner.name == "base":
                self.base = str(inner.attrs.get("href", ""))

    def _enter(self, tag: Tag, look: Look, around: _Element) -> _Element:
        place, layout, contents = around.place, look.layout, tag.contents
        if place.depth >= _MAX_DEPTH:
            raise ParseError(f"elements are nested deeper than {_MAX_DEPTH}", stage="page", where=f"<{tag.name}>")
        self._border(layout, around)
        running = layout is _INSEPARABLE or (layout is _INLINE and around.running)
        href = tag.attrs.get("href") if tag.name == "a" else None
        return _Element(
            iter(contents),
            Place(tag.name, place, place.depth + 1),
            layout,
            running or (len(contents) > 1 and _has_words(contents)),
            around.control or look.control,
            around.in_card or look.card,
            around.keeps_breaks or look.keeps_line_breaks,
            href if isinstance(href, str) else None,
            len(self.blocks),
        )

    def _leave(self, element: _Element, around: _Element) -> None:
        if element.href is not None:
            end = len(self.blocks) + (1 if self._parts else 0)
            self.links.append(Link(href=element.href, first=element.first, end=end, place=element.place))
        self._border(element.layout, around)

    def _border(self, layout: Layout, around: _Element) -> None:
        """Write down that an element of this layout begins or ends here."""
        if layout is _BLOCK or layout is _BREAK:
            if self._parts:
                self._end_block()
            self._opens_line = True
            self._space = False
        elif layout is _INLINE and self._parts:
            if not around.running:
                self._end_block()
            elif self._length not in self._cuts[-1:]:
                self._cuts.append(self._length)

    def _write(self, string: str, around: _Element) -> None:
        if not around.keeps_breaks:
            self._write_line(string, around)
            return
        for number, line in enumerate(_LINE_END.split(string)):
            if number:
                self._border(_BREAK, around)
            self._write_line(line, around)

    def _write_line(self, string: str, around: _Element) -> None:
        if string.isprintable() and "  " not in string:
            # It has no other blanks than single spaces.
            line = string.strip()
            begins_blank, ends_blank = string.startswith(" "), string.endswith(" ")
        else:
            text = _seen(string)
            line = " ".join(text.split())
            begins_blank, ends_blank = text[:1].isspace(), text[-1:].isspace()
        if not line:
            self._space = self._space or begins_blank
            return
        spaced = self._space or begins_blank
        if not self._parts:
            self._place, self._control, self._spaced = around.place, around.control, spaced
        elif spaced:
            self._parts.append(" ")
            self._length += 1
        self._parts.append(line)
        self._length += len(line)
        self._space = ends_blank

    def _end_block(self) -> None:
        index = len(self.blocks)
        if index >= _MAX_LINES:
            raise ParseError(f"more than {_MAX_LINES} lines are too many for a profile page", stage="page")
        text = "".join(self._parts)
        if len(text) > _LONGEST_BLOCK:
            raise ParseError(f"{len(text)} characters in one line are too many", stage="page", excerpt=text[:200])
        cuts = tuple(cut for cut in self._cuts if 0 < cut < self._length) if self._cuts else ()
        self.blocks.append(
            Block(
                text=text,
                place=self._place,
                index=index,
                opens_line=self._opens_line,
                spaced=self._spaced,
                control=self._control,
                cuts=cuts,
            )
        )
        self._parts, self._length, self._cuts = [], 0, []
        self._opens_line = False


def _has_words(contents: list[PageElement]) -> bool:
    return any(isinstance(child, str) and _WORD.search(child) for child in contents)
