"""What stands above the papers of a Scholar Feed page: whose profile it is, the field, the metrics, the list's heading.

<name>
<field>
h-index<int>  <int>papers  <int>citations  Novelty<int>%  AI Score<int>
<int> Papers
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scrapers.blocks import Block, Place, join_blocks
from scrapers.labelled_values import Label, Labelled, read_labelled, whole_number
from scrapers.parse_error import ParseError
from scrapers.sources.scholarfeed.grammar import CATEGORY, is_furniture

_LABELS = (
    Label("h_index", r"h[-‐‑– ]?index\s*:?"),
    Label("papers", r"papers?\b\s*:?"),
    Label("citations", r"citations?\b\s*:?"),
    Label("novelty", r"novelty\s*:?", percent=True),
    Label("ai_score", r"AI\s*score\s*:?"),
)
_LONGEST_NAME = 200
_NO_NAME = re.compile(
    r".*\b(?:not found|no results|could not be found|error)\b.*|404.*|(?:sign|log) in\b.*|search(?: results)?\b.*"
    r"|results? for\b.*",
    re.IGNORECASE,
)
_BRAND = "scholarfeed"

Line = list[Block]


@dataclass(frozen=True, slots=True)
class Header:
    """The part of a page above its papers. ``paper_count`` is what the heading of the list says, None without one."""

    name: str
    field: str | None
    metrics: Mapping[str, int | float | None]
    paper_count: int | None
    heading: Place | None


def read_header(blocks: Sequence[Block]) -> Header:
    """Read the blocks above the first paper. Raises ParseError (stages ``name``, ``metrics``)."""
    labelled = read_labelled(blocks, _LABELS)
    heading = _heading(labelled)
    metrics = _metrics([pair for pair in labelled if pair is not heading])
    name, field = _name_and_field(_lines_above(blocks, labelled))
    if field is None and not metrics:
        raise ParseError("neither a field nor a metric is shown", stage="metrics", excerpt=name)
    return Header(
        name=name,
        field=field,
        metrics=metrics,
        paper_count=whole_number(heading.value) if heading is not None and heading.value else None,
        heading=blocks[heading.first].place if heading is not None else None,
    )


def _heading(labelled: Sequence[Labelled]) -> Labelled | None:
    """The last "N Papers", if it stands below the metrics: the second of its kind, or written as a heading is."""
    numbers = [pair for pair in labelled if pair.value is not None]
    papers = [pair for pair in numbers if pair.label.name == "papers"]
    if not papers:
        return None
    last = papers[-1]
    if any(pair.first > last.last for pair in numbers):
        return None
    return last if len(papers) > 1 or last.text.startswith("P") else None


def _metrics(labelled: Sequence[Labelled]) -> dict[str, int | float | None]:
    """Metrics by name, in the order of the page; a label that comes again without a value adds nothing."""
    metrics: dict[str, int | float | None] = {}
    for pair in labelled:
        name = pair.label.name
        value = _number(pair) if pair.value is not None else None
        known = metrics.get(name)
        if known is not None and value is not None and known != value:
            raise ParseError(f"{name} has two values, {known} and {value}", stage="metrics")
        metrics[name] = known if value is None else value
    if metrics.keys() == {"papers"} and metrics["papers"] is None:
        # A link to a list of papers somewhere on the page.
        return {}
    return metrics


def _number(pair: Labelled) -> int | float:
    text = pair.value or ""
    if not pair.label.percent:
        return whole_number(text)
    digits = text.removesuffix("%").strip()
    if re.fullmatch(r"\d{1,3}(?:\.\d+)?", digits) is None:
        raise ParseError("not a percentage", stage="metrics", excerpt=f"{pair.text} {text}")
    return round(float(digits) / 100, 6)


def _lines_above(blocks: Sequence[Block], labelled: Sequence[Labelled]) -> list[Line]:
    """The lines above the first metric, without what there is to press and what has no letters."""
    valued = [pair for pair in labelled if pair.value is not None]
    end = min((pair.first for pair in valued), default=len(blocks))
    taken = {index for pair in labelled for index in range(pair.first, pair.last + 1)}
    lines: list[Line] = []
    for index, block in enumerate(blocks[:end]):
        if block.opens_line or not lines:
            lines.append([])
        if index not in taken and not _is_no_name(block):
            lines[-1].append(block)
    return [line for line in lines if line]


def _is_no_name(block: Block) -> bool:
    return (
        is_furniture(block) or block.text.casefold().replace(" ", "") == _BRAND or not any(map(str.isalpha, block.text))
    )


def _name_and_field(lines: list[Line]) -> tuple[str, str | None]:
    """The name is the last first-level heading, else what stands before the field, else the last line."""
    title = max((number for number, line in enumerate(lines) if _is_title(line)), default=None)
    places = [
        (number, column)
        for number, line in enumerate(lines)
        for column, block in enumerate(line)
        if CATEGORY.fullmatch(block.text) and (number, column) > (title or 0, 0)
    ]
    field = places[-1] if places else None
    if title is not None:
        row = title
    elif field is not None:
        row = field[0] if field[1] else field[0] - 1
    else:
        row = len(lines) - 1
    if row < 0:
        raise ParseError("no name stands above the metrics", stage="name")
    column = field[1] if field is not None and field[0] == row else len(lines[row])
    name, glued = _without_field(lines[row][:column])
    is_field = title is None and CATEGORY.fullmatch(name)
    if is_field or len(name) > _LONGEST_NAME or _NO_NAME.fullmatch(name):
        raise ParseError("this is no name", stage="name", excerpt=name)
    return name, lines[field[0]][field[1]].text if field is not None else glued


def _is_title(line: Line) -> bool:
    return line[0].place.is_within("h1")


def _without_field(line: Line) -> tuple[str, str | None]:
    """The name, and the field where an element of the name's own line holds it."""
    last = line[-1]
    if len(line) == 1 and last.cuts:
        name, field = last.text[: last.cuts[-1]].strip(), last.text[last.cuts[-1] :].strip()
        if name and CATEGORY.fullmatch(field):
            return name, field
    return join_blocks(line), None
