"""Formats reports are written in, by file ending. A new one is one new file beside these and one line in the tuple."""

from __future__ import annotations

from pathlib import PurePath

from analyzer.batch.writers.base import Writer
from analyzer.batch.writers.delimited import CSV, TSV
from analyzer.batch.writers.jsonl import JSONL
from analyzer.batch.writers.parquet import PARQUET
from analyzer.batch.writers.xlsx import XLSX
from analyzer.errors import UsageError

WRITERS: tuple[Writer, ...] = (JSONL, CSV, TSV, XLSX, PARQUET)


def writer_for(output: str) -> Writer:
    """The writer for a file name. Raises UsageError: unknown_ending."""
    ending = PurePath(output).suffix.lower()
    for writer in WRITERS:
        if ending in writer.endings:
            return writer
    endings = ", ".join(ending for writer in WRITERS for ending in writer.endings)
    raise UsageError("unknown_ending", f"“{output}” has no ending this version writes: use {endings}.")
