"""Parquet: the flat columns with their types, and the whole report as JSON in the column ``report``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.batch.flat import COLUMNS, flat
from analyzer.batch.writers.base import Reports, Writer

if TYPE_CHECKING:
    import pyarrow as pa

_GROUP_ROWS = 1024
REPORT_COLUMN = "report"


def schema() -> pa.Schema:
    """The types of the columns: the same in every file, also where all cells of one are empty."""
    import pyarrow as pa

    types = {"text": pa.string(), "number": pa.float64(), "flag": pa.bool_()}
    return pa.schema([*((name, types[kind]) for name, kind in COLUMNS.items()), (REPORT_COLUMN, pa.string())])


def write(path: Path, reports: Reports) -> None:
    """Row groups of a thousand reports."""
    import pyarrow.parquet as pq

    with pq.ParquetWriter(path, schema()) as writer:
        for table in _tables(reports):
            writer.write_table(table)


def _tables(reports: Reports) -> Iterator[pa.Table]:
    remaining = iter(reports)
    while group := list(islice(remaining, _GROUP_ROWS)):
        yield table_of(group)


def table_of(reports: Reports) -> pa.Table:
    """Reports as one table."""
    import pyarrow as pa

    rows = [{**flat(report), REPORT_COLUMN: json.dumps(report, ensure_ascii=False)} for report in reports]
    return pa.Table.from_pylist(rows, schema())


PARQUET = Writer("parquet", (".parquet", ".pq"), write)
