"""What an export holds: six tables, whatever the format.

    people → profiles → papers, metrics, snapshots, events

A row is found by its key: that of a profile, and of everything on it, begins with the profile's source and key. Times
are in UTC. None means not known or not shown, never zero; of an interval, ``until`` is None while it lasts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: What stands in one column of one row.
Cell = str | int | float | bool | datetime | list[str] | None


class Table(StrEnum):
    PEOPLE = "people"
    PROFILES = "profiles"
    PAPERS = "papers"
    METRICS = "metrics"
    SNAPSHOTS = "snapshots"
    EVENTS = "events"


class Form(StrEnum):
    """What the values of a column are, where they are known."""

    TEXT = "text"
    TEXTS = "texts"
    COUNT = "count"
    NUMBER = "number"
    FLAG = "flag"
    TIME = "time"
    #: A text, a number, a flag or a list of texts.
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    form: Form
    meaning: str


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """One row; ``cells`` are by the names of the table's columns, in their order."""

    table: Table
    cells: Mapping[str, Cell]

    @property
    def key(self) -> tuple[Cell, ...]:
        """No other row of the table has it."""
        return tuple(self.cells[name] for name in KEYS[self.table])


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedProfile:
    """The rows of one profile, by table and key.

    Not ``whole``: nothing has happened to it since the run that was asked for, and its rows are only those that any
    check of an unchanged page changes.
    """

    source: str
    key: str
    person: str
    followed: bool
    whole: bool
    rows: tuple[ExportedRow, ...]


KEYS: Mapping[Table, tuple[str, ...]] = {
    Table.PEOPLE: ("person_id",),
    Table.PROFILES: ("source", "profile"),
    Table.PAPERS: ("source", "profile", "paper", "since"),
    Table.METRICS: ("source", "profile", "metric", "since"),
    Table.SNAPSHOTS: ("source", "profile", "observed_at"),
    Table.EVENTS: ("source", "profile", "id"),
}

_OF_A_PROFILE = (
    Column("source", Form.TEXT, "the site that shows the profile"),
    Column("profile", Form.TEXT, "the profile's key at its source"),
    Column("person", Form.TEXT, "the name of the person whose profile it is"),
)

COLUMNS: Mapping[Table, tuple[Column, ...]] = {
    Table.PEOPLE: (
        Column("person_id", Form.COUNT, "stays the same whatever the person is called"),
        Column("name", Form.TEXT, "as configured, or as a page says"),
        Column("tags", Form.TEXTS, "as configured"),
        Column("followed", Form.FLAG, "false: the configuration does not name the person any more"),
    ),
    Table.PROFILES: (
        *_OF_A_PROFILE,
        Column("person_id", Form.COUNT, "see people"),
        Column("url", Form.TEXT, "the page that is checked"),
        Column("followed", Form.FLAG, "false: the configuration does not name the profile any more"),
        Column("retired_at", Form.TIME, "when it ceased to be followed"),
        Column("checked_at", Form.TIME, "the last check, whatever came of it"),
        Column("outcome", Form.TEXT, "how the last check ended, such as ok or blocked"),
        Column("detail", Form.TEXT, "why, where it went wrong"),
        Column("observed_at", Form.TIME, "when the page first said what it says now"),
        Column("confirmed_at", Form.TIME, "when a check last found the same"),
    ),
    Table.PAPERS: (
        *_OF_A_PROFILE,
        Column("paper", Form.TEXT, "the paper's key, the same on every profile that shows it"),
        Column("since", Form.TIME, "the first page of this stretch of time that showed it"),
        Column("until", Form.TIME, "the first page that did not show it any more; unknown: it is listed now"),
        Column("missed_at", Form.TIME, "the first complete list that lacked it"),
        Column("removed_at", Form.TIME, "when a second complete list had settled that it is gone"),
        Column("title", Form.TEXT, "this and what follows: as the profile showed it last in this stretch"),
        Column("authors", Form.TEXTS, "in the order of the page"),
        Column("authors_complete", Form.FLAG, "false: the page cut the list (“et al.”)"),
        Column("institutions", Form.TEXTS, "as the page names them"),
        Column("category", Form.TEXT, "as the page names it"),
        Column("published", Form.TEXT, "2026, 2026-11 or 2026-11-23, as precise as the page is"),
        Column("year_inferred", Form.FLAG, "true: the page gave no year, it follows from the day of the page"),
        Column("has_code", Form.FLAG, "the page says that there is code"),
        Column("score", Form.NUMBER, "the source's own score, in the source's unit"),
        Column("abstract", Form.TEXT, "of papers that are listed now"),
        Column("arxiv_id", Form.TEXT, "without a version"),
        Column("version", Form.COUNT, "of the paper on arXiv"),
        Column("doi", Form.TEXT, "without https://doi.org/"),
        Column("source_id", Form.TEXT, "the source's own identifier of the paper"),
        Column("url", Form.TEXT, "where the page says that the paper is"),
        Column("citations", Form.COUNT, "of this paper, where the page counts them"),
    ),
    Table.METRICS: (
        *_OF_A_PROFILE,
        Column("metric", Form.TEXT, "such as citations, h_index, or novelty (a fraction from 0 to 1)"),
        Column("since", Form.TIME, "the first page that said this"),
        Column("until", Form.TIME, "the first page that said something else; unknown: it holds now"),
        Column("value", Form.NUMBER, "unknown: the page did not show it"),
    ),
    Table.SNAPSHOTS: (
        *_OF_A_PROFILE,
        Column("observed_at", Form.TIME, "when the page said so"),
        Column("confirmed_at", Form.TIME, "when a check last found the same"),
        Column("recorded_at", Form.TIME, "when it was stored"),
        Column("origin", Form.TEXT, "live, or where an old page comes from, such as wayback"),
        Column("place", Form.TEXT, "where the origin keeps the page"),
        Column("parser", Form.TEXT, "the parser that read it, and its version"),
        Column("complete", Form.FLAG, "true: the page listed every paper of the profile"),
        Column("page_sha256", Form.TEXT, "of the bytes of the page, in hexadecimal"),
    ),
    Table.EVENTS: (
        *_OF_A_PROFILE,
        Column("id", Form.TEXT, "the same whenever the same change is found again"),
        Column("kind", Form.TEXT, "such as paper.new or metric.changed"),
        Column("cause", Form.TEXT, "source, enrichment, identity, parser or backfill"),
        Column("paper", Form.TEXT, "the key of the paper that it is about"),
        Column("paper_title", Form.TEXT, "as the page said then"),
        Column("field", Form.TEXT, "the metric, or the fact of the paper, that moved"),
        Column("before", Form.VALUE, "what it was"),
        Column("after", Form.VALUE, "what it became"),
        Column("observed_at", Form.TIME, "when the page said so"),
        Column("recorded_at", Form.TIME, "when it was stored"),
    ),
}
