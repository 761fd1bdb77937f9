"""Excel workbooks: one sheet, streamed to the disk row by row, with a header that stays in view."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from analyzer.batch.flat import COLUMNS, flat
from analyzer.batch.writers.base import Reports, Writer, harmless

# Excel allows no more; longer text would make it call the file damaged.
_MOST_CHARACTERS = 32_767
_MOST_ROWS = 1_048_575
_CUT = " … (cut)"
# XML cannot hold these.
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDE, _NARROW = 60, 14


def write(path: Path, reports: Reports) -> None:
    """One row a report. Texts are written as texts, so that none is taken for a formula."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Reports")
    sheet.freeze_panes = "B2"
    for index, (name, kind) in enumerate(COLUMNS.items(), start=1):
        wide = kind == "text" and name not in ("id", "kind", "error_code")
        sheet.column_dimensions[get_column_letter(index)].width = _WIDE if wide else _NARROW
    header = [WriteOnlyCell(sheet, name) for name in COLUMNS]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    for report in reports:
        sheet.append([_cell(sheet, value) for value in flat(report).values()])
    workbook.save(path)


def _cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(value, str):
        return value
    text = harmless(_ILLEGAL.sub("\ufffd", value))
    if len(text) > _MOST_CHARACTERS:
        text = text[: _MOST_CHARACTERS - len(_CUT)] + _CUT
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


XLSX = Writer("xlsx", (".xlsx",), write, _MOST_ROWS)
