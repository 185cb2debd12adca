"""What the pages of a source show together, as a table for people: a row for each trait, a column for each run."""

from collections.abc import Sequence

from cli.output import counted, say
from cli.table import print_table
from tracking.shape import SourceShape
from tracking.view import ShapeView


def print_shapes(source: str, shapes: Sequence[ShapeView]) -> None:
    """The newest run first, as they are given."""
    columns = (source, *(f"{view.now:%Y-%m-%d %H:%M}" for view in shapes))
    counts = [("pages", "pages"), ("unread", "not readable"), ("empty", "without papers"), ("papers", "papers")]
    rows: list[tuple[str | None, ...]] = [
        (words, *(str(getattr(view.shape, name)) for view in shapes)) for name, words in counts
    ]
    traits = sorted({trait for view in shapes for trait in (*view.shape.shown, *view.shape.shown_before)})
    rows += [(_name(trait), *(_cell(view.shape, trait) for view in shapes)) for trait in traits]
    print_table(columns, rows)
    for view in shapes:
        for trait, fate in view.shape.told.items():
            struck = counted(view.shape.strikes[trait].struck, "page") if trait in view.shape.strikes else "all pages"
            say(f"* {view.now:%Y-%m-%d %H:%M}: {_name(trait)} {fate} on {struck}")


def _name(trait: str) -> str:
    return trait.replace("_", " ")


def _cell(shape: SourceShape, trait: str) -> str | None:
    if not shape.pages:
        return None
    return f"{shape.share(trait):.0%}".replace("%", " %") + (" *" if trait in shape.told else "")
