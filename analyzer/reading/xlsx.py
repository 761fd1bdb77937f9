"""Excel workbooks: the first sheet, with the names of the fields in its first row."""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import BinaryIO

from analyzer.errors import FileError
from analyzer.reading.archives import ArchiveError, check_archive
from analyzer.reading.checks import called, open_file, trouble_of
from analyzer.reading.columns import BY_NAME, ColumnChoice, fields_of_columns
from analyzer.reading.formats import RawRow, TableFormat
from analyzer.reading.limits import MAX_SHEET_ROWS, MAX_UNPACKED_TABLE_BYTES


def rows(path: Path, choice: ColumnChoice = BY_NAME) -> Iterator[RawRow]:
    """The records below the header; values of formulas as Excel last computed them; empty rows are skipped but counted.

    Raises FileError: bad_table, locked_file, missing_column, unreadable_file.
    """
    source = called(str(path))
    with open_file(path) as stream:
        try:
            check_archive(stream, MAX_UNPACKED_TABLE_BYTES, ".xlsx")
        except ArchiveError as trouble:
            code = "locked_file" if "locked" in str(trouble) else "bad_table"
            raise FileError(code, f"{source} {trouble}.") from trouble
        header: tuple[str, ...] | None = None
        with ExitStack() as later:
            formulas: _Formulas | None = None
            for row, cells in enumerate(_sheet(stream, source)):
                if header is None:
                    names = ["" if cell is None else str(cell).strip() for cell in cells]
                    header = fields_of_columns(names, source, choice)
                elif any(cell is not None and cell != "" for cell in cells):
                    fields = {name: _clean(cell) for name, cell in zip(header, cells, strict=False) if name}
                    if fields.get("draft") is None:
                        formulas = formulas or later.enter_context(closing(_Formulas(path, header.index("draft"))))
                        fields["draft"] = formulas.of(row)
                    yield RawRow(row, fields)


class _Formulas:
    """The formulas of one column, for rows that have no value there: a program that never computed them wrote the file."""

    def __init__(self, path: Path, column: int) -> None:
        self._path, self._column, self._at = path, column, -1
        self._rows = self._read()

    def of(self, row: int) -> object:
        """The formula of a row, None where it has none; rows are asked in order."""
        cells: tuple[object, ...] = ()
        while self._at < row:
            cells, self._at = next(self._rows, ()), self._at + 1
        return cells[self._column] if len(cells) > self._column else None

    def close(self) -> None:
        """Close the file."""
        self._rows.close()

    def _read(self) -> Generator[tuple[object, ...], None, None]:
        with open_file(self._path) as stream:
            yield from _sheet(stream, called(str(self._path)), values=False)


def _sheet(stream: BinaryIO, source: str, *, values: bool = True) -> Iterator[tuple[object, ...]]:
    """The rows of the first sheet, one by one."""
    import openpyxl  # 200 ms

    try:
        # openpyxl warns of every extension it does not keep; nothing is written here, so nothing is lost.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(stream, read_only=True, data_only=values)
            sheets = workbook.worksheets
            if not sheets:
                raise FileError("bad_table", f"{source} has no sheet with cells; put the cases on the first sheet.")
            # Some programs write a wrong size into the sheet, and rows outside it would silently be left out.
            sheets[0].reset_dimensions()
            found = iter(sheets[0].iter_rows(values_only=True))
        for count in range(MAX_SHEET_ROWS + 1):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                cells = next(found, None)
            if cells is None:
                return
            if count == MAX_SHEET_ROWS:
                raise FileError("bad_table", f"{source} has more rows than Excel allows; save it from Excel again.")
            yield cells
    except FileError:
        raise
    except Exception as trouble:  # openpyxl raises a dozen kinds on damaged workbooks
        raise FileError(
            "bad_table", f"{source} is a damaged workbook ({trouble_of(trouble)}); open it in Excel and save it again."
        ) from trouble


def _clean(cell: object) -> object:
    """Excel writes a carriage return inside a cell as '_x000D_', and openpyxl leaves it so."""
    return cell.replace("_x000D_", "\r") if isinstance(cell, str) else cell


XLSX = TableFormat("xlsx", (".xlsx", ".xlsm"), rows)
