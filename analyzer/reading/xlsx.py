"""Excel workbooks: the first sheet, with the names of the fields in its first row."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from analyzer.errors import FileError
from analyzer.reading.archives import ArchiveError, check_archive
from analyzer.reading.checks import called, columns_with_draft, open_file, trouble_of
from analyzer.reading.formats import RawRow, TableFormat
from analyzer.reading.limits import MAX_SHEET_ROWS, MAX_UNPACKED_TABLE_BYTES


def rows(path: Path) -> Iterator[RawRow]:
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
        header: list[str] | None = None
        for row, cells in enumerate(_sheet(stream, source)):
            if header is None:
                header = ["" if cell is None else str(cell).strip() for cell in cells]
                columns_with_draft(header, source)
            elif any(cell is not None and cell != "" for cell in cells):
                yield RawRow(row, {name: _clean(cell) for name, cell in zip(header, cells, strict=False) if name})


def _sheet(stream: BinaryIO, source: str) -> Iterator[tuple[object, ...]]:
    """The rows of the first sheet, one by one."""
    import openpyxl  # 200 ms

    try:
        # openpyxl warns of every extension it does not keep; nothing is written here, so nothing is lost.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            sheets = workbook.worksheets
            if not sheets:
                raise FileError("bad_table", f"{source} has no sheet with cells; put the cases on the first sheet.")
            # Some programs write a wrong size into the sheet, and rows outside it would silently be left out.
            sheets[0].reset_dimensions()
            values = iter(sheets[0].iter_rows(values_only=True))
        for count in range(MAX_SHEET_ROWS + 1):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                cells = next(values, None)
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
