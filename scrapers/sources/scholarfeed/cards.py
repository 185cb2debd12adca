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
    """The element outside of which nothing belongs to an entry, and whether it holds that entry alone.

    ``blocks`` are those of the entry, but for its beginning.
    """

    place: Place
    holds_one: bool
    blocks: Sequence[Block]


#: The blocks that an entry begins with: the first of them, and the first that is not one of them.
Beginning = tuple[int, int]


def cards_of(blocks: Sequence[Block], beginnings: Sequence[Beginning], heading: Place | None) -> list[Card]:
    """The card of every entry or, where entries stand in no cards, for each the element that holds the whole list.

    ``heading`` is where the heading of the list stands, if there is one.
    """
    ends = [*(start for start, _ in beginnings), len(blocks)][1:]
    places = [blocks[start].place for start, _ in beginnings]
    following = [blocks[begun:end] for (_, begun), end in zip(beginnings, ends, strict=True)]
    if len(beginnings) < 2:
        return [_only_card(place, after, heading) for place, after in zip(places, following, strict=True)]
    cards = [
        Card(place, holds_one=True, blocks=_inside(place, after))
        for place, after in zip(_around_one(places), following, strict=True)
    ]
    if all(card.place.is_element for card in cards) and _hold_entries(cards, following):
        return cards
    around = _element(reduce(Place.common, places))
    return [Card(around, holds_one=False, blocks=_inside(around, after)) for after in following]


def _inside(place: Place, blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if block.place.is_in(place)]


def _element(place: Place) -> Place:
    """The innermost element here: blank lines in a text copy part nothing that belongs together."""
    return place if place.is_element else place.ancestor_at(0)


def _around_one(places: Sequence[Place]) -> list[Place]:
    """For each beginning of an entry the outermost element around it that holds the beginning of no other entry."""
    shared = [one.common(other).depth for one, other in pairwise(places)]
    return [
        place.ancestor_at(1 + max(before, after))
        for place, before, after in zip(places, [0, *shared], [*shared, 0], strict=True)
    ]


def _hold_entries(cards: Sequence[Card], following: Sequence[Sequence[Block]]) -> bool:
    """True when the elements are cards: most hold all that an entry needs, or have nothing around them."""
    full = torn = 0
    for card, next_card, after in zip(cards, [*cards[1:], None], following, strict=True):
        full += sum(block.opens_line for block in card.blocks) >= _ALL_LINES
        torn += len(card.blocks) < _LEAST_BLOCKS or (
            next_card is not None and len(card.blocks) < len(after) and _is_anything_around(after, card, next_card)
        )
    return 2 * full >= len(cards) or 2 * torn < len(cards) - 1


def _is_anything_around(blocks: Sequence[Block], *cards: Card) -> bool:
    return any(not block.control and not any(block.place.is_in(card.place) for card in cards) for block in blocks)


def _only_card(place: Place, following: Sequence[Block], heading: Place | None) -> Card:
    """The card of a list of one: what its beginning does not share with the heading, if all of the entry is in it."""
    if heading is None:
        page = place.ancestor_at(0)
        return Card(page, holds_one=False, blocks=_inside(page, following))
    around = place.common(heading)
    card = place.ancestor_at(around.depth + 1)
    own = _inside(card, following)
    if card.is_element and sum(block.opens_line for block in own) >= _ALL_LINES:
        return Card(card, holds_one=True, blocks=own)
    around = _element(around)
    return Card(around, holds_one=False, blocks=_inside(around, following))


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
