"""CSV and TSV with a byte order mark, without which Excel takes UTF-8 for Windows-1252."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path

from analyzer.batch.flat import COLUMNS, flat
from analyzer.batch.writers.base import Reports, Writer, harmless


def write(path: Path, reports: Reports, *, delimiter: str) -> None:
    """One row a report."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(COLUMNS)
        for report in reports:
            writer.writerow([harmless(cell) for cell in flat(report).values()])


CSV = Writer("csv", (".csv",), partial(write, delimiter=","))
TSV = Writer("tsv", (".tsv", ".tab"), partial(write, delimiter="\t"))
