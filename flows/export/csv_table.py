"""A table as CSV (RFC 4180, UTF-8), to be opened in a spreadsheet without harm."""

import csv
from codecs import BOM_UTF8
from typing import BinaryIO

from flows.export.cells import csv_cell
from tracking.exported import COLUMNS, ExportedRow, Table


class CsvTable:
    """The first line names the columns."""

    def __init__(self, file: BinaryIO, table: Table, *, marked: bool) -> None:
        """``marked``: with the mark at the beginning by which a spreadsheet knows that it is UTF-8."""
        if marked:
            file.write(BOM_UTF8)
        self._writer = csv.writer(_Encoded(file))
        self._writer.writerow([column.name for column in COLUMNS[table]])

    def write(self, row: ExportedRow) -> None:
        self._writer.writerow([csv_cell(cell) for cell in row.cells.values()])

    def close(self) -> None:
        """Nothing is held back."""


class _Encoded:
    """Text into a file of bytes that is somebody else's to close."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())
