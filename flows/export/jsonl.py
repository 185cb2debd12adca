"""JSON Lines: everything in one file, values exact; and deltas, which merge with an earlier file to a later one.

    {"scholarwatch": "export", "format": 1, "run": 12, "since": null, …}            the header
    {"table": "people", "key": [1], "row": {"person_id": 1, "name": "Ada", …}}      everybody
    {"table": "profiles", "key": ["scholarfeed", "1"], "row": {…}}                  then profile by profile its rows
    {"table": "papers", "key": ["scholarfeed", "1", "arxiv:2401.00001", "…"], "row": {…}}
    …
    {"end": true, "rows": 4031}                                                     the file is whole

In a delta a line ``{"op": "replace", "profile": ["scholarfeed", "1"], "person": "Ada"}`` stands before the rows of a
profile, which then are all that there are; or ``"op": "keep"``: the rows that there were go on to hold, but for those
of the same keys, and for the name of the person.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Self

from alerts.inert import escaped_json
from flows.export.cells import json_cell
from flows.export.wanted import ExportError
from storage.exporting import Export
from tracking.exported import ExportedProfile, ExportedRow, Table

FORMAT = 1
#: Called with the number of profiles, and how many are done.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a file says of itself. Two files of one database have the same ``first_run_at``."""

    run: int
    since: int | None
    first_run_at: str | None
    exported_at: datetime
    tables: tuple[str, ...]
    people: tuple[str, ...]
    tags: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "scholarwatch": "export",
            "format": FORMAT,
            "run": self.run,
            "since": self.since,
            "first_run_at": self.first_run_at,
            "exported_at": self.exported_at.isoformat(),
            "tables": list(self.tables),
            "people": list(self.people),
            "tags": list(self.tags),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Raises ExportError for a format that this program does not know, KeyError and the like for no header."""
        if values["format"] != FORMAT:
            raise ExportError(f"it has the format {values['format']}, and this program knows {FORMAT}")
        return cls(
            run=int(values["run"]),
            since=None if values["since"] is None else int(values["since"]),
            first_run_at=values["first_run_at"],
            exported_at=datetime.fromisoformat(values["exported_at"]),
            tables=tuple(values["tables"]),
            people=tuple(values["people"]),
            tags=tuple(values["tags"]),
        )


class LineWriter:
    """Writes the lines of a file, from its header to its end."""

    def __init__(self, file: BinaryIO, header: Header) -> None:
        self._file = file
        #: Rows by table.
        self.rows: Counter[str] = Counter({str(table): 0 for table in header.tables})
        self._write(header.to_json())

    def write(self, line: Mapping[str, Any]) -> None:
        self._write(line)
        if "table" in line:
            self.rows[line["table"]] += 1

    def write_row(self, row: ExportedRow) -> None:
        self.write(
            {
                "table": row.table,
                "key": [json_cell(cell) for cell in row.key],
                "row": {name: json_cell(cell) for name, cell in row.cells.items()},
            }
        )

    def write_op(self, profile: ExportedProfile) -> None:
        op = "replace" if profile.whole else "keep"
        self.write({"op": op, "profile": [profile.source, profile.key], "person": profile.person})

    def end(self) -> None:
        self._write({"end": True, "rows": self.rows.total()})

    def _write(self, line: Mapping[str, Any]) -> None:
        self._file.write(escaped_json(json.dumps(line, ensure_ascii=False)).encode() + b"\n")


def write_jsonl(
    file: BinaryIO, history: Export, tables: Sequence[Table], header: Header, progress: Progress | None
) -> Counter[str]:
    """Everything, or since the run of the header what has changed; the number of rows by table."""
    writer = LineWriter(file, header)
    if Table.PEOPLE in tables:
        for row in history.people():
            writer.write_row(row)
    for done, profile in enumerate(history.profiles(tables), start=1):
        if header.since is not None:
            writer.write_op(profile)
        for row in profile.rows:
            writer.write_row(row)
        if progress is not None:
            progress(len(history), done)
    writer.end()
    return writer.rows
