"""What somebody wants exported, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tracking.exported import Table


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    BIBTEX = "bibtex"


class ExportError(Exception):
    """An export can not be written, read or merged as asked; one sentence that says what would help."""


class WrongExport(ExportError):  # noqa: N818 - it reads as what it says
    """What is wanted does not go together; nothing has been written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """``people`` and ``tags`` choose whose profiles; with neither it is everybody's."""

    format: Format
    #: A file, or a folder for formats that need one file for each table; None: standard output.
    out: Path | None
    tables: tuple[Table, ...] = tuple(Table)
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    #: Only what has changed since this run: a delta, to be merged with an earlier export.
    since: int | None = None
    #: Take the place of files that are there.
    force: bool = False
    #: Standard output is not one: a program takes each format as a stream.
    streamed: bool = False

    def check(self) -> None:
        """Raises WrongExport."""
        if self.since is not None and self.format is not Format.JSONL:
            raise WrongExport(f"a delta (--since) is written as jsonl only, not as {self.format}")
        if self.format is Format.BIBTEX and self.tables != tuple(Table):
            raise WrongExport("bibtex has one entry for each listed paper, and no tables to choose from")
        if self.out is None and self.format is Format.PARQUET and not self.streamed:
            raise WrongExport("parquet is not for standard output: name a folder, or with one --table a file")
        if self.out is None and self.format in (Format.CSV, Format.PARQUET) and len(self.tables) > 1:
            raise WrongExport(f"{self.format} has one file for each table: name a folder, or choose one --table")

    def files(self) -> dict[Table, Path]:
        """Of csv and parquet, the file of each table."""
        assert self.out is not None
        if len(self.tables) == 1:
            return {self.tables[0]: self.out}
        return {table: self.out / f"{table}.{self.format}" for table in self.tables}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """An export as it was written. ``run`` is what the next delta is to be asked for with."""

    format: Format
    out: Path | None
    run: int
    since: int | None
    profiles: int
    #: By table; of BibTeX the entries.
    rows: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "out": str(self.out) if self.out else None,
            "run": self.run,
            "since": self.since,
            "profiles": self.profiles,
            "rows": dict(self.rows),
        }
