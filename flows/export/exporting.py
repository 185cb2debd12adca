"""From the store to files.

wanted → one state of the store → rows → the format → a file beside → its name
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from flows.export.bibtex import write_bibtex
from flows.export.csv_table import CsvTable
from flows.export.jsonl import Header, Progress, write_jsonl
from flows.export.wanted import Exported, Format, Wanted
from flows.export.whole_file import folder_for_files, refuse_to_overwrite, whole_file
from storage.exporting import Export
from storage.store import Store
from tracking.exported import ExportedRow, Table


class TableWriter(Protocol):
    """Writes one table into one file."""

    def write(self, row: ExportedRow) -> None: ...

    def close(self) -> None:
        """Write what is held back; the file stays open."""


_OpenTable = Callable[[BinaryIO, Table], TableWriter]


def export(
    store: Store, wanted: Wanted, now: datetime, *, standard_output: BinaryIO, progress: Progress | None = None
) -> Exported:
    """Write what is wanted; files are there when they are whole.

    Raises WrongExport, ExportError where pyarrow is missing, StoreError, UnknownPerson, and OSError.
    """
    wanted.check()
    open_table = _open_table(wanted)
    with store.export(people=wanted.people, tags=wanted.tags, since=wanted.since) as history:
        if open_table is not None:
            rows = _write_tables(history, wanted, open_table, standard_output, progress)
        else:
            with opened(wanted.out, standard_output, force=wanted.force) as file:
                if wanted.format is Format.BIBTEX:
                    rows = write_bibtex(file, history, progress)
                else:
                    rows = write_jsonl(file, history, wanted.tables, _header(history, wanted, now), progress)
        return Exported(
            format=wanted.format,
            out=wanted.out,
            run=history.run,
            since=wanted.since,
            profiles=len(history),
            rows=rows,
        )


def _open_table(wanted: Wanted) -> _OpenTable | None:
    """How a table of this format is begun; None: all goes into one file."""
    match wanted.format:
        case Format.CSV:
            return lambda file, table: CsvTable(file, table, marked=wanted.out is not None or wanted.streamed)
        case Format.PARQUET:
            from flows.export.parquet_table import ParquetTable

            return ParquetTable
    return None


def _header(history: Export, wanted: Wanted, now: datetime) -> Header:
    return Header(
        run=history.run,
        since=wanted.since,
        first_run_at=history.first_run_at.isoformat() if history.first_run_at else None,
        exported_at=now,
        tables=wanted.tables,
        people=wanted.people,
        tags=wanted.tags,
    )


def _write_tables(
    history: Export,
    wanted: Wanted,
    open_table: _OpenTable,
    standard_output: BinaryIO,
    progress: Progress | None,
) -> Counter[str]:
    rows: Counter[str] = Counter({str(table): 0 for table in wanted.tables})
    with _table_files(wanted, standard_output) as files, ExitStack() as opened_tables:
        writers = {
            table: opened_tables.enter_context(closing(open_table(file, table))) for table, file in files.items()
        }
        for row in _rows(history, wanted.tables, progress):
            writers[row.table].write(row)
            rows[row.table] += 1
    return rows


def _rows(history: Export, tables: tuple[Table, ...], progress: Progress | None) -> Iterator[ExportedRow]:
    if Table.PEOPLE in tables:
        yield from history.people()
    for done, profile in enumerate(history.profiles(tables), start=1):
        yield from profile.rows
        if progress is not None:
            progress(len(history), done)


@contextmanager
def _table_files(wanted: Wanted, standard_output: BinaryIO) -> Iterator[Mapping[Table, BinaryIO]]:
    """A file for each table; all of them get their names when all are whole."""
    if wanted.out is None:
        yield {wanted.tables[0]: standard_output}
        return
    paths = wanted.files()
    with ExitStack() as files:
        if len(paths) > 1:
            files.enter_context(folder_for_files(wanted.out))
        for path in paths.values():
            refuse_to_overwrite(path, force=wanted.force)
        yield {table: files.enter_context(whole_file(path)) for table, path in paths.items()}


@contextmanager
def opened(out: Path | None, standard_output: BinaryIO, *, force: bool) -> Iterator[BinaryIO]:
    """The file, whole when it is there; None: standard output. Raises WrongExport, OSError."""
    if out is None:
        yield standard_output
        return
    refuse_to_overwrite(out, force=force)
    with whole_file(out) as file:
        yield file
