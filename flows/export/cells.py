"""The values of a row, as each format writes them."""

from datetime import datetime

from alerts.inert import inert
from tracking.exported import Cell

#: Between the texts of a list. Tables of spreadsheets know no lists.
_BETWEEN = "; "
#: With one of these a spreadsheet takes what follows for a formula; some take the wide forms for the plain ones.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def json_cell(cell: Cell) -> str | int | float | bool | list[str] | None:
    """The value itself; times as ISO 8601 with their offset."""
    return cell.isoformat() if isinstance(cell, datetime) else cell


def csv_cell(cell: Cell) -> str | int | float:
    """What a spreadsheet shows: numbers as numbers, nothing for what is not known, and no text that acts."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return cell
        case datetime():
            return cell.isoformat()
        case list():
            return without_formula(inert(_BETWEEN.join(text.replace(";", ",") for text in cell)))
        case str():
            return without_formula(inert(cell))


def without_formula(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would compute it."""
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text
