"""Numbers and what they are called: ``h-index117``, ``50 papers``, or label and value in blocks of their own.

The page is asked for nothing but nearness. A label takes a value that stands directly before or after it: in its own
block if there is one, else from a block beside it, where those in a common inner element go together. A row of labels
over a row of as many values is read as columns. Where two ways are equally good, nothing is guessed: that raises.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from scrapers.blocks import Block, Place
from scrapers.parse_error import ParseError

_NUMBER = r"\d[\d.,]*(?:[KkMm](?![^\W\d_])|\s*%)?"
_UNKNOWN = r"n/a|[–—−-]"
_WHOLE = re.compile(r"\d+|\d{1,3}(?:,\d{3})+")
_WORD = re.compile(r"\w")
#: Longer texts are prose, whatever words they hold.
_LONGEST = 200
_WITHOUT_VALUE, _WITHOUT_LABEL, _APART = 3, 2, 4


@dataclass(frozen=True, slots=True)
class Label:
    """What a number is called: ``name`` by us, ``pattern`` by the page, in any case."""

    name: str
    pattern: str
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label as the page shows it, ``text``, with its value as written: None where it is unknown or missing.

    ``first`` and ``last`` are the blocks, by index, that label and value stand in.
    """

    label: Label
    text: str
    value: str | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Token:
    """A label, or (``label`` None) a value."""

    label: Label | None
    text: str
    block: int
    place: Place


def whole_number(text: str) -> int:
    """Read ``117`` or ``17,576``; anything else raises ParseError."""
    if _WHOLE.fullmatch(text) is None:
        raise ParseError("not a whole number", stage="metrics", excerpt=text)
    return int(text.replace(",", ""))


def read_labelled(blocks: Sequence[Block], labels: Sequence[Label]) -> list[Labelled]:
    """Every label on these blocks, in document order, with its value.

    Raises ParseError (stage ``metrics``) where values cannot be told apart, or a label's value stands elsewhere.
    """
    found: list[Labelled] = []
    stray: list[_Token] = []
    for run in _runs(blocks, labels):
        pairs, left_over = _columns(run) or _neighbours(run)
        found += pairs
        stray += left_over
    valued = {pair.label for pair in found if pair.value is not None}
    lone = next((pair for pair in found if pair.label not in valued), None)
    if lone is not None and any(token.text[0].isdigit() and token.block > lone.first for token in stray):
        raise ParseError("a number stands apart from its label", stage="metrics", excerpt=lone.text)
    return found


def _runs(blocks: Sequence[Block], labels: Sequence[Label]) -> Iterator[list[_Token]]:
    """Stretches of labels and values with nothing else between them. A block that needs no other is one by itself."""
    run: list[_Token] = []
    pattern, by_name = _pattern(tuple(labels)), {label.name: label for label in labels}
    for index, block in enumerate(blocks):
        tokens = _tokens(block, index, pattern, by_name)
        if tokens is None:
            yield run
            run = []
        elif tokens and 2 * sum(token.label is not None for token in tokens) == len(tokens):
            yield run
            yield tokens
            run = []
        else:
            run += tokens
    yield run


def _tokens(block: Block, index: int, pattern: re.Pattern[str], labels: Mapping[str, Label]) -> list[_Token] | None:
    """The labels and values that the block consists of; None when it holds other words."""
    if _WORD.search(block.text) is None and re.fullmatch(_UNKNOWN, block.text) is None:
        return []
    if len(block.text) > _LONGEST:
        return None
    pieces = block.pieces
    if len(pieces) > 1 and block.place.is_in_heading:
        # "50 Papers" and something small beside it.
        pieces = [piece for piece in pieces if not _WORD.search(pattern.sub("", piece))]
    tokens: list[_Token] = []
    for piece in pieces:
        if _WORD.search(pattern.sub("", piece)):
            return [] if block.control else None
        matches = list(pattern.finditer(piece))
        _refuse_glued(matches, block)
        tokens += [_Token(labels.get(match.lastgroup or ""), match[0], index, block.place) for match in matches]
    return _without_dashes(tokens) if tokens else None


@cache
def _pattern(labels: tuple[Label, ...]) -> re.Pattern[str]:
    named = "|".join(f"(?P<{label.name}>{label.pattern})" for label in labels)
    return re.compile(f"{named}|(?P<value>{_NUMBER}|(?<!\\w)(?:{_UNKNOWN})(?!\\w))", re.IGNORECASE)


def _refuse_glued(matches: Sequence[re.Match[str]], block: Block) -> None:
    """``h-index11750papers`` is 117 and 50, or 1 and 1750: a number must not touch numbers of two labels."""
    for before, value, after in zip(matches, matches[1:], matches[2:], strict=False):
        glued = before.end() == value.start() and value.end() == after.start()
        if glued and value.lastgroup == "value" and not value[0].endswith("%"):
            raise ParseError("two numbers may be glued together", stage="metrics", excerpt=block.text)


def _without_dashes(tokens: list[_Token]) -> list[_Token]:
    """The tokens, where a dash beside a number is punctuation and not an unknown value."""
    kept = [token for token in tokens if token.label is not None or token.text[0].isdigit()]
    named = sum(token.label is not None for token in kept)
    numbers = len(kept) - named
    return kept if numbers and numbers >= named else tokens


def _columns(run: list[_Token]) -> tuple[list[Labelled], list[_Token]] | None:
    """A row of labels and a row of as many values, one over the other; None when the run is not that."""
    half = len(run) // 2
    if half < 2 or len(run) % 2:
        return None
    kinds = [token.label is not None for token in run]
    if len(set(kinds[:half])) > 1 or kinds[half:] != [not kinds[0]] * half:
        return None
    return [_pair(one, other) for one, other in zip(run[:half], run[half:], strict=True)], []


def _neighbours(run: list[_Token]) -> tuple[list[Labelled], list[_Token]]:
    """The cheapest way to give labels the values beside them, and the values that are left over."""
    if len(run) == 2 and _may_pair(*run):
        return [_pair(*run)], []
    ways_at = [_ways(run, index) for index in range(len(run))]
    costs: list[tuple[int, int]] = [(0, 1)]
    for index in range(len(run) - 1, -1, -1):
        costs.append(_sum([(cost, costs[-width]) for cost, width in ways_at[index]]))
    costs.reverse()
    pairs: list[Labelled] = []
    left_over: list[_Token] = []
    index = 0
    while index < len(run):
        cost, ways = costs[index]
        if ways > 1:
            raise ParseError(
                "it cannot be told which number belongs to which label",
                stage="metrics",
                excerpt=" ".join(token.text for token in run[index:]),
            )
        width = next(w for c, w in ways_at[index] if c + costs[index + w][0] == cost)
        token = run[index]
        if width == 2:
            pairs.append(_pair(token, run[index + 1]))
        elif token.label is not None:
            pairs.append(Labelled(token.label, token.text, None, token.block, token.block))
        else:
            left_over.append(token)
        index += width
    return pairs, left_over


def _sum(ways: list[tuple[int, tuple[int, int]]]) -> tuple[int, int]:
    """The least total cost, and in how many ways it is reached."""
    least = min(cost + rest for cost, (rest, _) in ways)
    return least, sum(count for cost, (rest, count) in ways if cost + rest == least)


def _ways(run: list[_Token], index: int) -> list[tuple[int, int]]:
    """What can be done at a token, as cost and number of tokens taken: leave it alone, or pair it with the next."""
    ways = [(_WITHOUT_LABEL if run[index].label is None else _WITHOUT_VALUE, 1)]
    if index + 1 < len(run) and _may_pair(run[index], run[index + 1]):
        ways.append((_APART if _is_torn(run, index) else 0, 2))
    return ways


def _may_pair(one: _Token, other: _Token) -> bool:
    if (one.label is None) is (other.label is None):
        return False
    label, value = (one.label, other.text) if one.label else (other.label, one.text)
    return not value[0].isdigit() or (label is not None and label.percent is value.endswith("%"))


def _is_torn(run: list[_Token], index: int) -> bool:
    """True when one of the two at ``index`` belongs to its other neighbour: it stands nearer to that.

    Nobody writes a definition before its term.
    """
    if run[index].place.is_within("dd") and run[index + 1].place.is_within("dt"):
        return True
    near = _nearness(run, index)
    return _nearness(run, index - 1) > near or _nearness(run, index + 1) > near


def _nearness(run: list[_Token], index: int) -> int:
    if index < 0 or index + 1 >= len(run) or not _may_pair(run[index], run[index + 1]):
        return -1
    one, other = run[index], run[index + 1]
    return 1_000_000 if one.block == other.block else one.place.common(other.place).depth


def _pair(one: _Token, other: _Token) -> Labelled:
    """Raises ParseError when a percentage meets a label of counts, or the other way round."""
    token, value = (one, other) if one.label else (other, one)
    if token.label is None or not _may_pair(token, value):
        raise ParseError("the value does not fit the label", stage="metrics", excerpt=f"{one.text} {other.text}")
    text = value.text if value.text[0].isdigit() else None
    first, last = sorted((token.block, value.block))
    return Labelled(token.label, token.text, text, first, last)
