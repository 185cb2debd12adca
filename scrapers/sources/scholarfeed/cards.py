"""Which blocks of a page belong to which entry of a list, given the blocks that each entry begins with.

Entries stand in cards (one element each) or in a row without any. Where they stand in cards, what is around the cards
is not theirs: a button between two of them, a footer after the last.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

from scrapers.blocks import Block, Link, Place

#: An element with this many lines beyond the beginning of an entry holds all of it.
_ALL_LINES = 3
#: An element with less than this many blocks beyond the beginning of an entry is no card.
_LEAST_BLOCKS = 2


@dataclass(frozen=True, slots=True)
class Card:
    """The element outside of which nothing belongs to an entry, and whether it holds that entry alone."""

    place: Place
    holds_one: bool


#: The blocks that an entry begins with: the first of them, and the first that is not one of them.
Beginning = tuple[int, int]


def cards_of(blocks: Sequence[Block], beginnings: Sequence[Beginning], heading: Place | None) -> list[Card]:
    """The card of every entry or, where entries stand in no cards, for each the element that holds the whole list.

    ``heading`` is where the heading of the list stands, if there is one.
    """
    if len(beginnings) < 2:
        return [_only_card(blocks, beginning, heading) for beginning in beginnings]
    places = [blocks[start].place for start, _ in beginnings]
    cards = _cards(places)
    if all(card.is_element for card in cards) and _hold_entries(blocks, beginnings, cards):
        return [Card(card, holds_one=True) for card in cards]
    return [Card(_element(reduce(Place.common, places)), holds_one=False)] * len(places)


def _element(place: Place) -> Place:
    """The innermost element here: blank lines in a text copy part nothing that belongs together."""
    return place if place.is_element else place.ancestor_at(0)


def _cards(places: Sequence[Place]) -> list[Place]:
    """For each beginning of an entry the outermost element around it that holds the beginning of no other entry."""
    shared = [one.common(other).depth for one, other in pairwise(places)]
    return [
        place.ancestor_at(1 + max(before, after))
        for place, before, after in zip(places, [0, *shared], [*shared, 0], strict=True)
    ]


def _hold_entries(blocks: Sequence[Block], beginnings: Sequence[Beginning], cards: Sequence[Place]) -> bool:
    """True when the elements are cards: most hold all that an entry needs, or have nothing around them."""
    ends = [start for start, _ in beginnings[1:]] + [len(blocks)]
    full = torn = 0
    for index, ((_, begun), end) in enumerate(zip(beginnings, ends, strict=True)):
        own: list[Block] = []
        around: list[Block] = []
        for block in blocks[begun:end]:
            (own if block.place.is_in(cards[index]) else around).append(block)
        full += sum(block.opens_line for block in own) >= _ALL_LINES
        torn += len(own) < _LEAST_BLOCKS or (end < len(blocks) and _is_anything_around(around, cards[index + 1]))
    return 2 * full >= len(cards) or 2 * torn < len(cards) - 1


def _is_anything_around(blocks: Sequence[Block], next_card: Place) -> bool:
    return any(not block.control and not block.place.is_in(next_card) for block in blocks)


def _only_card(blocks: Sequence[Block], beginning: Beginning, heading: Place | None) -> Card:
    """The card of a list of one: what its beginning does not share with the heading, if all of the entry is in it."""
    start, begun = beginning
    place = blocks[start].place
    if heading is None:
        return Card(place.ancestor_at(0), holds_one=False)
    around = place.common(heading)
    card = place.ancestor_at(around.depth + 1)
    lines = sum(block.opens_line and block.place.is_in(card) for block in blocks[begun:])
    return (
        Card(card, holds_one=True)
        if card.is_element and lines >= _ALL_LINES
        else Card(_element(around), holds_one=False)
    )


def links_of(cards: Sequence[Card], beginnings: Sequence[Beginning], links: Sequence[Link]) -> list[list[Link]]:
    """The links of every entry: those in its card or, without cards, those from its beginning to the next one."""
    own: list[list[Link]] = [[] for _ in cards]
    numbers = {card.place: number for number, card in enumerate(cards) if card.holds_one}
    starts = [start for start, _ in beginnings]
    for link in links:
        number = _number_of(link.place, numbers) if numbers else bisect_right(starts, link.first) - 1
        if number is not None and number >= 0:
            own[number].append(link)
    return own


def _number_of(place: Place, numbers: Mapping[Place, int]) -> int | None:
    inner: Place | None = place
    while inner is not None:
        if inner in numbers:
            return numbers[inner]
        inner = inner.parent
    return None
