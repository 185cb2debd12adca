"""Which lines of a page are the first lines of papers, when more of them look like it than there are papers."""

from collections import Counter
from collections.abc import Sequence
from functools import reduce
from math import inf

from scrapers.blocks import Block, Place
from scrapers.parse_error import ParseError
from scrapers.sources.scholarfeed.grammar import Head, read_entry

#: More lines too many than this is no page of papers.
_MOST_TOO_MANY = 30
_ELSEWHERE = 3.0


def choose_heads(heads: Sequence[Head], blocks: Sequence[Block], count: int) -> list[Head]:
    """The ``count`` heads that make the least doubtful list. The first line that looks like a head always is one.

    Raises ParseError (stage ``papers``) when there are fewer, when no choice makes a list, or when two are equally
    good: a list is never guessed.
    """
    spare = len(heads) - count
    if spare == 0:
        return list(heads)
    if spare < 0 or spare > _MOST_TOO_MANY or count == 0:
        raise ParseError(f"the page names {count} papers and shows {len(heads)}", stage="papers")
    return _Choice(heads, blocks, spare).best()


class _Choice:
    """Least doubt from a head to the end of the page, by number of heads that are still to be passed over."""

    def __init__(self, heads: Sequence[Head], blocks: Sequence[Block], spare: int) -> None:
        self._heads = heads
        self._blocks = blocks
        self._spare = spare
        self._strange = _strangeness(heads, blocks)

    def best(self) -> list[Head]:
        count = len(self._heads)
        # (doubt, number of ways, next head) by head and heads to be passed over after it
        table: list[list[tuple[float, int, int]]] = [[] for _ in range(count)]
        for index in range(count - 1, -1, -1):
            ahead = [self._doubt(index, later) for later in range(index + 1, min(index + self._spare + 2, count + 1))]
            for spare in range(self._spare + 1):
                table[index].append(self._least(table, index, spare, ahead))
        doubt, ways, _ = table[0][self._spare]
        if doubt == inf or ways > 1:
            reason = "none of the choices makes a list" if doubt == inf else "more than one choice makes a list"
            raise ParseError(
                f"the page names {count - self._spare} papers, {count} lines look like the first of one, and {reason}",
                stage="papers",
            )
        return self._walk(table)

    def _least(
        self, table: list[list[tuple[float, int, int]]], index: int, spare: int, ahead: list[float]
    ) -> tuple[float, int, int]:
        count = len(self._heads)
        ways: list[tuple[float, int, int]] = []
        for passed in range(min(spare, count - index - 1) + 1):
            later = index + 1 + passed
            if later == count:
                ways += [(ahead[passed], 1, later)] if passed == spare else []
            else:
                doubt, number, _ = table[later][spare - passed]
                ways.append((ahead[passed] + doubt, number, later))
        if not ways:
            return inf, 1, count
        least = min(ways)
        return least[0], sum(number for doubt, number, _ in ways if doubt == least[0]), least[2]

    def _doubt(self, index: int, later: int) -> float:
        """How doubtful the paper is that begins with one head and ends before another, or with the page."""
        head = self._heads[index]
        end = self._heads[later].start if later < len(self._heads) else len(self._blocks)
        entry = read_entry(head, self._blocks[head.end : end])
        passed_over = sum(not strange for strange in self._strange[index + 1 : later])
        return inf if entry is None else entry.doubt + self._strange[index] + passed_over

    def _walk(self, table: list[list[tuple[float, int, int]]]) -> list[Head]:
        chosen: list[Head] = []
        index, spare = 0, self._spare
        while index < len(self._heads):
            chosen.append(self._heads[index])
            later = table[index][spare][2]
            spare -= later - index - 1
            index = later
        return chosen


def _strangeness(heads: Sequence[Head], blocks: Sequence[Block]) -> list[float]:
    """How much the layout around each head differs from that around the others.

    The first lines of papers stand in elements of the same kind, each as near to its title as the others are; and of
    those in cards each is the first thing in its card.
    """
    kinds = [(head.place.signature, _nearness(blocks, head.end - 1)) for head in heads]
    usual = Counter(kinds).most_common(1)[0][0]
    depths = [_nearness(blocks, head.start - 1) for head in heads]
    outermost = min(depths[1:])
    inner = [False, *(depth > outermost for depth in depths[1:])]
    return [_ELSEWHERE * ((kind != usual) + is_inner) for kind, is_inner in zip(kinds, inner, strict=True)]


def _nearness(blocks: Sequence[Block], index: int) -> int:
    """How deep the element is that holds a block and the next one."""
    pair = blocks[max(index, 0) : index + 2]
    return reduce(Place.common, (block.place for block in pair)).depth
