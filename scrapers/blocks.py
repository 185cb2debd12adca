"""The visible text of a page as values: blocks, where they stand, and the links that go with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

#: The tag of lines of a text copy that stand together, without a blank line between them.
LINES = "#lines"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """An element, as far as the layout goes: where it stands, not what it holds. Told apart by identity."""

    tag: str
    parent: "Place | None"
    depth: int

    def ancestor_at(self, depth: int) -> "Place":
        """The element itself or the one around it that stands ``depth`` deep (not deeper than itself)."""
        place = self
        while place.depth > depth and place.parent is not None:
            place = place.parent
        return place

    @property
    def is_element(self) -> bool:
        """False for lines of a text copy that stand together."""
        return self.tag != LINES

    def is_in(self, other: "Place") -> bool:
        return self.ancestor_at(other.depth) is other

    def is_within(self, tag: str) -> bool:
        """True when the element or one around it has this name."""
        return tag in self.signature

    @property
    def is_in_heading(self) -> bool:
        return not _HEADINGS.isdisjoint(self.signature)

    def common(self, other: "Place") -> "Place":
        """The innermost element that holds both."""
        depth = min(self.depth, other.depth)
        mine, theirs = self.ancestor_at(depth), other.ancestor_at(depth)
        while mine is not theirs and mine.parent is not None and theirs.parent is not None:
            mine, theirs = mine.parent, theirs.parent
        return mine

    @property
    def signature(self) -> tuple[str, ...]:
        """The names of the elements down to this one."""
        names: list[str] = []
        place: Place | None = self
        while place is not None:
            names.append(place.tag)
            place = place.parent
        return tuple(reversed(names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of visible text, whitespace made single spaces and stripped."""

    text: str
    place: Place
    #: Its number on the page.
    index: int
    #: False when it stands on the same line as the block before it.
    opens_line: bool = True
    #: Whitespace stands between it and the block before it on the same line.
    spaced: bool = False
    #: There to be pressed.
    control: bool = False
    #: Where inside ``text`` elements begin and end, in characters.
    cuts: tuple[int, ...] = ()

    @property
    def pieces(self) -> list[str]:
        """The text, taken apart at the cuts."""
        return [self.text[start:end] for start, end in pairwise((0, *self.cuts, len(self.text)))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link; it goes from block ``first`` to before block ``end``. Without any text, both are the next block."""

    href: str
    first: int
    end: int
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What a page shows. ``islands`` are the texts of its scripts, which a reader does not see."""

    blocks: tuple[Block, ...]
    links: tuple[Link, ...] = ()
    islands: tuple[str, ...] = ()
    #: What relative links are relative to, itself perhaps relative.
    base: str = ""


def join_blocks(blocks: Sequence[Block]) -> str:
    """The blocks as running text; what stands on different lines is parted by a space."""
    parts: list[str] = []
    for block in blocks:
        if parts and (block.opens_line or block.spaced):
            parts.append(" ")
        parts.append(block.text)
    return "".join(parts)
