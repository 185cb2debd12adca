"""How Scholar Feed writes down a paper, as a reader of its pages sees it:

    [<score>]<category><Mon D>[, <YYYY>][Code]
    <title>
    <Author>, <Author>[ et al.][ · <institution>[, <institution>]]
    <abstract>

Every part may stand in one block or in several. Titles and abstracts may hold anything, lines that look like the first
of a paper included: which lines are that is settled by the number of papers that the page itself names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scrapers.blocks import Block, Place, join_blocks
from scrapers.dates import DAY, Day, read_day
from scrapers.sources.scholarfeed.bylines import Byline, take_byline

_ARCHIVES = r"astro-ph|cond-mat|gr-qc|hep-(?:ex|lat|ph|th)|math-ph|nucl-(?:ex|th)|quant-ph|q-bio|q-fin"
_CATEGORY = (
    rf"(?:(?:{_ARCHIVES}|cs|econ|eess|math|nlin|physics|stat)\.)?[A-Z][A-Z\d]+(?:-[A-Z\d]+)*"
    rf"|(?:cond-mat|physics)\.[a-z]+(?:-[a-z]+)?|{_ARCHIVES}"
)
CATEGORY = re.compile(_CATEGORY)

_SIGNS = r"[\W_]*"
_HEAD_PARTS = re.compile(
    rf"{_SIGNS}(?:(?P<score>\d{{1,3}}\.\d){_SIGNS})?(?:(?P<category>{_CATEGORY}){_SIGNS})?"
    rf"(?:(?P<day>{DAY}){_SIGNS})?(?P<code>Code)?{_SIGNS}"
)
_ONLY_SIGNS = re.compile(_SIGNS)
_ORDER = ("score", "category", "day", "code")
#: What is written of a first line, by the names in `_ORDER` and in that order.
_Parts = dict[str, str]
_LONGEST_HEAD = 80

_LONGEST_LABEL = len("affiliations :")
_LABEL = re.compile(r"(?:title|authors?|abstract|summary|category|institutions?|affiliations?)\s*:?", re.IGNORECASE)
#: Furniture that may follow a paper: what there is to press, and what stands at the end of a page.
_FURNITURE = re.compile(
    r"(?:(?:load|show|see|view|read)\s+(?:more|less|all|paper|details|abstract)|more|save[d]?|share|cite|bookmark|follow(?:ing)?"
    r"|pdf|html|arxiv|bibtex|github|copy link|back to top|next|previous|sign (?:in|up)|log in|subscribe"
    r"|(?:about|contact|privacy|terms|cookies?|help|api|blog|imprint)(?:\s+(?:us|policy|of (?:service|use)|settings))?"
    r"|(?:©|\(c\)|copyright)\s.{0,120}|.{0,80}\ball rights reserved\b.{0,40})[\s.…→↑»·|]*",
    re.IGNORECASE,
)
#: Without the signs at its end.
_LONGEST_FURNITURE = 80 + len("all rights reserved") + 40
_SIGNS_AT_ITS_END = " .…→↑»·|"


@dataclass(frozen=True, slots=True)
class Head:
    """The first line of a paper: blocks ``start`` to before ``end``."""

    start: int
    end: int
    #: Where it begins, and where its day stands.
    start_place: Place
    place: Place
    category: str
    day: Day
    has_code: bool
    score: float | None
    #: What stands behind it in its last block.
    rest: Block | None = None
    #: Where the word "Code" stands, if in a block of its own: it might be the title.
    code_place: Place | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper as it is written down.

    The title begins in block ``title_block`` of the page, the byline in ``byline_block``. ``doubt`` is 0 where nothing
    else could be meant, and more the less it looks like a paper.
    """

    head: Head
    title: str
    title_block: int
    byline_block: int
    byline: Byline
    abstract: str | None
    doubt: int


def is_furniture(block: Block) -> bool:
    """True for what is there to be pressed, and for the small print of a site."""
    return block.control or is_small_print(block.text)


def is_small_print(text: str) -> bool:
    """True for the words of a button or a footer. Most texts of a page are longer than any of those."""
    return len(text.rstrip(_SIGNS_AT_ITS_END)) <= _LONGEST_FURNITURE and _FURNITURE.fullmatch(text) is not None


def find_heads(blocks: Sequence[Block]) -> list[Head]:
    """Every place that reads like the first line of a paper, in document order; they do not overlap."""
    read = {text: _parts(text) for text in {block.text for block in blocks}}
    parts = [read[block.text] for block in blocks]
    heads: list[Head] = []
    index = 0
    while index < len(blocks):
        # A first line begins with a part of one: a block that is nothing else, or one with elements in its text.
        head = _head_at(blocks, parts, index) if parts[index] or blocks[index].cuts else None
        if head is not None:
            heads.append(head)
        index = head.end if head else index + 1
    return heads


def _head_at(blocks: Sequence[Block], parts_of: Sequence[_Parts | None], start: int) -> Head | None:
    """The first line of a paper that begins with block ``start``, over as many blocks as it takes."""
    parts: _Parts = {}
    index = start
    place = blocks[start].place
    code_place = None
    while index < len(blocks) and "code" not in parts:
        found = parts_of[index]
        if found is None or not _follow(found, parts) or (not found and not parts):
            break
        if "day" in found:
            place = blocks[index].place
        if found.keys() == {"code"}:
            code_place = blocks[index].place
        parts |= found
        index += 1
    rest = None
    if "day" not in parts and index < len(blocks):
        found, rest = _parts_before_cut(blocks[index])
        if not _follow(found, parts):
            return None
        place = blocks[index].place
        parts |= found
        index += 1
    if "category" not in parts or "day" not in parts:
        return None
    day = _day(parts["day"])
    if day is None:
        return None
    return Head(
        start=start,
        end=index,
        start_place=blocks[start].place,
        place=place,
        category=parts["category"],
        day=day,
        has_code="code" in parts,
        score=float(parts["score"]) if "score" in parts else None,
        rest=rest,
        code_place=code_place,
    )


def _parts(text: str) -> _Parts | None:
    """The parts of a first line that the whole text consists of, in their order; None when it holds anything else."""
    match = _HEAD_PARTS.fullmatch(text) if len(text) <= _LONGEST_HEAD else None
    return None if match is None else {name: part for name, part in zip(_ORDER, match.groups(), strict=True) if part}


def _follow(found: _Parts, parts: _Parts) -> bool:
    """True when the parts found may stand after those before them."""
    if not found or not parts:
        return True
    return _ORDER.index(next(iter(found))) > _ORDER.index(next(reversed(parts)))


def _parts_before_cut(block: Block) -> tuple[_Parts, Block | None]:
    """The parts that a block begins with, up to where an element begins or ends, and what is left of the block."""
    for cut in reversed([cut for cut in block.cuts if cut <= _LONGEST_HEAD]):
        parts = _parts(block.text[:cut].rstrip())
        if parts and "day" in parts:
            text = block.text[cut:].lstrip()
            gone = len(block.text) - len(text)
            cuts = tuple(later - gone for later in block.cuts if later > gone)
            return parts, replace(block, text=text, cuts=cuts, opens_line=False)
    return {}, None


def _day(text: str) -> Day | None:
    """The day, or None when there is no such day."""
    try:
        return read_day(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to take the blocks of a paper apart: so many of them are the title, and it is at least that doubtful."""

    head: Head
    blocks: Sequence[Block]
    title_length: int
    doubt: int


def read_entry(head: Head, following: Sequence[Block]) -> Entry | None:
    """The paper that a first line and the blocks after it make up, read in the least doubtful way, or None."""
    least: Entry | None = None
    for way in _ways(head, [*([head.rest] if head.rest else []), *following]):
        if least is None or way.doubt < least.doubt:
            entry = _entry(way)
            if entry is not None and (least is None or entry.doubt < least.doubt):
                least = entry
    return least


def _ways(head: Head, blocks: list[Block]) -> list[_Way]:
    """All ways to take the blocks apart, of equally doubtful ones the likelier first."""
    seen = [block for block in blocks if not block.control]
    ways = _ways_apart(head, _without_furniture(seen), doubt=0)
    if len(seen) < len(blocks):
        ways += _ways_apart(head, _without_furniture(blocks), doubt=3)
    return ways


def _without_furniture(blocks: list[Block]) -> list[Block]:
    """The blocks without labels of parts, signs before the title, and what there is to press at the end."""
    kept = [block for index, block in enumerate(blocks) if not _is_label(block, first=not index)]
    while kept and is_small_print(kept[-1].text):
        kept.pop()
    while kept and _ONLY_SIGNS.fullmatch(kept[0].text):
        kept.pop(0)
    return kept


def _is_label(block: Block, *, first: bool) -> bool:
    if len(block.text) > _LONGEST_LABEL or _LABEL.fullmatch(block.text) is None:
        return False
    return not first or block.text.endswith(":") or block.place.is_within("dt") or block.place.is_within("th")


def _ways_apart(head: Head, blocks: list[Block], doubt: int) -> list[_Way]:
    ways: list[_Way] = []
    length = _line_length(blocks, 0)
    apart = _is_code_apart(head)
    doubt += 3 if apart else 0
    if blocks and not blocks[0].opens_line and length == 1 and len(blocks[0].text.split()) <= 2:
        # What stands alone beside the first line may be a badge that is unknown here.
        doubt += 1
        ways.append(_Way(head, blocks[1:], _line_length(blocks, 1), doubt))
    ways.append(_Way(head, blocks, length, doubt))
    if length > 1:
        ways.append(_Way(head, blocks, 1, doubt + 1))
    if head.code_place is not None:
        title = Block(text="Code", place=head.code_place, index=head.end - 1)
        ways.append(_Way(replace(head, has_code=False), [title, *blocks], 1, doubt - 3 if apart else doubt + 8))
    return ways


def _is_code_apart(head: Head) -> bool:
    """True when category and date have an element of their own, and the word "Code" stands outside of it."""
    if head.code_place is None:
        return False
    around = head.start_place.common(head.place)
    return around is not head.place and not head.code_place.is_in(around)


def _line_length(blocks: Sequence[Block], start: int) -> int:
    """How many blocks stand on the line that begins with block ``start``."""
    length = 1
    while start + length < len(blocks) and not blocks[start + length].opens_line:
        length += 1
    return length


def _entry(way: _Way) -> Entry | None:
    """The entry with that title, if the rest makes sense."""
    title_blocks = [
        block
        for number, block in enumerate(way.blocks[: way.title_length])
        if not number or not is_small_print(block.text)
    ]
    rest = way.blocks[way.title_length :]
    byline_and_length = take_byline(rest, title_blocks[0].place) if title_blocks else None
    if byline_and_length is None:
        return None
    byline, length = byline_and_length
    title = join_blocks(title_blocks)
    return Entry(
        head=way.head,
        title=title,
        title_block=title_blocks[0].index,
        byline_block=rest[0].index,
        byline=byline,
        abstract=join_blocks(rest[length:]) or None,
        doubt=way.doubt + byline.doubt + _strangeness(title, byline),
    )


def _strangeness(title: str, byline: Byline) -> int:
    """How little a title and a byline look like one: they may be the first line of a paper, or prose."""
    title_parts, byline_parts = _parts(title), _parts(byline.authors[0])
    strange = 3 if title_parts and {"category", "day"} <= title_parts.keys() else 0
    strange += 1 if title.endswith(".") else 0
    return strange + (8 if byline_parts else 0)
