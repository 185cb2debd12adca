"""A table as Parquet: typed columns, and what each means in the file itself. Needs pyarrow."""

import json
from typing import Any, BinaryIO

from flows.export.wanted import ExportError
from tracking.exported import COLUMNS, Cell, Column, ExportedRow, Form, Table

try:
    import pyarrow
    from pyarrow import parquet
except ImportError as error:
    raise ExportError(
        "Parquet needs pyarrow, which is not installed: pip install 'scholarwatch[parquet]', or pip install pyarrow"
    ) from error

#: Rows of a table that are in memory at once, and lie together in the file.
_ROWS_AT_ONCE = 5_000

_TYPES: dict[Form, Any] = {
    Form.TEXT: pyarrow.string(),
    Form.TEXTS: pyarrow.list_(pyarrow.string()),
    Form.COUNT: pyarrow.int64(),
    Form.NUMBER: pyarrow.float64(),
    Form.FLAG: pyarrow.bool_(),
    Form.TIME: pyarrow.timestamp("us", tz="UTC"),
    #: JSON: a column has one type.
    Form.VALUE: pyarrow.string(),
}


class ParquetTable:
    """Whole numbers are exact to 2^53 where a column holds fractions as well."""

    def __init__(self, file: BinaryIO, table: Table) -> None:
        self._columns = COLUMNS[table]
        self._schema = pyarrow.schema([_field(column) for column in self._columns])
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[ExportedRow] = []

    def write(self, row: ExportedRow) -> None:
        self._rows.append(row)
        if len(self._rows) == _ROWS_AT_ONCE:
            self._flush()

    def close(self) -> None:
        try:
            self._flush()
        finally:
            self._writer.close()

    def _flush(self) -> None:
        columns = [
            pyarrow.array([_value(column, row.cells[column.name]) for row in self._rows], type=field.type)
            for column, field in zip(self._columns, self._schema, strict=True)
        ]
        self._writer.write_table(pyarrow.Table.from_arrays(columns, schema=self._schema))
        self._rows = []


def _field(column: Column) -> Any:
    return pyarrow.field(column.name, _TYPES[column.form], metadata={"description": column.meaning})


def _value(column: Column, cell: Cell) -> Cell:
    if cell is None:
        return None
    match column.form:
        case Form.VALUE:
            return json.dumps(cell, ensure_ascii=False)
        case Form.NUMBER:
            assert isinstance(cell, int | float)
            return float(cell)
    return cell
