"""What a format for reports is, and how cells that a spreadsheet would run are made harmless."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Reports = Iterable[Mapping[str, Any]]

# Signs that make spreadsheets take a text for a formula (OWASP, "CSV injection"), also in their full-width forms and after blanks.
_RUNNABLE = re.compile(r"[\s\u00a0\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


@dataclass(frozen=True, slots=True)
class Writer:
    """``write(path, reports)`` streams reports into a new file. ``most_rows`` is what the format can hold, None for no limit."""

    name: str
    endings: tuple[str, ...]
    write: Callable[[Path, Reports], None]
    most_rows: int | None = None


def harmless(cell: Any) -> Any:
    """The cell, with an apostrophe in front where a spreadsheet would run it; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and _RUNNABLE.match(cell) else cell
